//! The history of an enrolment on both surfaces: steps are added and read, never changed.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{self, Bytes, Path},
};
use async_graphql::{Context, ID, Object};
use gdtx_service::{
    AsOf, Count, PageRequest,
    learners::enrolment_event::{
        EnrolmentEvent, EnrolmentEvents, NewEnrolmentEvent, create_event, get_event, list_events,
    },
};

use crate::{
    graphql::{self, Connection},
    headers::{Caller, expected_version},
    problem::{Failure, Problem},
    rest::{
        body,
        operations::{Answer, located, parse_id, reading, rehearsed},
        query, respond,
    },
};

/// List the events of an enrolment
///
/// The history of a learner's place in a class (lịch sử ghi danh), oldest first. Personal fields
/// are masked as on every other surface.
#[utoipa::path(
    get, path = "/v1/enrolments/{id}/events", operation_id = "listEnrolmentEvents", tag = "enrolments",
    params(
        ("id" = Uuid, Path, description = "Identity of the enrolment."),
        ("first" = Option<u32>, Query, description = "Records on the page, 1 to 200; 50 when absent.", minimum = 1, maximum = 200),
        ("after" = Option<String>, Query, description = "The `endCursor` of the page before."),
        ("sort" = Option<String>, Query, description = "`sequence` (when absent) or `-sequence`: oldest or newest first.", pattern = "^-?sequence$"),
        ("count" = Option<gdtx_service::Count>, Query, description = "Ask for `totalCount`."),
        ("fields" = Option<String>, Query, description = "Only these fields, comma-separated."),
        ("asOf" = Option<String>, Query, description = "Reads the past: a position of the journal, or an instant (RFC 3339)."),
    ),
    responses(
        (status = 200, description = "A page.", body = ref("#/components/schemas/EnrolmentEventPage")),
        (status = 400, description = "A parameter is wrong.", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No or bad token.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The grant is missing.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such enrolment within reach.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("oauth2" = []))
)]
pub async fn list(req: HttpRequest, Caller(ctx): Caller, id: Path<String>) -> Result<HttpResponse, Failure> {
    let (query, as_of) = query::list_at::<query::NoParameters>(req.query_string())?;
    let ctx = ctx.narrowed_to(query.fields.as_deref()).at(as_of);
    let page = list_events(&ctx, parse_id(&id)?, query.page).await?;
    Ok(respond::page(&req, &page, query.fields.as_deref())?)
}

/// Record a step of an enrolment
///
/// Adds an event to the history and gives the enrolment its new status: starting, suspending,
/// resuming, repeating, transferring out, dropping out, returning, completing. A step that the
/// present status does not allow is refused with 409 `impossible_transition`. A reason goes exactly
/// with `drop_out`, a destination exactly with `transfer_out`.
#[utoipa::path(
    post, path = "/v1/enrolments/{id}/events", operation_id = "createEnrolmentEvent", tag = "enrolments",
    params(
        ("id" = Uuid, Path, description = "Identity of the enrolment."),
        ("Idempotency-Key" = Option<String>, Header, description = "At most 255 characters; the same request under the same key within 24 hours is answered again, not repeated."),
        ("If-Match" = Option<String>, Header, description = "ETag of the enrolment that the step is based on; 412 when it has changed since."),
        ("dryRun" = Option<bool>, Query, description = "Do everything but the commit."),
        ("fields" = Option<String>, Query, description = "Only these fields, comma-separated."),
    ),
    request_body(content = NewEnrolmentEvent, description = "The step.", content_type = "application/json"),
    responses(
        (status = 201, description = "The event.", body = ref("#/components/schemas/WrittenEnrolmentEvent"), headers(("ETag" = String, description = "Strong, made of the record's version."), ("Location" = String, description = "Path of the new event; absent with `dryRun`."))),
        (status = 400, description = "A parameter or the body is malformed.", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No or bad token.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The grant is missing, or does not reach this place.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such enrolment within reach.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The status of the enrolment does not allow this step.", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "The enrolment has changed since it was read.", body = Problem, content_type = "application/problem+json"),
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
    body: Bytes,
) -> Result<HttpResponse, Failure> {
    let (ctx, options) = rehearsed(ctx, &req)?;
    options.check::<EnrolmentEvents>()?;
    let enrolment = parse_id(&id)?;
    let done = create_event(&ctx, enrolment, body::parse(&req, &body)?, expected_version(&req)?).await?;
    let answer =
        respond::record(&req, StatusCode::CREATED, respond::seen(&done.record), &done, options.fields.as_deref())?;
    Ok(located(answer, &ctx, &format!("/v1/enrolments/{enrolment}/events/{}", done.record.id)))
}

/// Read one event of an enrolment
///
/// The address that `Location` gives after a step was recorded.
#[utoipa::path(
    get, path = "/v1/enrolments/{id}/events/{eventId}", operation_id = "getEnrolmentEvent", tag = "enrolments",
    params(
        ("id" = Uuid, Path, description = "Identity of the enrolment."),
        ("eventId" = Uuid, Path, description = "Identity of the event."),
        ("fields" = Option<String>, Query, description = "Only these fields, comma-separated."),
        ("asOf" = Option<String>, Query, description = "Reads the past: a position of the journal, or an instant (RFC 3339)."),
        ("If-None-Match" = Option<String>, Header, description = "ETag of the representation the caller has; answered with 304."),
    ),
    responses(
        (status = 200, description = "The event.", body = EnrolmentEvent, headers(("ETag" = String, description = "Strong, made of the record's version."))),
        (status = 304, description = "The caller has this version."),
        (status = 400, description = "A parameter is wrong.", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No or bad token.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The grant is missing.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such enrolment, or no such event of it, within reach.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("oauth2" = []))
)]
pub async fn get(req: HttpRequest, Caller(ctx): Caller, ids: Path<(String, String)>) -> Answer {
    let (fields, as_of) = query::read_at(req.query_string())?;
    let ctx = ctx.narrowed_to(fields.as_deref()).at(as_of);
    let found = get_event(&ctx, parse_id(&ids.0)?, parse_id(&ids.1)?).await?;
    Ok(respond::record(&req, StatusCode::OK, respond::seen(&found), &found, fields.as_deref())?)
}

pub fn mount(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/v1/enrolments/{id}/events").route(web::get().to(list)).route(web::post().to(create)))
        .service(reading("/v1/enrolments/{id}/events/{eventId}", get));
}

#[derive(Default)]
pub struct EnrolmentEventQuery;

#[Object]
impl EnrolmentEventQuery {
    /// Lists the events of an enrolment, oldest first.
    #[graphql(complexity = "crate::graphql::pages(first, child_complexity)")]
    async fn list_enrolment_events(
        &self,
        ctx: &Context<'_>,
        id: ID,
        first: Option<u32>,
        after: Option<String>,
        sort: Option<String>,
        count: Option<Count>,
        as_of: Option<AsOf>,
    ) -> async_graphql::Result<Connection<EnrolmentEvent>> {
        let request = graphql::reader(ctx, as_of)?;
        let id = graphql::wrap(&request, parse_id(&id))?;
        graphql::wrap(&request, list_events(&request, id, PageRequest { first, after, sort, count }).await)
            .map(Connection::new)
    }

    /// Reads one event of an enrolment.
    async fn get_enrolment_event(
        &self,
        ctx: &Context<'_>,
        enrolment_id: ID,
        id: ID,
        as_of: Option<AsOf>,
    ) -> async_graphql::Result<EnrolmentEvent> {
        let request = graphql::reader(ctx, as_of)?;
        let ids = parse_id(&enrolment_id).and_then(|enrolment| Ok((enrolment, parse_id(&id)?)));
        let (enrolment, id) = graphql::wrap(&request, ids)?;
        graphql::wrap(&request, get_event(&request, enrolment, id).await)
    }
}

#[derive(Default)]
pub struct EnrolmentEventMutation;

#[Object]
impl EnrolmentEventMutation {
    /// Records a step of an enrolment, which gives it its new status. `id` and `expectedVersion` are the enrolment's.
    async fn create_enrolment_event(
        &self,
        ctx: &Context<'_>,
        id: ID,
        input: NewEnrolmentEvent,
        expected_version: Option<i64>,
        #[graphql(default)] dry_run: bool,
    ) -> async_graphql::Result<graphql::Written<EnrolmentEvent>> {
        let request = graphql::writer(ctx, dry_run)?;
        let id = graphql::wrap(&request, parse_id(&id))?;
        graphql::written(&request, create_event(&request, id, input, expected_version).await)
    }
}
