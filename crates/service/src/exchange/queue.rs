//! Jobs that wait in a queue: what takes them one after the other for as long as the process lives.

use std::time::Duration;

use tokio::{sync::Notify, task::JoinSet};

use crate::{Error, Result};

/// How often old jobs are forgotten.
const FORGET: Duration = Duration::from_mins(10);
/// How often a process looks for jobs that others left.
const LOOK: Duration = Duration::from_secs(2);

/// What runs the jobs of one kind.
pub(crate) trait Worker: Clone + Send + Sync + 'static {
    /// Its jobs, as log lines name them.
    const ALL: &'static str;

    /// Told of each new job.
    fn woken(&self) -> &Notify;

    /// Takes the next job and runs it to its end; false when none waits.
    fn run_once(&self) -> impl Future<Output = Result<bool>> + Send;

    /// Forgets jobs that are older than they are kept.
    fn forget_old(&self) -> impl Future<Output = Result<()>> + Send;
}

/// Runs jobs, and forgets old ones beside them, for as long as the process lives.
pub(crate) async fn serve<W: Worker>(worker: W) {
    tokio::join!(run(worker.clone()), forget(worker));
}

async fn run<W: Worker>(worker: W) {
    loop {
        let one = worker.clone();
        match guarded(Box::pin(async move { one.run_once().await })).await {
            Ok(true) => {}
            Ok(false) => {
                let _ = tokio::time::timeout(LOOK, worker.woken().notified()).await;
            }
            Err(error) => {
                tracing::warn!(%error, source = said(&error), "{} cannot be run", W::ALL);
                tokio::time::sleep(LOOK).await;
            }
        }
    }
}

async fn forget<W: Worker>(worker: W) {
    loop {
        let one = worker.clone();
        if let Err(error) = guarded(Box::pin(async move { one.forget_old().await })).await {
            tracing::warn!(%error, source = said(&error), "old {} cannot be forgotten", W::ALL);
        }
        tokio::time::sleep(FORGET).await;
    }
}

/// Work on a task of its own, which ends with this one: what panics must not end all others.
async fn guarded<T: Send + 'static>(work: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    let mut task = JoinSet::new();
    task.spawn(work);
    match task.join_next().await {
        Some(Ok(done)) => done,
        Some(Err(panicked)) => Err(Error::internal(panicked)),
        None => Err(Error::internal("a task without an end")),
    }
}

/// What an error comes from, without the values that a database adds to it.
pub(crate) fn said(error: &Error) -> String {
    error.source.as_ref().map(ToString::to_string).unwrap_or_default()
}
