//! Releases of data sets on both surfaces: made once, listed, and read for good at addresses of their own.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::{self, Bytes, Path},
};
use async_graphql::{Context, ID, Object};
use gdtx_service::{
    Ctx, Error, PageRequest,
    statistics::{
        StatisticsAnswer, StatisticsQuery,
        release::{self, LATEST, NewStatisticsRelease, StatisticsRelease, StatisticsReleases},
    },
};

use super::{data, lineage::RecordsPage};
use crate::{
    graphql::{self, Connection, Written},
    headers::Caller,
    problem::Problem,
    rest::{
        body,
        operations::{Answer, located, reading, rehearsed},
        query, respond,
    },
};

/// The path of the releases of a data set.
const PATH: &str = "/v1/statistics/datasets/{dataSet}/releases";
/// The path of one of them.
const ONE: &str = "/v1/statistics/datasets/{dataSet}/releases/{version}";

/// List the releases of a data set
///
/// Each with its number, its notes and how many cells it adds, changes and removes; the newest first.
#[utoipa::path(
    get, path = "/v1/statistics/datasets/{dataSet}/releases", operation_id = "listStatisticsReleases", tag = "statistics",
    params(("dataSet" = String, Path, description = "`enrolments`."), RecordsPage),
    responses(
        (status = 200, description = "A page.", body = ref("#/components/schemas/StatisticsReleasePage")),
        (status = 400, description = "A parameter is wrong.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such data set.", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn list(req: HttpRequest, Caller(ctx): Caller, id: Path<String>) -> Answer {
    let asked: RecordsPage = query::typed_query(req.query_string())?;
    Ok(respond::page(&req, &release::list(&ctx, &id, &asked.into()).await?, None)?)
}

/// Release a data set
///
/// Keeps the figures of a data set as they are counted now, under a number of its own: the figures of today go on,
/// those of the release stay, and a figure that was wrong is corrected by another release. What is released counts
/// people and holds none, so an erasure of personal data leaves it as it is. The feed and webhooks tell of it as of
/// every record (`statistics_releases`), and so does the Atom feed `/v1/statistics/releases.atom`.
#[utoipa::path(
    post, path = "/v1/statistics/datasets/{dataSet}/releases", operation_id = "createStatisticsRelease", tag = "statistics",
    params(
        ("dataSet" = String, Path, description = "`enrolments`."),
        ("dryRun" = Option<bool>, Query, description = "Do everything but the commit."),
        ("fields" = Option<String>, Query, description = "Only these fields, comma-separated."),
        ("Idempotency-Key" = Option<String>, Header, description = "At most 255 characters; the same request under the same key within 24 hours is answered again, not repeated."),
    ),
    request_body(content = NewStatisticsRelease, description = "Why, and what readers should know."),
    responses(
        (status = 201, description = "The release.", body = ref("#/components/schemas/WrittenStatisticsRelease"), headers(("ETag" = String, description = "Strong, it begins with data set and release."), ("Location" = String, description = "Path of the release; absent with `dryRun`."))),
        (status = 400, description = "A parameter or the body is malformed.", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No or bad token.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The grant is missing.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such data set.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Nothing has changed since the last release, or another one has just been made.", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large.", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The body is not JSON.", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The content breaks rules; `errors[]` names each field.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("oauth2" = []))
)]
pub async fn create(req: HttpRequest, Caller(ctx): Caller, id: Path<String>, bytes: Bytes) -> Answer {
    let (ctx, options) = rehearsed(ctx, &req)?;
    options.check::<StatisticsReleases>()?;
    let done = Box::pin(release::create(&ctx, &id, body::parse(&req, &bytes)?)).await?;
    let seen = respond::seen(&done.record);
    let mut answer = respond::record(&req, StatusCode::CREATED, seen, &done, options.fields.as_deref())?;
    let tag =
        header::HeaderValue::from_str(&tag(&ctx, options.fields.as_ref(), &done.record)).map_err(Error::internal)?;
    answer.headers_mut().insert(header::ETAG, tag);
    Ok(located(answer, &ctx, &address(&done.record.data_set, &done.record.release)))
}

/// Read a release
///
/// What there is to know of it; the header `Link` leads to its figures, its changes and the release before it. It
/// never changes, and may be kept for good.
#[utoipa::path(
    get, path = "/v1/statistics/datasets/{dataSet}/releases/{version}", operation_id = "getStatisticsRelease", tag = "statistics",
    params(
        ("dataSet" = String, Path, description = "`enrolments`."),
        ("version" = String, Path, description = "`1.0.0`, or `latest`."),
        ("fields" = Option<String>, Query, description = "Only these fields, comma-separated."),
        ("If-None-Match" = Option<String>, Header, description = "ETag of the answer the caller has; answered with 304."),
    ),
    responses(
        (status = 200, description = "The release.", body = StatisticsRelease, headers(("ETag" = String, description = "Strong, it begins with data set and release."), ("Link" = String, description = "What belongs to it (RFC 5829)."))),
        (status = 304, description = "The caller has it."),
        (status = 307, description = "The newest release is at this address.", headers(("Location" = String, description = "Path of the release."))),
        (status = 400, description = "It takes `fields` alone.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such data set or release.", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn get(req: HttpRequest, Caller(ctx): Caller, of: Path<(String, String)>) -> Answer {
    let (id, version) = of.into_inner();
    if version == LATEST {
        return newest(&req, &ctx, &id).await;
    }
    let asked = query::read::<query::NoParameters>(req.query_string())?;
    let found = release::get(&ctx, &id, &version).await?;
    let tag = tag(&ctx, asked.fields.as_ref(), &found);
    if respond::known(&req, &tag) {
        return Ok(data::kept(HttpResponse::NotModified(), &ctx).insert_header((header::ETAG, tag)).finish());
    }
    let body = serde_json::to_value(&found).map_err(Error::internal)?;
    let body = asked.fields.map_or_else(|| Ok(body.clone()), |fields| respond::narrow(&body, &fields))?;
    let mut answer = data::kept(HttpResponse::Ok(), &ctx);
    Ok(answer.insert_header((header::ETAG, tag)).insert_header((header::LINK, links(&found))).json(body))
}

/// The tag of a release, or of these fields of it.
fn tag(ctx: &Ctx, fields: Option<&Vec<String>>, of: &StatisticsRelease) -> String {
    data::kept_tag(ctx, &format!("{fields:?}"), &format!("{}@{}", of.data_set, of.release))
}

/// The way from what is asked of the newest release to that release.
pub(super) async fn newest(req: &HttpRequest, ctx: &Ctx, id: &str) -> Answer {
    let newest = release::get(ctx, id, LATEST).await?;
    // What follows the number, however that is spelt.
    let rest = req.path().splitn(8, '/').nth(7).map(|rest| format!("/{rest}")).unwrap_or_default();
    Ok(respond::moved(req, &format!("{}{rest}", address(id, &newest.release))))
}

/// Where a release is read.
pub(super) fn address(id: &str, version: &str) -> String {
    ONE.replace("{dataSet}", id).replace("{version}", version)
}

/// What belongs to a release (RFC 8288, RFC 5829).
fn links(found: &StatisticsRelease) -> String {
    let id = &found.data_set;
    let own = address(id, &found.release);
    let mut links = vec![
        format!("<{own}/data>; rel=\"item\""),
        format!("<{own}/changes>; rel=\"related\""),
        format!("<{}>; rel=\"version-history\"", PATH.replace("{dataSet}", id)),
        format!("<{}>; rel=\"latest-version\"", address(id, LATEST)),
    ];
    let previous = found.previous.as_ref();
    links.extend(previous.map(|previous| format!("<{}>; rel=\"predecessor-version\"", address(id, previous))));
    links.join(", ")
}

pub fn mount(config: &mut web::ServiceConfig) {
    config.service(reading(PATH, list).route(web::post().to(create))).service(reading(ONE, get));
}

#[derive(Default)]
pub struct ReleaseQueries;

#[Object]
impl ReleaseQueries {
    /// Lists the releases of a data set, the newest first.
    #[graphql(complexity = "crate::graphql::pages(first, child_complexity)")]
    async fn list_statistics_releases(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The data set, such as `enrolments`.")] id: String,
        first: Option<u32>,
        after: Option<String>,
    ) -> async_graphql::Result<Connection<StatisticsReleaseNode>> {
        let request = graphql::caller(ctx)?;
        let page = PageRequest { first, after, ..PageRequest::default() };
        let found = release::list(&request, &id, &page).await;
        graphql::wrap(&request, found).map(|page| Connection::new(page.map(StatisticsReleaseNode)))
    }

    /// Reads a release of a data set.
    async fn get_statistics_release(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The data set, such as `enrolments`.")] id: String,
        #[graphql(desc = "The number of the release, or `latest`.")] version: String,
    ) -> async_graphql::Result<StatisticsReleaseNode> {
        let request = graphql::caller(ctx)?;
        graphql::wrap(&request, release::get(&request, &id, &version).await).map(StatisticsReleaseNode)
    }

    /// Answers a query on a release of a data set.
    #[graphql(complexity = "crate::graphql::figures(&query, child_complexity)")]
    async fn query_statistics_release(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The data set, such as `enrolments`.")] id: String,
        #[graphql(desc = "The number of the release, or `latest`.")] version: String,
        #[graphql(default)] query: StatisticsQuery,
    ) -> async_graphql::Result<StatisticsAnswer> {
        let request = graphql::caller(ctx)?;
        let answer = graphql::wrap(&request, release::ask(&request, (&id, &version), query, |_| false).await)?;
        answer.ok_or_else(|| async_graphql::Error::new("no answer"))
    }
}

#[derive(Default)]
pub struct ReleaseMutations;

#[Object]
impl ReleaseMutations {
    /// Releases a data set as it is counted now.
    async fn create_statistics_release(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The data set, such as `enrolments`.")] id: String,
        input: NewStatisticsRelease,
        #[graphql(default)] dry_run: bool,
    ) -> async_graphql::Result<Written<StatisticsReleaseNode>> {
        let request = graphql::writer(ctx, dry_run)?;
        graphql::written(&request, Box::pin(release::create(&request, &id, input)).await)
    }
}

/// A release as a node.
#[derive(Clone)]
pub struct StatisticsReleaseNode(pub StatisticsRelease);

impl From<StatisticsRelease> for StatisticsReleaseNode {
    fn from(release: StatisticsRelease) -> Self {
        Self(release)
    }
}

/// A release of a data set (bản phát hành số liệu).
#[Object(name = "StatisticsRelease")]
impl StatisticsReleaseNode {
    /// Identity: UUIDv7, given by the service.
    pub async fn id(&self) -> ID {
        self.0.id.into()
    }

    #[graphql(flatten)]
    async fn fields(&self) -> &StatisticsRelease {
        &self.0
    }
}
