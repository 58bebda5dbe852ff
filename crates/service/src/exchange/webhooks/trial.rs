//! A test message: what the receiver answers, told at once.

use std::time::Instant;

use async_graphql::SimpleObject;
use gdtx_domain::exchange::webhook::delivery::DeliveryFault;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    life::own,
    message::{Courier, Reply, Signer},
};
use crate::{Ctx, Result};

/// What came of a test message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "WebhookTrial")]
#[schema(as = WebhookTrial)]
pub struct Trial {
    /// The `webhook-id` that was sent.
    pub message_id: String,
    /// Whether the receiver accepted it: any status from 200 to 299.
    pub accepted: bool,
    /// HTTP status of the answer.
    pub status: Option<i32>,
    /// Why it was not accepted.
    pub fault: Option<DeliveryFault>,
    /// How long it took.
    pub milliseconds: i32,
}

/// Sends a message of the type `webhook.test` and tells what the receiver answered. It is not
/// repeated and stands in no list.
pub async fn test(ctx: &Ctx, id: Uuid, courier: &impl Courier) -> Result<Trial> {
    let tx = ctx.read_primary().await?;
    let hook = own(&tx, id, false).await?;
    let now = ctx.clock.now();
    let signer = Signer::new(ctx.db.vault(), &hook, now)?;
    tx.end(()).await?;
    let message_id = format!("msg_{}_test_{}", id.simple(), ctx.new_id().simple());
    let body = json!({ "type": "webhook.test", "timestamp": now, "data": { "webhookId": id } });
    let message = signer.post(message_id.clone(), now, &body)?;
    let began = Instant::now();
    let reply = courier.post(message).await;
    let milliseconds = i32::try_from(began.elapsed().as_millis()).unwrap_or(i32::MAX);
    let (status, fault) = match reply {
        Reply::Answered { status: status @ 200..=299, .. } => (Some(status), None),
        Reply::Answered { status, .. } => (Some(status), Some(DeliveryFault::Refused)),
        Reply::Lost(fault) => (None, Some(fault)),
    };
    Ok(Trial { message_id, accepted: fault.is_none(), status: status.map(i32::from), fault, milliseconds })
}
