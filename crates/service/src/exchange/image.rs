//! After-images of the journal, masked for their reader.

use std::collections::{BTreeSet, HashMap};

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
    centres::{campus::Campuses, centre::Centres, event::CentreEvents, land::Lands, room::Rooms},
    learners::{
        enrolment::Enrolments, enrolment_event::EnrolmentEvents, learner::Learners,
        subject_request::DataSubjectRequests,
    },
    programmes::{class::Classes, programme::Programmes},
    recognitions::recognition::Recognitions,
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
pub(crate) fn masked(tx: &Tx, entry: &journal::Model, key: Option<&RecordKey>) -> Result<Value> {
    let image = entry.after_image.as_deref().unwrap_or("null");
    match entry.resource {
        ResourceKind::Centres => shown::<Centres>(tx, image),
        ResourceKind::CentreEvents => shown::<CentreEvents>(tx, image),
        ResourceKind::Campuses => shown::<Campuses>(tx, image),
        ResourceKind::Lands => shown::<Lands>(tx, image),
        ResourceKind::Rooms => shown::<Rooms>(tx, image),
        ResourceKind::Learners => show::<Learners>(tx, revealed(key, entry.record_id, entry.version, image)?),
        ResourceKind::Enrolments => shown::<Enrolments>(tx, image),
        ResourceKind::EnrolmentEvents => shown::<EnrolmentEvents>(tx, image),
        ResourceKind::DataSubjectRequests => shown::<DataSubjectRequests>(tx, image),
        ResourceKind::Recognitions => shown::<Recognitions>(tx, image),
        ResourceKind::Programmes => shown::<Programmes>(tx, image),
        ResourceKind::Classes => shown::<Classes>(tx, image),
        ResourceKind::Access => serde_json::from_str(image).map_err(Error::internal),
    }
}

fn shown<R: Resource>(tx: &Tx, image: &str) -> Result<Value> {
    show::<R>(tx, serde_json::from_str(image).map_err(Error::internal)?)
}

fn show<R: Resource>(tx: &Tx, mut record: R::Record) -> Result<Value> {
    tx.show::<R>(&mut record, tx.sight());
    serde_json::to_value(record).map_err(Error::internal)
}
