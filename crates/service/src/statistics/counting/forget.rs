//! Forgets a person: what counts know of an erased learner goes with the erasure, not when they come to it.

use gdtx_domain::statistics::count;
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};
use uuid::Uuid;

use super::{affected::facts_of, change, fact::Fact, recount};
use crate::{Result, tx::Tx};

/// Forgets learners in every count, also in those that are not shown. Whatever is not counted yet is read as erased
/// from now on, so a count that comes to the erasure finds nothing more to forget.
#[expect(clippy::disallowed_methods, reason = "every count forgets, for nobody in particular")]
pub(crate) async fn forget(tx: &Tx, learners: &[Uuid]) -> Result<()> {
    if tx.db.get_database_backend() == DbBackend::Postgres {
        // Until the erasure is there nobody counts, nor begins to: it would read what is erased. Who counts waits for
        // no one, so whoever holds other locks may wait for it here.
        tx.db.execute_unprepared("LOCK TABLE statistics_count IN EXCLUSIVE MODE").await?;
    }
    for count in count::Entity::find().order_by_asc(count::Column::Generation).all(&tx.db).await? {
        let mut facts = facts_of(tx, count.generation, learners).await?;
        facts.values_mut().for_each(Fact::forget);
        recount::put(tx, &count, facts).await?;
        change::forget(tx, count.generation).await?;
        count::Entity::update_many()
            .col_expr(count::Column::Revision, Expr::val(count.revision + 1))
            .col_expr(count::Column::ToldSince, Expr::val(count.revision + 1))
            .filter(count::Column::Generation.eq(count.generation))
            .exec(&tx.db)
            .await?;
    }
    Ok(())
}
