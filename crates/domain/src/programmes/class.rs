//! A class of a programme: the fields of QĐ 4998/QĐ-BGDĐT 5.2, a timetable that may move in
//! time and place, and the states it passes through.

use async_graphql::{InputObject, SimpleObject};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use sea_orm::{FromJsonQueryResult, entity::prelude::*};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{List, Refusal, SchoolYear, code_enum, exchange::external_id::ExternalId, rule::read_time};

code_enum! {
    /// Where a class stands.
    ClassState {
        /// Foreseen by the centre.
        Planned = "planned" ("Dự kiến", "Planned"),
        /// Approved; learners may enrol.
        Approved = "approved" ("Đã duyệt", "Approved"),
        /// Teaching.
        Open = "open" ("Đang học", "Open"),
        /// Ended as planned.
        Closed = "closed" ("Đã kết thúc", "Closed"),
        /// Called off.
        Cancelled = "cancelled" ("Đã huỷ", "Cancelled"),
    }
}

code_enum! {
    /// What can happen to a class.
    ClassEvent {
        /// Approve the plan.
        Approve = "approve" ("Duyệt", "Approve"),
        /// Begin teaching.
        Open = "open" ("Khai giảng", "Open"),
        /// End teaching.
        Close = "close" ("Kết thúc", "Close"),
        /// Call off.
        Cancel = "cancel" ("Huỷ", "Cancel"),
    }
}

/// One session of the timetable: weekly on a weekday, or once on a date.
#[derive(
    Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, InputObject, ToSchema, FromJsonQueryResult,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[graphql(name = "ClassSession", input_name = "ClassSessionInput")]
#[schema(as = ClassSession)]
pub struct Session {
    /// Day of the week, 1 = Monday to 7 = Sunday (ISO 8601), for a weekly session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weekday: Option<i32>,
    /// The date of a single session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
    /// Local time of day, `HH:MM`.
    pub starts: String,
    /// Local time of day, `HH:MM`.
    pub ends: String,
    /// Where it is held when not in the centre: a village, a workplace, online (200 characters).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// A remark (500 characters).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

crate::rules!(Session { weekday: number(1, 7), starts: time(), ends: time(), place: text(200), note: text(500) });

impl Session {
    /// The times of day, when both are written as `HH:MM`.
    pub fn times(&self) -> Option<(NaiveTime, NaiveTime)> {
        Some((read_time(&self.starts)?, read_time(&self.ends)?))
    }
}

/// Who teaches a subject in a term. QĐ 4998: `LOPMN.2.1`.
#[derive(
    Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, InputObject, ToSchema, FromJsonQueryResult,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[graphql(input_name = "SubjectAssignmentInput")]
pub struct SubjectAssignment {
    /// Subject code, e.g. `mathematics`.
    pub subject: String,
    /// 1 and 2 for the terms, 3 for the whole year; 1 to 5 in a literacy class.
    pub term: i32,
    /// The member of staff of the centre who teaches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub teacher_id: Option<Uuid>,
}

crate::rules!(SubjectAssignment { term: number(1, 5) });

/// The record of a class.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "class")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub deleted_at: Option<DateTime<Utc>>,
    pub province_code: Option<String>,
    pub commune_code: Option<String>,
    /// The centre. QĐ 4998: `TRUNG_TAM_ID`.
    pub centre_id: Option<Uuid>,
    pub search_text: String,
    pub external_ids: List<ExternalId>,

    /// The programme taught.
    pub programme_id: Uuid,
    /// School year in which the class is held.
    pub school_year: SchoolYear,
    /// Code granted by the State, at most 20 characters, absent until issued.
    pub official_id: Option<String>,
    /// The centre's own code, at most 20 characters. QĐ 4998: `MA`.
    pub code: String,
    /// Name. QĐ 4998: `TEN` (20); up to 150 characters are accepted, as the national data centre does.
    pub name: String,
    /// Form teacher. QĐ 4998: `GIAO_VIEN_ID`.
    pub teacher_id: Option<Uuid>,
    /// Grade (`DM_KHOI`, continuing level). QĐ 4998: `MA_KHOI`.
    pub grade: Option<String>,
    /// Class kind (`DM_KIEU_LOP`). QĐ 4998: `MA_KIEU_LOP`.
    pub class_kind: Option<String>,
    /// Form of study. QĐ 4998: `MA_HINH_THUC_DAO_TAO_HOC_TAP`.
    pub study_form: Option<String>,
    /// Kind of training class (`DM_LOP_DAO_TAO_BOI_DUONG`). QĐ 4998: `MA_LOP_DAO_TAO_BOI_DUONG`.
    pub training_class_kind: Option<String>,
    /// Kind of vocational class (`DM_LOP_HUONG_NGHIEP_DAY_NGHE`). QĐ 4998: `MA_LOP_HUONG_NGHIEP_DAY_NGHE`.
    pub vocational_class_kind: Option<String>,
    /// Place in lists. QĐ 4998: `THU_TU`.
    pub sort_order: Option<i32>,
    /// Who teaches what. QĐ 4998: `MON_HOCS`.
    pub subject_assignments: List<SubjectAssignment>,
    /// Parents are represented in the class. QĐ 4998: `DAI_DIEN_CHA_ME_HV_LOP`.
    pub has_class_parent_rep: Option<bool>,
    /// Parents of the class are represented in the centre. QĐ 4998: `DAI_DIEN_CHA_ME_HV_TRUONG`.
    pub has_centre_parent_rep: Option<bool>,
    /// The class has disabled learners. QĐ 4998: `IS_LOP_HOC_VIEN_KHUYET_TAT`.
    pub has_disabled_learners: Option<bool>,
    /// Sessions per week (`DM_SO_BUOI_HOC_TREN_TUAN`). QĐ 4998: `MA_SO_BUOI_HOC_TREN_TUAN`.
    pub sessions_per_week: Option<String>,

    pub timetable: List<Session>,
    /// The most learners admitted.
    pub capacity: Option<i32>,
    /// An organisation the class is held with.
    pub partner_organisation: Option<String>,
    /// First day of class.
    pub opens_on: Option<NaiveDate>,
    /// Last day of class.
    pub closes_on: Option<NaiveDate>,
    pub state: ClassState,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The state after an event.
///
/// # Errors
/// `transition_not_allowed`; `closed` and `cancelled` are final.
pub fn transition(state: ClassState, event: ClassEvent) -> Result<ClassState, Refusal> {
    use ClassState::{Approved, Cancelled, Closed, Open, Planned};
    match (state, event) {
        (Planned, ClassEvent::Approve) => Ok(Approved),
        (Approved, ClassEvent::Open) => Ok(Open),
        (Open, ClassEvent::Close) => Ok(Closed),
        (Planned | Approved | Open, ClassEvent::Cancel) => Ok(Cancelled),
        _ => Err(Refusal::transition(&state.label(), &event.label())),
    }
}

#[cfg(test)]
mod tests {
    use super::{ClassEvent, ClassState, Session, transition};

    #[test]
    fn a_class_is_approved_before_it_opens() {
        assert_eq!(transition(ClassState::Planned, ClassEvent::Approve), Ok(ClassState::Approved));
        assert_eq!(transition(ClassState::Approved, ClassEvent::Open), Ok(ClassState::Open));
        assert_eq!(transition(ClassState::Open, ClassEvent::Close), Ok(ClassState::Closed));
        let refusal = transition(ClassState::Planned, ClassEvent::Open).map_err(|r| r.code);
        assert_eq!(refusal, Err("transition_not_allowed"));
        for event in ClassEvent::ALL {
            assert!(transition(ClassState::Closed, *event).is_err());
            assert!(transition(ClassState::Cancelled, *event).is_err());
        }
    }

    #[test]
    fn a_session_travels_in_camel_case_and_knows_its_times() {
        let json = r#"{"weekday":2,"starts":"18:30","ends":"20:45","place":"Nhà văn hoá thôn"}"#;
        let session: Option<Session> = serde_json::from_str(json).ok();
        assert!(session.as_ref().and_then(Session::times).is_some());
        assert_eq!(serde_json::to_string(&session).unwrap_or_default(), json);
        assert!(session.map(|s| Session { ends: "8:45".to_owned(), ..s }).and_then(|s| s.times()).is_none());
    }
}
