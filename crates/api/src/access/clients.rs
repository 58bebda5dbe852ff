//! Clients on REST: register, read, change, rotate, suspend, resume and revoke.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::{self, Bytes, Path, ServiceConfig},
};
use gdtx_service::{
    Count, PageInfo,
    access::client::{self, Client, ClientFilter, ClientPatch, NewClient, Registered},
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::rest::refusals::{Common, OfOne, WithBody, Writing};
use crate::{
    headers::{Caller, expected_version},
    problem::{Failure, Problem},
    rest::{
        body,
        operations::{parse_id, rehearsed},
        query::{self, Options},
        respond,
    },
};

type Answer = Result<HttpResponse, Failure>;

/// A page of clients.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "read by the documentation only")]
pub struct ClientPage {
    items: Vec<Client>,
    page_info: PageInfo,
    /// Only with `count`.
    total_count: Option<u64>,
}

/// How a secret is to be replaced.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Rotation {
    /// Hours for which the old secret works on, 0 to 720; 24 when absent.
    #[schema(minimum = 0, maximum = 720)]
    pub overlap_hours: Option<u32>,
}

/// List clients
///
/// For administrators and auditors. Hashes and secrets are never shown.
#[utoipa::path(
    get, path = "/v1/clients", operation_id = "listClients", tag = "clients",
    params(
        ClientFilter,
        ("first" = Option<u32>, Query, description = "Records on the page, 1 to 200; 50 when absent.", minimum = 1, maximum = 200),
        ("after" = Option<String>, Query, description = "The `endCursor` of the page before."),
        ("sort" = Option<String>, Query, description = "`id` or `name`; `-` in front turns the order around.", pattern = "^-?(id|name)$"),
        ("count" = inline(Option<Count>), Query, description = "Ask for `totalCount`."),
        ("fields" = Option<String>, Query, description = "Only these fields, comma-separated."),
    ),
    responses(
        (status = 200, description = "A page.", body = ClientPage),
        Common,
    ),
    security(("oauth2" = []))
)]
pub async fn list(req: HttpRequest, Caller(ctx): Caller) -> Answer {
    let asked = query::list::<ClientFilter>(req.query_string())?;
    let page = client::list(&ctx, asked.filter, asked.page).await?;
    Ok(respond::page(&req, &page, asked.fields.as_deref())?)
}

/// Register a client
///
/// The secret in the answer is shown this once; a retry under the same `Idempotency-Key` answers
/// without it. With `jwks` or an outside issuer no secret is made.
#[utoipa::path(
    post, path = "/v1/clients", operation_id = "createClient", tag = "clients",
    params(
        ("dryRun" = Option<bool>, Query, description = "Do everything but the commit."),
        ("Idempotency-Key" = Option<String>, Header, description = "At most 255 characters; kept for 24 hours."),
    ),
    request_body(content = NewClient),
    responses(
        (status = 201, description = "The client with its secret.", body = Registered, headers(("ETag" = String, description = "Strong, made of the record's version."), ("Location" = String, description = "Path of the new client; absent with `dryRun`."))),
        Common,
        Writing,
        WithBody,
    ),
    security(("oauth2" = []))
)]
pub async fn create(req: HttpRequest, Caller(ctx): Caller, bytes: Bytes) -> Answer {
    let (ctx, options) = rehearsed(ctx, &req)?;
    let done = client::register(&ctx, body::parse(&req, &bytes)?).await?;
    let mut response = with_secret(&req, StatusCode::CREATED, &done, &options)?;
    if !ctx.dry_run
        && let Ok(location) = header::HeaderValue::from_str(&format!("/v1/clients/{}", done.client.id))
    {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

/// Read one client
///
/// With its reach and its agreement; never with its secret.
#[utoipa::path(
    get, path = "/v1/clients/{id}", operation_id = "getClient", tag = "clients",
    params(
        ("id" = uuid::Uuid, Path, description = "The client id."),
        ("fields" = Option<String>, Query, description = "Only these fields, comma-separated."),
    ),
    responses(
        (status = 200, description = "The client, with `ETag`.", body = Client),
        (status = 304, description = "The caller has this version."),
        Common,
        OfOne,
    ),
    security(("oauth2" = []))
)]
pub async fn get(req: HttpRequest, Caller(ctx): Caller, id: Path<String>) -> Answer {
    let options = query::options(req.query_string())?;
    let found = client::get(&ctx, parse_id(&id)?).await?;
    shown(&req, &found, &options)
}

/// Change a client
///
/// Role and system never change. A new reach replaces the old one, and the client learns from the
/// change feed what it lost and gained.
#[utoipa::path(
    patch, path = "/v1/clients/{id}", operation_id = "updateClient", tag = "clients",
    params(
        ("id" = uuid::Uuid, Path, description = "The client id."),
        ("dryRun" = Option<bool>, Query, description = "Do everything but the commit."),
        ("fields" = Option<String>, Query, description = "Only these fields, comma-separated."),
        ("If-Match" = Option<String>, Header, description = "ETag the change is based on; 412 when the client has changed since."),
        ("Idempotency-Key" = Option<String>, Header, description = "At most 255 characters; kept for 24 hours."),
    ),
    request_body(content = ClientPatch, content_type = "application/merge-patch+json"),
    responses(
        (status = 200, description = "The client after the change, with `ETag`.", body = Client),
        (status = 412, description = "The client has changed since it was read.", body = Problem, content_type = "application/problem+json"),
        Common,
        OfOne,
        Writing,
        WithBody,
    ),
    security(("oauth2" = []))
)]
pub async fn update(req: HttpRequest, Caller(ctx): Caller, id: Path<String>, bytes: Bytes) -> Answer {
    let (ctx, options) = rehearsed(ctx, &req)?;
    let expected = expected_version(&req)?;
    let done = client::update(&ctx, parse_id(&id)?, body::parse(&req, &bytes)?, expected).await?;
    shown(&req, &done, &options)
}

/// Give a client a new secret
///
/// The new secret is shown this once; the old one works on for `overlapHours`.
#[utoipa::path(
    post, path = "/v1/clients/{id}/rotate-secret", operation_id = "rotateClientSecret", tag = "clients",
    params(
        ("id" = uuid::Uuid, Path, description = "The client id."),
        ("dryRun" = Option<bool>, Query, description = "Do everything but the commit."),
        ("Idempotency-Key" = Option<String>, Header, description = "At most 255 characters; kept for 24 hours."),
    ),
    request_body(content = Option<Rotation>),
    responses(
        (status = 200, description = "The client with its new secret.", body = Registered),
        Common,
        OfOne,
        Writing,
        WithBody,
    ),
    security(("oauth2" = []))
)]
pub async fn rotate_secret(req: HttpRequest, Caller(ctx): Caller, id: Path<String>, bytes: Bytes) -> Answer {
    let (ctx, options) = rehearsed(ctx, &req)?;
    let wish: Option<Rotation> = if bytes.is_empty() { None } else { body::parse(&req, &bytes)? };
    let done = client::rotate_secret(&ctx, parse_id(&id)?, wish.unwrap_or_default().overlap_hours).await?;
    with_secret(&req, StatusCode::OK, &done, &options)
}

macro_rules! step {
    ($name:ident, $path:literal, $operation:literal, $title:literal, $about:literal) => {
        #[doc = $title]
        #[doc = ""]
        #[doc = $about]
        #[utoipa::path(
            post, path = $path, operation_id = $operation, tag = "clients",
            params(
                ("id" = uuid::Uuid, Path, description = "The client id."),
                ("dryRun" = Option<bool>, Query, description = "Do everything but the commit."),
                ("Idempotency-Key" = Option<String>, Header, description = "At most 255 characters; kept for 24 hours."),
            ),
            responses(
                (status = 200, description = "The client after the step, with `ETag`.", body = Client),
                Common,
                OfOne,
                Writing,
            ),
            security(("oauth2" = []))
        )]
        pub async fn $name(req: HttpRequest, Caller(ctx): Caller, id: Path<String>) -> Answer {
            let (ctx, options) = rehearsed(ctx, &req)?;
            shown(&req, &client::$name(&ctx, parse_id(&id)?).await?, &options)
        }
    };
}

step!(
    suspend,
    "/v1/clients/{id}/suspend",
    "suspendClient",
    "Suspend a client",
    "It is refused from its next request on, until it is resumed."
);
step!(
    resume,
    "/v1/clients/{id}/resume",
    "resumeClient",
    "Resume a suspended client",
    "It is served again from its next request on."
);
step!(
    revoke,
    "/v1/clients/{id}/revoke",
    "revokeClient",
    "Revoke a client",
    "It is refused from its next request on, for good; its secrets are forgotten."
);

fn shown(req: &HttpRequest, found: &Client, options: &Options) -> Answer {
    Ok(respond::record(req, StatusCode::OK, (found.version, &[]), found, options.fields.as_deref())?)
}

/// An answer that holds a secret is kept nowhere on its way.
fn with_secret(req: &HttpRequest, status: StatusCode, done: &Registered, options: &Options) -> Answer {
    let mut response = respond::record(req, status, (done.client.version, &[]), done, options.fields.as_deref())?;
    response.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Mounts the clients.
pub fn mount(config: &mut ServiceConfig) {
    config
        .service(web::resource("/v1/clients").route(web::get().to(list)).route(web::post().to(create)))
        .service(
            web::resource("/v1/clients/{id}")
                .route(web::get().to(get))
                .route(web::head().to(get))
                .route(web::patch().to(update)),
        )
        .service(web::resource("/v1/clients/{id}/rotate-secret").route(web::post().to(rotate_secret)))
        .service(web::resource("/v1/clients/{id}/suspend").route(web::post().to(suspend)))
        .service(web::resource("/v1/clients/{id}/resume").route(web::post().to(resume)))
        .service(web::resource("/v1/clients/{id}/revoke").route(web::post().to(revoke)));
}
