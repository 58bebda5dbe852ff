//! A report: the figures of a place for a year on a form, and its way from draft to locked.

use async_graphql::{InputObject, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{FromJsonQueryResult, entity::prelude::*};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::report_figures::ReportFigure;
use crate::{
    List, Refusal, SchoolYear, code_enum,
    exchange::{external_id::ExternalId, window::WindowLevel},
    territory::place::Place,
};

code_enum! {
    /// Where a report stands.
    ReportState {
        /// Being prepared by the reporting body.
        Draft = "draft" ("Bản nháp", "Draft"),
        /// Handed in to the level above.
        Submitted = "submitted" ("Đã gửi", "Submitted"),
        /// Sent back to be corrected.
        Returned = "returned" ("Bị trả lại", "Returned"),
        /// Taken by the level above.
        Accepted = "accepted" ("Đã tiếp nhận", "Accepted"),
        /// Final: it never changes again.
        Locked = "locked" ("Đã khóa", "Locked"),
    }
}

code_enum! {
    /// What can happen to a report.
    ReportEvent {
        /// The reporting body fills in anew what follows from the records.
        Refill = "refill" ("Lấy lại số liệu", "Fill in anew"),
        /// The reporting body signs it and hands it in.
        Submit = "submit" ("Gửi báo cáo", "Submit"),
        /// The level above sends it back, with a reason, as long as its own report was not handed in.
        Return = "return" ("Trả lại", "Return"),
        /// The level above takes it.
        Accept = "accept" ("Tiếp nhận", "Accept"),
        /// The level above, or the Ministry, makes it final.
        Lock = "lock" ("Khóa", "Lock"),
    }
}

impl ReportState {
    /// Whether the reporting body may still change it.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Draft | Self::Returned)
    }

    /// Whether the level above has taken it.
    pub const fn is_accepted(self) -> bool {
        matches!(self, Self::Accepted | Self::Locked)
    }
}

/// The state after an event.
///
/// # Errors
/// `transition_not_allowed`; nothing follows a lock.
pub fn transition(state: ReportState, event: ReportEvent) -> Result<ReportState, Refusal> {
    use ReportState::{Accepted, Draft, Locked, Returned, Submitted};
    match (state, event) {
        (Draft | Returned, ReportEvent::Refill) => Ok(state),
        (Draft | Returned, ReportEvent::Submit) => Ok(Submitted),
        (Submitted | Accepted, ReportEvent::Return) => Ok(Returned),
        (Submitted, ReportEvent::Accept) => Ok(Accepted),
        (Accepted, ReportEvent::Lock) => Ok(Locked),
        _ => Err(Refusal::transition(&state.label(), &event.label())),
    }
}

/// The level that receives the reports of a level; the Ministry receives its own.
pub const fn receiver(of: WindowLevel) -> WindowLevel {
    match of {
        WindowLevel::Country | WindowLevel::Province => WindowLevel::Country,
        WindowLevel::Commune => WindowLevel::Province,
        WindowLevel::Centre => WindowLevel::Commune,
    }
}

/// What the reporting body says of one figure.
#[derive(
    Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, InputObject, ToSchema, FromJsonQueryResult,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[graphql(input_name = "ReportEntryInput")]
pub struct ReportEntry {
    /// Code of the line.
    pub line: String,
    /// Code of the column.
    pub column: String,
    /// The figure; what was filled in from the records when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub value: Option<i64>,
    /// Why it is not what was filled in, or why it changed against the year before; at most 1,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation: Option<String>,
}

crate::rules!(ReportEntry { line: text(20), column: text(40), explanation: text(1000) });

/// Who signed a report, without a name, and what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema, FromJsonQueryResult)]
#[serde(rename_all = "camelCase")]
pub struct ReportSignature {
    /// Title of who signed (Chức vụ người ký).
    pub signer_title: String,
    /// Number of the document (Số văn bản).
    pub document_number: Option<String>,
    /// Day of the signature (Ngày ký).
    pub signed_on: NaiveDate,
    /// SHA-256, in hexadecimal, of what was signed as JSON with sorted members and without spaces: `asOf`,
    /// `documentNumber`, `figures` (`line`, `column`, `reported`, `explanation`), `form`, `place` (a code, null for the
    /// country), `schoolYear`, `signedOn`, `signerTitle`.
    pub digest: String,
}

/// The record of a report.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub deleted_at: Option<DateTime<Utc>>,
    pub province_code: Option<String>,
    pub commune_code: Option<String>,
    /// Never set: reports are of places.
    pub centre_id: Option<Uuid>,
    pub search_text: String,
    pub external_ids: List<ExternalId>,

    /// Code of the form.
    pub form: String,
    pub school_year: SchoolYear,
    /// The place; none for the country.
    pub place: Option<Place>,
    /// Remark, at most 2,000 characters.
    pub note: Option<String>,
    /// What the reporting body says.
    pub entries: List<ReportEntry>,

    /// Code of the place today; `country` for the country.
    pub place_key: String,
    /// Whose report it is.
    pub unit: WindowLevel,
    pub state: ReportState,
    /// The day that the figures are of.
    pub as_of: NaiveDate,
    /// The last day to hand it in.
    pub due_on: NaiveDate,
    pub figures: List<ReportFigure>,
    /// The position of the journal that what was filled in is true at.
    pub position: i64,
    pub filled_at: DateTime<Utc>,
    /// The accepted report of the year before.
    pub previous_report_id: Option<Uuid>,
    /// Accepted reports of the level below that went into it.
    pub accepted_below: Option<i32>,
    /// How many there could be.
    pub units_below: Option<i32>,
    pub signature: Option<ReportSignature>,
    pub submitted_on: Option<NaiveDate>,
    /// Why it was last sent back, at most 2,000 characters.
    pub return_reason: Option<String>,
    pub accepted_on: Option<NaiveDate>,
    pub locked_on: Option<NaiveDate>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

#[cfg(test)]
mod tests {
    use super::{ReportEvent, ReportState, transition};

    #[test]
    fn a_locked_report_has_no_way_out_and_none_is_skipped() {
        let ways: Vec<_> = ReportState::ALL
            .iter()
            .flat_map(|from| ReportEvent::ALL.iter().map(move |event| (*from, *event)))
            .filter_map(|(from, event)| transition(from, event).ok().map(|to| (from.code(), event.code(), to.code())))
            .collect();
        assert_eq!(
            ways,
            [
                ("draft", "refill", "draft"),
                ("draft", "submit", "submitted"),
                ("submitted", "return", "returned"),
                ("submitted", "accept", "accepted"),
                ("returned", "refill", "returned"),
                ("returned", "submit", "submitted"),
                ("accepted", "return", "returned"),
                ("accepted", "lock", "locked"),
            ]
        );
    }
}
