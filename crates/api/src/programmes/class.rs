//! Classes on both surfaces.

use async_graphql::{Context, ID, Object};
use gdtx_service::{
    Count, PageRequest,
    centres::{centre::Centres, staff_member::StaffMembers},
    learners::{
        enrolment::{EnrolmentFilter, Enrolments},
        result::{LearningResultFilter, LearningResults},
    },
    programmes::{
        class::{Class, ClassFilter, ClassPatch, Classes, NewClass},
        programme::Programmes,
    },
};

use super::programme::ProgrammeNode;
use crate::{
    centres::{centre::CentreNode, staff_member::StaffMemberNode},
    graphql::{self, Connection},
    learners::{enrolment::EnrolmentNode, result::LearningResultNode},
    resource::resource,
};

resource! {
    Classes, "/v1/classes", "Class", "Classes",
    "classes (lớp học) of the programmes that centres offer: the fields of QĐ 4998/QĐ-BGDĐT section 5.2, a timetable that may move in time and place, and a state.";
    record Class, new NewClass, patch ClassPatch, filter ClassFilter, node ClassNode;
    query ClassQuery { list_classes, get_class, list_class_history }
    mutation ClassMutation { create_class, update_class, retire_class, put_class_by_external_id }
}

/// A class with its relations.
#[derive(Clone)]
pub struct ClassNode(pub Class);

/// A class (lớp học).
#[Object(name = "Class")]
impl ClassNode {
    /// Identity: UUIDv7, given by the service.
    pub async fn id(&self) -> ID {
        self.0.id.into()
    }

    #[graphql(flatten)]
    async fn fields(&self) -> &Class {
        &self.0
    }

    /// The programme taught.
    async fn programme(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ProgrammeNode>> {
        graphql::follow::<Programmes, ProgrammeNode>(ctx, Some(self.0.programme_id)).await
    }

    /// The centre that holds it.
    async fn centre(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<CentreNode>> {
        graphql::follow::<Centres, CentreNode>(ctx, self.0.centre_id).await
    }

    /// The form teacher, as far as the caller may see staff.
    async fn teacher(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<StaffMemberNode>> {
        graphql::follow::<StaffMembers, StaffMemberNode>(ctx, self.0.teacher_id).await
    }

    /// The enrolments in it.
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
        graphql::owned::<Enrolments, _>(ctx, "class_id", self.0.id, filter, PageRequest { first, after, sort, count })
            .await
    }

    /// The results of its learners.
    #[graphql(complexity = "crate::graphql::pages(first, child_complexity)")]
    async fn results(
        &self,
        ctx: &Context<'_>,
        filter: Option<LearningResultFilter>,
        first: Option<u32>,
        after: Option<String>,
        sort: Option<String>,
        count: Option<Count>,
    ) -> async_graphql::Result<Connection<LearningResultNode>> {
        let request = PageRequest { first, after, sort, count };
        graphql::owned::<LearningResults, _>(ctx, "class_id", self.0.id, filter, request).await
    }
}
