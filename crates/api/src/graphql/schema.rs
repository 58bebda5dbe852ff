//! The schema: every resource's queries and mutations merged, with its limits.

use async_graphql::{Context, ID, Interface, MergedObject, Object};

use gdtx_domain::exchange::resource::ResourceKind;
use gdtx_service::centres::centre::Centres;

use crate::{
    Settings,
    access::fields::{ClientMutation, ClientQuery},
    centres::centre::{CentreMutation, CentreNode, CentreQuery},
    exchange::changes::{ChangesQuery, ChangesSubscription},
    territory::{code_list::CodeListQuery, node::UnitNode, resolution::ResolutionQuery, succession::SuccessionQuery, unit::TerritoryQuery},
};

pub type Schema = async_graphql::Schema<Query, Mutation, ChangesSubscription>;

/// What can be asked.
#[derive(MergedObject, Default)]
pub struct Query(NodeQuery, ClientQuery, CentreQuery, ChangesQuery, TerritoryQuery, SuccessionQuery, ResolutionQuery, CodeListQuery);

/// What can be written.
#[derive(MergedObject, Default)]
pub struct Mutation(ClientMutation, CentreMutation);

/// Anything with an id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Identity, unique over all kinds of record."))]
#[allow(clippy::large_enum_variant, reason = "a node lives for one field of one answer")]
pub enum Node {
    Centre(CentreNode),
    AdministrativeUnit(UnitNode),
}

#[derive(Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// Reads any record by its id (Relay); null when the caller may not see one.
    async fn node(&self, ctx: &Context<'_>, id: ID) -> async_graphql::Result<Option<Node>> {
        let request = super::caller(ctx)?;
        if id.contains('@') {
            let unit = gdtx_service::territory::unit::get(&request, &id, None, None).ok();
            return Ok(unit.map(|unit| Node::AdministrativeUnit(UnitNode::new(&request, None, unit))));
        }
        let Ok(id) = id.parse() else { return Ok(None) };
        let kind = super::wrap(&request, gdtx_service::exchange::journal::kind_of(&request, id).await)?;
        match kind {
            Some(ResourceKind::Centres) => Ok(super::follow::<Centres, CentreNode>(ctx, Some(id)).await?.map(Node::Centre)),
            _ => Ok(None),
        }
    }
}

/// Builds the schema with its limits.
pub fn build(settings: &Settings) -> Schema {
    let builder = Schema::build(Query::default(), Mutation::default(), ChangesSubscription)
        .register_output_type::<Node>()
        .limit_depth(settings.graphql_max_depth)
        .limit_complexity(settings.graphql_max_complexity)
        .limit_directives(20);
    if settings.graphql_introspection { builder } else { builder.disable_introspection() }.finish()
}
