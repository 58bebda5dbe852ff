//! A webhook as its owner sees it. Its key leaves this floor once.

use async_graphql::{InputObject, MaybeUndefined, SimpleObject};
use chrono::{DateTime, Utc};
use gdtx_domain::{
    access::{purpose::Purpose, reach::Reach},
    exchange::{
        resource::{Operation, ResourceKind},
        webhook::{
            delivery::DeliveryFault,
            subscription::{self, WebhookSignature, WebhookState},
        },
    },
    rule,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::key::Key;
use crate::{Result, vault::Vault};

/// A subscription of the calling client (đăng ký nhận thay đổi): one address that is told of changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Webhook {
    /// Identity: UUIDv7, given by the service.
    pub id: Uuid,
    /// Rises by one with each change that its owner makes; the strong `ETag` is made of it.
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// What its owner calls it.
    pub name: String,
    /// The address that messages are posted to.
    pub url: String,
    /// Kinds of record that are told of; all that the client may read when empty.
    pub resources: Vec<ResourceKind>,
    /// Changes that are told of; all when empty.
    pub operations: Vec<Operation>,
    /// The part of the client's reach that is told of; all of it when null.
    pub within: Option<Reach>,
    /// What personal data are sent for; without it they are masked.
    pub purpose: Option<Purpose>,
    /// How messages are signed.
    pub signature: WebhookSignature,
    /// The key that messages are verified with (`whpk_…`), for Ed25519.
    pub public_key: Option<String>,
    /// Until when messages carry the signature of the previous key too.
    pub previous_key_until: Option<DateTime<Utc>>,
    pub state: WebhookState,
    /// Every change up to this position of the journal was delivered or stands in the list of deliveries.
    /// It may lag up to 1,000 behind the end of the journal where nothing there is for the webhook.
    pub position: i64,
    /// Since when the receiver has accepted nothing.
    pub failing_since: Option<DateTime<Utc>>,
    /// Attempts in a row of which none was accepted.
    pub failures: i32,
    /// Why the last attempt failed.
    pub last_fault: Option<DeliveryFault>,
    /// HTTP status of the last answer.
    pub last_status: Option<i32>,
    /// When the receiver is asked again.
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// When a message was accepted last.
    pub last_delivered_at: Option<DateTime<Utc>>,
}

impl Webhook {
    pub(super) fn of(vault: &Vault, row: subscription::Model) -> Result<Self> {
        let key = Key::open(vault, row.id, row.signature, &row.secret)?;
        Ok(Self {
            id: row.id,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            name: row.name,
            url: row.url,
            resources: row.resources.into(),
            operations: row.operations.into(),
            within: row.within,
            purpose: row.purpose,
            signature: row.signature,
            public_key: key.public()?,
            previous_key_until: row.previous_until,
            state: row.state,
            position: row.position,
            failing_since: row.failing_since,
            failures: row.failures,
            last_fault: row.last_fault,
            last_status: row.last_status,
            next_attempt_at: row.next_attempt_at,
            last_delivered_at: row.last_delivered_at,
        })
    }
}

/// What a client sends to subscribe.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, InputObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewWebhook {
    /// What its owner calls it.
    pub name: String,
    /// The address that messages are posted to: `https`, on the open internet.
    pub url: String,
    /// Kinds of record to tell of; all that the client may read when empty.
    #[serde(default)]
    #[graphql(default)]
    pub resources: Vec<ResourceKind>,
    /// Changes to tell of; all when empty. Each must be able to happen to one of `resources`; `access_gained` and
    /// `access_lost` are told of centres that move over the bounds of the reach, too.
    #[serde(default)]
    #[graphql(default)]
    pub operations: Vec<Operation>,
    /// The part of the client's reach to tell of; all of it when absent.
    #[serde(default)]
    pub within: Option<Reach>,
    /// What personal data are sent for, one of the client's agreement; without it they are masked.
    #[serde(default)]
    pub purpose: Option<Purpose>,
    /// How messages are signed; `symmetric` when absent.
    #[serde(default)]
    pub signature: Option<WebhookSignature>,
    /// The position of the journal after which to begin; its end when absent.
    #[serde(default)]
    #[schema(minimum = 0)]
    pub after: Option<i64>,
}

gdtx_domain::rules!(NewWebhook { name: rule::text(200), url: rule::text(2000) });

/// A change of a webhook: absent fields stay, null clears, a value replaces (RFC 7396).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, InputObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct WebhookPatch {
    /// What its owner calls it.
    #[serde(skip_serializing_if = "MaybeUndefined::is_undefined")]
    #[schema(value_type = String, required = false)]
    pub name: MaybeUndefined<String>,
    /// The address that messages are posted to.
    #[serde(skip_serializing_if = "MaybeUndefined::is_undefined")]
    #[schema(value_type = String, required = false)]
    pub url: MaybeUndefined<String>,
    /// Kinds of record to tell of.
    #[serde(skip_serializing_if = "MaybeUndefined::is_undefined")]
    #[schema(value_type = Option<Vec<ResourceKind>>)]
    pub resources: MaybeUndefined<Vec<ResourceKind>>,
    /// Changes to tell of.
    #[serde(skip_serializing_if = "MaybeUndefined::is_undefined")]
    #[schema(value_type = Option<Vec<Operation>>)]
    pub operations: MaybeUndefined<Vec<Operation>>,
    /// The part of the client's reach to tell of.
    #[serde(skip_serializing_if = "MaybeUndefined::is_undefined")]
    #[schema(value_type = Option<Reach>)]
    pub within: MaybeUndefined<Reach>,
    /// What personal data are sent for.
    #[serde(skip_serializing_if = "MaybeUndefined::is_undefined")]
    #[schema(value_type = Option<Purpose>)]
    pub purpose: MaybeUndefined<Purpose>,
    /// `paused` stops it where it stands; `active` sets it going again.
    #[serde(skip_serializing_if = "MaybeUndefined::is_undefined")]
    #[schema(value_type = WebhookState, required = false)]
    pub state: MaybeUndefined<WebhookState>,
}

/// A webhook with its secret, which is shown here and never again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IssuedWebhook {
    pub webhook: Webhook,
    /// The secret (`whsec_…`). Null where messages are signed with Ed25519, and in the answer to a
    /// retry under the same `Idempotency-Key`.
    pub secret: Option<String>,
}
