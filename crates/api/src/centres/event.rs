//! Events in the life of centres on both surfaces: decisions are recorded, never changed.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{self, Bytes, Path},
};
use async_graphql::{Context, ID, Object};
use gdtx_service::{
    AsOf, Count, PageRequest,
    centres::{
        centre::Centres,
        event::{self, CentreEvent, CentreEventFilter, CentreEvents, NewCentreEvent},
    },
};
use utoipa::openapi::OpenApi;

use super::centre::CentreNode;
use crate::{
    graphql::{self, Connection, Written},
    headers::{Caller, expected_version},
    problem::{Failure, Problem},
    rest::{
        body, describe,
        operations::{Answer, located, parse_id, reading, rehearsed},
        query, respond,
    },
};

/// List the events of a centre
///
/// The history of one centre in the order of recording, from its dossier or the decision that
/// established it (rules: NĐ 125/2024/NĐ-CP art. 32 to 46).
#[utoipa::path(
    get, path = "/v1/centres/{id}/events", operation_id = "listCentreEvents", tag = "centres",
    params(
        ("id" = uuid::Uuid, Path, description = "Identity of the centre."),
        CentreEventFilter,
        ("first" = Option<u32>, Query, description = "Records on the page, 1 to 200; 50 when absent.", minimum = 1, maximum = 200),
        ("after" = Option<String>, Query, description = "The `endCursor` of the page before."),
        ("sort" = Option<String>, Query, description = "`id` (order of recording) or `createdAt`; `-` in front turns the order around.", pattern = "^-?(id|createdAt)$"),
        ("count" = Option<gdtx_service::Count>, Query, description = "Ask for `totalCount`."),
        ("fields" = Option<String>, Query, description = "Only these fields, comma-separated."),
        ("asOf" = Option<String>, Query, description = "Reads the past: a position of the journal, or an instant (RFC 3339)."),
    ),
    responses(
        (status = 200, description = "A page.", body = ref("#/components/schemas/CentreEventPage")),
        (status = 400, description = "A parameter is wrong.", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No or bad token.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The grant is missing.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such centre within reach.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("oauth2" = []))
)]
pub async fn list(req: HttpRequest, Caller(ctx): Caller, id: Path<String>) -> Result<HttpResponse, Failure> {
    let (query, as_of) = query::list_at::<CentreEventFilter>(req.query_string())?;
    let page = event::list(&ctx.at(as_of), parse_id(&id)?, query.filter, query.page).await?;
    Ok(respond::page(&req, &page, query.fields.as_deref())?)
}

/// Record an event of a centre
///
/// A decision on the life of a centre: it changes the centre's status, name or managing body, and
/// links the centres that come out of it on both sides, in one step. A step that the present status
/// does not allow is a 409 with the reason. The provincial department records decisions on every
/// centre in its province, a commune office on community learning centres only.
#[utoipa::path(
    post, path = "/v1/centres/{id}/events", operation_id = "createCentreEvent", tag = "centres",
    params(
        ("id" = uuid::Uuid, Path, description = "Identity of the centre."),
        ("dryRun" = Option<bool>, Query, description = "Do everything but the commit."),
        ("fields" = Option<String>, Query, description = "Only these fields, comma-separated."),
        ("Idempotency-Key" = Option<String>, Header, description = "At most 255 characters; the same request under the same key within 24 hours is answered again, not repeated."),
        ("If-Match" = Option<String>, Header, description = "ETag of the centre that the decision is based on."),
    ),
    request_body(content = NewCentreEvent, description = "What happened."),
    responses(
        (status = 201, description = "The event as recorded.", body = ref("#/components/schemas/WrittenCentreEvent"), headers(("ETag" = String, description = "Strong, made of the record's version."), ("Location" = String, description = "Path of the new event; absent with `dryRun`."))),
        (status = 400, description = "A parameter or the body is malformed.", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No or bad token.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The grant is missing, or does not reach this centre.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such centre within reach.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The centre's status does not allow this event, or the centre is retired.", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "The centre has changed since it was read.", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large.", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The body is not JSON.", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The content breaks rules; `errors[]` names each field.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("oauth2" = []))
)]
pub async fn create(
    req: HttpRequest,
    Caller(ctx): Caller,
    id: Path<String>,
    bytes: Bytes,
) -> Result<HttpResponse, Failure> {
    let (ctx, options) = rehearsed(ctx, &req)?;
    options.check::<CentreEvents>()?;
    let expected = expected_version(&req)?;
    let centre = parse_id(&id)?;
    let done = Box::pin(event::record(&ctx, centre, body::parse(&req, &bytes)?, expected)).await?;
    let answer =
        respond::record(&req, StatusCode::CREATED, respond::seen(&done.record), &done, options.fields.as_deref())?;
    Ok(located(answer, &ctx, &format!("/v1/centres/{centre}/events/{}", done.record.id)))
}

/// Read one event of a centre
///
/// The address that `Location` gives after an event was recorded.
#[utoipa::path(
    get, path = "/v1/centres/{id}/events/{eventId}", operation_id = "getCentreEvent", tag = "centres",
    params(
        ("id" = uuid::Uuid, Path, description = "Identity of the centre."),
        ("eventId" = uuid::Uuid, Path, description = "Identity of the event."),
        ("fields" = Option<String>, Query, description = "Only these fields, comma-separated."),
        ("asOf" = Option<String>, Query, description = "Reads the past: a position of the journal, or an instant (RFC 3339)."),
        ("If-None-Match" = Option<String>, Header, description = "ETag of the representation the caller has; answered with 304."),
    ),
    responses(
        (status = 200, description = "The event.", body = CentreEvent, headers(("ETag" = String, description = "Strong, made of the record's version."))),
        (status = 304, description = "The caller has this version."),
        (status = 400, description = "A parameter is wrong.", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No or bad token.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The grant is missing.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such centre, or no such event of it, within reach.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("oauth2" = []))
)]
pub async fn get(req: HttpRequest, Caller(ctx): Caller, ids: Path<(String, String)>) -> Answer {
    let (fields, as_of) = query::read_at(req.query_string())?;
    let found = event::get(&ctx.at(as_of), parse_id(&ids.0)?, parse_id(&ids.1)?).await?;
    Ok(respond::record(&req, StatusCode::OK, respond::seen(&found), &found, fields.as_deref())?)
}

pub fn mount(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/v1/centres/{id}/events").route(web::get().to(list)).route(web::post().to(create)))
        .service(reading("/v1/centres/{id}/events/{eventId}", get));
}

/// Adds the shapes that the operations above refer to.
pub fn describe(document: &mut OpenApi) {
    describe::shapes::<CentreEvent>(document);
}

#[derive(Default)]
pub struct CentreEventQuery;

#[Object]
impl CentreEventQuery {
    /// Lists the events of a centre, in the order of recording.
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the field")]
    #[graphql(complexity = "crate::graphql::pages(first, child_complexity)")]
    async fn list_centre_events(
        &self,
        ctx: &Context<'_>,
        centre_id: ID,
        filter: Option<CentreEventFilter>,
        first: Option<u32>,
        after: Option<String>,
        sort: Option<String>,
        count: Option<Count>,
        as_of: Option<AsOf>,
    ) -> async_graphql::Result<Connection<CentreEventNode>> {
        let request = graphql::reader(ctx, as_of)?;
        let id = graphql::wrap(&request, parse_id(&centre_id))?;
        let found =
            event::list(&request, id, filter.unwrap_or_default(), PageRequest { first, after, sort, count }).await;
        graphql::wrap(&request, found).map(|p| Connection::new(p.map(CentreEventNode)))
    }

    /// Reads one event of a centre.
    async fn get_centre_event(
        &self,
        ctx: &Context<'_>,
        centre_id: ID,
        id: ID,
        as_of: Option<AsOf>,
    ) -> async_graphql::Result<CentreEventNode> {
        let request = graphql::reader(ctx, as_of)?;
        let ids = parse_id(&centre_id).and_then(|centre| Ok((centre, parse_id(&id)?)));
        let (centre, id) = graphql::wrap(&request, ids)?;
        graphql::wrap(&request, event::get(&request, centre, id).await).map(CentreEventNode)
    }
}

#[derive(Default)]
pub struct CentreEventMutation;

#[Object]
impl CentreEventMutation {
    /// Records an event of a centre. `expectedVersion` is the version of the centre.
    async fn create_centre_event(
        &self,
        ctx: &Context<'_>,
        centre_id: ID,
        input: NewCentreEvent,
        expected_version: Option<i64>,
        #[graphql(default)] dry_run: bool,
    ) -> async_graphql::Result<Written<CentreEventNode>> {
        let request = graphql::writer(ctx, dry_run)?;
        let id = graphql::wrap(&request, parse_id(&centre_id))?;
        graphql::written(&request, Box::pin(event::record(&request, id, input, expected_version)).await)
    }
}

/// An event with its relations.
#[derive(Clone)]
pub struct CentreEventNode(pub CentreEvent);

impl From<CentreEvent> for CentreEventNode {
    fn from(event: CentreEvent) -> Self {
        Self(event)
    }
}

/// An event in the life of a centre (sự kiện của trung tâm).
#[Object(name = "CentreEvent")]
impl CentreEventNode {
    /// Identity: UUIDv7, given by the service.
    pub async fn id(&self) -> ID {
        self.0.id.into()
    }

    #[graphql(flatten)]
    async fn fields(&self) -> &CentreEvent {
        &self.0
    }

    /// The centre.
    async fn centre(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<CentreNode>> {
        graphql::follow::<Centres, CentreNode>(ctx, self.0.centre_id).await
    }

    /// The centres that came out of it, as far as the caller may see them.
    async fn successors(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<CentreNode>> {
        graphql::follow_many::<Centres, CentreNode>(ctx, &self.0.successor_ids).await
    }
}
