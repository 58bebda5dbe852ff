//! What is sent: one change a message, with the headers of Standard Webhooks.

use std::time::Duration;

use chrono::{DateTime, Utc};
use gdtx_domain::exchange::webhook::{delivery::DeliveryFault, subscription};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::key::Key;
use crate::{Error, Result, exchange::changes::Change, vault::Vault};

/// The body of a message.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WebhookEvent {
    /// Kind of record and what happened to it, `learners.updated`.
    #[serde(rename = "type")]
    pub kind: String,
    /// When it was recorded (UTC).
    pub timestamp: DateTime<Utc>,
    /// The change as the feed shows it, masked for the subscriber.
    pub data: Change,
}

/// A message on its way.
#[derive(Clone, Debug)]
pub struct Post {
    pub url: String,
    pub headers: [(&'static str, String); 3],
    pub body: Vec<u8>,
}

/// What came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// An answer with its status, and for how long it asks to be left alone.
    Answered { status: u16, wait: Option<Duration> },
    /// None.
    Lost(DeliveryFault),
}

/// What posts messages; the floor above brings it.
pub trait Courier: Send + Sync + 'static {
    fn post(&self, message: Post) -> impl Future<Output = Reply> + Send;
}

/// Signs for one webhook, with the previous key too while that holds.
pub(super) struct Signer {
    webhook: Uuid,
    url: String,
    keys: Vec<Key>,
}

impl Signer {
    pub fn new(vault: &Vault, hook: &subscription::Model, now: DateTime<Utc>) -> Result<Self> {
        let previous = hook.previous_secret.as_ref().filter(|_| hook.previous_until.is_some_and(|until| now < until));
        let sealed = std::iter::once(&hook.secret).chain(previous);
        let keys = sealed.map(|sealed| Key::open(vault, hook.id, hook.signature, sealed)).collect::<Result<_>>()?;
        Ok(Self { webhook: hook.id, url: hook.url.clone(), keys })
    }

    /// The message of a change: the same id whenever it is sent.
    pub fn message(&self, change: Change, now: DateTime<Utc>) -> Result<Post> {
        let id = format!("msg_{}_{}", self.webhook.simple(), change.position);
        let kind = format!("{}.{}", change.resource, change.operation);
        self.post(id, now, &WebhookEvent { kind, timestamp: change.recorded_at, data: change })
    }

    /// Any message.
    pub fn post(&self, id: String, now: DateTime<Utc>, body: &impl Serialize) -> Result<Post> {
        let body = serde_json::to_vec(body).map_err(Error::internal)?;
        let timestamp = now.timestamp();
        let signatures = self.keys.iter().map(|key| key.sign(&id, timestamp, &body)).collect::<Result<Vec<_>>>()?;
        let headers = [
            ("webhook-id", id),
            ("webhook-timestamp", timestamp.to_string()),
            ("webhook-signature", signatures.join(" ")),
        ];
        Ok(Post { url: self.url.clone(), headers, body })
    }
}
