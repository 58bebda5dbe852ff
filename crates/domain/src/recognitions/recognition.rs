//! A recognition: the dossier a holder submits and the decision it ends with.

use async_graphql::{InputObject, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{FromJsonQueryResult, entity::prelude::*};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::kind::{self, HolderKind};
use crate::{
    Checks, Decimal2, List, Refusal, centres::life_cycle::AuthorityKind, code_enum, exchange::external_id::ExternalId,
    territory::place::Place,
};

code_enum! {
    /// Where a dossier stands.
    RecognitionState {
        /// Being prepared by the holder.
        Draft = "draft" ("Đang lập", "Draft"),
        /// Handed in.
        Submitted = "submitted" ("Đã nộp", "Submitted"),
        /// Appraised; a decision is due.
        Appraised = "appraised" ("Đã thẩm định", "Appraised"),
        /// Recognised.
        Granted = "granted" ("Đã công nhận", "Granted"),
        /// Not recognised.
        Refused = "refused" ("Không công nhận", "Refused"),
        /// Taken back by the holder.
        Withdrawn = "withdrawn" ("Đã rút", "Withdrawn"),
        /// Granted, and past its last day: shown, never stored.
        Expired = "expired" ("Hết hiệu lực", "Expired"),
    }
}

code_enum! {
    /// What can happen to a dossier.
    RecognitionEvent {
        /// The holder hands it in.
        Submit = "submit" ("Nộp hồ sơ", "Submit"),
        /// The receiving body sends it back to be completed.
        Return = "return" ("Trả lại để bổ sung", "Return for completion"),
        /// The receiving body appraises it.
        Appraise = "appraise" ("Thẩm định", "Appraise"),
        /// The authority recognises.
        Grant = "grant" ("Công nhận", "Grant"),
        /// The authority does not recognise, with reasons.
        Refuse = "refuse" ("Không công nhận", "Refuse"),
        /// The holder takes it back.
        Withdraw = "withdraw" ("Rút hồ sơ", "Withdraw"),
    }
}

/// The holder's result for one indicator.
#[derive(
    Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, InputObject, ToSchema, FromJsonQueryResult,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[graphql(input_name = "IndicatorResultInput")]
pub struct IndicatorResult {
    /// Code of the indicator in the criteria set.
    pub indicator: String,
    /// Whether it is met; absent until assessed, or when it does not apply to the holder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub met: Option<bool>,
    /// The measured value, in percent for a share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Decimal2>,
    /// Evidence or a remark, at most 1,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

crate::rules!(IndicatorResult { indicator: text(60), note: text(1000) });

/// The appraisal by the receiving body.
#[derive(
    Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, InputObject, ToSchema, FromJsonQueryResult,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[graphql(input_name = "AppraisalInput")]
pub struct Appraisal {
    /// The day of the appraisal.
    pub appraised_on: NaiveDate,
    /// The body that appraised, at most 200 characters.
    pub body: String,
    /// Whether it proposes to recognise.
    pub proposes_grant: bool,
    /// The level it proposes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<i32>,
    /// The conclusion, at most 4,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conclusion: Option<String>,
}

crate::rules!(Appraisal { body: text(200), conclusion: text(4000) });

/// The record of a recognition.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recognition")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub deleted_at: Option<DateTime<Utc>>,
    pub province_code: Option<String>,
    pub commune_code: Option<String>,
    /// The centre that holds it, when the holder is one.
    pub centre_id: Option<Uuid>,
    pub search_text: String,
    pub external_ids: List<ExternalId>,

    /// Code of the recognition kind.
    pub kind: String,
    pub holder_kind: HolderKind,
    /// Name of the holder, at most 200 characters. Always there once the dossier is checked;
    /// optional because the name of a person is withheld from some readers.
    pub holder_name: Option<String>,
    /// Electronic agency id of a holder that is an organisation (QĐ 20/2020/QĐ-TTg).
    pub holder_egov_id: Option<String>,
    /// Where the holder is, or the place recognised.
    pub place: Option<Place>,
    /// The calendar year assessed.
    pub assessed_year: i32,
    /// Level asked for; absent for a title without levels.
    pub requested_level: Option<i32>,
    /// Code of the criteria set, or of the standard of a place.
    pub criteria_set: Option<String>,
    pub indicator_results: List<IndicatorResult>,
    /// The holder's report on itself, at most 20,000 characters.
    pub self_assessment: Option<String>,
    /// Titles or addresses of the documents of the dossier, at most 500 characters each.
    pub documents: List<String>,
    /// The day the dossier was handed in; earlier than its entry here for one kept on paper before.
    pub submitted_on: Option<NaiveDate>,

    /// Who the holder is, so that a second dossier of the same holder is found.
    pub holder_key: String,
    pub state: RecognitionState,
    /// Why the dossier was last sent back to be completed.
    pub return_reasons: List<String>,
    pub appraisal: Option<Appraisal>,
    /// Number of the decision.
    pub decision_number: Option<String>,
    /// Day of the decision.
    pub decision_date: Option<NaiveDate>,
    /// Who decided, as the decision names it.
    pub decision_authority: Option<String>,
    /// Kind of the authority that decided; absent when outside the State.
    pub decision_authority_kind: Option<AuthorityKind>,
    /// Level granted.
    pub decision_level: Option<i32>,
    /// Public code under which anyone can check the decision.
    pub verification_code: Option<String>,
    /// First day on which the recognition counts.
    pub valid_from: Option<NaiveDate>,
    /// Last day on which it counts.
    pub valid_to: Option<NaiveDate>,
    /// Why it was not granted.
    pub refusal_reasons: List<String>,
    /// The recognition this one renews or upgrades.
    pub previous_recognition_id: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The state after an event.
///
/// # Errors
/// `transition_not_allowed`; a decision or a withdrawal is final.
pub fn transition(state: RecognitionState, event: RecognitionEvent) -> Result<RecognitionState, Refusal> {
    use RecognitionState::{Appraised, Draft, Granted, Refused, Submitted, Withdrawn};
    match (state, event) {
        (Draft, RecognitionEvent::Submit) => Ok(Submitted),
        (Submitted, RecognitionEvent::Return) => Ok(Draft),
        (Submitted, RecognitionEvent::Appraise) => Ok(Appraised),
        (Appraised, RecognitionEvent::Grant) => Ok(Granted),
        (Appraised, RecognitionEvent::Refuse) => Ok(Refused),
        (Draft | Submitted | Appraised, RecognitionEvent::Withdraw) => Ok(Withdrawn),
        _ => Err(Refusal::transition(&state.label(), &event.label())),
    }
}

/// Refuses a kind, holder or level that do not fit on `on`:
/// the day of submission, or the day of the decision for one taken earlier elsewhere.
pub fn check_dossier(dossier: &mut Model, on: NaiveDate, checks: &mut Checks) {
    checks.required("/holderName", dossier.holder_name.as_ref());
    if !super::period::year_assessable(dossier.assessed_year, on) {
        checks.refuse(
            "/assessedYear",
            "year_not_assessable",
            "Năm đánh giá chưa đến hoặc quá xa.",
            "The assessed year has not begun or lies too far back.",
        );
    }
    let Some(kind) = kind::find(&dossier.kind) else {
        checks.refuse("/kind", "unknown_code", "Không có mã này trong danh mục.", "Not a code of the list.");
        return;
    };
    if let Err(refusal) = kind.admits(dossier.holder_kind, dossier.requested_level, on) {
        let pointer = match refusal.code {
            "kind_not_in_force" => "/kind",
            "level_not_allowed" => "/requestedLevel",
            _ => "/holderKind",
        };
        checks.refuse(pointer, refusal.code, refusal.detail.vi, refusal.detail.en);
    }
    if matches!(dossier.holder_kind, HolderKind::Commune | HolderKind::District | HolderKind::Province) {
        checks.required("/place", dossier.place.as_ref());
    }
}

#[cfg(test)]
#[path = "recognition_tests.rs"]
mod tests;
