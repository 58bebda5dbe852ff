//! Enrolments on both surfaces.

use async_graphql::{Context, ID, Object};
use gdtx_service::{
    Count, PageRequest,
    learners::{
        enrolment::{Enrolment, EnrolmentFilter, EnrolmentPatch, Enrolments, NewEnrolment},
        enrolment_event::{EnrolmentEvent, EnrolmentEvents},
        learner::Learners,
        result::{LearningResultFilter, LearningResults},
    },
    programmes::class::Classes,
};

use super::{learner::LearnerNode, result::LearningResultNode};
use crate::{
    graphql::{self, Connection},
    programmes::class::ClassNode,
    resource::resource,
};

resource! {
    Enrolments, "/v1/enrolments", "Enrolment", "Enrolments",
    "enrolments (ghi danh): a learner's place in a class. The status follows from events, see `/v1/enrolments/{id}/events`.";
    record Enrolment, new NewEnrolment, patch EnrolmentPatch, filter EnrolmentFilter, node EnrolmentNode;
    query EnrolmentQuery { list_enrolments, get_enrolment, list_enrolment_history }
    mutation EnrolmentMutation { create_enrolment, update_enrolment, retire_enrolment, put_enrolment_by_external_id }
}

/// An enrolment with its relations.
#[derive(Clone)]
pub struct EnrolmentNode(pub Enrolment);

/// A learner's place in a class (ghi danh).
#[Object(name = "Enrolment")]
impl EnrolmentNode {
    /// Identity: UUIDv7, given by the service.
    pub async fn id(&self) -> ID {
        self.0.id.into()
    }

    #[graphql(flatten)]
    async fn fields(&self) -> &Enrolment {
        &self.0
    }

    /// The learner; null when another centre keeps the record out of the caller's reach.
    async fn learner(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<LearnerNode>> {
        graphql::follow::<Learners, LearnerNode>(ctx, Some(self.0.learner_id)).await
    }

    /// The class.
    async fn class(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ClassNode>> {
        graphql::follow::<Classes, ClassNode>(ctx, Some(self.0.class_id)).await
    }

    /// What the learner has reached in it.
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
        graphql::owned::<LearningResults, _>(ctx, "enrolment_id", self.0.id, filter, request).await
    }

    /// Its history, oldest first.
    #[graphql(complexity = "crate::graphql::pages(first, child_complexity)")]
    async fn events(
        &self,
        ctx: &Context<'_>,
        first: Option<u32>,
        after: Option<String>,
        sort: Option<String>,
        count: Option<Count>,
    ) -> async_graphql::Result<Connection<EnrolmentEvent>> {
        graphql::owned::<EnrolmentEvents, _>(
            ctx,
            "enrolment_id",
            self.0.id,
            None,
            PageRequest { first, after, sort, count },
        )
        .await
    }
}
