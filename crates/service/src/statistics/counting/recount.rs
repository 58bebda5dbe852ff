//! New facts take the place of those before: whatever stands elsewhere in the cells for it is taken out as it stood
//! and put back as it stands.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use gdtx_domain::statistics::{
    cell::{self, Numbers},
    count, fact,
};
use sea_orm::{
    ExprTrait,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use super::{
    affected::{Affected, enrolments_of, facts_of},
    change,
    fact::{Fact, Facts, Layers},
    subject::{beginnings, carries, cells},
};
use crate::{Result, database::put_all, tx::Tx};

/// Puts facts in the place of those before, and counts again what they change. The caller holds the count, tells how
/// it was until now, and raises its revision.
pub(super) async fn put(tx: &Tx, until: &count::Model, mut new: Facts) -> Result<()> {
    let generation = until.generation;
    let ids: Vec<Uuid> = new.keys().copied().collect();
    let mut old = facts_of(tx, generation, &ids).await?;
    // Most changes are of what is not counted: nothing is read for those.
    new.retain(|id, fact| old.get(id) != Some(fact));
    if new.is_empty() {
        return Ok(());
    }
    let around = old.extract_if(|id, _| !new.contains_key(id)).collect();
    let mut recount = Recount { tx, generation, old, new, around, deltas: BTreeMap::new() };
    recount.of_changed().await?;
    recount.of_hanging().await?;
    recount.keep(until.revision + 1, until.is_shown).await
}

/// What is counted again.
struct Recount<'a> {
    tx: &'a Tx,
    generation: i64,
    /// The facts that change, as they were.
    old: Facts,
    /// The same as they are.
    new: Facts,
    /// Those that these depend on.
    around: Facts,
    /// What is added to cells, by their data sets and keys.
    deltas: BTreeMap<(&'static str, String), Numbers>,
}

impl Recount<'_> {
    async fn of_changed(&mut self) -> Result<()> {
        let others = self.others_of(self.old.values().chain(self.new.values())).await?;
        self.around.extend(others);
        let known = [&self.old, &self.new, &self.around];
        let parents = self.parents_of(known.into_iter().flat_map(HashMap::values)).await?;
        self.around.extend(parents);
        let ids: Vec<Uuid> = self.new.keys().copied().collect();
        self.count(&ids, &Facts::new());
        Ok(())
    }

    /// Of records that hang on the changed ones, as far as these tell them something else than before.
    async fn of_hanging(&mut self) -> Result<()> {
        let mut affected = Affected::default();
        let (before, now) = (Layers::of([&self.old, &self.around]), Layers::of([&self.new, &self.around]));
        // An enrolment that others do not follow on is nobody else's business: mostly the newest one.
        let begins_otherwise = |learner| {
            let now = beginnings(&now, learner);
            beginnings(&before, learner).iter().any(|(kind, year)| now.get(kind).is_some_and(|other| other != year))
        };
        for (id, fact) in &self.new {
            if self.old.get(id).is_none_or(|before| carries(before, fact)) {
                affected.add(fact.resource, *id);
            }
            affected.add_learners(self.old.get(id), fact, begins_otherwise);
        }
        while let Some(mut slice) = affected.slice(self.tx, self.generation).await? {
            // Of those that changed themselves everything is said.
            slice.retain(|id, _| !self.new.contains_key(id));
            let ids: Vec<Uuid> = slice.keys().copied().collect();
            let others = self.others_of(slice.values()).await?;
            slice.extend(others);
            let parents = self.parents_of(slice.values()).await?;
            slice.extend(parents);
            self.count(&ids, &slice);
        }
        Ok(())
    }

    /// The other enrolments of the learners of these, as far as they are not at hand: whether somebody is new in one
    /// depends on them.
    async fn others_of(&self, facts: impl Iterator<Item = &Fact>) -> Result<Facts> {
        let mut others = enrolments_of(self.tx, self.generation, facts).await?;
        let known = [&self.old, &self.new, &self.around];
        others.retain(|id, _| known.iter().all(|facts| !facts.contains_key(id)));
        Ok(others)
    }

    /// The facts that others depend on, whatever lies between, as far as they are not at hand.
    async fn parents_of(&self, facts: impl Iterator<Item = &Fact>) -> Result<Facts> {
        let parents = |fact: &Fact| fact.parents.ids().collect::<Vec<_>>();
        let mut found = Facts::new();
        let mut wanted: BTreeSet<Uuid> = facts.flat_map(parents).collect();
        loop {
            wanted.retain(|id| {
                let known = [&self.old, &self.new, &self.around, &found];
                known.iter().all(|facts| !facts.contains_key(id))
            });
            if wanted.is_empty() {
                return Ok(found);
            }
            let ids: Vec<Uuid> = wanted.into_iter().collect();
            let more = facts_of(self.tx, self.generation, &ids).await?;
            wanted = more.values().flat_map(parents).collect();
            found.extend(more);
        }
    }

    /// Takes records out of the cells as they stood, and puts them back as they stand.
    fn count(&mut self, ids: &[Uuid], slice: &Facts) {
        let Self { old, new, around, deltas, .. } = self;
        for (own, sign) in [(&*old, -1), (&*new, 1)] {
            let known = Layers::of([own, around, slice]);
            for id in ids {
                cells(&known, *id, |set, key, numbers| {
                    let cell = deltas.entry((&set.id, key)).or_default();
                    cell.iter_mut().zip(numbers).for_each(|(sum, number)| *sum += sign * number);
                });
            }
        }
    }

    /// Writes the facts, and the cells with the revision from which they hold. Which cells change is told to those who
    /// have read others: nobody reads a count that is not shown.
    async fn keep(self, revision: i64, is_shown: bool) -> Result<()> {
        let Self { tx, generation, new, deltas, .. } = self;
        let vault = tx.ctx.db.vault();
        let rows = new.iter().map(|(id, fact)| fact.row(generation, *id, vault)).collect::<Result<Vec<_>>>()?;
        put_all::<fact::Entity>(&tx.db, rows, &known_fact()).await?;
        let cell = |((set, key), numbers): ((&str, String), Numbers)| {
            let [first, second, third] = numbers;
            let cell = cell::Model { generation, data_set: set.to_owned(), key, first, second, third, revision };
            (numbers != Numbers::default()).then_some(cell)
        };
        let rows: Vec<cell::Model> = deltas.into_iter().filter_map(cell).collect();
        if is_shown {
            change::keep(tx, generation, revision, &rows).await?;
        }
        Ok(put_all::<cell::Entity>(&tx.db, rows, &known_cell()).await?)
    }
}

/// A fact that is there is replaced.
fn known_fact() -> OnConflict {
    use fact::Column as C;
    OnConflict::columns([C::Generation, C::RecordId])
        .update_columns([C::CentreId, C::ProgrammeId, C::ClassId, C::LearnerId, C::ChangesOn, C::Body])
        .to_owned()
}

/// A cell that is there is added to.
fn known_cell() -> OnConflict {
    use cell::Column as C;
    let sum = |column: C| Expr::col((cell::Entity, column)).add(Expr::col(("excluded", column)));
    OnConflict::columns([C::Generation, C::DataSet, C::Key])
        .values([C::First, C::Second, C::Third].map(|column| (column, sum(column))))
        .update_column(C::Revision)
        .to_owned()
}
