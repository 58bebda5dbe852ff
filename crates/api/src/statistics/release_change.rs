//! What a release changes, cell by cell, on both surfaces.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{self, Path},
};
use async_graphql::{Context, Object};
use gdtx_service::{
    Actor, PageRequest,
    statistics::release::{self, LATEST, StatisticsReleaseChange},
};

use super::{data, lineage::RecordsPage, release::newest};
use crate::{
    graphql::{self, Connection},
    headers::Caller,
    problem::Problem,
    rest::{
        operations::{Answer, reading},
        query, respond,
    },
};

/// List what a release changes
///
/// Each cell of the finest table that it adds, changes or removes, in the order of members, with the figures before
/// and after. Numbers of people are rounded as in the figures themselves (`status`): whoever applies the list to the
/// figures of the release before has those of this one, and nothing is told of cells whose shown figure is the same.
#[utoipa::path(
    get, path = "/v1/statistics/datasets/{dataSet}/releases/{version}/changes", operation_id = "listStatisticsReleaseChanges", tag = "statistics",
    params(
        ("dataSet" = String, Path, description = "`enrolments`."),
        ("version" = String, Path, description = "`1.0.0`, or `latest`."),
        RecordsPage,
        ("If-None-Match" = Option<String>, Header, description = "ETag of the answer the caller has; answered with 304."),
    ),
    responses(
        (status = 200, description = "A page.", body = ref("#/components/schemas/StatisticsReleaseChangePage")),
        (status = 304, description = "The caller has this page."),
        (status = 307, description = "The newest release is at this address.", headers(("Location" = String, description = "Path of the changes."))),
        (status = 400, description = "A parameter is wrong.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such data set or release.", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn list(req: HttpRequest, Caller(ctx): Caller, of: Path<(String, String)>) -> Answer {
    let (id, version) = of.into_inner();
    if version == LATEST {
        return newest(&req, &ctx, &id).await;
    }
    let asked: RecordsPage = query::typed_query(req.query_string())?;
    // Without a token everybody reads the same page.
    let tag = data::kept_tag(&ctx, req.query_string(), &format!("{id}@{version}.changes"));
    let tag = (ctx.actor == Actor::Public).then_some(tag);
    let page = release::changes(&ctx, (&id, &version), &asked.into()).await?;
    let mut headers = data::kept(HttpResponse::NotModified(), &ctx);
    if let Some(tag) = &tag {
        headers.insert_header((header::ETAG, tag.as_str()));
        if respond::known(&req, tag) {
            return Ok(headers.finish());
        }
    }
    let mut answer = respond::page(&req, &page, None)?;
    headers.finish().headers().iter().for_each(|(name, value)| {
        answer.headers_mut().insert(name.clone(), value.clone());
    });
    Ok(answer)
}

pub fn mount(config: &mut web::ServiceConfig) {
    config.service(reading("/v1/statistics/datasets/{dataSet}/releases/{version}/changes", list));
}

#[derive(Default)]
pub struct ReleaseChangeQueries;

#[Object]
impl ReleaseChangeQueries {
    /// Lists what a release of a data set changes, cell by cell.
    #[graphql(complexity = "crate::graphql::pages(first, child_complexity)")]
    async fn list_statistics_release_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The data set, such as `enrolments`.")] id: String,
        #[graphql(desc = "The number of the release, or `latest`.")] version: String,
        first: Option<u32>,
        after: Option<String>,
    ) -> async_graphql::Result<Connection<StatisticsReleaseChange>> {
        let request = graphql::caller(ctx)?;
        let page = PageRequest { first, after, ..PageRequest::default() };
        graphql::wrap(&request, release::changes(&request, (&id, &version), &page).await).map(Connection::new)
    }
}
