//! The kinds of record that a file may bring, each with its layout and its writer.

use std::{marker::PhantomData, sync::LazyLock};

use futures::future::BoxFuture;
use gdtx_domain::exchange::{
    import::{column::Layout, receipt::RowOutcome},
    resource::ResourceKind,
};
use uuid::Uuid;

use super::{layout, receipts::RowProblem};
use crate::{
    Error, Record, Resource, Result,
    access::policy::Permission,
    centres::{
        campus::Campuses, centre::Centres, event::CentreEvents, land::Lands, room::Rooms, staff_member::StaffMembers,
    },
    learners::{enrolment::Enrolments, enrolment_event::EnrolmentEvents, learner::Learners, result::LearningResults},
    programmes::{class::Classes, programme::Programmes},
    recognitions::recognition::Recognitions,
    resource::{Put, Putted, Recorded, put_all_in, record_all_in},
    tx::Tx,
};

/// What a row did.
pub(super) struct Written {
    pub outcome: RowOutcome,
    pub id: Uuid,
    pub version: i64,
    /// Warnings that did not stop it.
    pub warnings: Vec<RowProblem>,
}

/// A kind of record as imports know it.
pub(super) trait Importable: Send + Sync {
    fn kind(&self) -> ResourceKind;
    fn layout(&self) -> &Layout;
    fn permission(&self) -> Permission;
    /// Writes rows of the kind, see [`put_all_in`].
    fn write<'a>(&'a self, tx: &'a Tx, rows: Vec<Put>) -> BoxFuture<'a, Result<Vec<Result<Written>>>>;
}

struct Of<R>(Layout, PhantomData<fn() -> R>);

impl<R: Resource> Importable for Of<R> {
    fn kind(&self) -> ResourceKind {
        R::KIND
    }

    fn layout(&self) -> &Layout {
        &self.0
    }

    fn permission(&self) -> Permission {
        R::WRITE
    }

    fn write<'a>(&'a self, tx: &'a Tx, rows: Vec<Put>) -> BoxFuture<'a, Result<Vec<Result<Written>>>> {
        Box::pin(async move {
            let scope = tx.require(R::WRITE)?;
            let done = put_all_in::<R>(tx, &scope, rows).await?;
            Ok(done.into_iter().map(|row| row.map(written)).collect())
        })
    }
}

fn written<T: Record>(Putted { written, before }: Putted<T>) -> Written {
    let version = written.record.version();
    let outcome = match before {
        None => RowOutcome::Created,
        Some(before) if before == version => RowOutcome::Unchanged,
        Some(_) => RowOutcome::Updated,
    };
    Written {
        outcome,
        id: written.record.id(),
        version,
        warnings: written.warnings.into_iter().map(RowProblem::from).collect(),
    }
}

/// Events: recorded once, and never changed.
struct Events<R>(Layout, PhantomData<fn() -> R>);

impl<R: Recorded> Importable for Events<R> {
    fn kind(&self) -> ResourceKind {
        R::KIND
    }

    fn layout(&self) -> &Layout {
        &self.0
    }

    fn permission(&self) -> Permission {
        R::WRITE
    }

    fn write<'a>(&'a self, tx: &'a Tx, rows: Vec<Put>) -> BoxFuture<'a, Result<Vec<Result<Written>>>> {
        Box::pin(async move {
            let scope = tx.require(R::WRITE)?;
            let done = record_all_in::<R>(tx, &scope, rows).await?;
            Ok(done.into_iter().map(|row| row.map(written)).collect())
        })
    }
}

fn records<R: Resource>() -> Box<dyn Importable> {
    Box::new(Of::<R>(layout::of::<R>(), PhantomData))
}

fn events<R: Recorded>() -> Box<dyn Importable> {
    Box::new(Events::<R>(layout::of_event::<R>(), PhantomData))
}

macro_rules! importable {
    ($($how:ident $resource:ty),+ $(,)?) => {
        /// The kinds that can be imported, those first that others refer to.
        pub const KINDS: &[ResourceKind] = &[$(<$resource as Resource>::KIND),+];

        static ALL: LazyLock<Vec<Box<dyn Importable>>> = LazyLock::new(|| vec![$($how::<$resource>()),+]);
    };
}

importable! {
    records Centres,
    events CentreEvents,
    records Campuses,
    records Lands,
    records Rooms,
    records StaffMembers,
    records Programmes,
    records Classes,
    records Learners,
    records Enrolments,
    events EnrolmentEvents,
    records LearningResults,
    records Recognitions,
}

/// How a kind is imported; refused for those that are not.
pub(super) fn importable(kind: ResourceKind) -> Result<&'static dyn Importable> {
    ALL.iter().find(|one| one.kind() == kind).map(|one| &**one).ok_or_else(|| {
        let known = KINDS.iter().map(|kind| kind.code()).collect::<Vec<_>>().join(", ");
        Error::field(
            crate::Code::InvalidParameter,
            "resource",
            "unknown_code",
            format!("Loại bản ghi này không nhập từ tệp được; có: {known}."),
            format!("This kind of record is not imported from files; there are: {known}."),
        )
    })
}

/// The layout of a kind that can be imported.
pub fn layout_of(kind: ResourceKind) -> Result<&'static Layout> {
    importable(kind).map(Importable::layout)
}
