//! The list of deliveries as the owner of a webhook reads it.

use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};
use gdtx_domain::exchange::{
    resource::{Operation, ResourceKind},
    webhook::delivery::{self, DeliveryFault, DeliveryState},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::life::own;
use crate::{
    Ctx, Page, PageRequest, Result,
    page::{self, Cursor},
};

/// What became of one change at one webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "WebhookDelivery")]
#[schema(as = WebhookDelivery)]
pub struct Delivery {
    /// The position of the change in the journal.
    pub position: i64,
    /// The `webhook-id` of the message, the same at each attempt.
    pub message_id: String,
    pub resource: ResourceKind,
    /// The record that changed.
    pub record_id: Uuid,
    pub operation: Operation,
    pub state: DeliveryState,
    /// How often it was sent.
    pub attempts: i32,
    /// Why the last attempt failed.
    pub last_fault: Option<DeliveryFault>,
    /// HTTP status of the last answer.
    pub last_status: Option<i32>,
    /// How long the last attempt took.
    pub milliseconds: Option<i32>,
    /// When it is sent again; null too while it waits for an older change of the record.
    pub next_attempt_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    /// When it was accepted or given up.
    pub finished_at: Option<DateTime<Utc>>,
}

/// Which deliveries to list.
#[derive(Clone, Copy, Debug, Default)]
pub struct DeliveryFilter {
    pub state: Option<DeliveryState>,
}

impl From<delivery::Model> for Delivery {
    fn from(row: delivery::Model) -> Self {
        Self {
            position: row.position,
            message_id: format!("msg_{}_{}", row.webhook_id.simple(), row.position),
            resource: row.resource,
            record_id: row.record_id,
            operation: row.operation,
            state: row.state,
            attempts: row.attempts,
            last_fault: row.last_fault,
            last_status: row.last_status,
            milliseconds: row.milliseconds,
            next_attempt_at: row.next_attempt_at,
            created_at: row.created_at,
            finished_at: row.finished_at,
        }
    }
}

/// Lists the deliveries of one of the caller's webhooks, newest change first.
#[expect(clippy::disallowed_methods, reason = "deliveries belong to the webhook, which is the caller's own")]
pub async fn deliveries(ctx: &Ctx, id: Uuid, filter: DeliveryFilter, request: PageRequest) -> Result<Page<Delivery>> {
    let size = page::size(request.first)?;
    let tx = ctx.read_primary().await?;
    let hook = own(&tx, id, false).await?;
    let print = page::fingerprint("deliveries", &(hook.id, filter.state), "-position");
    let mut select = delivery::Entity::find().filter(delivery::Column::WebhookId.eq(hook.id));
    if let Some(state) = filter.state {
        select = select.filter(delivery::Column::State.eq(state));
    }
    if let Some(after) = &request.after {
        let last = Cursor::decode(print, after)?.k.try_into().map_err(|_| page::unreadable())?;
        select = select.filter(delivery::Column::Position.lt(i64::from_be_bytes(last)));
    }
    let rows = select.order_by_desc(delivery::Column::Position).limit(u64::from(size) + 1).all(&tx.db).await?;
    let cursor = |row: &delivery::Model| Cursor::encode(print, &row.position.to_be_bytes(), hook.id);
    tx.end(Page::of(rows, &request, cursor)?.map(Delivery::from)).await
}
