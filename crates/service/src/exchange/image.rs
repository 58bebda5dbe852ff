//! After-images of the journal, masked for their reader.

use chrono::NaiveDate;
use gdtx_domain::exchange::resource::ResourceKind;
use serde_json::Value;

use crate::{
    Error, Resource, Result,
    access::scope::Sight,
    centres::{campus::Campus, centre::Centre, event::CentreEvent, land::Land, room::Room},
    learners::{enrolment::Enrolment, enrolment_event::EnrolmentEvent, learner::Learner},
    programmes::{class::Class, programme::Programme},
    recognitions::recognition::Recognitions,
    shape::Record,
};

/// The after-image as this reader may see it today: the same mask as on every other surface.
pub(crate) fn masked(kind: ResourceKind, image: &str, sight: Sight, today: NaiveDate) -> Result<Value> {
    match kind {
        ResourceKind::Centres => mask::<Centre>(image, sight),
        ResourceKind::CentreEvents => mask::<CentreEvent>(image, sight),
        ResourceKind::Campuses => mask::<Campus>(image, sight),
        ResourceKind::Lands => mask::<Land>(image, sight),
        ResourceKind::Rooms => mask::<Room>(image, sight),
        ResourceKind::Learners => mask::<Learner>(image, sight),
        ResourceKind::Enrolments => mask::<Enrolment>(image, sight),
        ResourceKind::EnrolmentEvents => mask::<EnrolmentEvent>(image, sight),
        ResourceKind::Recognitions => show::<Recognitions>(image, sight, today),
        ResourceKind::Programmes => mask::<Programme>(image, sight),
        ResourceKind::Classes => mask::<Class>(image, sight),
        ResourceKind::Access => serde_json::from_str(image).map_err(Error::internal),
    }
}

fn mask<T: Record>(image: &str, sight: Sight) -> Result<Value> {
    let mut record: T = serde_json::from_str(image).map_err(Error::internal)?;
    record.mask(sight);
    serde_json::to_value(record).map_err(Error::internal)
}

/// The same for records whose look depends on themselves or on the day.
fn show<R: Resource>(image: &str, sight: Sight, today: NaiveDate) -> Result<Value> {
    let mut record: R::Record = serde_json::from_str(image).map_err(Error::internal)?;
    R::show(&mut record, sight, today);
    serde_json::to_value(record).map_err(Error::internal)
}
