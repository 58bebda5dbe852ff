//! Administrative units on both surfaces: list, read, walk up and down.

use actix_web::{HttpRequest, web};
use async_graphql::{Context, Object};
use chrono::NaiveDate;
use gdtx_domain::territory::unit::{Unit, UnitLevel};
use gdtx_service::{
    Count, PageRequest,
    territory::unit::{self, AdministrativeUnitFilter},
};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::node::{UnitNode, nodes};
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

/// The day on which a code is read.
#[derive(Debug, Default, Deserialize, Serialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct AsOf {
    /// The day on which the code was valid; today when absent. For every day before 2025-07-01
    /// the list of 2025-06-30 is used.
    pub as_of: Option<NaiveDate>,
}

/// Which unit is meant by a code.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct UnitParameters {
    /// The day on which the code was valid, and as of which the unit is shown; today when absent.
    as_of: Option<NaiveDate>,
    /// Only a unit of this level.
    level: Option<UnitLevel>,
}

/// List administrative units
///
/// The units in force on a day: provinces, legacy districts (to 2025-06-30) and communes, by code.
/// With `search` the best answers come first. A code means other ground before and after
/// 2025-07-01, so a unit's identity is its `id`, never its bare code. Sort keys: `code`, `name`.
#[utoipa::path(
    get, path = "/v1/administrative-units", operation_id = "listAdministrativeUnits", tag = "administrative-units",
    params(AdministrativeUnitFilter, ("sort" = Option<String>, Query, description = "`code`, `-code`, `name` or `-name`.", pattern = "^-?(code|name)$")),
    responses((status = 200, description = "A page.", body = ref("#/components/schemas/AdministrativeUnitPage"))),
    security(())
)]
pub async fn list(req: HttpRequest, Caller(ctx): Caller) -> Answer {
    let asked = query::list::<AdministrativeUnitFilter>(req.query_string())?;
    Ok(reference_page(&req, &unit::list(&ctx, &asked.filter, &asked.page)?, asked.fields.as_deref())?)
}

/// Read an administrative unit
///
/// One unit as it was on a day, with its known changes of kind. A code that is valid in the other
/// era only is not found; the refusal says so.
#[utoipa::path(
    get, path = "/v1/administrative-units/{code}", operation_id = "getAdministrativeUnit", tag = "administrative-units",
    params(("code" = String, Path, description = "Official code, or the id of a unit such as `00004@legacy`."), UnitParameters),
    responses(
        (status = 200, description = "The unit.", body = Unit),
        (status = 404, description = "There was no such unit on the day.", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn get(req: HttpRequest, Caller(ctx): Caller, code: web::Path<String>) -> Answer {
    let asked = query::read::<UnitParameters>(req.query_string())?;
    let found = unit::get(&ctx, &code, asked.given.level, asked.given.as_of)?;
    Ok(reference(&req, &found, asked.fields.as_deref())?)
}

/// List the units above
///
/// The units above one, the nearest first, as they were on the day. Sort keys: `code`, `name`.
#[utoipa::path(
    get, path = "/v1/administrative-units/{code}/ancestors", operation_id = "listAdministrativeUnitAncestors", tag = "administrative-units",
    params(("code" = String, Path, description = "Official code or id of the unit."), AsOf, ("sort" = Option<String>, Query, description = "`code`, `-code`, `name` or `-name`.", pattern = "^-?(code|name)$")),
    responses(
        (status = 200, description = "A page.", body = ref("#/components/schemas/AdministrativeUnitPage")),
        (status = 404, description = "There was no such unit on the day.", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn ancestors(req: HttpRequest, Caller(ctx): Caller, code: web::Path<String>) -> Answer {
    let asked = query::list::<AsOf>(req.query_string())?;
    let page = unit::ancestors(&ctx, &code, asked.filter.as_of, &asked.page)?;
    Ok(reference_page(&req, &page, asked.fields.as_deref())?)
}

/// List the units below
///
/// All units below one as they were on the day, each followed by its own. Sort keys: `code`, `name`.
#[utoipa::path(
    get, path = "/v1/administrative-units/{code}/descendants", operation_id = "listAdministrativeUnitDescendants", tag = "administrative-units",
    params(("code" = String, Path, description = "Official code or id of the unit."), AsOf, ("sort" = Option<String>, Query, description = "`code`, `-code`, `name` or `-name`.", pattern = "^-?(code|name)$")),
    responses(
        (status = 200, description = "A page.", body = ref("#/components/schemas/AdministrativeUnitPage")),
        (status = 404, description = "There was no such unit on the day.", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn descendants(req: HttpRequest, Caller(ctx): Caller, code: web::Path<String>) -> Answer {
    let asked = query::list::<AsOf>(req.query_string())?;
    let page = unit::descendants(&ctx, &code, asked.filter.as_of, &asked.page)?;
    Ok(reference_page(&req, &page, asked.fields.as_deref())?)
}

pub fn mount(config: &mut web::ServiceConfig) {
    let path = "/v1/administrative-units";
    config
        .service(reading(path, list))
        .service(reading(&format!("{path}/{{code}}"), get))
        .service(reading(&format!("{path}/{{code}}/ancestors"), ancestors))
        .service(reading(&format!("{path}/{{code}}/descendants"), descendants));
}

#[derive(Default)]
pub struct AdministrativeUnitQuery;

#[Object]
impl AdministrativeUnitQuery {
    /// Lists the administrative units in force on a day, by code; with `search` the best answers first.
    #[graphql(complexity = "crate::graphql::pages(first, child_complexity)")]
    async fn list_administrative_units(
        &self,
        ctx: &Context<'_>,
        filter: Option<AdministrativeUnitFilter>,
        first: Option<u32>,
        after: Option<String>,
        sort: Option<String>,
        count: Option<Count>,
    ) -> async_graphql::Result<Connection<UnitNode>> {
        let (request, filter) = (graphql::caller(ctx)?, filter.unwrap_or_default());
        nodes(&request, filter.as_of, unit::list(&request, &filter, &PageRequest { first, after, sort, count }))
    }

    /// Reads an administrative unit by its code on a day, or by its id.
    async fn get_administrative_unit(
        &self,
        ctx: &Context<'_>,
        code: String,
        as_of: Option<NaiveDate>,
        level: Option<UnitLevel>,
    ) -> async_graphql::Result<UnitNode> {
        let request = graphql::caller(ctx)?;
        graphql::wrap(&request, unit::get(&request, &code, level, as_of))
            .map(|unit| UnitNode::new(&request, as_of, unit))
    }

    /// Lists the units above one, the nearest first.
    #[graphql(complexity = "4 * child_complexity.max(1) + 1")]
    async fn list_administrative_unit_ancestors(
        &self,
        ctx: &Context<'_>,
        code: String,
        as_of: Option<NaiveDate>,
        first: Option<u32>,
        after: Option<String>,
        sort: Option<String>,
        count: Option<Count>,
    ) -> async_graphql::Result<Connection<UnitNode>> {
        let request = graphql::caller(ctx)?;
        nodes(&request, as_of, unit::ancestors(&request, &code, as_of, &PageRequest { first, after, sort, count }))
    }

    /// Lists all units below one, each followed by its own.
    #[graphql(complexity = "crate::graphql::pages(first, child_complexity)")]
    async fn list_administrative_unit_descendants(
        &self,
        ctx: &Context<'_>,
        code: String,
        as_of: Option<NaiveDate>,
        first: Option<u32>,
        after: Option<String>,
        sort: Option<String>,
        count: Option<Count>,
    ) -> async_graphql::Result<Connection<UnitNode>> {
        let request = graphql::caller(ctx)?;
        nodes(&request, as_of, unit::descendants(&request, &code, as_of, &PageRequest { first, after, sort, count }))
    }
}
