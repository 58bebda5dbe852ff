//! Takes the import that is to be run next, holds it, and gives it back.

use chrono::{DateTime, Utc};
use gdtx_domain::exchange::import::job::{self, ImportState};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};

use super::{
    reader,
    run::{Runner, Stop, TRIES, Work},
};
use crate::{Ctx, Result, replicas};

/// Leases for which all rows may be written in one go.
const WHOLE: u32 = 10;

/// Waiting imports, and those whose process is gone.
fn free(now: DateTime<Utc>) -> Condition {
    let left = Condition::all().add(job::Column::State.eq(ImportState::Running)).add(job::Column::LeasedUntil.lt(now));
    Condition::any().add(job::Column::State.eq(ImportState::Queued)).add(left)
}

/// Takes the oldest import that is free.
#[expect(clippy::disallowed_methods, reason = "the runner works for every sender")]
pub(super) async fn claim(runner: &Runner) -> Result<Option<job::Model>> {
    let (db, now) = (&runner.db, runner.clock.now());
    let waiting = job::Entity::find().filter(free(now)).order_by_asc(job::Column::Id).limit(5);
    for mut job in waiting.all(db.primary()).await? {
        let me = crate::clock::Ids::default().next(now);
        let ctx = Ctx::system(db.clone(), runner.clock);
        let tx = ctx.write().await?;
        let before = job.position_before.unwrap_or(replicas::position(&tx.db).await?);
        let leased = now + runner.lease;
        let taken = job::Entity::update_many()
            .col_expr(job::Column::State, Expr::val(ImportState::Running.code()))
            .col_expr(job::Column::Runner, Expr::val(me))
            .col_expr(job::Column::LeasedUntil, Expr::val(leased))
            .col_expr(job::Column::StartedAt, Expr::val(job.started_at.unwrap_or(now)))
            .col_expr(job::Column::PositionBefore, Expr::val(before))
            .col_expr(job::Column::Attempts, Expr::val(job.attempts + 1))
            .filter(job::Column::Id.eq(job.id))
            .filter(free(now))
            .exec(&tx.db)
            .await?;
        tx.commit().await?;
        if taken.rows_affected == 1 {
            (job.runner, job.position_before, job.attempts) = (Some(me), Some(before), job.attempts + 1);
            if job.attempts > TRIES {
                // It ended the process that ran it, again and again.
                let work = Work::new(runner, job);
                let _ = work.fail(reader::broken("begun too often")).await;
                return Ok(None);
            }
            return Ok(Some(job));
        }
    }
    Ok(None)
}

impl Work<'_> {
    /// Keeps the import for as long as a write of all its rows may take.
    pub async fn hold(&self) -> Result<(), Stop> {
        let tx = Ctx::system(self.runner.db.clone(), self.runner.clock).write().await?;
        let long = self.runner.clock.now() + self.runner.lease * WHOLE;
        let mine = job::Entity::update_many()
            .col_expr(job::Column::LeasedUntil, Expr::val(long))
            .filter(job::Column::Id.eq(self.job.id))
            .filter(job::Column::State.eq(ImportState::Running))
            .filter(job::Column::Runner.eq(self.job.runner))
            .exec(&tx.db)
            .await?;
        tx.commit().await?;
        if mine.rows_affected == 1 { Ok(()) } else { Err(Stop::Lost) }
    }

    /// Lets the import wait for the end of its lease, while others have their turn, as if it had not been taken.
    pub async fn put_back(&self) -> Result<()> {
        let tx = Ctx::system(self.runner.db.clone(), self.runner.clock).write().await?;
        job::Entity::update_many()
            .col_expr(job::Column::LeasedUntil, Expr::val(self.runner.clock.now() + self.runner.lease))
            .col_expr(job::Column::Attempts, Expr::val((self.job.attempts - 1).max(0)))
            .filter(job::Column::Id.eq(self.job.id))
            .filter(job::Column::State.eq(ImportState::Running))
            .filter(job::Column::Runner.eq(self.job.runner))
            .exec(&tx.db)
            .await?;
        tx.commit().await
    }

    /// Whether the import is still to be run, and by this process.
    #[expect(clippy::disallowed_methods, reason = "the runner works for every sender")]
    pub async fn is_mine(&self) -> Result<bool> {
        let found = job::Entity::find_by_id(self.job.id).one(self.runner.db.primary()).await?;
        Ok(found.is_some_and(|job| job.state == ImportState::Running && job.runner == self.job.runner))
    }
}
