//! After-images of the journal, masked for their reader.

use std::collections::{BTreeSet, HashMap};

use gdtx_domain::{
    envelope::Envelope,
    exchange::{journal, resource::ResourceKind},
    learners::{age, learner},
    partial_date::PartialDate,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    Error, Resource, Result,
    access::scope::Sight,
    centres::{campus::Campuses, centre::Centres, event::CentreEvents, land::Lands, room::Rooms},
    exchange::window::SyncWindows,
    learners::{
        enrolment::Enrolments, enrolment_event::EnrolmentEvents, learner::Learners,
        subject_request::DataSubjectRequests,
    },
    programmes::{class::Classes, programme::Programmes},
    recognitions::recognition::Recognitions,
    tx::Tx,
    vault::{RecordKey, revealed},
};

/// What today's record of a learner says to whoever reads its past.
pub(crate) struct Today {
    key: RecordKey,
    /// Whether the learner is a child, or may be one: an image may tell another date of birth, and shows no
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

/// Today's records of the learners whose images are read.
pub(crate) async fn today(tx: &Tx, entries: &[journal::Model]) -> Result<HashMap<Uuid, Today>> {
    today_of(tx, entries.iter().filter(|e| e.resource == ResourceKind::Learners).map(|e| e.record_id).collect()).await
}

/// Today's records of learners; none of those that were erased.
#[expect(clippy::disallowed_methods, reason = "keys and ages are read, for entries that the caller may see")]
pub(crate) async fn today_of(tx: &Tx, ids: BTreeSet<Uuid>) -> Result<HashMap<Uuid, Today>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, Option<Envelope>, Option<PartialDate>)> = learner::Entity::find()
        .select_only()
        .columns([learner::Column::Id, learner::Column::Envelope, learner::Column::DateOfBirth])
        .filter(learner::Column::Id.is_in(ids))
        .into_tuple()
        .all(&tx.db)
        .await?;
    let (vault, day) = (tx.ctx.db.vault(), tx.ctx.clock.today());
    let known = rows.into_iter().filter_map(|(id, envelope, birth)| Some((id, envelope?, birth)));
    known
        .map(|(id, envelope, birth)| {
            let child = birth.and_then(|birth| age::is_child(&birth, day)) != Some(false);
            Ok((id, Today { key: vault.key_of(id, &envelope)?, child }))
        })
        .collect()
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
        ResourceKind::Learners => {
            let learner = revealed(Today::key(today), entry.record_id, entry.version, image)?;
            show::<Learners>(tx, learner, Today::sight(today, tx.sight()))
        }
        ResourceKind::Enrolments => shown::<Enrolments>(tx, image),
        ResourceKind::EnrolmentEvents => shown::<EnrolmentEvents>(tx, image),
        ResourceKind::DataSubjectRequests => shown::<DataSubjectRequests>(tx, image),
        ResourceKind::Recognitions => shown::<Recognitions>(tx, image),
        ResourceKind::SyncWindows => shown::<SyncWindows>(tx, image),
        ResourceKind::Programmes => shown::<Programmes>(tx, image),
        ResourceKind::Classes => shown::<Classes>(tx, image),
        ResourceKind::Access => serde_json::from_str(image).map_err(Error::internal),
    }
}

fn shown<R: Resource>(tx: &Tx, image: &str) -> Result<Value> {
    show::<R>(tx, serde_json::from_str(image).map_err(Error::internal)?, tx.sight())
}

fn show<R: Resource>(tx: &Tx, mut record: R::Record, sight: Sight) -> Result<Value> {
    tx.show::<R>(&mut record, sight);
    serde_json::to_value(record).map_err(Error::internal)
}
