//! An export in the hands of this process: its file grows piece by piece, each with the progress and the lease
//! in one transaction.

use std::{future::Future, pin::pin};

use chrono::{DateTime, Utc};
use futures::StreamExt;
use gdtx_domain::exchange::export::job::{self, ExportState};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use sha2::{Digest, Sha256};

use super::{
    file::{self, PIECE},
    run::{Runner, Step},
};
use crate::{Code, Ctx, Error, Result, exchange::imports::problems, tx::Tx};

/// Why a run ended before its end.
pub(super) enum Stop {
    /// The export was cancelled, or another process took it.
    Lost,
    /// It cannot be made so, or the database failed.
    Failed(Error),
}

impl<E: Into<Error>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// How often a write is tried while the database is busy.
const ATTEMPTS: u32 = 5;

pub(super) struct Work {
    runner: Runner,
    pub job: job::Model,
    /// When it goes, if it was over before: a file that is made anew lives no longer for it.
    goes_at: Option<DateTime<Utc>>,
    /// What was written and is not kept yet.
    rest: Vec<u8>,
    hasher: Sha256,
}

impl Work {
    pub fn new(runner: &Runner, job: job::Model) -> Self {
        let goes_at = job.rights.is_some().then_some(job.expires_at);
        Self { runner: runner.clone(), job, goes_at, rest: Vec::new(), hasher: Sha256::new() }
    }

    fn system(&self) -> Ctx {
        Ctx::system(self.runner.db.clone(), self.runner.clock)
    }

    /// Makes the file from its beginning, as its client would see it now.
    pub async fn run(&mut self) -> Result<(), Stop> {
        let query = self.runner.db.vault().open_text(&file::place_of_query(self.job.id), &self.job.query)?;
        let mut ctx = file::owner(&self.system(), &self.job);
        self.job.rights = file::rights(&ctx).await?;
        // What the position tells of is in the file, also where a replica is read.
        ctx.min_position = self.job.position.filter(|_| self.runner.db.replicas().is_any());
        let mut steps = self.held((self.runner.make)(ctx, self.job.resource, query)).await??;
        while let Some(step) = self.held(steps.next()).await? {
            self.add(step?).await?;
        }
        self.finish().await
    }

    /// Waits for something, and says meanwhile that this process lives.
    async fn held<T>(&self, waiting: impl Future<Output = T>) -> Result<T, Stop> {
        let mut waiting = pin!(waiting);
        loop {
            match tokio::time::timeout(self.runner.lease / 3, &mut waiting).await {
                Ok(done) => return Ok(done),
                Err(_) => self.tell().await?,
            }
        }
    }

    async fn add(&mut self, step: Step) -> Result<(), Stop> {
        self.job.rows += step.rows;
        self.rest.extend(step.bytes);
        if self.rest.len() < PIECE {
            return self.tell().await;
        }
        while self.rest.len() >= PIECE {
            let after = self.rest.split_off(PIECE);
            let piece = std::mem::replace(&mut self.rest, after);
            self.keep(piece).await?;
        }
        Ok(())
    }

    /// Puts the progress on record, if the export is still in these hands.
    async fn record(&self, tx: &Tx) -> Result<(), Stop> {
        let mine = job::Entity::update_many()
            .col_expr(job::Column::Rows, Expr::val(self.job.rows))
            .col_expr(job::Column::Bytes, Expr::val(self.job.bytes))
            .col_expr(job::Column::LeasedUntil, Expr::val(self.runner.clock.now() + self.runner.lease))
            .filter(job::Column::Id.eq(self.job.id))
            .filter(job::Column::State.eq(ExportState::Running))
            .filter(job::Column::Runner.eq(self.job.runner))
            .exec(&tx.db)
            .await?;
        if mine.rows_affected == 1 { Ok(()) } else { Err(Stop::Lost) }
    }

    async fn tell(&self) -> Result<(), Stop> {
        self.put(None).await
    }

    async fn keep(&mut self, piece: Vec<u8>) -> Result<(), Stop> {
        let starts_at = self.job.bytes;
        self.job.bytes += i64::try_from(piece.len()).unwrap_or(i64::MAX);
        if self.job.bytes > self.runner.most_bytes {
            return Err(Stop::Failed(too_large(self.runner.most_bytes)));
        }
        self.hasher.update(&piece);
        self.put(Some((starts_at, piece))).await
    }

    /// Writes the progress, with a piece of the file; where the database is busy, several times.
    async fn put(&self, piece: Option<(i64, Vec<u8>)>) -> Result<(), Stop> {
        for _ in 1..ATTEMPTS {
            match self.put_once(piece.clone()).await {
                Err(Stop::Failed(error)) if error.code == Code::Unavailable => {}
                Err(Stop::Failed(error)) => return Err(Stop::Failed(unready(error))),
                outcome => return outcome,
            }
        }
        self.put_once(piece).await
    }

    async fn put_once(&self, piece: Option<(i64, Vec<u8>)>) -> Result<(), Stop> {
        let tx = self.system().write().await?;
        // First whether it is still in these hands: another process keeps its own pieces else.
        self.record(&tx).await?;
        if let Some((starts_at, piece)) = piece {
            file::keep(&tx, &self.job, starts_at, piece).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn finish(&mut self) -> Result<(), Stop> {
        let last = std::mem::take(&mut self.rest);
        if !last.is_empty() {
            self.keep(last).await?;
        }
        let digest = hex::encode(std::mem::take(&mut self.hasher).finalize());
        let tx = self.system().write().await?;
        self.record(&tx).await?;
        self.end(&tx, ExportState::Done, Some(digest), None).await?;
        Ok(tx.commit().await?)
    }

    /// Ends it without a file.
    pub async fn fail(&self, error: &Error) -> Result<(), Stop> {
        let tx = self.system().write().await?;
        self.record(&tx).await?;
        self.end(&tx, ExportState::Failed, None, serde_json::to_value(problems(error)).ok()).await?;
        file::forget(&tx, self.job.id).await?;
        Ok(tx.commit().await?)
    }

    /// Lets it wait for the end of its lease, while others have their turn, as if it had not been taken.
    pub async fn put_back(&self) -> Result<()> {
        let tx = self.system().write().await?;
        job::Entity::update_many()
            .col_expr(job::Column::LeasedUntil, Expr::val(self.runner.clock.now() + self.runner.lease))
            .col_expr(job::Column::Attempts, Expr::val(self.job.attempts - 1))
            .filter(job::Column::Id.eq(self.job.id))
            .filter(job::Column::State.eq(ExportState::Running))
            .filter(job::Column::Runner.eq(self.job.runner))
            .exec(&tx.db)
            .await?;
        tx.commit().await
    }

    async fn end(
        &self,
        tx: &Tx,
        state: ExportState,
        digest: Option<String>,
        said: Option<serde_json::Value>,
    ) -> Result<(), Stop> {
        let now = self.runner.clock.now();
        job::Entity::update_many()
            .col_expr(job::Column::State, Expr::val(state.code()))
            .col_expr(job::Column::Digest, Expr::val(digest))
            .col_expr(job::Column::Rights, Expr::val(self.job.rights.clone()))
            .col_expr(job::Column::Problems, Expr::val(said))
            .col_expr(job::Column::FinishedAt, Expr::val(now))
            .col_expr(job::Column::ExpiresAt, Expr::val(self.goes_at.unwrap_or(now + self.runner.keep)))
            .filter(job::Column::Id.eq(self.job.id))
            .exec(&tx.db)
            .await?;
        Ok(())
    }

    /// Whether the export is still to be run, and by this process.
    #[expect(clippy::disallowed_methods, reason = "the runner works for every client")]
    pub async fn is_mine(&self) -> Result<bool> {
        let found = job::Entity::find_by_id(self.job.id).one(self.runner.db.primary()).await?;
        Ok(found.is_some_and(|job| job.state == ExportState::Running && job.runner == self.job.runner))
    }
}

/// Whatever the database says of the progress, the export itself is not at fault: it is begun anew.
fn unready(error: Error) -> Error {
    Error { code: Code::Unavailable, ..error }
}

fn too_large(most: i64) -> Error {
    Error::new(
        Code::PayloadTooLarge,
        format!("Tệp vượt {most} byte: lọc bớt hoặc chọn ít trường hơn."),
        format!("The file exceeds {most} bytes: filter, or ask for fewer fields."),
    )
}
