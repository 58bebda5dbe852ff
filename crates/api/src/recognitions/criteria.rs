//! The criteria sets on both surfaces: public reference data.

use actix_web::{
    HttpRequest,
    web::{Path, ServiceConfig},
};
use async_graphql::{Context, Object};
use gdtx_domain::recognitions::criteria::CriteriaSet;
use gdtx_service::{
    Count, PageRequest,
    recognitions::criteria::{self, CriteriaSetFilter},
};

use crate::{
    graphql::{self, Connection},
    headers::Caller,
    problem::Problem,
    rest::{
        operations::{Answer, reading},
        query,
        respond::{reference, reference_page},
    },
};

/// List criteria sets
///
/// The criteria of the learning unit (TT 24/2023/TT-BGDĐT) and the learning community (TT
/// 25/2023/TT-BGDĐT), with their days of force: no points, every indicator of the level must be
/// met. A target that was not read is null and marked `unverified`. Public.
#[utoipa::path(
    get, path = "/v1/criteria-sets", operation_id = "listCriteriaSets", tag = "criteria-sets",
    params(CriteriaSetFilter, ("sort" = Option<String>, Query, description = "`code` or `-code`.", pattern = "^-?code$")),
    responses(
        (status = 200, description = "A page.", body = ref("#/components/schemas/CriteriaSetPage")),
    ),
    security(())
)]
pub async fn list(req: HttpRequest, _caller: Caller) -> Answer {
    let asked = query::list::<CriteriaSetFilter>(req.query_string())?;
    Ok(reference_page(&req, &criteria::list(&asked.filter, &asked.page)?, asked.fields.as_deref())?)
}

/// Read a criteria set
///
/// One set by its code, with criteria, indicators and targets. Public.
#[utoipa::path(
    get, path = "/v1/criteria-sets/{id}", operation_id = "getCriteriaSet", tag = "criteria-sets",
    params(("id" = String, Path, description = "Code of the set, e.g. `tt_24_2023_province`.")),
    responses(
        (status = 200, description = "The set.", body = CriteriaSet),
        (status = 404, description = "There is no such set.", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn get(req: HttpRequest, _caller: Caller, id: Path<String>) -> Answer {
    let asked = query::read::<query::NoParameters>(req.query_string())?;
    Ok(reference(&req, &criteria::get(&id)?, asked.fields.as_deref())?)
}

pub fn mount(config: &mut ServiceConfig) {
    config.service(reading("/v1/criteria-sets", list)).service(reading("/v1/criteria-sets/{id}", get));
}

#[derive(Default)]
pub struct CriteriaSetQuery;

#[Object]
impl CriteriaSetQuery {
    /// Lists the criteria sets with criteria, indicators and targets, by code. Public.
    async fn list_criteria_sets(
        &self,
        ctx: &Context<'_>,
        filter: Option<CriteriaSetFilter>,
        first: Option<u32>,
        after: Option<String>,
        sort: Option<String>,
        count: Option<Count>,
    ) -> async_graphql::Result<Connection<CriteriaSet>> {
        let found = criteria::list(&filter.unwrap_or_default(), &PageRequest { first, after, sort, count });
        graphql::wrap(&graphql::caller(ctx)?, found).map(Connection::new)
    }

    /// Reads one criteria set by its code. Public.
    async fn get_criteria_set(&self, ctx: &Context<'_>, id: String) -> async_graphql::Result<CriteriaSet> {
        graphql::wrap(&graphql::caller(ctx)?, criteria::get(&id))
    }
}
