//! Webhooks on REST: list, subscribe, read, change, unsubscribe.

use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Bytes, Data, Path},
};
use gdtx_service::{
    PageInfo, PageRequest,
    exchange::webhooks::{self, IssuedWebhook, NewWebhook, Webhook, WebhookPatch},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::step::with_secret;
use crate::{
    headers::{Caller, expected_version},
    problem::Problem,
    rest::{
        body,
        operations::{Answer, located, parse_id, rehearsed},
        query::{self, NoParameters, Options},
        refusals::{Common, OfOne, WithBody, Writing},
        respond,
    },
    state::App,
};

/// A page of webhooks.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "read by the documentation only")]
pub struct WebhookPage {
    items: Vec<Webhook>,
    page_info: PageInfo,
}

/// Which webhooks to list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct WebhooksParameters {
    /// Webhooks on the page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    first: Option<u32>,
    /// The `endCursor` of the page before.
    after: Option<String>,
}

/// List webhooks
///
/// Those of the calling client, oldest first.
#[utoipa::path(
    get, path = "/v1/webhooks", operation_id = "listWebhooks", tag = "webhooks", params(WebhooksParameters),
    responses((status = 200, description = "A page.", body = WebhookPage), Common),
    security(("oauth2" = []))
)]
pub async fn list(req: HttpRequest, Caller(ctx): Caller) -> Answer {
    let asked: WebhooksParameters = query::typed_query(req.query_string())?;
    let request = PageRequest { first: asked.first, after: asked.after, ..PageRequest::default() };
    Ok(respond::page(&req, &webhooks::list(&ctx, request).await?, None)?)
}

/// Subscribe to changes
///
/// Each change that fits is posted to `url` as a message after Standard Webhooks: `{type, timestamp,
/// data}`, where `data` is an entry of the change feed, masked for the client as it may see it at that
/// moment; with the headers `webhook-id`, `webhook-timestamp` and `webhook-signature`. Any status from
/// 200 to 299 accepts it. Messages come at least once (`webhook-id` stays the same), those of one record
/// in their order; what is not accepted is tried again over three days, and 410 ends it. The secret in
/// the answer is shown this once.
#[utoipa::path(
    post, path = "/v1/webhooks", operation_id = "createWebhook", tag = "webhooks",
    params(
        ("dryRun" = Option<bool>, Query, description = "Do everything but the commit."),
        ("Idempotency-Key" = Option<String>, Header, description = "At most 255 characters; kept for 24 hours."),
    ),
    request_body(content = NewWebhook),
    responses(
        (status = 201, description = "The webhook with its secret.", body = IssuedWebhook, headers(("ETag" = String, description = "Strong, made of the record's version."), ("Location" = String, description = "Path of the new webhook; absent with `dryRun`."))),
        Common,
        Writing,
        WithBody,
    ),
    security(("oauth2" = []))
)]
pub async fn create(req: HttpRequest, Caller(ctx): Caller, app: Data<App>, bytes: Bytes) -> Answer {
    let (ctx, options) = rehearsed(ctx, &req)?;
    let done = webhooks::create(&ctx, body::parse(&req, &bytes)?, &app.targets).await?;
    let path = format!("/v1/webhooks/{}", done.webhook.id);
    Ok(located(with_secret(&req, StatusCode::CREATED, &done, &options)?, &ctx, &path))
}

/// Read a webhook
///
/// With its health: how far it is, and since when its receiver accepts nothing. Never with its secret.
#[utoipa::path(
    get, path = "/v1/webhooks/{id}", operation_id = "getWebhook", tag = "webhooks",
    params(("id" = uuid::Uuid, Path, description = "The webhook.")),
    responses((status = 200, description = "The webhook.", body = Webhook, headers(("ETag" = String, description = "Made of the version, for `If-Match`; the health changes without it."))), Common, OfOne),
    security(("oauth2" = []))
)]
pub async fn get(req: HttpRequest, Caller(ctx): Caller, id: Path<String>) -> Answer {
    let _: NoParameters = query::typed_query(req.query_string())?;
    let hook = webhooks::get(&ctx, parse_id(&id)?).await?;
    Ok(respond::tagged(hook.version, &hook))
}

/// Change a webhook
///
/// `state` takes `paused` and `active`: one that was stopped goes on where it stood.
#[utoipa::path(
    patch, path = "/v1/webhooks/{id}", operation_id = "updateWebhook", tag = "webhooks",
    params(
        ("id" = uuid::Uuid, Path, description = "The webhook."),
        ("dryRun" = Option<bool>, Query, description = "Do everything but the commit."),
        ("If-Match" = Option<String>, Header, description = "ETag the change is based on; 412 when the webhook has changed since."),
        ("Idempotency-Key" = Option<String>, Header, description = "At most 255 characters; kept for 24 hours."),
    ),
    request_body(content = WebhookPatch, content_type = "application/merge-patch+json"),
    responses(
        (status = 200, description = "The webhook after the change, with `ETag`.", body = Webhook),
        (status = 412, description = "The webhook has changed since it was read.", body = Problem, content_type = "application/problem+json"),
        Common,
        OfOne,
        Writing,
        WithBody,
    ),
    security(("oauth2" = []))
)]
pub async fn update(req: HttpRequest, Caller(ctx): Caller, app: Data<App>, id: Path<String>, bytes: Bytes) -> Answer {
    let (ctx, options) = rehearsed(ctx, &req)?;
    let (id, expected) = (parse_id(&id)?, expected_version(&req)?);
    let done = webhooks::update(&ctx, id, body::parse(&req, &bytes)?, expected, &app.targets).await?;
    shown(&req, &done, &options)
}

/// Unsubscribe
///
/// The webhook and its list of deliveries are gone; nothing more is sent.
#[utoipa::path(
    delete, path = "/v1/webhooks/{id}", operation_id = "deleteWebhook", tag = "webhooks",
    params(
        ("id" = uuid::Uuid, Path, description = "The webhook."),
        ("dryRun" = Option<bool>, Query, description = "Do everything but the commit."),
        ("If-Match" = Option<String>, Header, description = "ETag the removal is based on; 412 when the webhook has changed since."),
        ("Idempotency-Key" = Option<String>, Header, description = "At most 255 characters; kept for 24 hours."),
    ),
    responses(
        (status = 200, description = "The webhook as it was.", body = Webhook),
        (status = 412, description = "The webhook has changed since it was read.", body = Problem, content_type = "application/problem+json"),
        Common,
        OfOne,
        Writing,
    ),
    security(("oauth2" = []))
)]
pub async fn delete(req: HttpRequest, Caller(ctx): Caller, id: Path<String>) -> Answer {
    let (ctx, options) = rehearsed(ctx, &req)?;
    let done = webhooks::delete(&ctx, parse_id(&id)?, expected_version(&req)?).await?;
    shown(&req, &done, &options)
}

pub(super) fn shown(req: &HttpRequest, hook: &Webhook, options: &Options) -> Answer {
    Ok(respond::record(req, StatusCode::OK, (hook.version, &[]), hook, options.fields.as_deref())?)
}
