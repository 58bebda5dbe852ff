//! Runs exports: any process takes the next one and holds it by a lease; what another process died over
//! is begun anew.

use std::{pin::Pin, time::Duration};

use futures::{Stream, future::BoxFuture};
use gdtx_domain::exchange::resource::ResourceKind;
use tokio::sync::Notify;

use super::{claim::claim, forget::forget_old, work::Stop};
use crate::{
    Clock, Code, Ctx, Database, Result,
    exchange::queue::{self, Worker, said},
};

/// How often a file is begun.
pub(super) const TRIES: i32 = 3;

/// A step of the making of a file: some of its bytes, and how many records it took; a workbook takes all of its
/// records before its first byte.
#[derive(Clone, Debug, Default)]
pub struct Step {
    pub bytes: Vec<u8>,
    pub rows: i64,
}

/// The making of a file.
pub type Steps = Pin<Box<dyn Stream<Item = Result<Step>> + Send>>;

/// What makes files: from the context of their client, the list and the parameters as a query string.
pub type Make = fn(Ctx, ResourceKind, String) -> BoxFuture<'static, Result<Steps>>;

/// What runs exports in a process.
#[derive(Clone, Debug)]
pub struct Runner {
    pub db: Database,
    pub clock: Clock,
    pub make: Make,
    /// How long an export belongs to a process that says nothing.
    pub lease: Duration,
    /// Bytes of a file at most.
    pub most_bytes: i64,
    /// How long a job and its file are kept.
    pub keep: chrono::Duration,
}

impl Worker for Runner {
    const ALL: &'static str = "exports";

    fn woken(&self) -> &Notify {
        &self.db.exported
    }

    async fn run_once(&self) -> Result<bool> {
        run_once(self).await
    }

    async fn forget_old(&self) -> Result<()> {
        forget_old(self).await
    }
}

/// Runs exports for as long as the process lives.
pub async fn run(runner: Runner) {
    queue::serve(runner).await;
}

/// Takes the next export and runs it to its end; false when none waits.
pub async fn run_once(runner: &Runner) -> Result<bool> {
    let Some(mut work) = claim(runner).await? else { return Ok(false) };
    let error = match work.run().await {
        Ok(()) | Err(Stop::Lost) => return Ok(true),
        Err(Stop::Failed(error)) => error,
    };
    // It was cancelled meanwhile: nothing has failed.
    if !work.is_mine().await? {
        return Ok(true);
    }
    // No room, no connection: that is not the export's fault, and does not count as a try.
    if error.code == Code::Unavailable {
        work.put_back().await?;
        return Err(error);
    }
    // Its client may not read so any more, or it fails whenever it is run.
    if error.code.status() >= 500 && work.job.attempts < TRIES {
        return Err(error);
    }
    if error.code.status() >= 500 {
        tracing::error!(export = %work.job.id, source = said(&error), "an export cannot be made");
    }
    match work.fail(&error).await {
        Err(Stop::Failed(error)) => Err(error),
        _ => Ok(true),
    }
}
