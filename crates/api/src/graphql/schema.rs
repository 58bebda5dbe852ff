//! The schema: every resource's queries and mutations merged, with its limits.

use async_graphql::{EmptySubscription, ID, Interface, MergedObject};

use crate::{
    Settings,
    centres::centre::{CentreMutation, CentreNode, CentreQuery},
    exchange::changes::ChangesQuery,
    programmes::{
        class::{ClassMutation, ClassNode, ClassQuery},
        class_state::ClassStateMutation,
        kind::ProgrammeKindQuery,
        programme::{ProgrammeMutation, ProgrammeNode, ProgrammeQuery},
        programme_state::ProgrammeStateMutation,
    },
};

pub type Schema = async_graphql::Schema<Query, Mutation, EmptySubscription>;

/// What can be asked.
#[derive(MergedObject, Default)]
pub struct Query(CentreQuery, ChangesQuery, ProgrammeKindQuery, ProgrammeQuery, ClassQuery);

/// What can be written.
#[derive(MergedObject, Default)]
pub struct Mutation(CentreMutation, ProgrammeMutation, ProgrammeStateMutation, ClassMutation, ClassStateMutation);

/// Anything with an id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Identity, unique over all kinds of record."))]
pub enum Node {
    Centre(CentreNode),
    Programme(ProgrammeNode),
    Class(ClassNode),
}

/// Builds the schema with its limits.
pub fn build(settings: &Settings) -> Schema {
    let builder = Schema::build(Query::default(), Mutation::default(), EmptySubscription)
        .register_output_type::<Node>()
        .limit_depth(settings.graphql_max_depth)
        .limit_complexity(settings.graphql_max_complexity)
        .limit_directives(20);
    if settings.graphql_introspection { builder } else { builder.disable_introspection() }.finish()
}
