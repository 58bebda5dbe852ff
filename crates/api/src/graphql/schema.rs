//! The schema: every resource's queries and mutations merged, with its limits.

use async_graphql::{Context, ID, Interface, MergedObject, Object};

use gdtx_domain::exchange::resource::ResourceKind;
use gdtx_service::{
    centres::centre::Centres,
    programmes::{class::Classes, programme::Programmes},
};

use crate::{
    Settings,
    access::fields::{ClientMutation, ClientQuery},
    centres::centre::{CentreMutation, CentreNode, CentreQuery},
    exchange::changes::{ChangesQuery, ChangesSubscription},
    programmes::{
        class::{ClassMutation, ClassNode, ClassQuery},
        class_state::ClassStateMutation,
        kind::ProgrammeKindQuery,
        programme::{ProgrammeMutation, ProgrammeNode, ProgrammeQuery},
        programme_state::ProgrammeStateMutation,
    },
};

pub type Schema = async_graphql::Schema<Query, Mutation, ChangesSubscription>;

/// What can be asked.
#[derive(MergedObject, Default)]
pub struct Query(NodeQuery, ClientQuery, CentreQuery, ChangesQuery, ProgrammeKindQuery, ProgrammeQuery, ClassQuery);

/// What can be written.
#[derive(MergedObject, Default)]
pub struct Mutation(
    ClientMutation,
    CentreMutation,
    ProgrammeMutation,
    ProgrammeStateMutation,
    ClassMutation,
    ClassStateMutation,
);

/// Anything with an id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Identity, unique over all kinds of record."))]
pub enum Node {
    Centre(CentreNode),
    Programme(ProgrammeNode),
    Class(ClassNode),
}

#[derive(Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// Reads any record by its id (Relay); null when the caller may not see one.
    async fn node(&self, ctx: &Context<'_>, id: ID) -> async_graphql::Result<Option<Node>> {
        let request = super::caller(ctx)?;
        let Ok(id) = id.parse() else { return Ok(None) };
        let kind = super::wrap(&request, gdtx_service::exchange::journal::kind_of(&request, id).await)?;
        match kind {
            Some(ResourceKind::Centres) => Ok(super::follow::<Centres, CentreNode>(ctx, Some(id)).await?.map(Node::Centre)),
            Some(ResourceKind::Programmes) => {
                Ok(super::follow::<Programmes, ProgrammeNode>(ctx, Some(id)).await?.map(Node::Programme))
            }
            Some(ResourceKind::Classes) => Ok(super::follow::<Classes, ClassNode>(ctx, Some(id)).await?.map(Node::Class)),
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
