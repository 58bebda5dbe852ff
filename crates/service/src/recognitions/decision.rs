//! The way of a dossier to its decision: submit, return, appraise, grant, refuse, withdraw.
//!
//! Each step is one use case on one record: the state must allow it, the rules of its day must
//! hold, and the journal notes it.

use async_graphql::InputObject;
use chrono::NaiveDate;
use gdtx_domain::{
    Checks,
    centres::life_cycle::AuthorityKind,
    exchange::resource::{Operation, ResourceKind},
    recognitions::{
        period::state_on,
        recognition::{Appraisal, RecognitionEvent, transition},
    },
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    dossier::search_text,
    recognition::{Recognition, Recognitions},
    step::apply,
};
use crate::{
    Ctx, Record, Result, Written,
    access::{policy::Permission, scope::Scope},
    error::accept,
    resource::{Draft, check_live, load_visible, store},
    tx::Tx,
};

/// Why a dossier is sent back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, InputObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReturnRecognition {
    /// What is to be completed (Lý do trả lại): 1 to 20 reasons of at most 1,000 characters.
    pub reasons: Vec<String>,
}

gdtx_domain::rules!(ReturnRecognition { reasons: text(1000) });

/// A decision to recognise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, InputObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GrantRecognition {
    /// Number of the decision (Số quyết định), at most 100 characters, e.g. `304/QĐ-UBND`.
    pub number: String,
    /// Day of the decision (Ngày quyết định); not in the future.
    pub date: NaiveDate,
    /// Who decided (Cơ quan, người quyết định), as the decision names it; at most 200 characters.
    pub authority: String,
    /// Kind of that authority; absent when outside the State or unknown.
    #[serde(default)]
    pub authority_kind: Option<AuthorityKind>,
    /// Level granted (Mức độ công nhận); absent for a title without levels.
    #[serde(default)]
    pub level: Option<i32>,
}

gdtx_domain::rules!(GrantRecognition { number: text(100), authority: text(200) });

/// A decision not to recognise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, InputObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RefuseRecognition {
    /// Why (Lý do không công nhận): 1 to 20 reasons of at most 1,000 characters.
    pub reasons: Vec<String>,
    /// Day of the refusal; today when absent, not in the future.
    #[serde(default)]
    pub date: Option<NaiveDate>,
    /// Number of the letter or decision, at most 100 characters.
    #[serde(default)]
    pub number: Option<String>,
    /// Who refused, at most 200 characters.
    #[serde(default)]
    pub authority: Option<String>,
}

gdtx_domain::rules!(RefuseRecognition { reasons: text(1000), number: text(100), authority: text(200) });

/// One step of a dossier with what it needs.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    Submit,
    Return(ReturnRecognition),
    Appraise(Appraisal),
    Grant(GrantRecognition),
    Refuse(RefuseRecognition),
    Withdraw,
}

impl Step {
    /// What happens to the dossier.
    pub const fn event(&self) -> RecognitionEvent {
        match self {
            Self::Submit => RecognitionEvent::Submit,
            Self::Return(_) => RecognitionEvent::Return,
            Self::Appraise(_) => RecognitionEvent::Appraise,
            Self::Grant(_) => RecognitionEvent::Grant,
            Self::Refuse(_) => RecognitionEvent::Refuse,
            Self::Withdraw => RecognitionEvent::Withdraw,
        }
    }

    /// The holder's side hands in and takes back; the receiving side appraises and decides.
    pub const fn permission(&self) -> Permission {
        match self {
            Self::Submit | Self::Withdraw => Permission::RecognitionWrite,
            Self::Return(_) | Self::Appraise(_) | Self::Grant(_) | Self::Refuse(_) => Permission::RecognitionDecide,
        }
    }
}

/// Takes one step of a dossier. `expected` is the version the caller read (`If-Match`).
pub async fn take(ctx: &Ctx, id: Uuid, step: Step, expected: Option<i64>) -> Result<Written<Recognition>> {
    let operation = format!("{}:{}:{id}", step.event(), ResourceKind::Recognitions);
    let tx = ctx.write().await?;
    let scope = tx.require(step.permission())?;
    let fingerprint = (expected, step.clone());
    if let Some(kept) = tx.replay::<Written<Recognition>>(&operation, &fingerprint).await? {
        return Ok(kept);
    }
    let written = Box::pin(take_in(&tx, &scope, id, step, expected)).await?;
    tx.finish(&operation, &fingerprint, written).await
}

/// Takes one step in a running transaction.
pub(crate) async fn take_in(
    tx: &Tx,
    scope: &Scope,
    id: Uuid,
    step: Step,
    expected: Option<i64>,
) -> Result<Written<Recognition>> {
    let mut model = load_visible::<Recognitions>(tx, scope, id).await?;
    let before = Recognition::from_model(model.clone());
    check_live(&Recognition::split(model.clone()).0, expected)?;
    let stands = state_on(model.state, model.valid_to, tx.ctx.clock.today());
    let state = transition(stands, step.event())?;
    let mut checks = Checks::default();
    apply(tx, scope, &mut model, step, &mut checks).await?;
    let warnings = accept(checks)?;
    model.state = state;
    model.search_text = search_text(&model);
    let (mut meta, new, managed) = Recognition::split(model);
    meta.version += 1;
    meta.updated_at = tx.ctx.clock.now();
    let draft = Draft { meta, new, managed, before: Some(before) };
    Box::pin(store::<Recognitions>(tx, draft, Operation::Updated, warnings)).await
}
