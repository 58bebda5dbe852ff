//! Data sets on both surfaces, and queries on GraphQL.

use actix_web::{
    HttpRequest,
    http::header::{self, HeaderValue},
    web,
};
use async_graphql::{Context, Object};
use gdtx_service::statistics::{self, StatisticsAnswer, StatisticsDataSet, StatisticsDataSets, StatisticsQuery};

use super::{data, feed};
use crate::{
    graphql,
    headers::Caller,
    problem::Problem,
    rest::{
        operations::{Answer, reading},
        query, respond,
    },
};

/// List data sets
///
/// What is counted, of which records, and what it is broken down by.
#[utoipa::path(
    get, path = "/v1/statistics/datasets", operation_id = "listStatisticsDataSets", tag = "statistics",
    responses(
        (status = 200, description = "The data sets.", body = StatisticsDataSets),
        (status = 400, description = "It takes `fields` alone.", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn list(req: HttpRequest, Caller(ctx): Caller) -> Answer {
    let asked = query::read::<query::NoParameters>(req.query_string())?;
    let mut answer = respond::reference(&req, &statistics::list(&ctx), asked.fields.as_deref())?;
    answer.headers_mut().append(header::LINK, HeaderValue::from_static(feed::LINK));
    Ok(answer)
}

/// Read a data set
///
/// Its dimensions with the members that there are figures of, the limits of a query, and the position of the
/// journal that its figures are true at.
#[utoipa::path(
    get, path = "/v1/statistics/datasets/{id}", operation_id = "getStatisticsDataSet", tag = "statistics",
    params(
        ("id" = String, Path, description = "`enrolments`."),
        ("If-None-Match" = Option<String>, Header, description = "ETag of the answer the caller has; answered with 304."),
    ),
    responses(
        (status = 200, description = "The data set.", body = StatisticsDataSet, headers(("ETag" = String, description = "Weak, made of the version."))),
        (status = 304, description = "The caller has it."),
        (status = 400, description = "It takes `fields` alone.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such data set.", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn get(req: HttpRequest, Caller(ctx): Caller, id: web::Path<String>) -> Answer {
    let asked = query::read::<query::NoParameters>(req.query_string())?;
    let set = statistics::get(&ctx, &id).await?;
    let question = format!("{}\n{}", req.path(), req.query_string());
    Ok(data::versioned(&req, &ctx, (&question, &set.version), || respond::narrowed(&set, asked.fields.as_deref()))?)
}

pub fn mount(config: &mut web::ServiceConfig) {
    config.service(reading("/v1/statistics/datasets", list)).service(reading("/v1/statistics/datasets/{id}", get));
}

#[derive(Default)]
pub struct StatisticsQueries;

#[Object]
impl StatisticsQueries {
    /// Lists the data sets.
    async fn list_statistics_data_sets(&self, ctx: &Context<'_>) -> async_graphql::Result<StatisticsDataSets> {
        Ok(statistics::list(&graphql::caller(ctx)?))
    }

    /// Reads a data set with its dimensions and their members.
    #[graphql(complexity = "child_complexity * 50")]
    async fn get_statistics_data_set(&self, ctx: &Context<'_>, id: String) -> async_graphql::Result<StatisticsDataSet> {
        let request = graphql::caller(ctx)?;
        graphql::wrap(&request, statistics::get(&request, &id).await)
    }

    /// Answers a query on a data set.
    #[graphql(complexity = "crate::graphql::figures(&query, child_complexity)")]
    async fn query_statistics(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The data set, such as `enrolments`.")] id: String,
        #[graphql(default)] query: StatisticsQuery,
    ) -> async_graphql::Result<StatisticsAnswer> {
        let request = graphql::caller(ctx)?;
        let answer = graphql::wrap(&request, statistics::ask(&request, &id, query, |_| false).await)?;
        answer.ok_or_else(|| async_graphql::Error::new("no answer"))
    }
}
