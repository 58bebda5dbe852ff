//! Learners on both surfaces.

use async_graphql::{Context, ID, Object};
use gdtx_service::{
    Count, PageRequest,
    centres::centre::Centres,
    learners::{
        enrolment::{EnrolmentFilter, Enrolments},
        learner::{Learner, LearnerFilter, LearnerPatch, Learners, NewLearner},
        result::{LearningResultFilter, LearningResults},
    },
};

use super::{enrolment::EnrolmentNode, result::LearningResultNode};
use crate::{
    centres::centre::CentreNode,
    graphql::{self, Connection},
    resource::resource,
};

resource! {
    Learners, "/v1/learners", "Learner", "Learners",
    "learners (học viên): the 60 fields of QĐ 4998/QĐ-BGDĐT section 5.4. Personal fields are masked unless grant and agreement cover their class; search, the sort by name and filters by such fields need the same.";
    record Learner, new NewLearner, patch LearnerPatch, filter LearnerFilter, node LearnerNode;
    query LearnerQuery { list_learners, get_learner, list_learner_history }
    mutation LearnerMutation { create_learner, update_learner, retire_learner, put_learner_by_external_id }
}

/// A learner with its relations.
#[derive(Clone)]
pub struct LearnerNode(pub Learner);

/// A learner (học viên).
#[Object(name = "Learner")]
impl LearnerNode {
    /// Identity: UUIDv7, given by the service.
    pub async fn id(&self) -> ID {
        self.0.id.into()
    }

    #[graphql(flatten)]
    async fn fields(&self) -> &Learner {
        &self.0
    }

    /// The centre that keeps the record.
    async fn centre(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<CentreNode>> {
        graphql::follow::<Centres, CentreNode>(ctx, self.0.centre_id).await
    }

    /// Its places in classes, as far as the caller may see them.
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
        graphql::owned::<Enrolments, _>(ctx, "learner_id", self.0.id, filter, PageRequest { first, after, sort, count })
            .await
    }

    /// What it has reached, as far as the caller may see it.
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
        graphql::owned::<LearningResults, _>(ctx, "learner_id", self.0.id, filter, request).await
    }
}
