//! What a batch knows without asking the database: rows that it wrote or locked itself, and answers
//! that it got for many records together.
//!
//! The batch itself changes records through `resource::store` only. Nobody else changes a row that it
//! locked before it ends; one that it only looked at stays as it was seen.

use std::{
    any::{Any, TypeId},
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use gdtx_domain::{
    access::reach::Keys,
    exchange::{resource::ResourceKind, window},
    learners::learner,
};
use uuid::Uuid;

use crate::{Resource, resource::Lock, shape::Record, tx::Tx};

/// An outside key: kind of record, system, value.
pub(crate) type OutsideKey = (ResourceKind, String, String);

/// The memory of one batch.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    kinds: HashMap<TypeId, Box<dyn Any + Send>>,
    /// Keys that were found free, until the batch takes them.
    free_keys: HashSet<OutsideKey>,
    /// The windows that hold for a unit; they are locked.
    windows: HashMap<Keys, Arc<Vec<window::Model>>>,
    /// Who has a place in a class, for the classes that were asked for.
    seats: HashMap<Uuid, Seats>,
    /// Learners on record by the print of their person, for the prints that were asked for.
    persons: HashMap<String, Vec<learner::Model>>,
}

/// The places of a class.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seats {
    /// Enrolments that are current.
    pub taken: i64,
    /// Learners who have a place, or had one and did not leave for elsewhere.
    pub here: HashSet<Uuid>,
}

/// A row that is held.
struct Held<M> {
    model: M,
    lock: Lock,
    /// Whether the batch made it: what belongs to it is in memory too.
    made: bool,
}

type Rows<R> = HashMap<Uuid, Held<<R as Resource>::Model>>;

impl Memory {
    fn rows<R: Resource>(&mut self) -> Option<&mut Rows<R>> {
        let rows = self.kinds.entry(TypeId::of::<R>()).or_insert_with(|| Box::new(Rows::<R>::new()));
        rows.downcast_mut()
    }
}

impl Tx {
    fn memory(&self) -> Option<MutexGuard<'_, Memory>> {
        self.memory.as_ref().map(|memory: &Mutex<Memory>| memory.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A row that is held with this lock or a stronger one.
    pub(crate) fn held<R: Resource>(&self, id: Uuid, lock: Lock) -> Option<R::Model> {
        let mut memory = self.memory()?;
        let held = memory.rows::<R>()?.get(&id)?;
        (held.lock >= lock).then(|| held.model.clone())
    }

    /// Holds a row that was locked.
    pub(crate) fn hold<R: Resource>(&self, model: &R::Model, lock: Lock) {
        self.keep::<R>(model, lock, false);
    }

    /// Holds a row as it was written just now.
    pub(crate) fn wrote<R: Resource>(&self, model: &R::Model, created: bool) {
        self.keep::<R>(model, Lock::Exclusive, created);
    }

    fn keep<R: Resource>(&self, model: &R::Model, lock: Lock, made: bool) {
        let Some(mut memory) = self.memory() else { return };
        let Some(rows) = memory.rows::<R>() else { return };
        let (id, _) = R::Record::place(model);
        let made = made || rows.get(&id).is_some_and(|held| held.made);
        rows.insert(id, Held { model: model.clone(), lock, made });
    }

    /// What the batch made under a record that it made itself, and so all there is; none when the
    /// database must be asked.
    pub(crate) fn made_under<P: Resource, R: Resource>(
        &self,
        owner: Uuid,
        belongs: impl Fn(&R::Model) -> bool,
    ) -> Option<Vec<R::Model>> {
        let mut memory = self.memory()?;
        if !memory.rows::<P>()?.get(&owner)?.made {
            return None;
        }
        Some(memory.rows::<R>()?.values().map(|held| &held.model).filter(|model| belongs(model)).cloned().collect())
    }

    /// The windows that hold for a unit, if they were asked for.
    pub(crate) fn known_windows(&self, unit: &Keys) -> Option<Arc<Vec<window::Model>>> {
        self.memory()?.windows.get(unit).cloned()
    }

    /// The windows that hold for a unit.
    pub(crate) fn found_windows(&self, unit: Keys, windows: Arc<Vec<window::Model>>) {
        if let Some(mut memory) = self.memory() {
            memory.windows.insert(unit, windows);
        }
    }

    /// Keys that no record has.
    pub(crate) fn found_free(&self, keys: impl IntoIterator<Item = OutsideKey>) {
        if let Some(mut memory) = self.memory() {
            memory.free_keys.extend(keys);
        }
    }

    /// Whether a key was found free, and not taken since.
    pub(crate) fn is_free(&self, key: &OutsideKey) -> bool {
        self.memory().is_some_and(|memory| memory.free_keys.contains(key))
    }

    /// A key is taken now.
    pub(crate) fn takes(&self, key: &OutsideKey) {
        if let Some(mut memory) = self.memory() {
            memory.free_keys.remove(key);
        }
    }

    /// The places of these classes, as they are now.
    pub(crate) fn found_seats(&self, seats: HashMap<Uuid, Seats>) {
        if let Some(mut memory) = self.memory() {
            memory.seats.extend(seats);
        }
    }

    /// How many places of a class are taken, and whether this learner has or had one; none when the
    /// database must be asked.
    pub(crate) fn seats(&self, class: Uuid, learner: Uuid) -> Option<(i64, bool)> {
        let memory = self.memory()?;
        let seats = memory.seats.get(&class)?;
        Some((seats.taken, seats.here.contains(&learner)))
    }

    /// A learner has just entered a class.
    pub(crate) fn takes_seat(&self, class: Uuid, learner: Uuid) {
        if let Some(seats) = self.memory().as_mut().and_then(|memory| memory.seats.get_mut(&class)) {
            seats.taken += 1;
            seats.here.insert(learner);
        }
    }

    /// Places of a class changed in another way: the database is to be asked.
    pub(crate) fn forget_seats(&self, class: Uuid) {
        if let Some(mut memory) = self.memory() {
            memory.seats.remove(&class);
        }
    }

    /// Learners that are on record for each of these prints.
    pub(crate) fn found_persons(&self, persons: HashMap<String, Vec<learner::Model>>) {
        if let Some(mut memory) = self.memory() {
            memory.persons.extend(persons);
        }
    }

    /// The learners with a print, on record or written here; none when the database must be asked.
    pub(crate) fn persons<R: Resource<Model = learner::Model>>(&self, print: &str) -> Option<Vec<learner::Model>> {
        let mut memory = self.memory()?;
        let known = memory.persons.get(print)?.clone();
        let rows = memory.rows::<R>()?;
        // What the batch holds is newer than what it read.
        let mut found: Vec<_> = known.into_iter().filter(|row| !rows.contains_key(&row.id)).collect();
        let held = rows.values().map(|held| &held.model).filter(|row| row.deleted_at.is_none());
        found.extend(held.filter(|row| row.person_print.as_deref() == Some(print)).cloned());
        found.sort_by_key(|row| row.id);
        Some(found)
    }
}
