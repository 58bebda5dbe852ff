//! The messages of webhooks in the OpenAPI document: what a receiver is sent, and what it may answer.

use gdtx_service::exchange::webhooks::WebhookEvent;
use utoipa::{
    Path,
    openapi::{HttpMethod, OpenApi, PathItem, Paths},
};

use crate::rest::describe;

/// A record changed
///
/// Posted to the address of a webhook for each change that fits. To be verified with the secret or the
/// public key of the webhook by any library for Standard Webhooks; the same `webhook-id` may come again.
#[utoipa::path(
    post, path = "recordChanged", operation_id = "recordChanged", tag = "webhooks",
    params(
        ("webhook-id" = String, Header, description = "Of the message; the same at each attempt."),
        ("webhook-timestamp" = String, Header, description = "When it was sent, in seconds since 1970 (UTC)."),
        ("webhook-signature" = String, Header, description = "Signatures, separated by blanks: `v1,` and HMAC-SHA256, or `v1a,` and Ed25519, over id, timestamp and body, in base64."),
    ),
    request_body(content = WebhookEvent),
    responses(
        (status = 204, description = "Accepted, as any status from 200 to 299."),
        (status = 410, description = "Nobody lives here any more: the webhook is stopped."),
    ),
    security(())
)]
#[expect(dead_code, reason = "read by the documentation only")]
fn message() {}

/// Adds the messages to the document.
pub fn describe(document: &mut OpenApi) {
    describe::shape::<WebhookEvent>(document);
    let mut paths = Paths::new();
    paths.paths.insert(__path_message::path(), PathItem::new(HttpMethod::Post, __path_message::operation()));
    document.webhooks = Some(paths);
}
