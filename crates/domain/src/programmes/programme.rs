//! A programme that a centre offers, with what must be published before a course opens.
//!
//! The kind says which law applies; the record says how this centre carries it out.

use async_graphql::{InputObject, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{FromJsonQueryResult, entity::prelude::*};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    curriculum::{CurriculumVersion, SubjectPresence},
    kind::ProgrammeGroup,
};
use crate::{List, Refusal, code_enum, exchange::external_id::ExternalId};

code_enum! {
    /// Where a programme stands.
    ProgrammeState {
        /// Being prepared; no class may open.
        Draft = "draft" ("Đang soạn", "Draft"),
        /// Published: everything TT 01/2023 art. 12 asks for is public.
        Published = "published" ("Đã công bố", "Published"),
        /// No longer offered.
        Withdrawn = "withdrawn" ("Ngừng tuyển sinh", "Withdrawn"),
    }
}

code_enum! {
    /// What can happen to a programme.
    ProgrammeEvent {
        /// Make the publication block public.
        Publish = "publish" ("Công bố", "Publish"),
        /// Take the publication back to change it.
        Revise = "revise" ("Sửa đổi", "Revise"),
        /// Stop offering.
        Withdraw = "withdraw" ("Ngừng tuyển sinh", "Withdraw"),
    }
}

/// A subject as a programme teaches it.
#[derive(
    Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, InputObject, ToSchema, FromJsonQueryResult,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[graphql(input_name = "ProgrammeSubjectInput")]
pub struct ProgrammeSubject {
    /// Subject code, e.g. `mathematics`.
    pub subject: String,
    /// How the subject stands in the programme.
    pub presence: SubjectPresence,
    /// Periods per school year or course, 1 to 2,000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub periods: Option<i32>,
}

crate::rules!(ProgrammeSubject { periods: number(1, 2000) });

/// The record of a programme.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "programme")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub deleted_at: Option<DateTime<Utc>>,
    pub province_code: Option<String>,
    pub commune_code: Option<String>,
    /// The centre that offers the programme.
    pub centre_id: Option<Uuid>,
    pub search_text: String,
    pub external_ids: List<ExternalId>,

    /// Code of the programme kind.
    pub kind: String,
    /// Group of the law; follows from `kind`.
    pub group: ProgrammeGroup,
    /// Name, at most 200 characters.
    pub name: String,
    /// Curriculum of a lower or upper secondary programme.
    pub curriculum_version: Option<CurriculumVersion>,
    /// Grades taught (`DM_KHOI`, continuing level).
    pub grades: List<String>,
    /// Language taught (`DM_NGOAI_NGU` or `DM_TIENG_DAN_TOC`).
    pub language: Option<String>,
    /// Level of the six-level language framework, 1 to 6.
    pub level: Option<i32>,
    /// IT modules taught, `iu01` to `iu15`.
    pub it_modules: List<String>,
    pub subjects: List<ProgrammeSubject>,
    /// Clusters of topics offered per grade.
    pub topic_clusters: Option<i32>,
    /// Class hours.
    pub suggested_hours: Option<i32>,
    /// The institution that awards the diploma in joint training.
    pub partner_organisation: Option<String>,
    /// The partner's electronic agency id (QĐ 20/2020/QĐ-TTg).
    pub partner_egov_id: Option<String>,

    /// Published: aims of the programme.
    pub aims: Option<String>,
    /// Published: the content, for programmes whose text the Ministry does not issue.
    pub content: Option<String>,
    /// Published: teaching materials.
    pub materials: Option<String>,
    /// Published: who teaches.
    pub teachers: Option<String>,
    /// Published: how learners are assessed.
    pub assessment: Option<String>,
    /// Published: the day the course opens.
    pub starts_on: Option<NaiveDate>,
    /// Published: fee of the whole course or school year in đồng; 0 when free.
    pub fee_vnd: Option<i64>,

    /// When the publication block was made public.
    pub published_at: Option<DateTime<Utc>>,
    pub state: ProgrammeState,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The state after an event.
///
/// # Errors
/// `transition_not_allowed`; a withdrawn programme is final.
pub fn transition(state: ProgrammeState, event: ProgrammeEvent) -> Result<ProgrammeState, Refusal> {
    use ProgrammeState::{Draft, Published, Withdrawn};
    match (state, event) {
        (Draft, ProgrammeEvent::Publish) => Ok(Published),
        (Published, ProgrammeEvent::Revise) => Ok(Draft),
        (Draft | Published, ProgrammeEvent::Withdraw) => Ok(Withdrawn),
        _ => Err(Refusal::transition(&state.label(), &event.label())),
    }
}

#[cfg(test)]
pub(super) fn sample(kind: &str, group: ProgrammeGroup) -> Model {
    let at = DateTime::<Utc>::UNIX_EPOCH;
    Model {
        id: Uuid::nil(),
        version: 1,
        created_at: at,
        updated_at: at,
        deleted_at: None,
        province_code: None,
        commune_code: None,
        centre_id: Some(Uuid::nil()),
        search_text: String::new(),
        external_ids: List::default(),
        kind: kind.to_owned(),
        group,
        name: "Chương trình mẫu".to_owned(),
        curriculum_version: None,
        grades: List::default(),
        language: None,
        level: None,
        it_modules: List::default(),
        subjects: List::default(),
        topic_clusters: None,
        suggested_hours: None,
        partner_organisation: None,
        partner_egov_id: None,
        aims: None,
        content: None,
        materials: None,
        teachers: None,
        assessment: None,
        starts_on: None,
        fee_vnd: None,
        published_at: None,
        state: ProgrammeState::Draft,
    }
}

#[cfg(test)]
mod tests {
    use super::{ProgrammeEvent, ProgrammeState, transition};

    #[test]
    fn a_withdrawn_programme_is_final() {
        assert_eq!(transition(ProgrammeState::Draft, ProgrammeEvent::Publish), Ok(ProgrammeState::Published));
        assert_eq!(transition(ProgrammeState::Published, ProgrammeEvent::Revise), Ok(ProgrammeState::Draft));
        for event in ProgrammeEvent::ALL {
            assert!(transition(ProgrammeState::Withdrawn, *event).is_err());
        }
    }
}
