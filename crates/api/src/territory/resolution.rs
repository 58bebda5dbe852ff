//! What a code or a name means today, on both surfaces.

use actix_web::{HttpRequest, web};
use async_graphql::{Context, Object};
use gdtx_domain::territory::resolution::{Candidate, Resolution, ResolveQuery};
use gdtx_service::{Ctx, territory::unit};

use super::node::UnitNode;
use crate::{
    graphql,
    headers::Caller,
    rest::{
        operations::{Answer, reading},
        query,
        respond::reference,
    },
};

/// Resolve a code or a name
///
/// Which unit of today an old or new code or name means: `unique`, `ambiguous` with candidates and
/// the extents of what went where, or `unknown`; never a silent guess. Without a day and without a
/// district everything is read as of today. A code that has not the form of one is refused.
#[utoipa::path(
    get, path = "/v1/administrative-units/resolve", operation_id = "resolveAdministrativeUnit", tag = "administrative-units",
    params(ResolveQuery),
    responses((status = 200, description = "What it can mean.", body = Resolution)),
    security(())
)]
pub async fn resolve(req: HttpRequest, Caller(ctx): Caller) -> Answer {
    let asked = query::read::<ResolveQuery>(req.query_string())?;
    Ok(reference(&req, &unit::resolve(&ctx, &asked.given)?, asked.fields.as_deref())?)
}

pub fn mount(config: &mut web::ServiceConfig) {
    config.service(reading("/v1/administrative-units/resolve", resolve));
}

/// A resolution whose units have their relations.
pub struct ResolutionNode(Resolution, Ctx);

/// Which unit of today a code or a name means.
#[Object(name = "UnitResolution")]
impl ResolutionNode {
    #[graphql(flatten)]
    async fn fields(&self) -> &Resolution {
        &self.0
    }

    /// The units that the input can mean in its own time.
    async fn matched(&self) -> Vec<UnitNode> {
        self.0.matched.iter().map(|unit| UnitNode::new(&self.1, None, unit.clone())).collect()
    }

    /// The units of today that it can mean.
    async fn candidates(&self) -> Vec<CandidateNode> {
        self.0.candidates.iter().map(|candidate| CandidateNode(candidate.clone(), self.1.clone())).collect()
    }
}

/// A candidate whose unit has its relations.
pub struct CandidateNode(Candidate, Ctx);

/// A unit of today that the input can mean.
#[Object(name = "UnitCandidate")]
impl CandidateNode {
    #[graphql(flatten)]
    async fn fields(&self) -> &Candidate {
        &self.0
    }

    /// The unit as it is today.
    async fn unit(&self) -> UnitNode {
        UnitNode::new(&self.1, None, self.0.unit.clone())
    }
}

#[derive(Default)]
pub struct ResolutionQuery;

#[Object]
impl ResolutionQuery {
    /// Says which unit of today a code or a name means: unique, ambiguous with candidates, or unknown.
    #[graphql(complexity = "10 * child_complexity.max(1) + 1")]
    async fn resolve_administrative_unit(
        &self,
        ctx: &Context<'_>,
        query: ResolveQuery,
    ) -> async_graphql::Result<ResolutionNode> {
        let request = graphql::caller(ctx)?;
        let found = graphql::wrap(&request, unit::resolve(&request, &query))?;
        Ok(ResolutionNode(found, request))
    }
}
