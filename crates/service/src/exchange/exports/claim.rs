//! Takes the export that is to be run next.

use chrono::{DateTime, Utc};
use gdtx_domain::exchange::export::job::{self, ExportState};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};

use super::{
    file,
    run::{Runner, TRIES},
    work::Work,
};
use crate::{Code, Ctx, Error, Result, exchange::sequencer, replicas};

/// Waiting exports, and those whose process is gone.
fn free(now: DateTime<Utc>) -> Condition {
    let left = Condition::all().add(job::Column::State.eq(ExportState::Running)).add(job::Column::LeasedUntil.lt(now));
    Condition::any().add(job::Column::State.eq(ExportState::Queued)).add(left)
}

/// Takes the oldest export that is free, to be begun anew.
#[expect(clippy::disallowed_methods, reason = "the runner works for every client")]
pub(super) async fn claim(runner: &Runner) -> Result<Option<Work>> {
    let (db, now) = (&runner.db, runner.clock.now());
    let waiting = job::Entity::find().filter(free(now)).order_by_asc(job::Column::Id).limit(5);
    for mut job in waiting.all(db.primary()).await? {
        // All that was committed before it is in the file, also where a replica is read.
        sequencer::settle(db).await?;
        let tx = Ctx::system(db.clone(), runner.clock).write().await?;
        let position = replicas::position(&tx.db).await?;
        job.state = ExportState::Running;
        job.runner = Some(crate::clock::Ids::default().next(now));
        job.position = Some(position);
        job.started_at = job.started_at.or(Some(now));
        job.attempts += 1;
        (job.rows, job.bytes) = (0, 0);
        let taken = job::Entity::update_many()
            .col_expr(job::Column::State, Expr::val(job.state.code()))
            .col_expr(job::Column::Runner, Expr::val(job.runner))
            .col_expr(job::Column::LeasedUntil, Expr::val(now + runner.lease))
            .col_expr(job::Column::StartedAt, Expr::val(job.started_at))
            .col_expr(job::Column::Position, Expr::val(position))
            .col_expr(job::Column::Attempts, Expr::val(job.attempts))
            .col_expr(job::Column::Rows, Expr::val(0_i64))
            .col_expr(job::Column::Bytes, Expr::val(0_i64))
            .filter(job::Column::Id.eq(job.id))
            .filter(free(now))
            .exec(&tx.db)
            .await?;
        if taken.rows_affected == 0 {
            tx.db.rollback().await?;
            continue;
        }
        file::forget(&tx, job.id).await?;
        tx.commit().await?;
        let work = Work::new(runner, job);
        if work.job.attempts <= TRIES {
            return Ok(Some(work));
        }
        // It ended the process that ran it, again and again.
        let _ = work.fail(&Error::of(Code::Internal)).await;
    }
    Ok(None)
}
