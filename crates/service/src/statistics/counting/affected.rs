//! What hangs on changed records, slice by slice: a centre may have a hundred thousand enrolments, and no more of
//! them than a slice is held at a time.

use std::collections::BTreeSet;

use gdtx_domain::{exchange::resource::ResourceKind, statistics::fact};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use uuid::Uuid;

use super::{
    attributes::{Attributes, Parents},
    fact::{Fact, Facts},
};
use crate::{Result, tx::Tx};

/// Ids in one statement.
const SOME: usize = 500;
/// Facts of a slice, at most.
const SLICE: usize = 1000;

/// A kind of record that others hang on, and where these name it.
struct Link {
    of: ResourceKind,
    column: fact::Column,
    named: fn(&Parents) -> Option<Uuid>,
}

/// Classes stand behind programmes, since enrolments hang on the programmes of their classes.
const LINKS: [Link; 4] = [
    Link { of: ResourceKind::Centres, column: fact::Column::CentreId, named: |parents| parents.centre },
    Link { of: ResourceKind::Programmes, column: fact::Column::ProgrammeId, named: |parents| parents.programme },
    Link { of: ResourceKind::Classes, column: fact::Column::ClassId, named: |parents| parents.class },
    Link { of: ResourceKind::Learners, column: fact::Column::LearnerId, named: |parents| parents.learner },
];

/// The records that hang on others, each once though it may hang on several.
#[derive(Default)]
pub(super) struct Affected {
    /// The records that they hang on, by their links.
    roots: [BTreeSet<Uuid>; LINKS.len()],
    /// The link that comes next.
    next: usize,
    /// Roots of the link before it, with the last record that was found on a single one.
    waiting: Vec<(Vec<Uuid>, Option<Uuid>)>,
    /// Whether enrolments fall into another year or kind of programme by what they hang on.
    shifts: bool,
}

impl Affected {
    /// Adds a record that others may hang on.
    pub fn add(&mut self, kind: ResourceKind, id: Uuid) {
        if let Some(at) = LINKS.iter().position(|link| link.of == kind) {
            self.roots[at].insert(id);
        }
    }

    /// Adds learners whose other enrolments count differently by a change of this record: whether somebody is new in
    /// one depends on the others. `begins_otherwise` tells it of a learner.
    pub fn add_learners(&mut self, before: Option<&Fact>, now: &Fact, begins_otherwise: impl Fn(Uuid) -> bool) {
        if before.is_some_and(|before| !shifts(before, now)) {
            return;
        }
        match now.resource {
            ResourceKind::Enrolments => {
                let learners = before.into_iter().chain([now]).filter_map(|fact| fact.parents.learner);
                let learners = learners.filter(|learner| begins_otherwise(*learner));
                learners.for_each(|learner| self.add(ResourceKind::Learners, learner));
            }
            ResourceKind::Classes | ResourceKind::Programmes => self.shifts = true,
            _ => {}
        }
    }

    /// The facts of a slice; none when there are no more.
    pub async fn slice(&mut self, tx: &Tx, generation: i64) -> Result<Option<Facts>> {
        loop {
            let Some((mut roots, after)) = self.waiting.pop() else {
                let Some(of_link) = self.roots.get(self.next) else { return Ok(None) };
                let ids: Vec<Uuid> = of_link.iter().copied().collect();
                self.waiting = ids.chunks(SOME).map(|some| (some.to_vec(), None)).collect();
                self.next += 1;
                continue;
            };
            let rows = hanging(tx, generation, LINKS[self.next - 1].column, &roots, after).await?;
            let is_full = rows.len() == SLICE;
            if is_full && roots.len() > 1 {
                // Of one root after the other, when many hang on them.
                let rest = roots.split_off(roots.len() / 2);
                self.waiting.extend([(rest, None), (roots, None)]);
                continue;
            }
            if let Some(last) = rows.last().filter(|_| is_full) {
                self.waiting.push((roots, Some(last.record_id)));
            }
            let facts = self.not_seen(tx, rows)?;
            if !facts.is_empty() {
                return Ok(Some(facts));
            }
        }
    }

    /// Those that were not in a slice of a link before.
    fn not_seen(&mut self, tx: &Tx, rows: Vec<fact::Model>) -> Result<Facts> {
        let mut facts = Facts::new();
        let before = self.next - 1;
        for row in rows {
            let (id, fact) = Fact::open(row, tx.ctx.db.vault())?;
            if LINKS[before].of == ResourceKind::Programmes {
                self.add(fact.resource, id);
            }
            if let Some(learner) = fact.parents.learner.filter(|_| self.shifts) {
                self.add(ResourceKind::Learners, learner);
            }
            let seen = |(link, roots): (&Link, &BTreeSet<Uuid>)| {
                (link.named)(&fact.parents).is_some_and(|root| roots.contains(&root))
            };
            if !LINKS.iter().zip(&self.roots).take(before).any(seen) {
                facts.insert(id, fact);
            }
        }
        Ok(facts)
    }
}

/// Whether a change moves enrolments to another learner, year or kind of programme.
fn shifts(before: &Fact, now: &Fact) -> bool {
    match (&before.body.attributes, &now.body.attributes) {
        (Attributes::Class(one), Attributes::Class(other)) => {
            (one.year, before.parents.programme) != (other.year, now.parents.programme)
        }
        (Attributes::Programme(one), Attributes::Programme(other)) => one.kind != other.kind,
        _ => {
            let told = |fact: &Fact| (fact.parents.class, fact.parents.learner, fact.body.lives);
            told(before) != told(now)
        }
    }
}

/// Facts that name one of the roots, a slice at most; of a single root in order, behind the last one.
#[expect(clippy::disallowed_methods, reason = "everything is counted, for nobody in particular")]
async fn hanging(
    tx: &Tx,
    generation: i64,
    column: fact::Column,
    roots: &[Uuid],
    after: Option<Uuid>,
) -> Result<Vec<fact::Model>> {
    let mut select = fact::Entity::find()
        .filter(fact::Column::Generation.eq(generation))
        .filter(column.is_in(roots.iter().copied()))
        .limit(SLICE as u64);
    if roots.len() == 1 {
        select = select.order_by_asc(fact::Column::RecordId);
    }
    if let Some(after) = after {
        select = select.filter(fact::Column::RecordId.gt(after));
    }
    Ok(select.all(&tx.db).await?)
}

/// Every enrolment of the learners whose enrolments these are.
pub(super) async fn enrolments_of(tx: &Tx, generation: i64, facts: impl Iterator<Item = &Fact>) -> Result<Facts> {
    let enrolments = facts.filter(|fact| fact.resource == ResourceKind::Enrolments);
    let learners: BTreeSet<Uuid> = enrolments.filter_map(|fact| fact.parents.learner).collect();
    let is_enrolment = fact::Column::Resource.eq(ResourceKind::Enrolments);
    facts_by(tx, generation, fact::Column::LearnerId, &Vec::from_iter(learners), Some(is_enrolment)).await
}

/// The facts of records.
pub(super) async fn facts_of(tx: &Tx, generation: i64, ids: &[Uuid]) -> Result<Facts> {
    facts_by(tx, generation, fact::Column::RecordId, ids, None).await
}

/// The facts that have one of these ids in a column, as far as a condition goes.
#[expect(clippy::disallowed_methods, reason = "everything is counted, for nobody in particular")]
async fn facts_by(tx: &Tx, generation: i64, column: fact::Column, ids: &[Uuid], only: Option<Expr>) -> Result<Facts> {
    let mut facts = Facts::new();
    for ids in ids.chunks(SOME) {
        let rows = fact::Entity::find()
            .filter(fact::Column::Generation.eq(generation))
            .filter(column.is_in(ids.iter().copied()))
            .filter(Condition::all().add_option(only.clone()))
            .all(&tx.db)
            .await?;
        for row in rows {
            let (id, fact) = Fact::open(row, tx.ctx.db.vault())?;
            facts.insert(id, fact);
        }
    }
    Ok(facts)
}
