//! A subscription: one address that is told of a client's changes, and how far it has been told.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use super::delivery::DeliveryFault;
use crate::{
    List,
    access::{purpose::Purpose, reach::Reach},
    code_enum,
    exchange::resource::{Operation, ResourceKind},
};

code_enum! {
    /// Whether a webhook is told of changes.
    WebhookState {
        /// Changes are sent as they happen.
        Active = "active" ("Đang hoạt động", "Active"),
        /// Its owner stopped it; it goes on where it stood.
        Paused = "paused" ("Tạm dừng", "Paused"),
        /// The service stopped it after long failure; its owner may set it going again.
        Disabled = "disabled" ("Đã ngắt vì lỗi kéo dài", "Disabled after long failure"),
        /// Its address answered 410 Gone; its owner may set it going again.
        Gone = "gone" ("Địa chỉ báo đã đóng", "Gone"),
    }
}

code_enum! {
    /// How messages are signed (Standard Webhooks).
    WebhookSignature {
        /// HMAC-SHA256 with a shared secret, `v1`.
        Symmetric = "symmetric" ("Khóa chung HMAC-SHA256", "Shared secret, HMAC-SHA256"),
        /// Ed25519 with a public key, `v1a`.
        Ed25519 = "ed25519" ("Khóa công khai Ed25519", "Public key, Ed25519"),
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub client_id: Uuid,
    pub name: String,
    pub url: String,
    /// Kinds of record that are told of; all when empty.
    pub resources: List<ResourceKind>,
    /// Changes that are told of; all when empty.
    pub operations: List<Operation>,
    /// The part of the client's reach that is told of; all of it when absent.
    pub within: Option<Reach>,
    /// What personal data are sent for; masked when absent.
    pub purpose: Option<Purpose>,
    pub signature: WebhookSignature,
    /// The key, sealed.
    pub secret: String,
    pub previous_secret: Option<String>,
    /// Until when messages carry the signature of the previous key too.
    pub previous_until: Option<DateTime<Utc>>,
    pub state: WebhookState,
    /// Every change up to here was delivered or stands in the list of deliveries.
    pub position: i64,
    /// Since when nothing was accepted.
    pub failing_since: Option<DateTime<Utc>>,
    /// Rounds in a row of which nothing was accepted.
    pub failures: i32,
    pub last_fault: Option<DeliveryFault>,
    pub last_status: Option<i32>,
    /// Not before this.
    pub next_attempt_at: Option<DateTime<Utc>>,
    pub last_delivered_at: Option<DateTime<Utc>>,
    /// Who works on it, and until when that is believed.
    pub runner: Option<Uuid>,
    pub leased_until: Option<DateTime<Utc>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
