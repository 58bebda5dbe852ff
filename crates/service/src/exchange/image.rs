//! After-images of the journal, masked for their reader.

use std::collections::{BTreeSet, HashMap};

use gdtx_domain::{
    centres::staff_member,
    envelope::Envelope,
    exchange::{journal, resource::ResourceKind},
    learners::{age, learner, result},
    partial_date::PartialDate,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    Error, Resource, Result,
    access::scope::Sight,
    centres::{
        campus::Campuses, centre::Centres, event::CentreEvents, land::Lands, room::Rooms, staff_member::StaffMembers,
    },
    exchange::window::SyncWindows,
    learners::{
        enrolment::Enrolments, enrolment_event::EnrolmentEvents, learner::Learners, result::LearningResults,
        subject_request::DataSubjectRequests,
    },
    programmes::{class::Classes, programme::Programmes},
    recognitions::recognition::Recognitions,
    statistics::StatisticsReleases,
    statistics::report::Reports,
    tx::Tx,
    vault::{RecordKey, revealed},
};

/// What today's record of a person says to whoever reads its past.
pub(crate) struct Today {
    key: RecordKey,
    /// Whether it is a learner who is a child, or may be one: an image may tell another date of birth, and shows no
    /// more for that.
    child: bool,
}

impl Today {
    /// What opens an image.
    pub fn key(of: Option<&Self>) -> Option<&RecordKey> {
        of.map(|today| &today.key)
    }

    /// The sight of a reader of the past.
    pub fn sight(of: Option<&Self>, sight: Sight) -> Sight {
        if of.is_some_and(|today| today.child) { sight.of_child() } else { sight }
    }
}

/// Kinds of record whose images are sealed.
const SEALED: [ResourceKind; 3] = [ResourceKind::Learners, ResourceKind::StaffMembers, ResourceKind::Results];

/// Today's records of the people whose images are read.
pub(crate) async fn today(tx: &Tx, entries: &[journal::Model]) -> Result<HashMap<Uuid, Today>> {
    let mut known = HashMap::new();
    for kind in SEALED {
        let ids = entries.iter().filter(|entry| entry.resource == kind).map(|entry| entry.record_id);
        known.extend(today_of(tx, kind, ids.collect()).await?);
    }
    Ok(known)
}

/// Today's records of people of a kind; none of those that were erased.
pub(crate) async fn today_of(tx: &Tx, kind: ResourceKind, ids: BTreeSet<Uuid>) -> Result<HashMap<Uuid, Today>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = match kind {
        ResourceKind::Learners => {
            use learner::{Column, Entity};
            sealed::<Entity>(tx, [Column::Id, Column::Envelope, Column::DateOfBirth], ids).await?
        }
        ResourceKind::StaffMembers => {
            use staff_member::{Column, Entity};
            sealed::<Entity>(tx, [Column::Id, Column::Envelope, Column::DateOfBirth], ids).await?
        }
        ResourceKind::Results => of_results(tx, ids).await?,
        _ => Vec::new(),
    };
    let (vault, day) = (tx.ctx.db.vault(), tx.ctx.clock.today());
    let known = rows.into_iter().filter_map(|(id, envelope, birth)| Some((id, envelope?, birth)));
    known
        .map(|(id, envelope, birth)| {
            let grown = birth.and_then(|birth| age::is_child(&birth, day)) == Some(false);
            let child = kind == ResourceKind::Learners && !grown;
            Ok((id, Today { key: vault.key_of(id, &envelope)?, child }))
        })
        .collect()
}

/// Id, envelope and date of birth of people.
#[expect(clippy::disallowed_methods, reason = "keys and ages are read, for entries that the caller may see")]
async fn sealed<E: EntityTrait>(
    tx: &Tx,
    columns: [E::Column; 3],
    ids: BTreeSet<Uuid>,
) -> Result<Vec<(Uuid, Option<Envelope>, Option<PartialDate>)>> {
    let rows = E::find().select_only().columns(columns).filter(columns[0].is_in(ids));
    Ok(rows.into_tuple().all(&tx.db).await?)
}

/// The same of results, which tell no age.
#[expect(clippy::disallowed_methods, reason = "keys are read, for entries that the caller may see")]
async fn of_results(tx: &Tx, ids: BTreeSet<Uuid>) -> Result<Vec<(Uuid, Option<Envelope>, Option<PartialDate>)>> {
    use result::{Column, Entity};
    let rows = Entity::find().select_only().columns([Column::Id, Column::Envelope]).filter(Column::Id.is_in(ids));
    let rows: Vec<(Uuid, Option<Envelope>)> = rows.into_tuple().all(&tx.db).await?;
    Ok(rows.into_iter().map(|(id, envelope)| (id, envelope, None)).collect())
}

/// The after-image as this reader may see it today: the same mask as on every other surface.
pub(crate) fn masked(tx: &Tx, entry: &journal::Model, today: Option<&Today>) -> Result<Value> {
    let image = entry.after_image.as_deref().unwrap_or("null");
    match entry.resource {
        ResourceKind::Centres => shown::<Centres>(tx, image),
        ResourceKind::CentreEvents => shown::<CentreEvents>(tx, image),
        ResourceKind::Campuses => shown::<Campuses>(tx, image),
        ResourceKind::Lands => shown::<Lands>(tx, image),
        ResourceKind::Rooms => shown::<Rooms>(tx, image),
        ResourceKind::StaffMembers => opened::<StaffMembers>(tx, entry, today),
        ResourceKind::Learners => opened::<Learners>(tx, entry, today),
        ResourceKind::Results => opened::<LearningResults>(tx, entry, today),
        ResourceKind::Enrolments => shown::<Enrolments>(tx, image),
        ResourceKind::EnrolmentEvents => shown::<EnrolmentEvents>(tx, image),
        ResourceKind::DataSubjectRequests => shown::<DataSubjectRequests>(tx, image),
        ResourceKind::Recognitions => shown::<Recognitions>(tx, image),
        ResourceKind::SyncWindows => shown::<SyncWindows>(tx, image),
        ResourceKind::StatisticsReleases => shown::<StatisticsReleases>(tx, image),
        ResourceKind::Reports => shown::<Reports>(tx, image),
        ResourceKind::Programmes => shown::<Programmes>(tx, image),
        ResourceKind::Classes => shown::<Classes>(tx, image),
        ResourceKind::Access => serde_json::from_str(image).map_err(Error::internal),
    }
}

fn shown<R: Resource>(tx: &Tx, image: &str) -> Result<Value> {
    show::<R>(tx, serde_json::from_str(image).map_err(Error::internal)?, tx.sight())
}

/// The same of a sealed image.
fn opened<R: Resource>(tx: &Tx, entry: &journal::Model, today: Option<&Today>) -> Result<Value> {
    let image = entry.after_image.as_deref().unwrap_or("null");
    let record = revealed(Today::key(today), entry.record_id, entry.version, image)?;
    show::<R>(tx, record, Today::sight(today, tx.sight()))
}

fn show<R: Resource>(tx: &Tx, mut record: R::Record, sight: Sight) -> Result<Value> {
    tx.show::<R>(&mut record, sight);
    serde_json::to_value(record).map_err(Error::internal)
}
