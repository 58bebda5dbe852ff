//! The list of deliveries: what was accepted, what waits, what was given up.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use gdtx_domain::exchange::webhook::delivery::{self, DeliveryState};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict, Query},
};
use uuid::Uuid;

use crate::{
    Result,
    database::{Session, delete_some, put_all},
};

/// Deliveries that are forgotten in a statement.
const SOME: u64 = 1000;

/// Deliveries that are to be tried again now: of each record the oldest that waits, when it is time.
pub(super) fn is_due(now: DateTime<Utc>) -> Condition {
    let this = |column: &'static str| Expr::col(("webhook_delivery", column));
    let older = |column: &'static str| Expr::col(("older", column));
    let before = Query::select()
        .expr(Expr::val(1))
        .from_as("webhook_delivery", "older")
        .and_where(older("webhook_id").eq(this("webhook_id")))
        .and_where(older("record_id").eq(this("record_id")))
        .and_where(older("state").eq(DeliveryState::Waiting.code()))
        .and_where(older("position").lt(this("position")))
        .to_owned();
    Condition::all()
        .add(this("state").eq(DeliveryState::Waiting.code()))
        .add(Condition::any().add(this("next_attempt_at").is_null()).add(this("next_attempt_at").lte(now)))
        .add(Expr::exists(before).not())
}

/// The first deliveries of a webhook that are to be tried again now.
#[expect(clippy::disallowed_methods, reason = "the dispatcher works for every client")]
pub(super) async fn due(db: &Session, webhook: Uuid, now: DateTime<Utc>, most: u64) -> Result<Vec<delivery::Model>> {
    let rows = delivery::Entity::find()
        .filter(delivery::Column::WebhookId.eq(webhook))
        .filter(is_due(now))
        .order_by_asc(delivery::Column::Position)
        .limit(most);
    Ok(rows.all(db).await?)
}

/// Of these records those of which a delivery waits.
#[expect(clippy::disallowed_methods, reason = "the dispatcher works for every client")]
pub(super) async fn held_back(db: &Session, webhook: Uuid, records: Vec<Uuid>) -> Result<HashSet<Uuid>> {
    if records.is_empty() {
        return Ok(HashSet::new());
    }
    let rows: Vec<Uuid> = delivery::Entity::find()
        .select_only()
        .column(delivery::Column::RecordId)
        .filter(delivery::Column::WebhookId.eq(webhook))
        .filter(delivery::Column::State.eq(DeliveryState::Waiting))
        .filter(delivery::Column::RecordId.is_in(records))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

/// Writes down what became of deliveries.
pub(super) async fn keep(db: &Session, rows: Vec<delivery::Model>) -> Result<()> {
    use delivery::Column as C;
    let changing =
        [C::State, C::Attempts, C::LastFault, C::LastStatus, C::Milliseconds, C::NextAttemptAt, C::FinishedAt];
    let known = OnConflict::columns([C::WebhookId, C::Position]).update_columns(changing).to_owned();
    Ok(put_all::<delivery::Entity>(db, rows, &known).await?)
}

/// Lets everything that waits be tried again now: the receiver is back.
pub(super) async fn hurry(db: &Session, webhook: Uuid) -> Result<()> {
    delivery::Entity::update_many()
        .col_expr(delivery::Column::NextAttemptAt, Expr::val(None::<DateTime<Utc>>))
        .filter(delivery::Column::WebhookId.eq(webhook))
        .filter(delivery::Column::State.eq(DeliveryState::Waiting))
        .exec(db)
        .await?;
    Ok(())
}

/// Forgets some of the deliveries that are over since before an instant; tells whether there may be more.
pub(super) async fn forget(db: &Session, before: DateTime<Utc>) -> Result<bool> {
    const KEY: [delivery::Column; 2] = [delivery::Column::WebhookId, delivery::Column::Position];
    let over = Condition::all()
        .add(delivery::Column::CreatedAt.lt(before))
        .add(delivery::Column::State.ne(DeliveryState::Waiting));
    Ok(delete_some::<delivery::Entity>(db, &KEY, over, SOME).await? == SOME)
}
