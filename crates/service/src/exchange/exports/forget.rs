//! Forgets exports that are older than they are kept, with their files, and the files that tell of people who were
//! erased since.

use gdtx_domain::{
    access::reach::Keys,
    exchange::{
        export::job::{self, ExportState},
        resource::ResourceKind,
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use uuid::Uuid;

use super::{file, run::Runner};
use crate::{Ctx, Result, access::caller::Caller, tx::Tx};

/// Exports that are forgotten in one go.
const SOME: u64 = 100;

/// Deletes exports that are older than they are kept, each in a write of its own.
#[expect(clippy::disallowed_methods, reason = "old jobs of every client go")]
pub async fn forget_old(runner: &Runner) -> Result<()> {
    let old = job::Entity::find()
        .select_only()
        .column(job::Column::Id)
        .filter(job::Column::ExpiresAt.lte(runner.clock.now()))
        .limit(SOME)
        .into_tuple::<Uuid>()
        .all(runner.db.primary())
        .await?;
    for id in old {
        let tx = Ctx::system(runner.db.clone(), runner.clock).write().await?;
        file::forget(&tx, id).await?;
        job::Entity::delete_by_id(id).exec(&tx.db).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Has the files made anew that may tell of a learner who is erased now: those of learners, of clients who reach the
/// record. Links to the old files lead nowhere any more.
#[expect(clippy::disallowed_methods, reason = "no client is shown anything; files of every client go")]
pub(crate) async fn make_anew(tx: &Tx, keys: &Keys) -> Result<()> {
    let with_learners = job::Entity::find()
        .filter(job::Column::Resource.eq(ResourceKind::Learners))
        .filter(job::Column::State.is_in([ExportState::Running, ExportState::Done]))
        .filter(job::Column::ExpiresAt.gt(tx.ctx.clock.now()))
        .order_by_asc(job::Column::Id)
        .lock_exclusive();
    for job in with_learners.all(&tx.db).await? {
        // Whoever may not act any more has no links; should it act again, the file must not be the old one.
        let reaches = match Caller::find(&file::owner(&tx.ctx, &job), Some(&tx.db)).await {
            Ok(Caller::Client(client)) => client.reach.covers(keys),
            _ => true,
        };
        if reaches {
            file::forget(tx, job.id).await?;
            job::Entity::update_many()
                .col_expr(job::Column::State, Expr::val(ExportState::Queued.code()))
                .col_expr(job::Column::Runner, Expr::val(None::<Uuid>))
                .col_expr(job::Column::Attempts, Expr::val(0))
                .col_expr(job::Column::Digest, Expr::val(None::<String>))
                .col_expr(job::Column::FinishedAt, Expr::val(None::<chrono::DateTime<chrono::Utc>>))
                .filter(job::Column::Id.eq(job.id))
                .exec(&tx.db)
                .await?;
        }
    }
    Ok(())
}
