//! Counts the whole journal anew beside the count that is shown, and shows the new one when it has come as far.

use gdtx_domain::statistics::{
    cell::{self, change},
    count, fact,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};

use super::{
    count::{count_all, step},
    meaning::MEANING,
};
use crate::{Clock, Ctx, Database, Error, Result, database::delete_some};

/// Rows that are deleted in one write, so that no writer waits long.
const SLICE: u64 = 5_000;

/// Counts the journal from its beginning; tells the position that the new cells are true at. Until then the old
/// ones are shown. What an interrupted run left is deleted first.
#[expect(clippy::disallowed_methods, reason = "how far counts are, is no record")]
pub async fn rebuild(db: &Database, clock: Clock) -> Result<i64> {
    forget_hidden(db, clock).await?;
    let tx = Ctx::system(db.clone(), clock).write().await?;
    // A number that no count had before, and above that of each: whoever holds cells of another reads these instead.
    let last = count::Entity::find().order_by_desc(count::Column::Generation).one(&tx.db).await?;
    let generation = Ord::max(clock.now().timestamp_micros(), last.map_or(0, |last| last.generation + 1));
    let new = count::ActiveModel {
        generation: Set(generation),
        position: Set(0),
        revision: Set(0),
        told_since: Set(0),
        is_shown: Set(false),
        meaning: Set(MEANING.clone()),
        counted_at: Set(clock.now()),
    };
    count::Entity::insert(new).exec_without_returning(&tx.db).await?;
    tx.commit().await?;
    while !shown_instead(db, clock, generation).await? {}
    forget_hidden(db, clock).await?;
    count_all(db, clock).await
}

/// Counts to the end, and shows this count; false when the one that is shown has moved on since, since no figure
/// goes back.
#[expect(clippy::disallowed_methods, reason = "everything is counted, for nobody in particular")]
async fn shown_instead(db: &Database, clock: Clock, generation: i64) -> Result<bool> {
    while step(db, clock, generation).await? {}
    let tx = Ctx::system(db.clone(), clock).write().await?;
    let counts = count::Entity::find().order_by_asc(count::Column::Generation).lock_exclusive().all(&tx.db).await?;
    let Some(own) = counts.iter().find(|count| count.generation == generation) else {
        // It forgot what was not shown.
        return Err(Error::internal("another rebuild has begun: its count takes the place of this one"));
    };
    if counts.iter().any(|count| count.is_shown && count.position > own.position) {
        return Ok(false);
    }
    count::Entity::update_many()
        .col_expr(count::Column::IsShown, Expr::col(count::Column::Generation).eq(generation))
        .exec(&tx.db)
        .await?;
    tx.commit().await?;
    Ok(true)
}

/// Deletes every count that is not shown, slice by slice.
#[expect(clippy::disallowed_methods, reason = "everything is counted, for nobody in particular")]
async fn forget_hidden(db: &Database, clock: Clock) -> Result<()> {
    let hidden = count::Entity::find().filter(count::Column::IsShown.eq(false)).all(db.primary()).await?;
    for generation in hidden.into_iter().map(|count| count.generation) {
        loop {
            let tx = Ctx::system(db.clone(), clock).write().await?;
            // While it is held nobody counts into it, and it is not shown meanwhile.
            let held = count::Entity::find_by_id(generation).lock_exclusive().one(&tx.db).await?;
            if held.is_none_or(|count| count.is_shown) {
                break;
            }
            let (cells, facts) = (cell::Column::Generation.eq(generation), fact::Column::Generation.eq(generation));
            let changes = change::Column::Generation.eq(generation);
            let change_key = [change::Column::Generation, change::Column::Revision, change::Column::DataSet];
            let cell_key = [cell::Column::Generation, cell::Column::DataSet, cell::Column::Key];
            let fact_key = [fact::Column::Generation, fact::Column::RecordId];
            let gone = delete_some::<cell::Entity>(&tx.db, &cell_key, cells.into(), SLICE).await?
                + delete_some::<change::Entity>(&tx.db, &change_key, changes.into(), SLICE).await?
                + delete_some::<fact::Entity>(&tx.db, &fact_key, facts.into(), SLICE).await?;
            let is_over = gone == 0;
            if is_over {
                count::Entity::delete_by_id(generation).exec(&tx.db).await?;
            }
            tx.commit().await?;
            if is_over {
                break;
            }
        }
    }
    Ok(())
}
