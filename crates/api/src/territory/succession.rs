//! Successors and predecessors of a unit on both surfaces.

use actix_web::{HttpRequest, web};
use async_graphql::{Context, Object};
use chrono::NaiveDate;
use gdtx_domain::territory::successor::UnitLink;
use gdtx_service::{
    Count, Ctx, Page, PageRequest, Result,
    territory::succession::{self, UnitSuccession},
};

use super::{node::UnitNode, unit::AsOf};
use crate::{
    graphql::{self, Connection},
    headers::Caller,
    problem::Problem,
    rest::{
        operations::{Answer, reading},
        query,
        respond::reference_page,
    },
};

/// List successors
///
/// The units of today that a legacy unit went into, each with the extent of ground and people. A
/// bare code is read as one of today, which has none: send `asOf=2025-06-30` or an id.
#[utoipa::path(
    get, path = "/v1/administrative-units/{code}/successors", operation_id = "listAdministrativeUnitSuccessors", tag = "administrative-units",
    params(("code" = String, Path, description = "Official code or id of the unit."), AsOf),
    responses(
        (status = 200, description = "A page.", body = ref("#/components/schemas/UnitSuccessionPage")),
        (status = 404, description = "There was no such unit on the day.", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn successors(req: HttpRequest, Caller(ctx): Caller, code: web::Path<String>) -> Answer {
    let asked = query::list::<AsOf>(req.query_string())?;
    let page = succession::successors(&ctx, &code, asked.filter.as_of, &asked.page)?;
    Ok(reference_page(&req, &page, asked.fields.as_deref())?)
}

/// List predecessors
///
/// The legacy units that went into a unit of today, each with the extent of ground and people.
#[utoipa::path(
    get, path = "/v1/administrative-units/{code}/predecessors", operation_id = "listAdministrativeUnitPredecessors", tag = "administrative-units",
    params(("code" = String, Path, description = "Official code or id of the unit."), AsOf),
    responses(
        (status = 200, description = "A page.", body = ref("#/components/schemas/UnitSuccessionPage")),
        (status = 404, description = "There was no such unit on the day.", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn predecessors(req: HttpRequest, Caller(ctx): Caller, code: web::Path<String>) -> Answer {
    let asked = query::list::<AsOf>(req.query_string())?;
    let page = succession::predecessors(&ctx, &code, asked.filter.as_of, &asked.page)?;
    Ok(reference_page(&req, &page, asked.fields.as_deref())?)
}

pub fn mount(config: &mut web::ServiceConfig) {
    config
        .service(reading("/v1/administrative-units/{code}/successors", successors))
        .service(reading("/v1/administrative-units/{code}/predecessors", predecessors));
}

/// A link with the unit at its other end.
#[derive(Clone)]
pub struct SuccessionNode {
    succession: UnitSuccession,
    unit: UnitNode,
}

/// A link between a legacy unit and a unit of today, with the unit at the end that was not asked for.
#[Object(name = "UnitSuccession")]
impl SuccessionNode {
    #[graphql(flatten)]
    async fn fields(&self) -> &UnitLink {
        &self.succession.link
    }

    /// The successor as it is today, or the predecessor as it was on 2025-06-30.
    async fn unit(&self) -> &UnitNode {
        &self.unit
    }
}

/// A page of links as a connection.
pub fn successions(ctx: &Ctx, page: Result<Page<UnitSuccession>>) -> async_graphql::Result<Connection<SuccessionNode>> {
    let node = |succession: UnitSuccession| SuccessionNode {
        unit: UnitNode::new(ctx, None, succession.unit.clone()),
        succession,
    };
    graphql::wrap(ctx, page).map(|page| Connection::new(page.map(node)))
}

#[derive(Default)]
pub struct SuccessionQuery;

#[Object]
impl SuccessionQuery {
    /// Lists the units of today that a legacy unit went into.
    #[graphql(complexity = "10 * child_complexity.max(1) + 1")]
    async fn list_administrative_unit_successors(
        &self,
        ctx: &Context<'_>,
        code: String,
        as_of: Option<NaiveDate>,
        first: Option<u32>,
        after: Option<String>,
        sort: Option<String>,
        count: Option<Count>,
    ) -> async_graphql::Result<Connection<SuccessionNode>> {
        let request = graphql::caller(ctx)?;
        successions(
            &request,
            succession::successors(&request, &code, as_of, &PageRequest { first, after, sort, count }),
        )
    }

    /// Lists the legacy units that went into a unit of today.
    #[graphql(complexity = "10 * child_complexity.max(1) + 1")]
    async fn list_administrative_unit_predecessors(
        &self,
        ctx: &Context<'_>,
        code: String,
        as_of: Option<NaiveDate>,
        first: Option<u32>,
        after: Option<String>,
        sort: Option<String>,
        count: Option<Count>,
    ) -> async_graphql::Result<Connection<SuccessionNode>> {
        let request = graphql::caller(ctx)?;
        successions(
            &request,
            succession::predecessors(&request, &code, as_of, &PageRequest { first, after, sort, count }),
        )
    }
}
