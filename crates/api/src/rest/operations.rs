//! The standard operations of every resource on REST: extract, call the use case, wrap.

use actix_web::{
    FromRequest, Handler, HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::{self, Bytes, Path, ServiceConfig},
};
use gdtx_service::{Ctx, Found, Known, Record, Resource, Result, Written};
use uuid::Uuid;

use super::{
    body, history,
    query::{self, Options},
    respond,
};
use crate::{
    headers::{Caller, expected_or_none, expected_version},
    problem::Failure,
    resource::Exposed,
};

/// What a handler answers.
pub type Answer = std::result::Result<HttpResponse, Failure>;

/// Mounts the standard operations of a resource.
pub fn mount<R: Exposed>(config: &mut ServiceConfig) {
    config
        .service(
            web::resource(R::PATH).name(R::PATH).route(web::get().to(list::<R>)).route(web::post().to(create::<R>)),
        )
        .service(web::resource(format!("{}/by-external-id/{{value}}", R::PATH)).route(web::put().to(put::<R>)))
        .service(
            web::resource(format!("{}/{{id}}", R::PATH))
                .route(web::get().to(get::<R>))
                .route(web::head().to(get::<R>))
                .route(web::patch().to(update::<R>))
                .route(web::delete().to(retire::<R>)),
        )
        .service(reading(&format!("{}/{{id}}/history", R::PATH), history::read::<R>));
}

/// A route that is only read: GET, and HEAD for those who want the headers alone.
pub fn reading<F, Args>(path: &str, handler: F) -> actix_web::Resource
where
    F: Handler<Args, Output = Answer>,
    Args: FromRequest + 'static,
{
    web::resource(path).route(web::get().to(handler.clone())).route(web::head().to(handler))
}

async fn list<R: Exposed>(req: HttpRequest, Caller(ctx): Caller) -> Answer {
    let (query, as_of) = query::list_at::<R::Filter>(req.query_string())?;
    let ctx = ctx.narrowed_to(query.fields.as_deref()).at(as_of);
    let page = Box::pin(gdtx_service::list::<R>(&ctx, query.filter, query.page)).await?;
    Ok(respond::page(&req, &page, query.fields.as_deref())?)
}

async fn get<R: Exposed>(req: HttpRequest, Caller(ctx): Caller, id: Path<String>) -> Answer {
    let (fields, as_of) = query::read_at(req.query_string())?;
    let (ctx, id) = (ctx.narrowed_to(fields.as_deref()).at(as_of), parse_id(&id)?);
    let fields = fields.as_deref();
    match Box::pin(gdtx_service::find_unless::<R>(&ctx, id, respond::has(&req, fields))).await? {
        Known::Unchanged(version, masked) => Ok(respond::unchanged((version, &masked), fields)),
        Known::Changed(Found::Here(found)) => {
            Ok(respond::record(&req, StatusCode::OK, respond::seen(&found), &found, fields)?)
        }
        Known::Changed(Found::Merged(into)) => Ok(respond::moved(&req, &format!("{}/{into}", R::PATH))),
    }
}

async fn create<R: Exposed>(req: HttpRequest, Caller(ctx): Caller, body: Bytes) -> Answer {
    let (ctx, options) = rehearsed(ctx, &req)?;
    options.check::<R>()?;
    let done = Box::pin(gdtx_service::create::<R>(&ctx, body::parse(&req, &body)?)).await?;
    written::<R>(&req, &ctx, &done, &options)
}

async fn update<R: Exposed>(req: HttpRequest, Caller(ctx): Caller, id: Path<String>, body: Bytes) -> Answer {
    let (ctx, options) = rehearsed(ctx, &req)?;
    let expected = expected_version(&req)?;
    options.check::<R>()?;
    let done = Box::pin(gdtx_service::update::<R>(&ctx, parse_id(&id)?, body::parse(&req, &body)?, expected)).await?;
    written::<R>(&req, &ctx, &done, &options)
}

async fn retire<R: Exposed>(req: HttpRequest, Caller(ctx): Caller, id: Path<String>) -> Answer {
    let (ctx, options) = rehearsed(ctx, &req)?;
    options.check::<R>()?;
    let done = Box::pin(gdtx_service::retire::<R>(&ctx, parse_id(&id)?, expected_version(&req)?)).await?;
    written::<R>(&req, &ctx, &done, &options)
}

async fn put<R: Exposed>(req: HttpRequest, Caller(ctx): Caller, value: Path<String>, body: Bytes) -> Answer {
    let (ctx, options) = rehearsed(ctx, &req)?;
    let (value, expected) = (value.into_inner(), expected_or_none(&req)?);
    options.check::<R>()?;
    let done = Box::pin(gdtx_service::upsert::<R>(&ctx, value, body::parse(&req, &body)?, expected)).await?;
    written::<R>(&req, &ctx, &done, &options)
}

/// Reads `dryRun` and `fields` into the context of a write whose answer is narrowed.
pub fn rehearsed(ctx: Ctx, req: &HttpRequest) -> Result<(Ctx, Options)> {
    let options = query::options(req.query_string())?;
    let mut ctx = ctx.narrowed_to(options.fields.as_deref());
    ctx.dry_run = options.dry_run;
    Ok((ctx, options))
}

/// An id in a path; what is not a UUID names no record.
pub fn parse_id(text: &str) -> Result<Uuid> {
    text.parse().map_err(|_| gdtx_service::Error::not_found())
}

/// The answer to a write: 201 with `Location` for a new record, 200 otherwise.
pub fn written<R: Exposed>(
    req: &HttpRequest,
    ctx: &Ctx,
    done: &Written<<R as Resource>::Record>,
    options: &Options,
) -> Answer {
    let status = if done.created { StatusCode::CREATED } else { StatusCode::OK };
    let response = respond::record(req, status, respond::seen(&done.record), done, options.fields.as_deref())?;
    if !done.created {
        return Ok(response);
    }
    Ok(located(response, ctx, &format!("{}/{}", R::PATH, done.record.id())))
}

/// Tells where the new record is read; a rehearsal made none.
pub fn located(mut response: HttpResponse, ctx: &Ctx, path: &str) -> HttpResponse {
    if !ctx.dry_run
        && let Ok(value) = header::HeaderValue::from_str(path)
    {
        response.headers_mut().insert(header::LOCATION, value);
    }
    response
}
