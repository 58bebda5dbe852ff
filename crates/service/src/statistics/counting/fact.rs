//! Facts as they are kept: read off the journal's images, and sealed where they are of people.

use std::collections::HashMap;

use chrono::NaiveDate;
use gdtx_domain::{
    exchange::{journal, resource::ResourceKind},
    recognitions::{period, recognition::RecognitionState},
    statistics::fact,
};
use serde::{Deserialize, Serialize, de::IgnoredAny};
use uuid::Uuid;

use super::attributes::{Attributes, LearnerFact, Parents};
use crate::{
    Error, Record, Result,
    centres::{centre::Centre, staff_member::StaffMember},
    exchange::image::Today,
    learners::{enrolment::Enrolment, learner::Learner, result::LearningResult},
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
            ResourceKind::Results => of_person::<LearningResult>(entry, image, person)?,
            ResourceKind::Learners => of_person::<Learner>(entry, image, person)?,
            ResourceKind::StaffMembers => of_person::<StaffMember>(entry, image, person)?,
            _ => return Ok(None),
        };
        let End { deleted_at } = serde_json::from_str(image).map_err(Error::internal)?;
        // Whether a family or a citizen is recognised is nobody else's business.
        let is_theirs = matches!(&attributes, Attributes::Recognition(recognition) if recognition.of_person);
        let lives = deleted_at.is_none() && !is_theirs;
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
            kind if is_sealed(kind) => vault.open_text(&place(row.record_id), &row.body)?,
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
            kind if is_sealed(kind) => vault.seal_text(&place(id), text)?,
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

/// Whether facts of the kind say what is personal.
const fn is_sealed(kind: ResourceKind) -> bool {
    matches!(kind, ResourceKind::Learners | ResourceKind::StaffMembers | ResourceKind::Results)
}

/// Where the fact of a person is sealed.
fn place(id: Uuid) -> String {
    format!("statistics/{id}")
}

/// What an image of a person says, opened by the key that the record has today.
fn of_person<T: Record + Into<(Attributes, Parents)>>(
    entry: &journal::Model,
    image: &str,
    today: Option<&Today>,
) -> Result<(Attributes, Parents)> {
    revealed::<T>(Today::key(today), entry.record_id, entry.version, image).map(Into::into)
}

fn plain<T: Record + Into<(Attributes, Parents)>>(image: &str) -> Result<(Attributes, Parents)> {
    serde_json::from_str::<T>(image).map(Into::into).map_err(Error::internal)
}

/// Facts in layers: what an upper one tells hides what lies below.
pub(super) struct Layers<'a, const N: usize> {
    facts: [&'a Facts; N],
    /// Enrolments by their learners.
    enrolments: HashMap<Uuid, Vec<&'a Fact>>,
}

impl<'a, const N: usize> Layers<'a, N> {
    pub fn of(facts: [&'a Facts; N]) -> Self {
        let mut enrolments: HashMap<Uuid, Vec<&Fact>> = HashMap::new();
        for (above, layer) in facts.iter().enumerate() {
            let is_hidden = |id| facts[..above].iter().any(|upper| upper.contains_key(id));
            for (id, fact) in layer.iter().filter(|(_, fact)| fact.resource == ResourceKind::Enrolments) {
                if let Some(learner) = fact.parents.learner.filter(|_| !is_hidden(id)) {
                    enrolments.entry(learner).or_default().push(fact);
                }
            }
        }
        Self { facts, enrolments }
    }

    pub fn get(&self, id: &Uuid) -> Option<&'a Fact> {
        self.facts.iter().find_map(|facts| facts.get(id))
    }

    /// The enrolments of a learner that are on record.
    pub fn enrolments_of(&self, learner: Uuid) -> impl Iterator<Item = &'a Fact> {
        let all = self.enrolments.get(&learner).map(Vec::as_slice).unwrap_or_default();
        all.iter().copied().filter(|fact| fact.body.lives)
    }
}
