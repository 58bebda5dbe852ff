//! Centres on both surfaces.

use async_graphql::{Context, ID, Object};
use gdtx_service::{
    PageRequest,
    centres::{
        campus::{CampusFilter, Campuses},
        centre::{Centre, CentreFilter, CentrePatch, Centres, NewCentre},
        event::{self, CentreEventFilter},
        land::{LandFilter, Lands},
        room::{RoomFilter, Rooms},
    },
    learners::learner::{LearnerFilter, Learners},
    programmes::{
        class::{ClassFilter, Classes},
        programme::{ProgrammeFilter, Programmes},
    },
};

use super::{campus::CampusNode, event::CentreEventNode, land::LandNode, room::RoomNode};
use crate::{
    graphql::{self, Connection},
    learners::learner::LearnerNode,
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

    /// Its campuses (Danh sách điểm trường, QĐ 4998: `DIEM_TRUONGS`) and operating locations (Danh
    /// sách địa điểm hoạt động, QĐ 4998: `DIA_DIEM_HOAT_DONG`).
    #[graphql(
        complexity = "page.as_ref().and_then(|p| p.first).unwrap_or(50).min(200) as usize * child_complexity.max(1).min(1_000_000) + 1"
    )]
    async fn campuses(
        &self,
        ctx: &Context<'_>,
        page: Option<PageRequest>,
    ) -> async_graphql::Result<Connection<CampusNode>> {
        let request = graphql::caller(ctx)?;
        let filter = CampusFilter { centre_id: Some(self.0.id), ..CampusFilter::default() };
        let found = gdtx_service::list::<Campuses>(&request, filter, page.unwrap_or_default()).await;
        graphql::wrap(&request, found).map(|p| Connection::new(p.map(CampusNode)))
    }

    /// The land that it uses.
    #[graphql(
        complexity = "page.as_ref().and_then(|p| p.first).unwrap_or(50).min(200) as usize * child_complexity.max(1).min(1_000_000) + 1"
    )]
    async fn lands(&self, ctx: &Context<'_>, page: Option<PageRequest>) -> async_graphql::Result<Connection<LandNode>> {
        let request = graphql::caller(ctx)?;
        let filter = LandFilter { centre_id: Some(self.0.id), ..LandFilter::default() };
        let found = gdtx_service::list::<Lands>(&request, filter, page.unwrap_or_default()).await;
        graphql::wrap(&request, found).map(|p| Connection::new(p.map(LandNode)))
    }

    /// Its rooms.
    #[graphql(
        complexity = "page.as_ref().and_then(|p| p.first).unwrap_or(50).min(200) as usize * child_complexity.max(1).min(1_000_000) + 1"
    )]
    async fn rooms(&self, ctx: &Context<'_>, page: Option<PageRequest>) -> async_graphql::Result<Connection<RoomNode>> {
        let request = graphql::caller(ctx)?;
        let filter = RoomFilter { centre_id: Some(self.0.id), ..RoomFilter::default() };
        let found = gdtx_service::list::<Rooms>(&request, filter, page.unwrap_or_default()).await;
        graphql::wrap(&request, found).map(|p| Connection::new(p.map(RoomNode)))
    }

    /// Its history, in the order of recording.
    #[graphql(
        complexity = "page.as_ref().and_then(|p| p.first).unwrap_or(50).min(200) as usize * child_complexity.max(1).min(1_000_000) + 1"
    )]
    async fn events(
        &self,
        ctx: &Context<'_>,
        page: Option<PageRequest>,
    ) -> async_graphql::Result<Connection<CentreEventNode>> {
        let request = graphql::caller(ctx)?;
        let found = event::list(&request, self.0.id, CentreEventFilter::default(), page.unwrap_or_default()).await;
        graphql::wrap(&request, found).map(|p| Connection::new(p.map(CentreEventNode)))
    }

    /// The centres that came out of this one, as far as the caller may see them.
    async fn successors(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Self>> {
        graphql::follow_many::<Centres, Self>(ctx, &self.0.successor_ids).await
    }

    /// The centres that this one came out of, as far as the caller may see them.
    async fn predecessors(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Self>> {
        graphql::follow_many::<Centres, Self>(ctx, &self.0.predecessor_ids).await
    }

    /// The learners whose records it keeps.
    #[graphql(
        complexity = "page.as_ref().and_then(|p| p.first).unwrap_or(50).min(200) as usize * child_complexity.max(1).min(1_000_000) + 1"
    )]
    async fn learners(
        &self,
        ctx: &Context<'_>,
        filter: Option<LearnerFilter>,
        page: Option<PageRequest>,
    ) -> async_graphql::Result<Connection<LearnerNode>> {
        let request = graphql::caller(ctx)?;
        let filter = LearnerFilter { centre_id: Some(self.0.id), ..filter.unwrap_or_default() };
        let page = gdtx_service::list::<Learners>(&request, filter, page.unwrap_or_default()).await;
        graphql::wrap(&request, page).map(|page| Connection::new(page.map(LearnerNode)))
    }

    /// The programmes it offers.
    #[graphql(
        complexity = "page.as_ref().and_then(|p| p.first).unwrap_or(50).min(200) as usize * child_complexity.max(1).min(1_000_000) + 1"
    )]
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
    #[graphql(
        complexity = "page.as_ref().and_then(|p| p.first).unwrap_or(50).min(200) as usize * child_complexity.max(1).min(1_000_000) + 1"
    )]
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
