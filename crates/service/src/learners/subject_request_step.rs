//! The steps of a data subject's request: told, extended, fulfilled, refused, taken back.

use async_graphql::InputObject;
use chrono::NaiveDate;
use gdtx_domain::{
    Checks,
    exchange::resource::{Operation, ResourceKind},
    learners::{
        erasure::KEPT_UNDER,
        subject_request::{SubjectRequestKind, SubjectRequestState},
    },
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    erasure,
    subject_request::{DataSubjectRequest, DataSubjectRequests, schedule},
};
use crate::{
    Code, Ctx, Error, Record, Result, Written,
    access::{policy::Permission, scope::Scope},
    error::accept,
    resource::{Draft, Request, check_live, load_visible, once, revise, store},
    tx::Tx,
};

/// Why the term is extended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, InputObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExtendRequest {
    /// Why (Lý do gia hạn), at most 1,000 characters; the requester is told.
    pub reason: String,
}

gdtx_domain::rules!(ExtendRequest { reason: text(1000) });

/// What was done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, InputObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FulfilRequest {
    /// What was done (Kết quả), at most 2,000 characters.
    #[serde(default)]
    pub outcome: Option<String>,
}

gdtx_domain::rules!(FulfilRequest { outcome: text(2000) });

/// Why nothing was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, InputObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RefuseRequest {
    /// Why (Lý do từ chối), at most 2,000 characters.
    pub outcome: String,
    /// The law and article (Căn cứ pháp lý), at most 500 characters.
    pub legal_basis: String,
}

gdtx_domain::rules!(RefuseRequest { outcome: text(2000), legal_basis: text(500) });

/// One step with what it needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    Acknowledge,
    Extend(ExtendRequest),
    Fulfil(FulfilRequest),
    Refuse(RefuseRequest),
    Withdraw,
}

/// Takes one step. `expected` is the version of the request that the caller read.
///
/// # Errors
/// `impossible_transition` for a request that was answered; `conflict` for a second extension.
pub async fn take(ctx: &Ctx, id: Uuid, step: Step, expected: Option<i64>) -> Result<Written<DataSubjectRequest>> {
    let name = match &step {
        Step::Acknowledge => "acknowledge",
        Step::Extend(_) => "extend",
        Step::Fulfil(_) => "fulfil",
        Step::Refuse(_) => "refuse",
        Step::Withdraw => "withdraw",
    };
    let request = Request {
        operation: format!("{name}:{}:{id}", ResourceKind::DataSubjectRequests),
        permission: Permission::LearnerWrite,
        input: &(expected, &step),
    };
    once::<DataSubjectRequests, _>(ctx, request, |tx, scope| Box::pin(take_in(tx, scope, id, step.clone(), expected)))
        .await
}

async fn take_in(
    tx: &Tx,
    scope: &Scope,
    id: Uuid,
    step: Step,
    expected: Option<i64>,
) -> Result<Written<DataSubjectRequest>> {
    let model = load_visible::<DataSubjectRequests>(tx, scope, id).await?;
    let before = DataSubjectRequest::from_model(model.clone());
    check_live(&DataSubjectRequest::split(model.clone()).0, expected)?;
    before.state.check_open()?;
    let mut draft = revise(tx, before, model);
    let today = tx.ctx.clock.today();
    let mut checks = Checks::default();
    match step {
        Step::Acknowledge => acknowledge(&mut draft, today)?,
        Step::Extend(mut input) => {
            checks.fields(&mut input);
            accept(std::mem::take(&mut checks))?;
            extend(&mut draft, input, today)?;
        }
        Step::Fulfil(mut input) => {
            checks.fields(&mut input);
            draft.managed.outcome = input.outcome;
            close(&mut draft, SubjectRequestState::Fulfilled, today);
        }
        Step::Refuse(mut input) => {
            checks.fields(&mut input);
            draft.managed.outcome = Some(input.outcome);
            draft.managed.legal_basis = Some(input.legal_basis);
            close(&mut draft, SubjectRequestState::Refused, today);
        }
        Step::Withdraw => close(&mut draft, SubjectRequestState::Withdrawn, today),
    }
    let warnings = accept(checks)?;
    if draft.managed.state == SubjectRequestState::Fulfilled && draft.new.kind == SubjectRequestKind::Erase {
        erase(tx, scope, &mut draft).await?;
    }
    Box::pin(store::<DataSubjectRequests>(tx, draft, Operation::Updated, warnings)).await
}

fn acknowledge(draft: &mut Draft<DataSubjectRequest>, today: NaiveDate) -> Result<()> {
    if draft.managed.state == SubjectRequestState::Acknowledged {
        return Err(Error::new(
            Code::ImpossibleTransition,
            "Đã phản hồi tiếp nhận yêu cầu này.",
            "That this request was received has been told already.",
        ));
    }
    draft.managed.state = SubjectRequestState::Acknowledged;
    draft.managed.acknowledged_on = Some(today);
    Ok(())
}

/// One extension, before the term is over.
fn extend(draft: &mut Draft<DataSubjectRequest>, input: ExtendRequest, today: NaiveDate) -> Result<()> {
    if draft.managed.extended_on.is_some() || today > draft.managed.due_on {
        return Err(Error::new(
            Code::ImpossibleTransition,
            "Chỉ gia hạn một lần và trước khi hết hạn.",
            "The term is extended once, and before it is over.",
        ));
    }
    draft.managed.extended_on = Some(today);
    draft.managed.extension_reason = Some(input.reason);
    schedule(draft);
    Ok(())
}

fn close(draft: &mut Draft<DataSubjectRequest>, state: SubjectRequestState, today: NaiveDate) {
    draft.managed.state = state;
    draft.managed.closed_on = Some(today);
}

/// Erases in the same transaction, and says what stayed and why.
async fn erase(tx: &Tx, scope: &Scope, draft: &mut Draft<DataSubjectRequest>) -> Result<()> {
    let done = erasure::erase(tx, scope, draft.new.learner_id).await?;
    draft.managed.state = SubjectRequestState::PartlyFulfilled;
    draft.managed.legal_basis = Some(KEPT_UNDER.to_owned());
    draft.managed.erased_fields = done.erased;
    draft.managed.kept_fields = done.kept;
    Ok(())
}
