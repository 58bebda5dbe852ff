//! Centres on both surfaces.

use async_graphql::{Context, ID, Object};
use gdtx_service::{
    Count, PageRequest,
    centres::{
        campus::Campuses,
        centre::{Centre, CentreFilter, CentrePatch, Centres, NewCentre},
        event::CentreEvents,
        land::Lands,
        room::Rooms,
        staff_member::{StaffMemberFilter, StaffMembers},
    },
    learners::{
        enrolment::{EnrolmentFilter, Enrolments},
        learner::{LearnerFilter, Learners},
    },
    programmes::{
        class::{ClassFilter, Classes},
        programme::{ProgrammeFilter, Programmes},
    },
};

use super::{
    campus::CampusNode, event::CentreEventNode, land::LandNode, room::RoomNode, staff_member::StaffMemberNode,
};
use crate::{
    graphql::{self, Connection},
    learners::{enrolment::EnrolmentNode, learner::LearnerNode},
    programmes::{class::ClassNode, programme::ProgrammeNode},
    resource::resource,
};

resource! {
    Centres, "/v1/centres", "Centre", "Centres",
    "centres of continuing education (cơ sở giáo dục thường xuyên): GDTX and GDNN-GDTX centres, community learning centres, language, IT, life-skill and other centres.";
    record Centre, new NewCentre, patch CentrePatch, filter CentreFilter, node CentreNode;
    query CentreQuery { list_centres, get_centre, list_centre_history }
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
    #[graphql(complexity = "crate::graphql::pages(first, child_complexity)")]
    async fn campuses(
        &self,
        ctx: &Context<'_>,
        first: Option<u32>,
        after: Option<String>,
        sort: Option<String>,
        count: Option<Count>,
    ) -> async_graphql::Result<Connection<CampusNode>> {
        graphql::owned::<Campuses, _>(ctx, "centre_id", self.0.id, None, PageRequest { first, after, sort, count })
            .await
    }

    /// The land that it uses.
    #[graphql(complexity = "crate::graphql::pages(first, child_complexity)")]
    async fn lands(
        &self,
        ctx: &Context<'_>,
        first: Option<u32>,
        after: Option<String>,
        sort: Option<String>,
        count: Option<Count>,
    ) -> async_graphql::Result<Connection<LandNode>> {
        graphql::owned::<Lands, _>(ctx, "centre_id", self.0.id, None, PageRequest { first, after, sort, count }).await
    }

    /// Its rooms.
    #[graphql(complexity = "crate::graphql::pages(first, child_complexity)")]
    async fn rooms(
        &self,
        ctx: &Context<'_>,
        first: Option<u32>,
        after: Option<String>,
        sort: Option<String>,
        count: Option<Count>,
    ) -> async_graphql::Result<Connection<RoomNode>> {
        graphql::owned::<Rooms, _>(ctx, "centre_id", self.0.id, None, PageRequest { first, after, sort, count }).await
    }

    /// Who works there.
    #[graphql(complexity = "crate::graphql::pages(first, child_complexity)")]
    async fn staff_members(
        &self,
        ctx: &Context<'_>,
        filter: Option<StaffMemberFilter>,
        first: Option<u32>,
        after: Option<String>,
        sort: Option<String>,
        count: Option<Count>,
    ) -> async_graphql::Result<Connection<StaffMemberNode>> {
        let request = PageRequest { first, after, sort, count };
        graphql::owned::<StaffMembers, _>(ctx, "centre_id", self.0.id, filter, request).await
    }

    /// Its history, in the order of recording.
    #[graphql(complexity = "crate::graphql::pages(first, child_complexity)")]
    async fn events(
        &self,
        ctx: &Context<'_>,
        first: Option<u32>,
        after: Option<String>,
        sort: Option<String>,
        count: Option<Count>,
    ) -> async_graphql::Result<Connection<CentreEventNode>> {
        graphql::owned::<CentreEvents, _>(ctx, "centre_id", self.0.id, None, PageRequest { first, after, sort, count })
            .await
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
    #[graphql(complexity = "crate::graphql::pages(first, child_complexity)")]
    async fn learners(
        &self,
        ctx: &Context<'_>,
        filter: Option<LearnerFilter>,
        first: Option<u32>,
        after: Option<String>,
        sort: Option<String>,
        count: Option<Count>,
    ) -> async_graphql::Result<Connection<LearnerNode>> {
        graphql::owned::<Learners, _>(ctx, "centre_id", self.0.id, filter, PageRequest { first, after, sort, count })
            .await
    }

    /// The enrolments in its classes.
    #[graphql(complexity = "crate::graphql::pages(first, child_complexity)")]
    async fn enrolments(
        &self,
        ctx: &Context<'_>,
        filter: Option<EnrolmentFilter>,
        first: Option<u32>,
        after: Option<String>,
        sort: Option<String>,
        count: Option<Count>,
    ) -> async_graphql::Result<Connection<EnrolmentNode>> {
        graphql::owned::<Enrolments, _>(ctx, "centre_id", self.0.id, filter, PageRequest { first, after, sort, count })
            .await
    }

    /// The programmes it offers.
    #[graphql(complexity = "crate::graphql::pages(first, child_complexity)")]
    async fn programmes(
        &self,
        ctx: &Context<'_>,
        filter: Option<ProgrammeFilter>,
        first: Option<u32>,
        after: Option<String>,
        sort: Option<String>,
        count: Option<Count>,
    ) -> async_graphql::Result<Connection<ProgrammeNode>> {
        graphql::owned::<Programmes, _>(ctx, "centre_id", self.0.id, filter, PageRequest { first, after, sort, count })
            .await
    }

    /// The classes it holds.
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
        graphql::owned::<Classes, _>(ctx, "centre_id", self.0.id, filter, PageRequest { first, after, sort, count })
            .await
    }
}
