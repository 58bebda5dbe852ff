//! What a record adds to the cells, by itself and by what it depends on.

use std::collections::{BTreeMap, BTreeSet};

use gdtx_domain::{
    SchoolYear,
    centres::digital_level::DigitalLevel,
    exchange::resource::ResourceKind,
    learners::{
        enrolment::EnrolmentStatus,
        learner::Gender,
        literacy::{LiteracyLevel, LiteracyResult},
        result::{AcademicLevel, ConductLevel},
    },
    statistics::{
        age_band::AgeBand,
        cell::{BETWEEN, Numbers},
        data_set::{self, DataSet},
        dimension::{Answer, Dimension, Facility, LEGACY, NONE, NOT_TOLD},
        entry::Entry,
        period::StatisticsPeriod,
    },
    territory::{code_list, unit::REFORM},
};
use uuid::Uuid;

use super::{
    attributes::{Attributes, CentreFact, ClassFact, LearnerFact, Location, Parents, ProgrammeFact},
    fact::{Fact, Layers},
};

/// Whether a change of a record tells those who depend on it something else than before.
pub(super) fn carries(before: &Fact, after: &Fact) -> bool {
    let alone = Layers::of([]);
    let (one, other) = (Subject::of(&alone, before), Subject::of(&alone, after));
    if one.centre.is_some() && other.centre.is_some() {
        // Many hang on a centre, and most of what it tells is its own business.
        let mut sets = data_set::all().iter().filter(|set| set.of != ResourceKind::Centres);
        return sets.any(|set| one.places(set) != other.places(set));
    }
    before.parents != after.parents || before.body.attributes != after.body.attributes
}

/// What a record adds to cells: data set, key and numbers.
pub(super) fn cells<const N: usize>(
    facts: &Layers<'_, N>,
    id: Uuid,
    mut add: impl FnMut(&'static DataSet, String, Numbers),
) {
    let Some(fact) = facts.get(&id).filter(|fact| fact.body.lives) else { return };
    let subject = Subject::of(facts, fact);
    for set in data_set::all().iter().filter(|set| set.of == fact.resource) {
        let numbers = subject.numbers(set);
        if numbers != Numbers::default() {
            subject.places(set).into_iter().for_each(|key| add(set, key, numbers));
        }
    }
}

/// The first year in which a learner takes part in each kind of programme.
pub(super) fn beginnings<const N: usize>(facts: &Layers<'_, N>, learner: Uuid) -> BTreeMap<Option<String>, SchoolYear> {
    let mut first = BTreeMap::new();
    for fact in facts.enrolments_of(learner) {
        let (programme, class) = taught(facts, fact.parents);
        if let Some(class) = class {
            let year = first.entry(programme.map(|programme| programme.kind.clone())).or_insert(class.year);
            *year = class.year.min(*year);
        }
    }
    first
}

/// The programme and the class that a record hangs on.
fn taught<'a, const N: usize>(
    facts: &Layers<'a, N>,
    parents: Parents,
) -> (Option<&'a ProgrammeFact>, Option<&'a ClassFact>) {
    let class = parents.class.and_then(|id| facts.get(&id));
    let programme = parents.programme.or_else(|| class?.parents.programme).and_then(|id| facts.get(&id));
    (programme.and_then(|fact| fact.body.attributes.programme()), class.and_then(|fact| fact.body.attributes.class()))
}

/// A record with those that it depends on.
struct Subject<'a> {
    fact: &'a Attributes,
    centre: Option<&'a CentreFact>,
    programme: Option<&'a ProgrammeFact>,
    class: Option<&'a ClassFact>,
    learner: Option<&'a LearnerFact>,
    /// The first year in which the learner took part in such a programme.
    first: Option<SchoolYear>,
}

impl<'a> Subject<'a> {
    fn of<const N: usize>(facts: &Layers<'a, N>, fact: &'a Fact) -> Self {
        let of = |id: Option<Uuid>| id.and_then(|id| facts.get(&id)).map(|fact| &fact.body.attributes);
        let (own, parents) = (&fact.body.attributes, fact.parents);
        let (programme, class) = taught(facts, parents);
        let programme = own.programme().or(programme);
        let year_alike = |other: &Fact| {
            let (other, class) = taught(facts, other.parents);
            let is_alike = other.map(|other| &other.kind) == programme.map(|own| &own.kind);
            class.filter(|_| is_alike).map(|class| class.year)
        };
        Self {
            fact: own,
            first: parents.learner.and_then(|id| facts.enrolments_of(id).filter_map(year_alike).min()),
            centre: own.centre().or_else(|| of(parents.centre)?.centre()),
            programme,
            class: own.class().or(class),
            learner: own.learner().or_else(|| of(parents.learner)?.learner()),
        }
    }

    /// The keys of a data set under which the record stands: one for each combination of its members.
    fn places(&self, set: &DataSet) -> Vec<String> {
        let mut keys = vec![String::new()];
        for dimension in set.dimensions.iter().filter(|dimension| **dimension != Dimension::Period) {
            let with = |key: &String| {
                let members = self.members(*dimension, key).into_iter();
                let behind = |member| if key.is_empty() { member } else { format!("{key}{BETWEEN}{member}") };
                members.map(behind).collect::<Vec<_>>()
            };
            keys = keys.iter().flat_map(with).collect();
        }
        keys
    }

    /// What it adds under each of them: at each point of the school year, or by each measure.
    fn numbers(&self, set: &DataSet) -> Numbers {
        let mut numbers = Numbers::default();
        if set.place(Dimension::Period).is_some() {
            let points = StatisticsPeriod::ALL.iter().map(|period| i64::from(self.is_counted_at(*period)));
            numbers.iter_mut().zip(points).for_each(|(number, point)| *number = point);
        } else {
            let measures = set.measures.iter().map(|measure| self.number(&measure.code));
            numbers.iter_mut().zip(measures).for_each(|(number, measure)| *number = measure);
        }
        numbers
    }

    fn number(&self, measure: &str) -> i64 {
        match (measure, self.fact) {
            ("capacity", Attributes::Class(class)) => class.capacity.unwrap_or_default().into(),
            _ => 1,
        }
    }

    /// Whether it is an enrolment of somebody who takes part at this point of the school year.
    fn is_counted_at(&self, period: StatisticsPeriod) -> bool {
        match (self.fact, self.class) {
            (Attributes::Enrolment(enrolment), Some(class)) => {
                period.counts(class.year, enrolment.entered, enrolment.left, enrolment.status.is_current())
            }
            _ => false,
        }
    }

    /// Where the record stands in a dimension, behind the members of the dimensions before: mostly in one member;
    /// in none it is not counted.
    fn members(&self, dimension: Dimension, before: &str) -> Vec<String> {
        let told = |code: Option<&str>| vec![code.unwrap_or(NOT_TOLD).to_owned()];
        let place = self.location();
        match dimension {
            Dimension::Province => told(place.map(|place| place.province.as_str())),
            Dimension::Commune => told(place.and_then(|place| place.commune.as_deref())),
            Dimension::ReportedUnit => told(place.map(reported).as_deref()),
            Dimension::CentreKind => told(self.centre.map(|centre| centre.kind.code())),
            Dimension::Ownership => told(self.centre.map(|centre| centre.ownership.code())),
            Dimension::CentreStatus => told(self.centre.map(|centre| centre.status.code())),
            Dimension::Terrain => told(self.centre.and_then(|centre| centre.terrain.as_deref())),
            Dimension::DifficultArea => several(self.centre.map(|centre| centre.difficult_areas.as_slice())),
            Dimension::DigitalLevel => {
                told(self.centre.and_then(|centre| centre.digital_level).map(DigitalLevel::code))
            }
            Dimension::Facility => Facility::ALL.iter().map(|facility| facility.code().to_owned()).collect(),
            Dimension::Has => {
                // It is asked of the facility right before it.
                let asked = before.rsplit(BETWEEN).next();
                let at = asked.and_then(|code| Facility::ALL.iter().position(|facility| facility.code() == code));
                let has = self.centre.zip(at).and_then(|(centre, at)| centre.facilities.get(at).copied().flatten());
                told(has.map(|yes| answer(yes).code()))
            }
            _ => self.members_of_person_or_class(dimension),
        }
    }

    fn members_of_person_or_class(&self, dimension: Dimension) -> Vec<String> {
        let told = |code: Option<&str>| vec![code.unwrap_or(NOT_TOLD).to_owned()];
        let (class, programme, learner) = (self.class, self.programme, self.learner);
        match (dimension, self.fact) {
            (Dimension::ProgrammeGroup, _) => told(programme.map(|programme| programme.group.code())),
            (Dimension::ProgrammeKind, _) => told(programme.map(|programme| programme.kind.as_str())),
            (Dimension::SchoolYear, _) => told(class.map(|class| class.year.to_string()).as_deref()),
            (Dimension::Grade, _) => told(class.and_then(|class| class.grade.as_deref())),
            (Dimension::StudyForm, _) => told(class.and_then(|class| class.study_form.as_deref())),
            (Dimension::ClassState, _) => told(class.map(|class| class.state.code())),
            (Dimension::Gender, _) => told(self.gender().map(Gender::code)),
            (Dimension::EthnicGroup, _) => told(self.ethnic_group()),
            (Dimension::Minority, _) => {
                told(self.ethnic_group().and_then(code_list::is_minority).map(|yes| answer(yes).code()))
            }
            (Dimension::Disability, _) => told(learner.map(|learner| learner.disability.as_deref().unwrap_or(NONE))),
            (Dimension::LiteracyLevel, _) => {
                told(learner.and_then(|learner| learner.literacy).map(LiteracyLevel::code))
            }
            (Dimension::AgeBand, _) => {
                let born = learner.and_then(|learner| learner.birth_year).zip(class);
                told(born.and_then(|(born, class)| AgeBand::of(born, class.year)).map(AgeBand::code))
            }
            (Dimension::PolicyGroup, _) => several(learner.map(|learner| learner.policy_groups.as_slice())),
            (Dimension::Entry, Attributes::Enrolment(_)) => {
                told(class.zip(self.first).map(|(class, first)| Entry::of(class.year, first).code()))
            }
            (Dimension::EnrolmentStatus, Attributes::Enrolment(enrolment)) => told(Some(enrolment.status.code())),
            (Dimension::DropoutReason, Attributes::Enrolment(enrolment)) => match enrolment.status {
                EnrolmentStatus::DroppedOut => told(enrolment.reason.as_deref()),
                _ => told(Some(NONE)),
            },
            (Dimension::ResultTerm, Attributes::Result(result)) => told(Some(result.term.code())),
            // Terms of the literacy programme have results of their own.
            (Dimension::AcademicLevel, Attributes::Result(result)) if result.term.of_literacy().is_none() => {
                told(result.academic.map(AcademicLevel::code))
            }
            (Dimension::LiteracyResult, Attributes::Result(result)) if result.term.of_literacy().is_some() => {
                told(result.literacy.map(LiteracyResult::code))
            }
            (Dimension::AcademicLevel | Dimension::LiteracyResult, _) => Vec::new(),
            (Dimension::ConductLevel, Attributes::Result(result)) => told(result.conduct.map(ConductLevel::code)),
            (Dimension::Promoted, Attributes::Result(result)) => told(result.promoted.map(|yes| answer(yes).code())),
            (Dimension::StaffGroup, Attributes::Staff(staff)) => told(staff.group.as_deref()),
            (Dimension::StaffStatus, Attributes::Staff(staff)) => told(staff.status.as_deref()),
            (Dimension::ContractKind, Attributes::Staff(staff)) => told(staff.contract.as_deref()),
            (Dimension::Qualification, Attributes::Staff(staff)) => told(staff.qualification.as_deref()),
            (Dimension::RecognitionKind, Attributes::Recognition(recognition)) => told(Some(&recognition.kind)),
            (Dimension::RecognitionState, Attributes::Recognition(recognition)) => told(Some(recognition.state.code())),
            (Dimension::Year, Attributes::Recognition(recognition)) => told(Some(&recognition.year.to_string())),
            (Dimension::Level, Attributes::Recognition(recognition)) => {
                told(recognition.level.map(|level| level.to_string()).as_deref())
            }
            _ => told(None),
        }
    }

    fn gender(&self) -> Option<Gender> {
        match (self.fact, self.learner) {
            (Attributes::Staff(staff), _) => staff.gender,
            (_, learner) => learner?.gender,
        }
    }

    fn ethnic_group(&self) -> Option<&str> {
        match (self.fact, self.learner) {
            (Attributes::Staff(staff), _) => staff.ethnic_group.as_deref(),
            (_, learner) => learner?.ethnic_group.as_deref(),
        }
    }

    fn location(&self) -> Option<&Location> {
        match self.fact {
            Attributes::Recognition(recognition) if recognition.place.is_some() => recognition.place.as_ref(),
            _ => self.centre.map(|centre| &centre.place),
        }
    }
}

/// The members of somebody, or something, that may be of several.
fn several(of: Option<&[String]>) -> Vec<String> {
    match of {
        None => vec![NOT_TOLD.to_owned()],
        Some([]) => vec![NONE.to_owned()],
        Some(of) => of.iter().collect::<BTreeSet<_>>().into_iter().cloned().collect(),
    }
}

const fn answer(yes: bool) -> Answer {
    if yes { Answer::Yes } else { Answer::No }
}

/// The unit that was reported.
fn reported(place: &Location) -> String {
    match place.sent.as_of {
        Some(day) if day < REFORM => format!("{}{LEGACY}", place.sent.code),
        _ => place.sent.code.clone(),
    }
}
