//! Programmes on both surfaces.

use async_graphql::{Context, ID, Object};
use gdtx_service::{
    Count, PageRequest,
    centres::centre::Centres,
    programmes::{
        class::{ClassFilter, Classes},
        kind::{self, ProgrammeKind},
        programme::{NewProgramme, Programme, ProgrammeFilter, ProgrammePatch, Programmes},
    },
};

use super::class::ClassNode;
use crate::{
    centres::centre::CentreNode,
    graphql::{self, Connection},
    resource::resource,
};

resource! {
    Programmes, "/v1/programmes", "Programme", "Programmes",
    "programmes that centres offer (chương trình của cơ sở), with what is made public before a course opens; which kind of centre may run which group follows Luật Giáo dục 43/2019/QH14 art. 43 and 44.";
    record Programme, new NewProgramme, patch ProgrammePatch, filter ProgrammeFilter, node ProgrammeNode;
    query ProgrammeQuery { list_programmes, get_programme, list_programme_history }
    mutation ProgrammeMutation { create_programme, update_programme, retire_programme, put_programme_by_external_id }
}

/// A programme with its relations.
#[derive(Clone)]
pub struct ProgrammeNode(pub Programme);

/// A programme that a centre offers (chương trình của cơ sở).
#[Object(name = "Programme")]
impl ProgrammeNode {
    /// Identity: UUIDv7, given by the service.
    pub async fn id(&self) -> ID {
        self.0.id.into()
    }

    #[graphql(flatten)]
    async fn fields(&self) -> &Programme {
        &self.0
    }

    /// What the law says about this kind of programme.
    async fn programme_kind(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ProgrammeKind>> {
        Ok(kind::get(&graphql::caller(ctx)?, &self.0.kind).ok())
    }

    /// The centre that offers it.
    async fn centre(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<CentreNode>> {
        graphql::follow::<Centres, CentreNode>(ctx, self.0.centre_id).await
    }

    /// The classes held on it.
    #[graphql(complexity = "crate::graphql::pages(first, child_complexity)")]
    async fn classes(
        &self,
        ctx: &Context<'_>,
        filter: Option<ClassFilter>,
        first: Option<u32>,
        after: Option<String>,
        sort: Option<String>,
        count: Option<Count>,
    ) -> async_graphql::Result<Connection<ClassNode>> {
        graphql::owned::<Classes, _>(ctx, "programme_id", self.0.id, filter, PageRequest { first, after, sort, count })
            .await
    }
}
