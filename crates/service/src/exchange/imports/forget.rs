//! Forgets imports that are older than they are kept, in slices that keep no writer waiting.

use gdtx_domain::exchange::import::{job, receipt};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{payload, run::Runner};
use crate::{Ctx, Result};

/// Receipts that are forgotten in one write.
const SLICE: u64 = 5_000;

/// Imports that are looked up at a time.
const SOME: u64 = 100;

/// Deletes imports that are older than they are kept.
#[expect(clippy::disallowed_methods, reason = "old jobs of every sender go")]
pub(super) async fn forget_old(runner: &Runner) -> Result<()> {
    loop {
        let old = job::Entity::find()
            .select_only()
            .column(job::Column::Id)
            .filter(job::Column::ExpiresAt.lt(runner.clock.now()))
            .limit(SOME)
            .into_tuple::<Uuid>()
            .all(runner.db.primary())
            .await?;
        for id in &old {
            while forget_some(runner, *id).await? {}
        }
        if (old.len() as u64) < SOME {
            return Ok(());
        }
    }
}

/// Deletes a slice of an import; false when nothing is left of it.
#[expect(clippy::disallowed_methods, reason = "old jobs of every sender go")]
async fn forget_some(runner: &Runner, id: Uuid) -> Result<bool> {
    let tx = Ctx::system(runner.db.clone(), runner.clock).write().await?;
    let lines = receipt::Entity::find()
        .select_only()
        .column(receipt::Column::Line)
        .filter(receipt::Column::JobId.eq(id))
        .order_by_asc(receipt::Column::Line)
        .limit(SLICE)
        .into_tuple::<i64>()
        .all(&tx.db)
        .await?;
    if let Some(last) = lines.last() {
        let slice = receipt::Entity::delete_many().filter(receipt::Column::JobId.eq(id));
        slice.filter(receipt::Column::Line.lte(*last)).exec(&tx.db).await?;
    } else {
        payload::forget(&tx, id).await?;
        job::Entity::delete_by_id(id).exec(&tx.db).await?;
    }
    tx.commit().await?;
    Ok(!lines.is_empty())
}
