//! Facts as they are kept: read off the journal's images, and what they add to the cells.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use gdtx_domain::{
    centres::digital_level::DigitalLevel,
    exchange::{journal, resource::ResourceKind},
    learners::{enrolment::EnrolmentStatus, learner::Gender, literacy::LiteracyLevel},
    recognitions::{period, recognition::RecognitionState},
    statistics::{
        age_band::AgeBand,
        cell::BETWEEN,
        data_set::{self, DataSet},
        dimension::{Answer, Dimension, Facility, LEGACY, NONE, NOT_TOLD},
        fact,
        period::StatisticsPeriod,
    },
    territory::{code_list, unit::REFORM},
};
use serde::{Deserialize, Serialize, de::IgnoredAny};
use uuid::Uuid;

use super::attributes::{Attributes, CentreFact, ClassFact, LearnerFact, Location, Parents, ProgrammeFact};
use crate::{
    Error, Record, Result,
    centres::centre::Centre,
    exchange::image::Today,
    learners::{enrolment::Enrolment, learner::Learner},
    programmes::{class::Class, programme::Programme},
    recognitions::recognition::Recognition,
    vault::{Vault, revealed},
};

/// What is known of one record.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fact {
    pub resource: ResourceKind,
    pub parents: Parents,
    /// The day from which it counts differently without anything being written.
    pub changes_on: Option<NaiveDate>,
    pub body: Body,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Body {
    /// Whether the record counts: one that was retired does not, and others may still depend on it.
    pub lives: bool,
    pub attributes: Attributes,
}

/// Whether a record is still on record, as its image says: an erasure leaves a retired one retired.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct End {
    deleted_at: Option<IgnoredAny>,
}

/// Facts by their records.
pub(super) type Facts = HashMap<Uuid, Fact>;

impl Fact {
    /// What an entry of the journal says of its record on a day; none for a kind that is not counted.
    pub fn read(entry: &journal::Model, person: Option<&Today>, day: NaiveDate) -> Result<Option<Self>> {
        let image = entry.after_image.as_deref().unwrap_or("null");
        let (attributes, parents) = match entry.resource {
            ResourceKind::Centres => plain::<Centre>(image)?,
            ResourceKind::Programmes => plain::<Programme>(image)?,
            ResourceKind::Classes => plain::<Class>(image)?,
            ResourceKind::Enrolments => plain::<Enrolment>(image)?,
            ResourceKind::Recognitions => plain::<Recognition>(image)?,
            ResourceKind::Learners => {
                revealed::<Learner>(Today::key(person), entry.record_id, entry.version, image)?.into()
            }
            _ => return Ok(None),
        };
        let End { deleted_at } = serde_json::from_str(image).map_err(Error::internal)?;
        // Whether a family or a citizen is recognised is nobody else's business.
        let of_person = matches!(&attributes, Attributes::Recognition(recognition) if recognition.of_person);
        let lives = deleted_at.is_none() && !of_person;
        let fact = Self { resource: entry.resource, parents, changes_on: None, body: Body { lives, attributes } };
        Ok(Some(fact.on(day)))
    }

    /// The same as it counts on a day: a grant is counted until its last day.
    pub fn on(mut self, day: NaiveDate) -> Self {
        self.changes_on = None;
        if let Attributes::Recognition(recognition) = &mut self.body.attributes {
            recognition.state = period::state_on(recognition.state, recognition.valid_to, day);
            let ends = self.body.lives && recognition.state == RecognitionState::Granted;
            self.changes_on = recognition.valid_to.filter(|_| ends).and_then(|last| last.succ_opt());
        }
        self
    }

    /// Forgets the person: what is left is what the journal tells of somebody erased.
    pub fn forget(&mut self) {
        self.body.attributes = Attributes::Learner(LearnerFact::default());
    }

    /// The fact of a row.
    pub fn open(row: fact::Model, vault: &Vault) -> Result<(Uuid, Self)> {
        let text = match row.resource {
            ResourceKind::Learners => vault.open_text(&place(row.record_id), &row.body)?,
            _ => row.body,
        };
        let parents = Parents {
            centre: row.centre_id,
            programme: row.programme_id,
            class: row.class_id,
            learner: row.learner_id,
        };
        let body = serde_json::from_str(&text).map_err(Error::internal)?;
        Ok((row.record_id, Self { resource: row.resource, parents, changes_on: row.changes_on, body }))
    }

    /// The row of the fact; what is known of people is sealed.
    pub fn row(&self, generation: i64, id: Uuid, vault: &Vault) -> Result<fact::Model> {
        let text = serde_json::to_string(&self.body).map_err(Error::internal)?;
        let body = match self.resource {
            ResourceKind::Learners => vault.seal_text(&place(id), text)?,
            _ => text,
        };
        let Parents { centre, programme, class, learner } = self.parents;
        Ok(fact::Model {
            generation,
            record_id: id,
            resource: self.resource,
            centre_id: centre,
            programme_id: programme,
            class_id: class,
            learner_id: learner,
            changes_on: self.changes_on,
            body,
        })
    }
}

/// Where the fact of a person is sealed.
fn place(id: Uuid) -> String {
    format!("statistics/{id}")
}

fn plain<T: Record + Into<(Attributes, Parents)>>(image: &str) -> Result<(Attributes, Parents)> {
    serde_json::from_str::<T>(image).map(Into::into).map_err(Error::internal)
}

/// Facts in layers: what an upper one tells hides what lies below.
pub(super) struct Layers<'a, const N: usize>(pub [&'a Facts; N]);

impl<'a, const N: usize> Layers<'a, N> {
    fn get(&self, id: &Uuid) -> Option<&'a Fact> {
        self.0.iter().find_map(|facts| facts.get(id))
    }
}

/// Whether a change of a record tells those who depend on it something else than before.
pub(super) fn carries(before: &Fact, after: &Fact) -> bool {
    let (one, other) = (Subject::of(&Layers([]), before), Subject::of(&Layers([]), after));
    if one.centre.is_some() && other.centre.is_some() {
        // Many hang on a centre, and most of what it tells is its own business.
        let mut sets = data_set::all().iter().filter(|set| set.of != ResourceKind::Centres);
        return sets.any(|set| one.places(set) != other.places(set));
    }
    before.parents != after.parents || before.body.attributes != after.body.attributes
}

/// What a record adds to cells: data set, key and number.
pub(super) fn cells<const N: usize>(facts: &Layers<'_, N>, id: Uuid, mut add: impl FnMut(&'static str, String, i64)) {
    let Some(fact) = facts.get(&id).filter(|fact| fact.body.lives) else { return };
    let subject = Subject::of(facts, fact);
    for set in data_set::all().iter().filter(|set| set.of == fact.resource) {
        for members in subject.places(set) {
            for measure in &set.measures {
                let number = subject.number(&measure.code);
                if number != 0 {
                    add(&set.id, format!("{members}{}", measure.code), number);
                }
            }
        }
    }
}

/// A record with those that it depends on.
struct Subject<'a> {
    fact: &'a Attributes,
    centre: Option<&'a CentreFact>,
    programme: Option<&'a ProgrammeFact>,
    class: Option<&'a ClassFact>,
    learner: Option<&'a LearnerFact>,
}

impl<'a> Subject<'a> {
    fn of<const N: usize>(facts: &Layers<'a, N>, fact: &'a Fact) -> Self {
        let known = |id: Option<Uuid>| id.and_then(|id| facts.get(&id));
        let of = |id: Option<Uuid>| known(id).map(|fact| &fact.body.attributes);
        let (own, parents) = (&fact.body.attributes, fact.parents);
        let programme = parents.programme.or_else(|| known(parents.class)?.parents.programme);
        Self {
            fact: own,
            centre: own.centre().or_else(|| of(parents.centre)?.centre()),
            programme: own.programme().or_else(|| of(programme)?.programme()),
            class: own.class().or_else(|| of(parents.class)?.class()),
            learner: own.learner().or_else(|| of(parents.learner)?.learner()),
        }
    }

    /// The keys of a data set in which the record stands, without the measure: one for each combination of its
    /// members.
    fn places(&self, set: &DataSet) -> Vec<String> {
        let mut keys = vec![String::new()];
        for dimension in &set.dimensions {
            let with = |key: &String| {
                let members = self.members(*dimension, key).into_iter();
                members.map(|member| format!("{key}{member}{BETWEEN}")).collect::<Vec<_>>()
            };
            keys = keys.iter().flat_map(with).collect();
        }
        keys
    }

    fn number(&self, measure: &str) -> i64 {
        match (measure, self.fact) {
            ("capacity", Attributes::Class(class)) => class.capacity.unwrap_or_default().into(),
            _ => 1,
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
            Dimension::DigitalLevel => {
                told(self.centre.and_then(|centre| centre.digital_level).map(DigitalLevel::code))
            }
            Dimension::Facility => Facility::ALL.iter().map(|facility| facility.code().to_owned()).collect(),
            Dimension::Has => {
                // It is asked of the facility right before it.
                let asked = before.trim_end_matches(BETWEEN).rsplit(BETWEEN).next();
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
            (Dimension::Gender, _) => told(learner.and_then(|learner| learner.gender).map(Gender::code)),
            (Dimension::EthnicGroup, _) => told(learner.and_then(|learner| learner.ethnic_group.as_deref())),
            (Dimension::Minority, _) => {
                let group = learner.and_then(|learner| learner.ethnic_group.as_deref());
                told(group.and_then(code_list::is_minority).map(|yes| answer(yes).code()))
            }
            (Dimension::Disability, _) => told(learner.map(|learner| learner.disability.as_deref().unwrap_or(NONE))),
            (Dimension::LiteracyLevel, _) => {
                told(learner.and_then(|learner| learner.literacy).map(LiteracyLevel::code))
            }
            (Dimension::AgeBand, _) => {
                let born = learner.and_then(|learner| learner.birth_year).zip(class);
                told(born.and_then(|(born, class)| AgeBand::of(born, class.year)).map(AgeBand::code))
            }
            (Dimension::PolicyGroup, _) => match learner.map(|learner| learner.policy_groups.as_slice()) {
                None => told(None),
                Some([]) => told(Some(NONE)),
                Some(groups) => groups.iter().collect::<BTreeSet<_>>().into_iter().cloned().collect(),
            },
            (Dimension::Period, Attributes::Enrolment(enrolment)) => {
                let counts = |period: &&StatisticsPeriod| {
                    let year = class.map(|class| class.year);
                    year.is_some_and(|year| {
                        period.counts(year, enrolment.entered, enrolment.left, enrolment.status.is_current())
                    })
                };
                StatisticsPeriod::ALL.iter().filter(counts).map(|period| period.code().to_owned()).collect()
            }
            (Dimension::EnrolmentStatus, Attributes::Enrolment(enrolment)) => told(Some(enrolment.status.code())),
            (Dimension::DropoutReason, Attributes::Enrolment(enrolment)) => match enrolment.status {
                EnrolmentStatus::DroppedOut => told(enrolment.reason.as_deref()),
                _ => told(Some(NONE)),
            },
            (Dimension::RecognitionKind, Attributes::Recognition(recognition)) => told(Some(&recognition.kind)),
            (Dimension::RecognitionState, Attributes::Recognition(recognition)) => told(Some(recognition.state.code())),
            (Dimension::Year, Attributes::Recognition(recognition)) => told(Some(&recognition.year.to_string())),
            (Dimension::Level, Attributes::Recognition(recognition)) => {
                told(recognition.level.map(|level| level.to_string()).as_deref())
            }
            _ => told(None),
        }
    }

    fn location(&self) -> Option<&Location> {
        match self.fact {
            Attributes::Recognition(recognition) if recognition.place.is_some() => recognition.place.as_ref(),
            _ => self.centre.map(|centre| &centre.place),
        }
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
