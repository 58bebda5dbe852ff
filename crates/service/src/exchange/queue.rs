//! Jobs that wait in a queue: what takes them one after the other for as long as the process lives.

use std::time::{Duration, Instant};

use tokio::sync::Notify;

use crate::{Error, Result};

/// How often old jobs are forgotten.
const FORGET: Duration = Duration::from_mins(10);
/// How often a process looks for jobs that others left.
const LOOK: Duration = Duration::from_secs(2);

/// What runs the jobs of one kind.
pub(crate) trait Worker: Clone + Send + Sync + 'static {
    /// One of its jobs, and all of them, as log lines name them.
    const ONE: &'static str;
    const ALL: &'static str;

    /// Told of each new job.
    fn woken(&self) -> &Notify;

    /// Takes the next job and runs it to its end; false when none waits.
    fn run_once(&self) -> impl Future<Output = Result<bool>> + Send;

    /// Forgets jobs that are older than they are kept.
    fn forget_old(&self) -> impl Future<Output = Result<()>> + Send;
}

/// Runs jobs for as long as the process lives.
pub(crate) async fn serve<W: Worker>(worker: W) {
    let mut forgotten: Option<Instant> = None;
    loop {
        if forgotten.is_none_or(|last| last.elapsed() > FORGET) {
            forgotten = Some(Instant::now());
            if let Err(error) = worker.forget_old().await {
                tracing::warn!(%error, "old {} cannot be forgotten", W::ALL);
            }
        }
        // On a task of its own: one that panics must not end all others.
        let one = worker.clone();
        match tokio::spawn(async move { one.run_once().await }).await {
            Ok(Ok(true)) => {}
            Ok(Ok(false)) => {
                let _ = tokio::time::timeout(LOOK, worker.woken().notified()).await;
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, source = said(&error), "{} cannot be run", W::ALL);
                tokio::time::sleep(LOOK).await;
            }
            Err(panicked) => {
                tracing::error!(%panicked, "{} broke its run", W::ONE);
                tokio::time::sleep(LOOK).await;
            }
        }
    }
}

/// What an error comes from, without the values that a database adds to it.
pub(crate) fn said(error: &Error) -> String {
    error.source.as_ref().map(ToString::to_string).unwrap_or_default()
}
