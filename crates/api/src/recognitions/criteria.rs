//! The criteria sets on both surfaces: public reference data.

use actix_web::{
    HttpRequest,
    web::{self, Path, ServiceConfig},
};
use async_graphql::{Context, Object};
use gdtx_domain::recognitions::criteria::CriteriaSet;
use gdtx_service::{
    Page, PageRequest,
    recognitions::criteria::{self, CriteriaSetFilter},
};

use super::kind::{PageParameters, narrowed};
use crate::{
    graphql::{self, Connection},
    headers::Caller,
    problem::Problem,
    rest::{
        operations::Answer,
        query::{self, Options},
        respond,
    },
};

/// List criteria sets
///
/// The criteria of the learning unit (TT 24/2023/TT-BGDĐT) and the learning community (TT
/// 25/2023/TT-BGDĐT), with their days of force: no points, every indicator of the level must be
/// met. A target that was not read is null and marked `unverified`. Public.
#[utoipa::path(
    get, path = "/v1/criteria-sets", operation_id = "listCriteriaSets", tag = "criteria-sets",
    params(CriteriaSetFilter, PageParameters),
    responses(
        (status = 200, description = "A page.", body = Page<CriteriaSet>),
        (status = 400, description = "A parameter is wrong.", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn list(req: HttpRequest, _caller: Caller) -> Answer {
    let asked = query::list::<CriteriaSetFilter>(req.query_string())?;
    Ok(respond::page(&req, &criteria::list(&asked.filter, &asked.page)?, asked.fields.as_deref())?)
}

/// Read a criteria set
///
/// One set by its code, with criteria, indicators and targets. Public.
#[utoipa::path(
    get, path = "/v1/criteria-sets/{id}", operation_id = "getCriteriaSet", tag = "criteria-sets",
    params(
        ("id" = String, Path, description = "Code of the set, e.g. `tt_24_2023_province`."),
        ("fields" = Option<String>, Query, description = "Only these fields, comma-separated."),
    ),
    responses(
        (status = 200, description = "The set.", body = CriteriaSet),
        (status = 400, description = "A parameter is wrong.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such set.", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn get(req: HttpRequest, _caller: Caller, id: Path<String>) -> Answer {
    let options: Options = query::typed_query(req.query_string())?;
    narrowed(&criteria::get(&id)?, options.fields.as_deref())
}

pub fn mount(config: &mut ServiceConfig) {
    config
        .service(web::resource("/v1/criteria-sets").route(web::get().to(list)))
        .service(web::resource("/v1/criteria-sets/{id}").route(web::get().to(get)));
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
        page: Option<PageRequest>,
    ) -> async_graphql::Result<Connection<CriteriaSet>> {
        let found = criteria::list(&filter.unwrap_or_default(), &page.unwrap_or_default());
        graphql::wrap(&graphql::caller(ctx)?, found).map(Connection::new)
    }

    /// Reads one criteria set by its code. Public.
    async fn get_criteria_set(&self, ctx: &Context<'_>, id: String) -> async_graphql::Result<CriteriaSet> {
        graphql::wrap(&graphql::caller(ctx)?, criteria::get(&id))
    }
}
