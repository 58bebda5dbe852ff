//! Runs imports: any process takes the next one, holds it by a lease, and goes on behind the last
//! row that was judged when another process died over it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use gdtx_domain::{
    Lang,
    exchange::{
        import::{
            job::{self, ImportMode, ImportState},
            receipt::RowOutcome,
        },
        resource::ResourceKind,
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use tokio::sync::{Notify, mpsc};

use super::{
    claim::claim,
    forget::forget_old,
    kinds::KINDS,
    payload,
    reader::{self, Rows, Trouble, problem},
    receipts::{RowProblem, problems},
    row::Row,
    seen::Seen,
    write::{self, Judged},
};
use crate::{
    Actor, Clock, Code, Ctx, Database, Error, Result,
    exchange::{
        period::Period,
        queue::{self, Worker, said},
    },
    replicas,
    tx::Tx,
};

/// How often an import is begun without a row being judged.
pub(super) const TRIES: i32 = 3;
/// How often a write begins again after it lost a race.
const ATTEMPTS: u32 = 5;

/// What runs imports in a process.
#[derive(Clone, Debug)]
pub struct Runner {
    pub db: Database,
    pub clock: Clock,
    /// How long an import belongs to a process that says nothing.
    pub lease: Duration,
    /// Rows that are written all or none at most.
    pub atomic_rows: usize,
    /// Whether a period for which no window was declared is closed.
    pub declared_periods: bool,
}

/// Why a run ended before its end.
pub(super) enum Stop {
    /// The import was cancelled, or another process took it.
    Lost,
    /// The file as a whole is wrong.
    Refused(Vec<RowProblem>),
    /// The database failed: another run goes on.
    Failed(Error),
}

impl<E: Into<Error>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl Worker for Runner {
    const ALL: &'static str = "imports";

    fn woken(&self) -> &Notify {
        &self.db.imported
    }

    async fn run_once(&self) -> Result<bool> {
        run_once(self).await
    }

    async fn forget_old(&self) -> Result<()> {
        forget_old(self).await
    }
}

/// Runs imports for as long as the process lives.
pub async fn run(runner: Runner) {
    queue::serve(runner).await;
}

/// Takes the next import and runs it to its end; false when none waits.
pub async fn run_once(runner: &Runner) -> Result<bool> {
    let Some(job) = claim(runner).await? else { return Ok(false) };
    let mut work = Work::new(runner, job);
    let said = match work.run().await {
        Ok(()) | Err(Stop::Lost) => return Ok(true),
        Err(Stop::Refused(said)) => said,
        // Who sent it may not write any more, or it fails whenever it is run.
        Err(Stop::Failed(error))
            if error.code.status() < 500 || (work.job.attempts >= TRIES && error.code != Code::Unavailable) =>
        {
            problems(&error)
        }
        Err(Stop::Failed(error)) => {
            // A cancelled import has no payload any more: nothing has failed.
            if !work.is_mine().await? {
                return Ok(true);
            }
            // No room, no connection: that is not the file's fault, and does not count as a try.
            if error.code == Code::Unavailable {
                work.put_back().await?;
            }
            return Err(error);
        }
    };
    match work.fail(said).await {
        Err(Stop::Failed(error)) => Err(error),
        _ => Ok(true),
    }
}

/// An import in the hands of this process.
pub(super) struct Work<'a> {
    pub runner: &'a Runner,
    pub job: job::Model,
    /// The sender, for whom every row is written.
    ctx: Ctx,
    /// The records of the rows before.
    seen: Seen,
}

impl<'a> Work<'a> {
    pub fn new(runner: &'a Runner, job: job::Model) -> Self {
        let actor = Actor::Client { id: job.client_id, token_id: String::new(), until: DateTime::<Utc>::MAX_UTC };
        let mut ctx = Ctx::new(runner.db.clone(), actor, runner.clock, Lang::Vi, job.id.to_string());
        ctx.purpose = job.purpose;
        ctx.period = job.school_year.zip(job.sync_kind).map(|(school_year, kind)| Period {
            school_year,
            kind,
            must_be_declared: runner.declared_periods,
        });
        Self { runner, job, ctx, seen: Seen::default() }
    }

    fn passes(&self) -> Vec<ResourceKind> {
        self.job.resource.map_or_else(|| KINDS.to_vec(), |kind| vec![kind])
    }

    async fn run(&mut self) -> Result<(), Stop> {
        if self.job.mode == ImportMode::Atomic || self.job.dry_run {
            return self.run_whole().await;
        }
        let begin = usize::try_from(self.job.pass).unwrap_or_default();
        for (pass, kind) in self.passes().into_iter().enumerate().skip(begin) {
            if usize::try_from(self.job.pass) != Ok(pass) {
                (self.job.pass, self.job.line) = (i32::try_from(pass).unwrap_or(i32::MAX), 0);
            }
            let mut rows = reader::open(self.runner.db.clone(), &self.job, kind, self.job.line);
            while let Some(some) = next(&mut rows).await? {
                self.write(kind, some).await?;
            }
        }
        let tx = self.ctx.write().await?;
        self.finish(&tx, ImportState::Done, Vec::new()).await?;
        Ok(tx.commit().await?)
    }

    /// Writes some rows; where the database refuses them together, each alone.
    async fn write(&mut self, kind: ResourceKind, rows: Vec<Row>) -> Result<(), Stop> {
        match self.attempts(kind, &rows).await {
            Err(Stop::Failed(error)) if error.code != Code::Unavailable => {
                tracing::info!(code = error.code.as_str(), rows = rows.len(), "rows are written one at a time");
            }
            outcome => return outcome,
        }
        for mut row in rows {
            match self.attempts(kind, std::slice::from_ref(&row)).await {
                Err(Stop::Failed(error)) if error.code != Code::Unavailable => {
                    tracing::error!(import = %self.job.id, line = row.line, source = said(&error), "a row cannot be written");
                    row.content = Err(problems(&error));
                    self.attempts(kind, &[row]).await?;
                }
                outcome => outcome?,
            }
        }
        Ok(())
    }

    async fn attempts(&mut self, kind: ResourceKind, rows: &[Row]) -> Result<(), Stop> {
        for _ in 1..ATTEMPTS {
            match self.attempt(kind, rows.to_vec()).await {
                Err(Stop::Failed(error)) if error.lost_race() => {}
                outcome => return outcome,
            }
        }
        self.attempt(kind, rows.to_vec()).await
    }

    /// Rows, their receipts and the progress in one transaction.
    async fn attempt(&mut self, kind: ResourceKind, rows: Vec<Row>) -> Result<(), Stop> {
        let (line, read) = rows.last().map_or((self.job.line, 0), |row| (row.line, row.read));
        let tx = self.ctx.write_many().await?;
        let mut judged = write::judge(&tx, kind, rows).await?;
        let seen = self.seen.warn(&mut judged);
        let mut next = counted(self.job.clone(), &judged);
        next.attempts = 0;
        let passes = i64::try_from(self.passes().len()).unwrap_or(1);
        (next.line, next.bytes_done) = (line, (i64::from(next.pass) * next.bytes + read) / passes);
        // First whether it is still in these hands: another process has written these receipts else.
        self.record(&tx, &next).await?;
        write::keep(&tx, next.id, self.job.rows_done, &judged).await?;
        tx.commit().await?;
        self.job = next;
        self.seen.add(seen);
        Ok(())
    }

    /// All rows in one transaction, which a rehearsal and a refusal undo.
    async fn run_whole(&mut self) -> Result<(), Stop> {
        for _ in 1..ATTEMPTS {
            match self.attempt_whole().await {
                Err(Stop::Failed(error)) if error.lost_race() => {}
                outcome => return outcome,
            }
        }
        self.attempt_whole().await
    }

    async fn attempt_whole(&mut self) -> Result<(), Stop> {
        // All is read before the write begins, which others wait for.
        let (mut rows, mut count) = (Vec::new(), 0);
        for kind in self.passes() {
            let mut read = reader::open(self.runner.db.clone(), &self.job, kind, 0);
            while let Some(some) = next(&mut read).await? {
                count += some.len();
                rows.push((kind, some));
                if count > self.runner.atomic_rows {
                    return Err(Stop::Refused(too_many(self.runner.atomic_rows)));
                }
            }
        }
        self.hold().await?;
        let tx = self.ctx.write_many().await?;
        let mut judged = Vec::with_capacity(count);
        for (kind, some) in rows {
            judged.extend(write::judge(&tx, kind, some).await?);
        }
        Seen::default().warn(&mut judged);
        let refused = judged.iter().filter(|row| row.outcome == RowOutcome::Rejected).count();
        let broken = self.job.mode == ImportMode::Atomic && refused > 0;
        let tx = if self.job.dry_run || broken {
            tx.db.rollback().await?;
            for row in &mut judged {
                if broken {
                    row.reject(others_refused());
                } else if row.outcome == RowOutcome::Created {
                    row.record = None;
                }
            }
            self.ctx.write().await?
        } else {
            tx
        };
        write::keep(&tx, self.job.id, 0, &judged).await?;
        self.job = counted(self.job.clone(), &judged);
        let (state, said) =
            if broken { (ImportState::Failed, all_or_none(refused)) } else { (ImportState::Done, Vec::new()) };
        self.finish(&tx, state, said).await?;
        Ok(tx.commit().await?)
    }

    /// Puts the progress on record, if the import is still in these hands.
    async fn record(&self, tx: &Tx, next: &job::Model) -> Result<(), Stop> {
        let leased = self.runner.clock.now() + self.runner.lease;
        let mine = job::Entity::update_many()
            .col_expr(job::Column::Pass, Expr::val(next.pass))
            .col_expr(job::Column::Line, Expr::val(next.line))
            .col_expr(job::Column::BytesDone, Expr::val(next.bytes_done))
            .col_expr(job::Column::RowsDone, Expr::val(next.rows_done))
            .col_expr(job::Column::Created, Expr::val(next.created))
            .col_expr(job::Column::Updated, Expr::val(next.updated))
            .col_expr(job::Column::Unchanged, Expr::val(next.unchanged))
            .col_expr(job::Column::Rejected, Expr::val(next.rejected))
            .col_expr(job::Column::LeasedUntil, Expr::val(leased))
            .col_expr(job::Column::Attempts, Expr::val(0))
            .filter(job::Column::Id.eq(next.id))
            .filter(job::Column::State.eq(ImportState::Running))
            .filter(job::Column::Runner.eq(next.runner))
            .exec(&tx.db)
            .await?;
        if mine.rows_affected == 1 { Ok(()) } else { Err(Stop::Lost) }
    }

    /// Ends the import; its payload is not needed any more.
    async fn finish(&self, tx: &Tx, state: ImportState, said: Vec<RowProblem>) -> Result<(), Stop> {
        let job = job::Model { bytes_done: self.job.bytes, ..self.job.clone() };
        self.record(tx, &job).await?;
        // The entries of rows in this very transaction stand before the end that is told.
        tx.place().await?;
        let said = if said.is_empty() { None } else { serde_json::to_value(&said).ok() };
        job::Entity::update_many()
            .col_expr(job::Column::State, Expr::val(state.code()))
            .col_expr(job::Column::Problems, Expr::val(said))
            .col_expr(job::Column::PositionAfter, Expr::val(replicas::position(&tx.db).await?))
            .col_expr(job::Column::FinishedAt, Expr::val(self.runner.clock.now()))
            .filter(job::Column::Id.eq(job.id))
            .exec(&tx.db)
            .await?;
        Ok(payload::forget(tx, job.id).await?)
    }

    pub async fn fail(&self, said: Vec<RowProblem>) -> Result<(), Stop> {
        let tx = Ctx::system(self.runner.db.clone(), self.runner.clock).write().await?;
        self.finish(&tx, ImportState::Failed, said).await?;
        Ok(tx.commit().await?)
    }
}

/// The next rows of a payload; none when it was read to its end. A reader that is gone without a word
/// did not read it to its end.
async fn next(rows: &mut mpsc::Receiver<Rows>) -> Result<Option<Vec<Row>>, Stop> {
    match rows.recv().await {
        Some(Ok(some)) => Ok(Some(some).filter(|some| !some.is_empty())),
        Some(Err(Trouble::Refused(refusal))) => Err(Stop::Refused(refusal)),
        Some(Err(Trouble::Failed(error))) => Err(Stop::Failed(error)),
        None => Err(Stop::Refused(reader::broken("the reader is gone"))),
    }
}

/// The job with these rows counted.
fn counted(mut job: job::Model, judged: &[Judged]) -> job::Model {
    for row in judged {
        job.rows_done += 1;
        *match row.outcome {
            RowOutcome::Created => &mut job.created,
            RowOutcome::Updated => &mut job.updated,
            RowOutcome::Unchanged => &mut job.unchanged,
            RowOutcome::Rejected => &mut job.rejected,
        } += 1;
    }
    job
}

fn too_many(most: usize) -> Vec<RowProblem> {
    vec![problem(
        "",
        "too_many_rows",
        format!("Nhập trọn gói và chạy thử nhận tối đa {most} dòng: chia tệp, hoặc dùng mode=perRow."),
        format!("All-or-none imports and rehearsals take {most} rows at most: split the file, or use mode=perRow."),
    )]
}

fn others_refused() -> RowProblem {
    problem(
        "",
        "other_rows_refused",
        "Dòng này đúng, nhưng không ghi vì dòng khác bị từ chối.",
        "This row is right; it was not written because others were refused.",
    )
}

fn all_or_none(refused: usize) -> Vec<RowProblem> {
    vec![problem(
        "",
        "rows_refused",
        format!("{refused} dòng bị từ chối, nên không dòng nào được ghi."),
        format!("Rows that were refused: {refused}; so none was written."),
    )]
}
