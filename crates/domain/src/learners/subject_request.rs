//! A request by which a learner, or who acts for one, uses a right over personal data.
//!
//! Luật 91/2025/QH15 art. 4; NĐ 356/2025/NĐ-CP art. 5.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

use crate::{List, Refusal, code_enum, exchange::external_id::ExternalId};

code_enum! {
    /// What is asked for.
    SubjectRequestKind {
        /// Take back a consent.
        WithdrawConsent = "withdraw_consent" ("Rút lại sự đồng ý", "Withdraw consent"),
        /// Restrict the processing.
        Restrict = "restrict" ("Hạn chế xử lý dữ liệu", "Restrict processing"),
        /// Object to the processing.
        Object = "object" ("Phản đối xử lý dữ liệu", "Object to processing"),
        /// See the data.
        View = "view" ("Xem dữ liệu", "View"),
        /// Have the data corrected.
        Correct = "correct" ("Chỉnh sửa dữ liệu", "Correct"),
        /// Get a copy of the data.
        Provide = "provide" ("Cung cấp dữ liệu", "Provide"),
        /// Have the data erased.
        Erase = "erase" ("Xóa dữ liệu", "Erase"),
        /// Have the data protected.
        Protect = "protect" ("Bảo vệ dữ liệu", "Protect"),
    }
}

code_enum! {
    /// Who asks.
    Requester {
        /// The learner.
        DataSubject = "data_subject" ("Chủ thể dữ liệu", "Data subject"),
        /// Who acts for the learner.
        Representative = "representative" ("Người đại diện", "Representative"),
    }
}

code_enum! {
    /// Where a request stands.
    SubjectRequestState {
        /// Received.
        Received = "received" ("Đã tiếp nhận", "Received"),
        /// The requester was told that it was received.
        Acknowledged = "acknowledged" ("Đã phản hồi tiếp nhận", "Acknowledged"),
        /// Done.
        Fulfilled = "fulfilled" ("Đã thực hiện", "Fulfilled"),
        /// Done in part: a law asks to keep the rest.
        PartlyFulfilled = "partly_fulfilled" ("Đã thực hiện một phần", "Partly fulfilled"),
        /// Refused, with the legal ground.
        Refused = "refused" ("Đã từ chối", "Refused"),
        /// Taken back by the requester.
        Withdrawn = "withdrawn" ("Đã rút yêu cầu", "Withdrawn"),
    }
}

impl SubjectRequestState {
    /// Whether an answer is still due.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Received | Self::Acknowledged)
    }

    /// Refuses a step on a request that was answered.
    ///
    /// # Errors
    /// `final_state`.
    pub fn check_open(self) -> Result<(), Refusal> {
        if self.is_open() {
            return Ok(());
        }
        let label = self.label();
        Err(Refusal::new(
            "final_state",
            format!("Yêu cầu ở trạng thái “{}” không thay đổi nữa.", label.vi),
            format!("A request in the state “{}” does not change any more.", label.en),
            String::new(),
        ))
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "data_subject_request")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub deleted_at: Option<DateTime<Utc>>,
    pub province_code: Option<String>,
    pub commune_code: Option<String>,
    pub centre_id: Option<Uuid>,
    /// The day on which the answer is due, for the order of lists.
    pub search_text: String,
    pub external_ids: List<ExternalId>,

    pub learner_id: Uuid,
    pub kind: SubjectRequestKind,
    pub received_on: NaiveDate,
    pub requested_by: Requester,
    /// Who acts for the learner; basic.
    pub representative_name: Option<String>,
    /// What is asked for, in the requester's words; basic.
    pub details: Option<String>,
    /// Whether a processor has to act too.
    pub with_processor: Option<bool>,
    pub state: SubjectRequestState,
    pub acknowledge_by: NaiveDate,
    pub due_on: NaiveDate,
    pub acknowledged_on: Option<NaiveDate>,
    pub extended_on: Option<NaiveDate>,
    pub extension_reason: Option<String>,
    pub closed_on: Option<NaiveDate>,
    pub outcome: Option<String>,
    pub legal_basis: Option<String>,
    /// Names of the fields that an erasure blanked.
    pub erased_fields: List<String>,
    /// Names of the fields that it kept.
    pub kept_fields: List<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
