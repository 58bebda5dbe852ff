//! A step in an enrolment, kept for good: a learner may drop out and return, and both must show.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

use super::enrolment::{Destination, EnrolmentPeriod, EnrolmentStatus};
use crate::{List, code_enum, exchange::external_id::ExternalId};

code_enum! {
    /// What happened to an enrolment.
    EnrolmentEventKind {
        Enrol = "enrol" ("Ghi danh", "Enrol"),
        Start = "start" ("Vào học", "Start"),
        Suspend = "suspend" ("Tạm nghỉ, bảo lưu", "Suspend"),
        Resume = "resume" ("Học tiếp sau tạm nghỉ", "Resume"),
        Repeat = "repeat" ("Học lại, lưu ban", "Repeat"),
        TransferIn = "transfer_in" ("Chuyển đến", "Transfer in"),
        TransferOut = "transfer_out" ("Chuyển đi", "Transfer out"),
        DropOut = "drop_out" ("Thôi học", "Drop out"),
        /// After dropping out.
        Return = "return" ("Nghỉ học xin học lại", "Return"),
        Complete = "complete" ("Hoàn thành", "Complete"),
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "enrolment_event")]
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

    /// The enrolment that the step belongs to.
    pub enrolment_id: Uuid,
    /// What happened (Sự kiện).
    pub kind: EnrolmentEventKind,
    /// The day from which it holds (Ngày có hiệu lực).
    pub effective_on: NaiveDate,
    /// Part of the school year (Kỳ).
    pub period: Option<EnrolmentPeriod>,
    /// Why the learner drops out, list `DM_LY_DO_THOI_HOC`.
    pub dropout_reason: Option<String>,
    /// Institution that the learner comes from, at most 200 characters.
    pub origin: Option<String>,
    /// Where the learner leaves to.
    pub destination: Option<Destination>,
    /// Institution that the learner leaves to, at most 200 characters.
    pub destination_name: Option<String>,
    /// Remark (Ghi chú), at most 1,000 characters.
    pub note: Option<String>,
    /// Place in the enrolment's history, from 1; written by the service.
    pub sequence: i32,
    /// The enrolment's status after the step; written by the service.
    pub status_after: EnrolmentStatus,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
