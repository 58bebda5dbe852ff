//! Steps of webhooks on REST: a new secret, a replay, a test message.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::{Bytes, Data, Path},
};
use gdtx_service::exchange::webhooks::{self, IssuedWebhook, Trial, Webhook};
use serde::Deserialize;
use utoipa::ToSchema;

use super::rest::shown;
use crate::{
    access::clients::Rotation,
    headers::Caller,
    rest::{
        body,
        operations::{Answer, parse_id, rehearsed},
        query::{self, NoParameters, Options},
        refusals::{Common, OfOne, WithBody, Writing},
        respond,
    },
    state::App,
};

/// From where to send again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Replay {
    /// The position of the journal after which everything that fits is sent again, at most the one
    /// that the webhook has reached.
    #[schema(minimum = 0)]
    after: i64,
}

/// Give a webhook a new key
///
/// The new secret is shown this once. For `overlapHours` each message carries two signatures, one of
/// the new key and one of the old.
#[utoipa::path(
    post, path = "/v1/webhooks/{id}/rotate-secret", operation_id = "rotateWebhookSecret", tag = "webhooks",
    params(
        ("id" = uuid::Uuid, Path, description = "The webhook."),
        ("dryRun" = Option<bool>, Query, description = "Do everything but the commit."),
        ("Idempotency-Key" = Option<String>, Header, description = "At most 255 characters; kept for 24 hours."),
    ),
    request_body(content = Option<Rotation>),
    responses((status = 200, description = "The webhook with its new secret.", body = IssuedWebhook), Common, OfOne, Writing, WithBody),
    security(("oauth2" = []))
)]
pub async fn rotate_secret(req: HttpRequest, Caller(ctx): Caller, id: Path<String>, bytes: Bytes) -> Answer {
    let (ctx, options) = rehearsed(ctx, &req)?;
    let wish: Option<Rotation> = if bytes.is_empty() { None } else { body::parse(&req, &bytes)? };
    let done = webhooks::rotate_secret(&ctx, parse_id(&id)?, wish.unwrap_or_default().overlap_hours).await?;
    with_secret(&req, StatusCode::OK, &done, &options)
}

/// Send changes again
///
/// Everything after a position that fits, in its order, with the same `webhook-id` as before.
#[utoipa::path(
    post, path = "/v1/webhooks/{id}/replay", operation_id = "replayWebhook", tag = "webhooks",
    params(
        ("id" = uuid::Uuid, Path, description = "The webhook."),
        ("dryRun" = Option<bool>, Query, description = "Do everything but the commit."),
        ("Idempotency-Key" = Option<String>, Header, description = "At most 255 characters; kept for 24 hours."),
    ),
    request_body(content = Replay),
    responses((status = 200, description = "The webhook, set back.", body = Webhook), Common, OfOne, Writing, WithBody),
    security(("oauth2" = []))
)]
pub async fn replay(req: HttpRequest, Caller(ctx): Caller, id: Path<String>, bytes: Bytes) -> Answer {
    let (ctx, options) = rehearsed(ctx, &req)?;
    let id = parse_id(&id)?;
    let Replay { after } = body::parse(&req, &bytes)?;
    shown(&req, &webhooks::replay(&ctx, id, after).await?, &options)
}

/// Send a test message
///
/// A message of the type `webhook.test` is posted now, signed like every other; the answer tells what
/// the receiver said. It is not repeated.
#[utoipa::path(
    post, path = "/v1/webhooks/{id}/test", operation_id = "testWebhook", tag = "webhooks",
    params(("id" = uuid::Uuid, Path, description = "The webhook.")),
    responses((status = 200, description = "What came of it.", body = Trial), Common, OfOne, Writing),
    security(("oauth2" = []))
)]
pub async fn test(req: HttpRequest, Caller(ctx): Caller, app: Data<App>, id: Path<String>) -> Answer {
    let _: NoParameters = query::typed_query(req.query_string())?;
    let done = webhooks::test(&ctx, parse_id(&id)?, &*app.courier).await?;
    Ok(HttpResponse::Ok().json(&done))
}

/// An answer that holds a secret is kept nowhere on its way.
pub(super) fn with_secret(req: &HttpRequest, status: StatusCode, done: &IssuedWebhook, options: &Options) -> Answer {
    let mut response = respond::record(req, status, (done.webhook.version, &[]), done, options.fields.as_deref())?;
    response.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    Ok(response)
}
