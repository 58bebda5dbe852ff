//! The five standard operations and the upsert by an outside key, once for every kind of record.
//!
//! The order inside is always the same: authorise, transaction, load in scope, pure rule, write,
//! journal, commit, shape.

mod change;
mod create;
mod keys;
mod once;
mod owner;
mod past;
mod probe;
mod read;
mod recorded;
mod rows;

use std::future::Future;

use chrono::NaiveDate;
use gdtx_domain::{Checks, DataClass, SchoolYear, exchange::resource::ResourceKind};
use sea_orm::{ActiveModelTrait, EntityTrait, FromQueryResult, IntoActiveModel, ModelTrait, PrimaryKeyTrait, Select};
use uuid::Uuid;

use crate::{
    Ctx, Result,
    access::{policy::Permission, scope::Sight},
    filter::Filter,
    shape::{Meta, Record},
    tx::Tx,
};

pub use crate::pager::Sort;
pub use change::{retire, update};
pub use create::create;
pub use keys::upsert;
pub use past::{AsOf, Version, history};
pub use probe::{Known, find_unless};
pub use read::{Found, find, get, get_many, list, list_of};

pub(crate) use change::{check_live, check_version, load_visible, revise, same_content};
pub(crate) use create::{admit, create_all_in, create_in, store};
pub(crate) use keys::{check_external_ids, known_by};
pub(crate) use once::{Request, once};
pub(crate) use owner::{kept_owner_row, owner, owner_row};
pub(crate) use past::{ASIDE, check_present};
pub(crate) use probe::Probes;
pub(crate) use read::{Lock, list_in, list_run, load, search_condition};
pub(crate) use recorded::{Recorded, record_all_in};
pub(crate) use rows::{Put, Putted, hold_all, put_all_in};

/// A record on its way into the table; `prepare` completes and checks it.
pub struct Draft<T: Record> {
    pub meta: Meta,
    pub new: T::New,
    pub managed: T::Managed,
    /// The record as it is stored, when this is a change.
    pub before: Option<T>,
}

/// Whom the personal data of a record are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Person {
    /// No person: nothing in the record is personal.
    Nobody,
    /// Somebody who is no learner: a director, the holder of a recognition.
    Other,
    /// A learner.
    Learner(Uuid),
    /// The learner of an enrolment.
    OfEnrolment(Uuid),
}

/// What the standard operations need to know about a kind of record.
pub trait Resource: Send + Sync + Sized + 'static {
    type Entity: EntityTrait<Model = Self::Model, ActiveModel = Self::ActiveModel, PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>>;
    type Model: ModelTrait<Entity = Self::Entity>
        + FromQueryResult
        + IntoActiveModel<Self::ActiveModel>
        + 'static
        + Clone
        + Send
        + Sync;
    type ActiveModel: ActiveModelTrait<Entity = Self::Entity> + Send + Sync + 'static;
    type Record: Record<Model = Self::Model>;
    type Filter: Filter<Entity = Self::Entity>;

    const KIND: ResourceKind;
    const READ: Permission;
    const WRITE: Permission;
    /// Sort keys on the wire, their columns and what they hold; a list is in the order of the first.
    const SORTS: &'static [Sort] = &[Sort::ID, Sort::NAME, Sort::CREATED_AT, Sort::UPDATED_AT];
    /// Whether records of this kind can be merged: the address of one may lead to another.
    const MERGES: bool = false;
    /// Whether what a reader may not see follows from the classes of the columns alone, each of them a
    /// single value: `show` and `person` are as they stand here, and nothing is sealed.
    const BY_CLASS: bool = false;
    /// The member that tells in the books of which school year a record stands; none when records of
    /// this kind stand in no books.
    const YEAR_AT: Option<&'static str> = None;
    /// What the search text holds: who may not see it can neither search nor sort by it.
    const SEARCH_TEXT: DataClass = DataClass::None;

    /// What use cases know of a new record before anything happened to it.
    fn managed(new: &<Self::Record as Record>::New) -> <Self::Record as Record>::Managed;

    /// Makes ready what `prepare` looks at beside the database, before a transaction begins.
    fn make_ready(_ctx: &Ctx) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }

    /// Completes a draft (keys, search text, resolved places) and checks it against the rules.
    fn prepare(
        tx: &Tx,
        draft: &mut Draft<Self::Record>,
        checks: &mut Checks,
    ) -> impl Future<Output = Result<()>> + Send;

    /// The school years in whose books a record stands, before and after it is written.
    fn school_years(_tx: &Tx, _draft: &Draft<Self::Record>) -> impl Future<Output = Result<Vec<SchoolYear>>> + Send {
        async { Ok(Vec::new()) }
    }

    /// Asks for many new records together what `prepare` would ask for each.
    fn foresee(_tx: &Tx, _inputs: &[<Self::Record as Record>::New]) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }

    /// What follows, in the same transaction, from a record that has just come to be.
    fn created(
        _tx: &Tx,
        _meta: &Meta,
        _new: &<Self::Record as Record>::New,
    ) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }

    /// What follows, in the same transaction, from a record that has just changed.
    fn changed(_tx: &Tx, _before: &Self::Record, _after: &Self::Record) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }

    /// Narrows a list; overridden where a condition depends on the day.
    fn narrow(filter: &Self::Filter, select: Select<Self::Entity>, _today: NaiveDate) -> Select<Self::Entity> {
        filter.narrow(select)
    }

    /// Makes a record what its reader may see; overridden where that depends on the record or the
    /// day. Every surface and the change feed go through it.
    fn show(record: &mut Self::Record, sight: Sight, _today: NaiveDate) {
        record.mask(sight);
    }

    /// The record that this one was merged into.
    fn merged_into(_record: &Self::Record) -> Option<Uuid> {
        None
    }

    /// Whom the personal data of a record are about.
    fn person(_record: &Self::Record) -> Person {
        Person::Other
    }

    /// Whether a record may be retired now.
    fn check_retire(_tx: &Tx, _record: &Self::Record) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }
}

pub(crate) type New<R> = <<R as Resource>::Record as Record>::New;
pub(crate) type Patch<R> = <<R as Resource>::Record as Record>::Patch;
