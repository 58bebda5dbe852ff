//! Requests of data subjects on both surfaces, and their steps.

use async_graphql::{Context, ID, Object};
use gdtx_service::learners::{
    learner::Learners,
    subject_request::{
        DataSubjectRequest, DataSubjectRequestFilter, DataSubjectRequestPatch, DataSubjectRequests,
        NewDataSubjectRequest,
    },
    subject_request_step::{self, ExtendRequest, FulfilRequest, RefuseRequest, Step},
};

use super::learner::LearnerNode;
use crate::{graphql, resource::resource, step::steps};

resource! {
    DataSubjectRequests, "/v1/data-subject-requests", "DataSubjectRequest", "DataSubjectRequests",
    "requests of data subjects (yêu cầu của chủ thể dữ liệu, Luật 91/2025/QH15 art. 4), with the days on which they are due (NĐ 356/2025/NĐ-CP art. 5, unverified); `overdue=true` lists those that are late.";
    record DataSubjectRequest, new NewDataSubjectRequest, patch DataSubjectRequestPatch, filter DataSubjectRequestFilter, node DataSubjectRequestNode;
    query DataSubjectRequestQuery { list_data_subject_requests, get_data_subject_request, list_data_subject_request_history }
    mutation DataSubjectRequestMutation { create_data_subject_request, update_data_subject_request, retire_data_subject_request, put_data_subject_request_by_external_id }
}

/// A request of a data subject with its learner.
#[derive(Clone)]
pub struct DataSubjectRequestNode(pub DataSubjectRequest);

/// A request of a data subject (yêu cầu của chủ thể dữ liệu).
#[Object(name = "DataSubjectRequest")]
impl DataSubjectRequestNode {
    /// Identity: UUIDv7, given by the service.
    pub async fn id(&self) -> ID {
        self.0.id.into()
    }

    #[graphql(flatten)]
    async fn fields(&self) -> &DataSubjectRequest {
        &self.0
    }

    /// The learner who asks.
    async fn learner(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<LearnerNode>> {
        graphql::follow::<Learners, LearnerNode>(ctx, Some(self.0.learner_id)).await
    }
}

steps! {
    DataSubjectRequests, node DataSubjectRequestNode, mutation DataSubjectRequestStepMutation;

    /// Acknowledge a request
    ///
    /// The requester was told that the request was received (phản hồi tiếp nhận), due within 2 working
    /// days.
    acknowledge_data_subject_request at "acknowledge" answers "The acknowledged request."
        does "Notes that the requester was told that the request was received."
        by |ctx, id, expected| subject_request_step::take(ctx, id, Step::Acknowledge, expected);

    /// Extend the term of a request
    ///
    /// Once, before the term is over, with a reason (gia hạn).
    extend_data_subject_request at "extend" answers "The request with its new term."
        takes input: ExtendRequest as ExtendRequest, "The reason."
        does "Extends the term of a request, once and with a reason."
        by |ctx, id, expected| subject_request_step::take(ctx, id, Step::Extend(input), expected);

    /// Fulfil a request
    ///
    /// What was asked for is done (thực hiện). For `erase` this is the erasure itself: the learner's
    /// optional data are blanked and their past in the journal is made unreadable for ever, for
    /// everybody; the statutory core stays. The answer names the fields that went, those that stayed,
    /// and the article. It cannot be undone.
    fulfil_data_subject_request at "fulfil" answers "The fulfilled request."
        takes input: FulfilRequest as Option<FulfilRequest>, "What was done."
        does "Notes that a request was fulfilled; for `erase` this erases, for good."
        by |ctx, id, expected| subject_request_step::take(ctx, id, Step::Fulfil(input), expected);

    /// Refuse a request
    ///
    /// With the reason and the article that it rests on (từ chối).
    refuse_data_subject_request at "refuse" answers "The refused request."
        takes input: RefuseRequest as RefuseRequest, "The reason and the article."
        does "Notes that a request was refused, with the reason and the article."
        by |ctx, id, expected| subject_request_step::take(ctx, id, Step::Refuse(input), expected);

    /// Take a request back
    ///
    /// The requester no longer asks for it (rút yêu cầu).
    withdraw_data_subject_request at "withdraw" answers "The withdrawn request."
        does "Notes that the requester took the request back."
        by |ctx, id, expected| subject_request_step::take(ctx, id, Step::Withdraw, expected);
}
