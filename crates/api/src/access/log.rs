//! The access log on both surfaces: who was shown which personal data of whom.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{self, ServiceConfig},
};
use async_graphql::{Context, Object};
use gdtx_service::{
    Count, PageInfo, PageRequest,
    access::log::{self, AccessEntry, AccessLogFilter},
};
use utoipa::ToSchema;

use crate::rest::refusals::Common;
use crate::{
    graphql::{self, Connection},
    headers::Caller,
    problem::Failure,
    rest::{query, respond},
};

/// A page of the access log.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "read by the documentation only")]
pub struct AccessLogPage {
    items: Vec<AccessEntry>,
    page_info: PageInfo,
    /// Only with `count`.
    total_count: Option<u64>,
}

/// List the access log
///
/// Each read that showed personal data (nhật ký truy cập dữ liệu cá nhân), oldest first: who read,
/// for what, under which agreement, which fields of which records. `learnerId`, `from` and `to`
/// together answer who saw whom in a period (Luật 91/2025/QH15 art. 23.1). The auditor reads all
/// of it, a centre the reads of records that it keeps.
#[utoipa::path(
    get, path = "/v1/access-log", operation_id = "listAccessLog", tag = "access-log",
    params(
        AccessLogFilter,
        ("first" = Option<u32>, Query, description = "Entries on the page, 1 to 200; 50 when absent.", minimum = 1, maximum = 200),
        ("after" = Option<String>, Query, description = "The `endCursor` of the page before."),
        ("sort" = Option<String>, Query, description = "`recordedAt` (when absent) or `-recordedAt`: oldest or newest first."),
        ("count" = inline(Option<Count>), Query, description = "Ask for `totalCount`."),
        ("fields" = Option<String>, Query, description = "Only these fields, comma-separated."),
    ),
    responses(
        (status = 200, description = "A page.", body = AccessLogPage),
        Common,
    ),
    security(("oauth2" = []))
)]
pub async fn list(req: HttpRequest, Caller(ctx): Caller) -> Result<HttpResponse, Failure> {
    let asked = query::list::<AccessLogFilter>(req.query_string())?;
    let page = log::list(&ctx, asked.filter, asked.page).await?;
    Ok(respond::page(&req, &page, asked.fields.as_deref())?)
}

/// Mounts the access log.
pub fn mount(config: &mut ServiceConfig) {
    config.service(web::resource("/v1/access-log").route(web::get().to(list)));
}

#[derive(Default)]
pub struct AccessLogQuery;

#[Object]
impl AccessLogQuery {
    /// Lists reads that showed personal data, oldest first: all of them for the auditor, those of
    /// its own records for a centre.
    #[graphql(complexity = "crate::graphql::pages(first, child_complexity)")]
    async fn list_access_log(
        &self,
        ctx: &Context<'_>,
        filter: Option<AccessLogFilter>,
        first: Option<u32>,
        after: Option<String>,
        sort: Option<String>,
        count: Option<Count>,
    ) -> async_graphql::Result<Connection<AccessEntry>> {
        let request = graphql::caller(ctx)?;
        let page = log::list(&request, filter.unwrap_or_default(), PageRequest { first, after, sort, count }).await;
        graphql::wrap(&request, page).map(Connection::new)
    }
}
