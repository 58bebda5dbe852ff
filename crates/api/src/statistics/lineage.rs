//! The records that a figure counts, on both surfaces.

use actix_web::{HttpRequest, web};
use async_graphql::{Context, Object};
use gdtx_service::{
    PageRequest,
    statistics::{self, StatisticsRecord},
};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    graphql::{self, Connection},
    headers::Caller,
    problem::Problem,
    rest::{
        operations::{Answer, reading},
        query, respond,
    },
};

/// Which page of the records.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct RecordsPage {
    /// Records on the page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    first: Option<u32>,
    /// The `endCursor` of the page before.
    after: Option<String>,
}

impl From<RecordsPage> for PageRequest {
    fn from(RecordsPage { first, after }: RecordsPage) -> Self {
        Self { first, after, ..Self::default() }
    }
}

/// List the records of a figure
///
/// The records that a cell of a data set counts, by id, for bodies that see full tables and may read the records: the
/// list is as long as the figure. The key names members: `province=46;period=start;schoolYear=2025-2026;gender=female`;
/// dimensions that it does not name are summed. A page may hold fewer records than asked for, even none, while
/// `hasNextPage` tells that others follow: so many are looked through at a time. It stays within the caller's reach, and where its members tell
/// personal data, `Data-Purpose` and sight of them are needed, as for a filter.
#[utoipa::path(
    get, path = "/v1/statistics/datasets/{dataSet}/cells/{key}/records", operation_id = "listStatisticsRecords", tag = "statistics",
    params(
        ("dataSet" = String, Path, description = "`enrolments`."),
        ("key" = String, Path, description = "`dimension=member`, separated by semicolons."),
        RecordsPage,
    ),
    responses(
        (status = 200, description = "A page.", body = ref("#/components/schemas/StatisticsRecordPage")),
        (status = 400, description = "The data set has no such cell.", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No or bad token.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The grant is missing, or does not reach so far.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such data set.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("oauth2" = []))
)]
pub async fn list(req: HttpRequest, Caller(ctx): Caller, of: web::Path<(String, String)>) -> Answer {
    let asked: RecordsPage = query::typed_query(req.query_string())?;
    let (id, key) = of.into_inner();
    let page = statistics::records(&ctx, &id, &key, &asked.into()).await?;
    Ok(respond::page(&req, &page, None)?)
}

pub fn mount(config: &mut web::ServiceConfig) {
    config.service(reading("/v1/statistics/datasets/{dataSet}/cells/{key}/records", list));
}

#[derive(Default)]
pub struct LineageQueries;

#[Object]
impl LineageQueries {
    /// Lists the records that a cell of a data set counts.
    #[graphql(complexity = "crate::graphql::pages(first, child_complexity)")]
    async fn list_statistics_records(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The data set, such as `enrolments`.")] id: String,
        #[graphql(desc = "The members of the cell: `province=46;gender=female`.")] key: String,
        first: Option<u32>,
        after: Option<String>,
    ) -> async_graphql::Result<Connection<StatisticsRecord>> {
        let request = graphql::caller(ctx)?;
        let page = PageRequest { first, after, ..PageRequest::default() };
        graphql::wrap(&request, statistics::records(&request, &id, &key, &page).await).map(Connection::new)
    }
}
