//! Centres on both surfaces.

use async_graphql::{Context, ID, Object};
use gdtx_service::{
    PageRequest,
    centres::centre::{Centre, CentreFilter, CentrePatch, Centres, NewCentre},
    programmes::{
        class::{ClassFilter, Classes},
        programme::{ProgrammeFilter, Programmes},
    },
};

use crate::{
    graphql::{self, Connection},
    programmes::{class::ClassNode, programme::ProgrammeNode},
    resource::resource,
};

resource! {
    Centres, "/v1/centres", "Centre", "Centres",
    "centres of continuing education (cơ sở giáo dục thường xuyên): GDTX and GDNN-GDTX centres, community learning centres, language, IT, life-skill and other centres.";
    record Centre, new NewCentre, patch CentrePatch, filter CentreFilter, node CentreNode;
    query CentreQuery { list_centres, get_centre }
    mutation CentreMutation { create_centre, update_centre, retire_centre, put_centre_by_external_id }
}

/// A centre with its relations.
#[derive(Clone)]
pub struct CentreNode(pub Centre);

/// A centre of continuing education (cơ sở giáo dục thường xuyên).
#[Object(name = "Centre")]
impl CentreNode {
    /// Identity: UUIDv7, given by the service.
    pub async fn id(&self) -> ID {
        self.0.id.into()
    }

    #[graphql(flatten)]
    async fn fields(&self) -> &Centre {
        &self.0
    }

    /// The programmes it offers.
    #[graphql(complexity = "page.as_ref().and_then(|p| p.first).unwrap_or(50) as usize * child_complexity.max(1) + 1")]
    async fn programmes(
        &self,
        ctx: &Context<'_>,
        filter: Option<ProgrammeFilter>,
        page: Option<PageRequest>,
    ) -> async_graphql::Result<Connection<ProgrammeNode>> {
        let request = graphql::caller(ctx)?;
        let filter = ProgrammeFilter { centre_id: Some(self.0.id), ..filter.unwrap_or_default() };
        let page = gdtx_service::list::<Programmes>(&request, filter, page.unwrap_or_default()).await;
        graphql::wrap(&request, page).map(|page| Connection::new(page.map(ProgrammeNode)))
    }

    /// The classes it holds.
    #[graphql(complexity = "page.as_ref().and_then(|p| p.first).unwrap_or(50) as usize * child_complexity.max(1) + 1")]
    async fn classes(
        &self,
        ctx: &Context<'_>,
        filter: Option<ClassFilter>,
        page: Option<PageRequest>,
    ) -> async_graphql::Result<Connection<ClassNode>> {
        let request = graphql::caller(ctx)?;
        let filter = ClassFilter { centre_id: Some(self.0.id), ..filter.unwrap_or_default() };
        let page = gdtx_service::list::<Classes>(&request, filter, page.unwrap_or_default()).await;
        graphql::wrap(&request, page).map(|page| Connection::new(page.map(ClassNode)))
    }
}
