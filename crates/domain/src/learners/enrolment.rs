//! A learner's place in a class, and the steps between entering and leaving it.
//!
//! The official learner form has a reason for dropping out but no status; the national data centre
//! has both. Here each step is an event, and the status follows from the events.

use async_graphql::{InputObject, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{FromJsonQueryResult, entity::prelude::*};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{List, code_enum, exchange::external_id::ExternalId};

code_enum! {
    /// Where an enrolment stands.
    EnrolmentStatus {
        Enrolled = "enrolled" ("Đã ghi danh", "Enrolled"),
        Studying = "studying" ("Đang học", "Studying"),
        Suspended = "suspended" ("Tạm nghỉ, bảo lưu", "Suspended"),
        /// Attends the class for a second time.
        Repeated = "repeated" ("Học lại, lưu ban", "Repeating"),
        TransferredIn = "transferred_in" ("Chuyển đến", "Transferred in"),
        /// Final.
        TransferredOut = "transferred_out" ("Chuyển đi", "Transferred out"),
        /// May return.
        DroppedOut = "dropped_out" ("Thôi học", "Dropped out"),
        /// Final.
        Completed = "completed" ("Hoàn thành", "Completed"),
    }
}

code_enum! {
    /// Part of the school year in which a status was taken.
    EnrolmentPeriod {
        Term1 = "term_1" ("Học kỳ 1", "Term 1"),
        Term2 = "term_2" ("Học kỳ 2", "Term 2"),
        Summer = "summer" ("Trong hè", "Summer"),
    }
}

code_enum! {
    /// Where a learner left to.
    Destination {
        SameProvince = "same_province" ("Chuyển trong tỉnh", "Same province"),
        OtherProvince = "other_province" ("Chuyển ngoài tỉnh", "Other province"),
        Abroad = "abroad" ("Ra nước ngoài", "Abroad"),
    }
}

/// A cluster of study topics chosen in a subject (chuyên đề, TT 12/2022/TT-BGDĐT: 35 periods a year).
#[derive(
    Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, InputObject, ToSchema, FromJsonQueryResult,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[graphql(input_name = "TopicClusterInput")]
pub struct TopicCluster {
    /// Code of the subject.
    pub subject: String,
    /// Periods a year, 35 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub periods: Option<i32>,
}

crate::rules!(TopicCluster { periods: number(1, 500) });

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "enrolment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub deleted_at: Option<DateTime<Utc>>,
    pub province_code: Option<String>,
    pub commune_code: Option<String>,
    /// The centre that runs the class.
    pub centre_id: Option<Uuid>,
    pub search_text: String,
    pub external_ids: List<ExternalId>,

    /// The learner (Học viên).
    pub learner_id: Uuid,
    /// The class (Lớp).
    pub class_id: Uuid,
    /// Where the enrolment stands (Trạng thái); written by events only.
    pub status: EnrolmentStatus,
    /// Since when; written by events only.
    pub status_since: NaiveDate,
    /// Part of the school year in which the status was taken (Kỳ).
    pub period: Option<EnrolmentPeriod>,
    /// First day (Ngày vào học).
    pub enrolled_on: NaiveDate,
    /// Last day (Ngày kết thúc), once the learner has left or completed.
    pub ended_on: Option<NaiveDate>,
    /// Why the learner dropped out, list `DM_LY_DO_THOI_HOC`; while dropped out only.
    pub dropout_reason: Option<String>,
    /// Institution that the learner came from (Nơi chuyển đến từ), at most 200 characters.
    pub origin: Option<String>,
    /// Where the learner left to (Chuyển đi đâu); once transferred out only.
    pub destination: Option<Destination>,
    /// Institution that the learner left to, at most 200 characters.
    pub destination_name: Option<String>,
    /// Codes of the subjects chosen (Môn học lựa chọn).
    pub chosen_subjects: List<String>,
    /// Topic clusters chosen (Cụm chuyên đề học tập).
    pub topic_clusters: List<TopicCluster>,
    /// Remark (Ghi chú), at most 1,000 characters.
    pub note: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl EnrolmentStatus {
    /// Whether the learner takes part now or may at any time.
    pub const fn is_current(self) -> bool {
        matches!(self, Self::Enrolled | Self::Studying | Self::Suspended | Self::Repeated | Self::TransferredIn)
    }

    /// The code of `DM_TRANG_THAI_HOC_SINH` that this status and its period stand for; `returned`
    /// tells that the learner came back after dropping out.
    ///
    /// `None` where the Ministry's list has no such status.
    pub const fn official_code(self, period: Option<EnrolmentPeriod>, returned: bool) -> Option<&'static str> {
        use EnrolmentPeriod::{Summer, Term1, Term2};
        match (self, period) {
            (Self::Studying | Self::Repeated, Some(Term1)) if returned => Some("03"),
            (Self::Studying | Self::Repeated, Some(Term2)) if returned => Some("07"),
            (Self::Enrolled | Self::Studying | Self::Repeated, _) => Some("01"),
            (Self::TransferredIn, Some(Term1)) => Some("02"),
            (Self::TransferredIn, Some(Term2)) => Some("06"),
            (Self::TransferredIn, Some(Summer)) => Some("10"),
            (Self::TransferredOut, Some(Term1)) => Some("04"),
            (Self::TransferredOut, Some(Term2)) => Some("08"),
            (Self::TransferredOut, Some(Summer)) => Some("11"),
            (Self::DroppedOut, Some(Term1)) => Some("05"),
            (Self::DroppedOut, Some(Term2)) => Some("09"),
            (Self::DroppedOut, Some(Summer)) => Some("12"),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{EnrolmentPeriod as Period, EnrolmentStatus as Status};

    const LISTS: &str = include_str!("../../codelists/moet_shared_codelists_2020.csv");

    #[test]
    fn official_codes_name_the_same_status_and_period() {
        let named = |code: &str, name: &str| LISTS.contains(&format!("\nDM_TRANG_THAI_HOC_SINH,{code},{name},"));
        for status in [Status::TransferredIn, Status::TransferredOut, Status::DroppedOut] {
            for period in Period::ALL.iter().copied() {
                let code = status.official_code(Some(period), false).unwrap_or_default();
                assert!(named(code, &format!("{status}_{period}")), "{status} {period} {code}");
            }
        }
        let returned = |period| Status::Studying.official_code(Some(period), true).unwrap_or_default();
        assert!(named(returned(Period::Term1), "returned_term_1") && named(returned(Period::Term2), "returned_term_2"));
        assert!(named(Status::Studying.official_code(None, false).unwrap_or_default(), "studying"));
        assert_eq!(Status::DroppedOut.official_code(None, false), None);
    }
}
