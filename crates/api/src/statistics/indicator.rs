//! Indicators on both surfaces.

use actix_web::{HttpRequest, web};
use async_graphql::{Context, Object};
use gdtx_service::{
    Code, Error,
    statistics::{self, StatisticsIndicatorAnswer, StatisticsIndicators, StatisticsQuery},
};

use super::{
    data,
    form::{Form, wanted},
    parameters,
};
use crate::{
    graphql,
    headers::Caller,
    problem::Problem,
    rest::{
        operations::{Answer, reading},
        query, respond,
    },
};

/// The path of the values of an indicator.
pub const PATH: &str = "/v1/statistics/indicators/{id}/data";

/// List indicators
///
/// Each with its definition, unit and source, what is divided by what, and what it can be broken down by.
#[utoipa::path(
    get, path = "/v1/statistics/indicators", operation_id = "listStatisticsIndicators", tag = "statistics",
    responses(
        (status = 200, description = "The indicators.", body = StatisticsIndicators),
        (status = 400, description = "It takes `fields` alone.", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn list(req: HttpRequest, Caller(ctx): Caller) -> Answer {
    let asked = query::read::<query::NoParameters>(req.query_string())?;
    Ok(respond::reference(&req, &statistics::indicators(&ctx), asked.fields.as_deref())?)
}

/// Query an indicator
///
/// Its values with both figures that they are made of, broken down by `groupBy` and filtered by dimensions:
/// `?groupBy=province&schoolYear=2025`. Of the latest school year unless the query names one. Where the figures are
/// rounded to protect people, values are near and not exact (`status`).
#[utoipa::path(
    get, path = "/v1/statistics/indicators/{id}/data", operation_id = "queryStatisticsIndicator", tag = "statistics",
    params(
        ("id" = String, Path, description = "`women_share`."),
        ("If-None-Match" = Option<String>, Header, description = "ETag of the answer the caller has; answered with 304."),
    ),
    responses(
        (status = 200, description = "The values.", body = StatisticsIndicatorAnswer, headers(("ETag" = String, description = "Weak, made of the version."))),
        (status = 304, description = "The caller has these values."),
        (status = 400, description = "The data sets of the indicator do not have what is asked for.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such indicator.", body = Problem, content_type = "application/problem+json"),
        (status = 406, description = "Indicators come as JSON only.", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn read(req: HttpRequest, Caller(ctx): Caller, id: web::Path<String>) -> Answer {
    let asked = parameters::read(req.query_string())?;
    if asked.format.is_some() {
        return Err(Error::field(
            Code::InvalidParameter,
            "format",
            "not_allowed_here",
            "Chỉ số chỉ có dạng JSON.",
            "Indicators come as JSON only.",
        )
        .into());
    }
    if wanted(&req, None)? != Form::Json {
        return Err(Error::of(Code::NotAcceptable).into());
    }
    let answer = statistics::indicate(&ctx, &id, &asked.query).await;
    let answer = answer.map_err(|error| parameters::named(error, &asked.names))?;
    let question = format!("{}\n{}", req.path(), req.query_string());
    Ok(data::versioned(&req, &ctx, (&question, &answer.version), || Ok(respond::json(&answer)))?)
}

pub fn mount(config: &mut web::ServiceConfig) {
    config.service(reading("/v1/statistics/indicators", list)).service(reading(PATH, read));
}

#[derive(Default)]
pub struct IndicatorQueries;

#[Object]
impl IndicatorQueries {
    /// Lists the indicators.
    async fn list_statistics_indicators(&self, ctx: &Context<'_>) -> async_graphql::Result<StatisticsIndicators> {
        Ok(statistics::indicators(&graphql::caller(ctx)?))
    }

    /// Answers an indicator; of the query only `groupBy` and `filter` count.
    #[graphql(complexity = "crate::graphql::figures(&query, child_complexity)")]
    async fn query_statistics_indicator(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The indicator, such as `women_share`.")] id: String,
        #[graphql(default)] query: StatisticsQuery,
    ) -> async_graphql::Result<StatisticsIndicatorAnswer> {
        let request = graphql::caller(ctx)?;
        graphql::wrap(&request, statistics::indicate(&request, &id, &query).await)
    }
}
