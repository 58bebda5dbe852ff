//! Results on both surfaces.

use async_graphql::{Context, ID, Object};
use gdtx_service::{
    learners::{
        enrolment::Enrolments,
        learner::Learners,
        result::{LearningResult, LearningResultFilter, LearningResultPatch, LearningResults, NewLearningResult},
    },
    programmes::class::Classes,
};

use super::{enrolment::EnrolmentNode, learner::LearnerNode};
use crate::{graphql, programmes::class::ClassNode, resource::resource};

resource! {
    LearningResults, "/v1/results", "Result", "Results",
    "results (kết quả học tập): what learners have reached in a term, a year, a course, or after the tests in summer.";
    record LearningResult, new NewLearningResult, patch LearningResultPatch, filter LearningResultFilter, node LearningResultNode;
    query ResultQuery { list_results, get_result, list_result_history }
    mutation ResultMutation { create_result, update_result, retire_result, put_result_by_external_id }
}

/// A result with its relations.
#[derive(Clone)]
pub struct LearningResultNode(pub LearningResult);

/// What a learner has reached (kết quả học tập).
#[Object(name = "LearningResult")]
impl LearningResultNode {
    /// Identity: UUIDv7, given by the service.
    pub async fn id(&self) -> ID {
        self.0.id.into()
    }

    #[graphql(flatten)]
    async fn fields(&self) -> &LearningResult {
        &self.0
    }

    /// The enrolment that it is of.
    async fn enrolment(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<EnrolmentNode>> {
        graphql::follow::<Enrolments, EnrolmentNode>(ctx, Some(self.0.enrolment_id)).await
    }

    /// Its learner; null when another centre keeps the record out of the caller's reach.
    async fn learner(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<LearnerNode>> {
        graphql::follow::<Learners, LearnerNode>(ctx, Some(self.0.learner_id)).await
    }

    /// Its class.
    async fn class(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ClassNode>> {
        graphql::follow::<Classes, ClassNode>(ctx, Some(self.0.class_id)).await
    }
}
