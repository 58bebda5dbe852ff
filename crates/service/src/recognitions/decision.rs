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
        kind::{self, deciding_authority},
        period::state_on,
        recognition::{Appraisal, Model, RecognitionEvent, transition},
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
    Code, Ctx, Error, Record, Result, Written,
    access::{policy::Permission, scope::Scope},
    error::accept,
    resource::{Request, check_live, load_visible, once, revise, store},
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
    let request = Request { operation, permission: step.permission(), input: &(expected, &step) };
    once::<Recognitions, _>(ctx, request, |tx, scope| Box::pin(take_in(tx, scope, id, step.clone(), expected))).await
}

/// Appraisal and decision are recorded by the authority's own side, where a text names it: the
/// commune does not decide for the province. Where none is named, whoever holds the grant records.
fn check_competence(tx: &Tx, model: &Model, step: &Step) -> Result<()> {
    let Some(role) = tx.role().filter(|_| step.permission() == Permission::RecognitionDecide) else { return Ok(()) };
    let (level, day) = match step {
        Step::Grant(input) => (input.level, input.date),
        Step::Refuse(RefuseRecognition { date: Some(date), .. }) => (model.requested_level, *date),
        _ => (model.requested_level, tx.ctx.clock.today()),
    };
    // A day or level that the rules do not know is refused with the other fields of the step.
    let row = kind::find(&model.kind).and_then(|kind| deciding_authority(kind, model.holder_kind, level, day).ok());
    let Some((row, authority)) = row.and_then(|row| Some((row, row.authority_kind?))) else { return Ok(()) };
    if role.speaks_for(authority) {
        return Ok(());
    }
    Err(Error::new(
        Code::Forbidden,
        format!("Thẩm quyền quyết định: {}; vai trò “{}” không ghi thay.", row.label_vi, role.label().vi),
        format!(
            "The authority that decides is: {}; the role “{}” does not record for it.",
            row.label_en,
            role.label().en
        ),
    ))
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
    check_competence(tx, &model, &step)?;
    let stands = state_on(model.state, model.valid_to, tx.ctx.clock.today());
    let state = transition(stands, step.event())?;
    let mut checks = Checks::default();
    apply(tx, scope, &mut model, step, &mut checks).await?;
    let warnings = accept(checks)?;
    model.state = state;
    model.search_text = search_text(&model);
    let draft = revise(tx, before, model);
    Box::pin(store::<Recognitions>(tx, draft, Operation::Updated, warnings)).await
}
