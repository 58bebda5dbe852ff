//! After-images of the journal, masked for their reader.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use gdtx_domain::{
    envelope::Envelope,
    exchange::{journal, resource::ResourceKind},
    learners::learner,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    Error, Resource, Result,
    access::scope::Sight,
    centres::{campus::Campus, centre::Centre, event::CentreEvent, land::Land, room::Room},
    learners::{enrolment::Enrolment, enrolment_event::EnrolmentEvent, learner::Learner},
    programmes::{class::Class, programme::Programme},
    recognitions::recognition::Recognitions,
    shape::Record,
    tx::Tx,
    vault::{RecordKey, revealed},
};

/// The keys of the records whose images are sealed.
#[expect(clippy::disallowed_methods, reason = "only keys are read, for entries that the caller may see")]
pub(crate) async fn keys(tx: &Tx, entries: &[journal::Model]) -> Result<HashMap<Uuid, RecordKey>> {
    let ids: BTreeSet<Uuid> =
        entries.iter().filter(|e| e.resource == ResourceKind::Learners).map(|e| e.record_id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, Option<Envelope>)> = learner::Entity::find()
        .select_only()
        .columns([learner::Column::Id, learner::Column::Envelope])
        .filter(learner::Column::Id.is_in(ids))
        .into_tuple()
        .all(&tx.db)
        .await?;
    let vault = tx.ctx.db.vault();
    rows.into_iter()
        .filter_map(|(id, envelope)| envelope.map(|envelope| Ok((id, vault.key_of(id, &envelope)?))))
        .collect()
}

/// The after-image as this reader may see it today: the same mask as on every other surface.
pub(crate) fn masked(entry: &journal::Model, key: Option<&RecordKey>, sight: Sight, today: NaiveDate) -> Result<Value> {
    let image = entry.after_image.as_deref().unwrap_or("null");
    match entry.resource {
        ResourceKind::Centres => mask::<Centre>(image, sight),
        ResourceKind::CentreEvents => mask::<CentreEvent>(image, sight),
        ResourceKind::Campuses => mask::<Campus>(image, sight),
        ResourceKind::Lands => mask::<Land>(image, sight),
        ResourceKind::Rooms => mask::<Room>(image, sight),
        ResourceKind::Learners => blanked::<Learner>(revealed(key, entry.record_id, entry.version, image)?, sight),
        ResourceKind::Enrolments => mask::<Enrolment>(image, sight),
        ResourceKind::EnrolmentEvents => mask::<EnrolmentEvent>(image, sight),
        ResourceKind::Recognitions => show::<Recognitions>(image, sight, today),
        ResourceKind::Programmes => mask::<Programme>(image, sight),
        ResourceKind::Classes => mask::<Class>(image, sight),
        ResourceKind::Access => serde_json::from_str(image).map_err(Error::internal),
    }
}

fn mask<T: Record>(image: &str, sight: Sight) -> Result<Value> {
    blanked::<T>(serde_json::from_str(image).map_err(Error::internal)?, sight)
}

fn blanked<T: Record>(mut record: T, sight: Sight) -> Result<Value> {
    record.mask(sight);
    serde_json::to_value(record).map_err(Error::internal)
}

/// The same for records whose look depends on themselves or on the day.
fn show<R: Resource>(image: &str, sight: Sight, today: NaiveDate) -> Result<Value> {
    let mut record: R::Record = serde_json::from_str(image).map_err(Error::internal)?;
    R::show(&mut record, sight, today);
    serde_json::to_value(record).map_err(Error::internal)
}
