//! What statistics keep of each kind of record: no more than the dimensions need.

use chrono::NaiveDate;
use gdtx_domain::{
    SchoolYear,
    centres::{
        digital_level::DigitalLevel,
        kind::{CentreKind, Ownership},
        life_cycle::CentreStatus,
    },
    exchange::resource::ResourceKind,
    learners::{
        enrolment::EnrolmentStatus,
        learner::Gender,
        literacy::{LiteracyLevel, LiteracyResult},
        result::{AcademicLevel, ConductLevel, ResultTerm},
    },
    programmes::{class::ClassState, kind::ProgrammeGroup},
    recognitions::recognition::RecognitionState,
    statistics::dimension::Facility,
    territory::place::{Place, PlaceInput},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    centres::{centre::Centre, staff_member::StaffMember},
    learners::{enrolment::Enrolment, learner::Learner, result::LearningResult},
    programmes::{class::Class, programme::Programme},
    recognitions::recognition::Recognition,
};

/// Where something lies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Location {
    pub province: String,
    pub commune: Option<String>,
    /// The unit as it was reported.
    pub sent: PlaceInput,
}

impl From<Place> for Location {
    fn from(place: Place) -> Self {
        Self { province: place.province_code, commune: place.commune_code, sent: place.sent }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct CentreFact {
    pub place: Location,
    pub kind: CentreKind,
    pub ownership: Ownership,
    pub status: CentreStatus,
    pub terrain: Option<String>,
    pub difficult_areas: Vec<String>,
    pub digital_level: Option<DigitalLevel>,
    /// In the order of [`Facility::ALL`].
    pub facilities: Vec<Option<bool>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct ProgrammeFact {
    pub kind: String,
    pub group: ProgrammeGroup,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct ClassFact {
    pub year: SchoolYear,
    pub grade: Option<String>,
    pub study_form: Option<String>,
    pub state: ClassState,
    pub capacity: Option<i32>,
}

/// All of it is personal: of somebody whose data are erased it is the empty one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct LearnerFact {
    pub gender: Option<Gender>,
    pub ethnic_group: Option<String>,
    pub disability: Option<String>,
    pub birth_year: Option<i32>,
    pub literacy: Option<LiteracyLevel>,
    pub policy_groups: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct StaffFact {
    pub gender: Option<Gender>,
    pub ethnic_group: Option<String>,
    pub group: Option<String>,
    pub status: Option<String>,
    pub contract: Option<String>,
    pub qualification: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct EnrolmentFact {
    pub status: EnrolmentStatus,
    pub entered: NaiveDate,
    pub left: Option<NaiveDate>,
    pub reason: Option<String>,
}

/// What of it is personal is none where the key of the record is gone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct ResultFact {
    pub term: ResultTerm,
    pub academic: Option<AcademicLevel>,
    pub conduct: Option<ConductLevel>,
    pub promoted: Option<bool>,
    pub literacy: Option<LiteracyResult>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct RecognitionFact {
    pub kind: String,
    pub year: i32,
    pub level: Option<i32>,
    /// As it is shown on the day of counting.
    pub state: RecognitionState,
    /// The last day of a grant.
    pub valid_to: Option<NaiveDate>,
    pub place: Option<Location>,
    /// Whether a family or a citizen holds it.
    pub of_person: bool,
}

/// What is known of a record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub(super) enum Attributes {
    Centre(CentreFact),
    Programme(ProgrammeFact),
    Class(ClassFact),
    Learner(LearnerFact),
    Enrolment(EnrolmentFact),
    Result(ResultFact),
    Recognition(RecognitionFact),
    Staff(StaffFact),
}

/// The attributes of one kind, if they are of that kind.
macro_rules! only {
    ($($name:ident: $variant:ident($fact:ident)),+ $(,)?) => {
        impl Attributes {
            $( pub fn $name(&self) -> Option<&$fact> {
                if let Self::$variant(fact) = self { Some(fact) } else { None }
            } )+
        }
    };
}

only! {
    centre: Centre(CentreFact),
    programme: Programme(ProgrammeFact),
    class: Class(ClassFact),
    learner: Learner(LearnerFact),
}

/// The records that another one depends on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Parents {
    pub centre: Option<Uuid>,
    pub programme: Option<Uuid>,
    pub class: Option<Uuid>,
    pub learner: Option<Uuid>,
}

impl Parents {
    /// Their ids.
    pub fn ids(&self) -> impl Iterator<Item = Uuid> {
        [self.centre, self.programme, self.class, self.learner].into_iter().flatten()
    }
}

/// The kinds of record that are counted, or that others are counted by.
pub(super) const COUNTED: [ResourceKind; 8] = [
    ResourceKind::Centres,
    ResourceKind::Programmes,
    ResourceKind::Classes,
    ResourceKind::Learners,
    ResourceKind::Enrolments,
    ResourceKind::Results,
    ResourceKind::Recognitions,
    ResourceKind::StaffMembers,
];

impl From<Centre> for (Attributes, Parents) {
    fn from(centre: Centre) -> Self {
        let facility = |facility: &Facility| match facility {
            Facility::Computers => centre.uses_computers,
            Facility::Internet => centre.has_internet,
            Facility::GridPower => centre.has_grid_power,
            Facility::CleanWater => centre.has_clean_water,
            Facility::Sanitation => centre.has_sanitation,
            Facility::Accessible => centre.accessible_for_disabled,
        };
        let fact = CentreFact {
            facilities: Facility::ALL.iter().map(facility).collect(),
            place: centre.place.into(),
            kind: centre.kind,
            ownership: centre.ownership,
            status: centre.status,
            terrain: centre.terrain,
            difficult_areas: centre.difficult_area.into_iter().chain(centre.difficult_areas).collect(),
            digital_level: centre.digital_level,
        };
        (Attributes::Centre(fact), Parents::default())
    }
}

impl From<Programme> for (Attributes, Parents) {
    fn from(programme: Programme) -> Self {
        let parents = Parents { centre: programme.centre_id, ..Parents::default() };
        (Attributes::Programme(ProgrammeFact { kind: programme.kind, group: programme.group }), parents)
    }
}

impl From<Class> for (Attributes, Parents) {
    fn from(class: Class) -> Self {
        let fact = ClassFact {
            year: class.school_year,
            grade: class.grade,
            study_form: class.study_form,
            state: class.state,
            capacity: class.capacity,
        };
        let parents = Parents { centre: class.centre_id, programme: Some(class.programme_id), ..Parents::default() };
        (Attributes::Class(fact), parents)
    }
}

impl From<Learner> for (Attributes, Parents) {
    fn from(learner: Learner) -> Self {
        let birth = learner.date_of_birth.and_then(|birth| birth.earliest());
        let fact = LearnerFact {
            gender: learner.gender,
            ethnic_group: learner.ethnic_group,
            disability: learner.disability_kind,
            birth_year: birth.map(|day| chrono::Datelike::year(&day)),
            literacy: learner.literacy_level,
            policy_groups: learner.policy_groups,
        };
        (Attributes::Learner(fact), Parents { centre: learner.centre_id, ..Parents::default() })
    }
}

impl From<Enrolment> for (Attributes, Parents) {
    fn from(enrolment: Enrolment) -> Self {
        let fact = EnrolmentFact {
            status: enrolment.status,
            entered: enrolment.enrolled_on,
            left: enrolment.ended_on,
            reason: enrolment.dropout_reason,
        };
        let parents = Parents {
            centre: enrolment.centre_id,
            class: Some(enrolment.class_id),
            learner: Some(enrolment.learner_id),
            programme: None,
        };
        (Attributes::Enrolment(fact), parents)
    }
}

impl From<LearningResult> for (Attributes, Parents) {
    fn from(result: LearningResult) -> Self {
        let fact = ResultFact {
            term: result.term,
            academic: result.academic_level,
            conduct: result.conduct_level,
            promoted: result.promoted,
            literacy: result.literacy_result,
        };
        let parents = Parents {
            centre: result.centre_id,
            class: Some(result.class_id),
            learner: Some(result.learner_id),
            programme: None,
        };
        (Attributes::Result(fact), parents)
    }
}

impl From<Recognition> for (Attributes, Parents) {
    fn from(recognition: Recognition) -> Self {
        let fact = RecognitionFact {
            kind: recognition.kind,
            year: recognition.assessed_year,
            level: recognition.decision_level,
            state: recognition.state,
            valid_to: recognition.valid_to,
            place: recognition.place.map(Location::from),
            of_person: recognition.holder_kind.is_person(),
        };
        (Attributes::Recognition(fact), Parents { centre: recognition.centre_id, ..Parents::default() })
    }
}

impl From<StaffMember> for (Attributes, Parents) {
    fn from(staff: StaffMember) -> Self {
        let fact = StaffFact {
            gender: staff.gender,
            ethnic_group: staff.ethnic_group,
            group: staff.staff_group,
            status: staff.status,
            contract: staff.contract_kind,
            qualification: staff.professional_qualification,
        };
        (Attributes::Staff(fact), Parents { centre: staff.centre_id, ..Parents::default() })
    }
}
