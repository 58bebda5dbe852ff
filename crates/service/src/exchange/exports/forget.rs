//! Forgets exports that are older than they are kept, with their files, and the files that tell of people who were
//! erased since.

use chrono::{DateTime, Utc};
use gdtx_domain::exchange::{
    export::job::{self, ExportState},
    resource::ResourceKind,
};
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr};
use uuid::Uuid;

use super::{file, run::Runner};
use crate::{Ctx, Result, access::log, tx::Tx};

/// Exports that are looked up at a time.
const SOME: u64 = 100;

/// Deletes exports that are older than they are kept, each in a write of its own.
#[expect(clippy::disallowed_methods, reason = "old jobs of every client go")]
pub async fn forget_old(runner: &Runner) -> Result<()> {
    loop {
        let old = job::Entity::find()
            .select_only()
            .column(job::Column::Id)
            .filter(job::Column::ExpiresAt.lte(runner.clock.now()))
            .limit(SOME)
            .into_tuple::<Uuid>()
            .all(runner.db.primary())
            .await?;
        for id in &old {
            let tx = Ctx::system(runner.db.clone(), runner.clock).write().await?;
            file::forget(&tx, *id).await?;
            job::Entity::delete_by_id(*id).exec(&tx.db).await?;
            tx.commit().await?;
        }
        if (old.len() as u64) < SOME {
            return Ok(());
        }
    }
}

/// Has the files made anew that tell of a learner who is erased now; links to the old ones lead nowhere any more.
/// Whose data a file shows stands in the access log, under the job that made it.
#[expect(clippy::disallowed_methods, reason = "no client is shown anything; files of every client go")]
pub(crate) async fn make_anew(tx: &Tx, learner: Uuid) -> Result<()> {
    if tx.db.get_database_backend() == DbBackend::Postgres {
        // Until the erasure is there no export begins: it would read what is erased, and nobody would know of it.
        tx.db.execute_unprepared("LOCK TABLE export_job IN SHARE ROW EXCLUSIVE MODE").await?;
    }
    let shown = log::shown_under(tx, learner).await?;
    let jobs = job::Entity::find()
        .select_only()
        .columns([job::Column::Id, job::Column::State])
        .filter(job::Column::Resource.eq(ResourceKind::Learners))
        .filter(job::Column::Purpose.is_not_null())
        .filter(job::Column::State.is_in([ExportState::Running, ExportState::Done]))
        .filter(job::Column::ExpiresAt.gt(tx.ctx.clock.now()))
        .into_tuple::<(Uuid, ExportState)>();
    for (id, state) in jobs.all(&tx.db).await? {
        if state == ExportState::Running || shown.contains(&id.to_string()) {
            file::forget(tx, id).await?;
            job::Entity::update_many()
                .col_expr(job::Column::State, Expr::val(ExportState::Queued.code()))
                .col_expr(job::Column::Runner, Expr::val(None::<Uuid>))
                .col_expr(job::Column::Attempts, Expr::val(0))
                .col_expr(job::Column::Digest, Expr::val(None::<String>))
                .col_expr(job::Column::FinishedAt, Expr::val(None::<DateTime<Utc>>))
                .filter(job::Column::Id.eq(id))
                .exec(&tx.db)
                .await?;
        }
    }
    Ok(())
}
