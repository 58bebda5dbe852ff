//! What is due on both surfaces.

use actix_web::{HttpRequest, web};
use async_graphql::{Context, Object};
use gdtx_service::statistics::report::{DueReports, DueReportsQuery, due};

use crate::{
    graphql,
    headers::Caller,
    rest::{
        operations::{Answer, reading},
        query,
        refusals::Common,
        respond,
    },
};

/// List due reports
///
/// Every report that a form asks of the places within reach, the nearest first: handed in or not, days left, and the
/// reminder that holds. The Ministry sees the country and the provinces, and with `provinceCode` the communes of one; a
/// department its province and communes. Ask once a day, and remind of what has a `reminder` or is `overdue`.
#[utoipa::path(
    get, path = "/v1/reports/due", operation_id = "listDueReports", tag = "reports",
    params(DueReportsQuery),
    responses((status = 200, description = "What is due.", body = DueReports), Common),
    security(("oauth2" = []))
)]
pub async fn list(req: HttpRequest, Caller(ctx): Caller) -> Answer {
    let asked: DueReportsQuery = query::typed_query(req.query_string())?;
    Ok(respond::json(&due(&ctx, asked).await?))
}

pub fn mount(config: &mut web::ServiceConfig) {
    config.service(reading("/v1/reports/due", list));
}

#[derive(Default)]
pub struct DueReportQuery;

#[Object]
impl DueReportQuery {
    /// Lists every report that a form asks of the places within reach, the nearest first.
    #[graphql(complexity = "child_complexity * 800")]
    async fn list_due_reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(default)] query: DueReportsQuery,
    ) -> async_graphql::Result<DueReports> {
        let request = graphql::caller(ctx)?;
        graphql::wrap(&request, due(&request, query).await)
    }
}
