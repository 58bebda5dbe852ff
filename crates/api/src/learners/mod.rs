//! Learners, their enrolments with the steps of these, and their results on both surfaces.

use gdtx_service::learners::enrolment_event::EnrolmentEvent;

use crate::rest::describe;

pub mod enrolment;
pub mod enrolment_event;
pub mod find;
pub mod learner;
pub mod merge;
pub mod result;
pub mod subject_request;

/// Mounts what stands beside the standard operations of this room.
pub fn mount(config: &mut actix_web::web::ServiceConfig) {
    config
        .configure(find::mount)
        .configure(merge::mount)
        .configure(enrolment_event::mount)
        .configure(subject_request::mount);
}

/// Describes it.
pub fn describe(document: &mut utoipa::openapi::OpenApi) {
    describe::shapes::<EnrolmentEvent>(document);
    merge::describe(document);
    subject_request::describe(document);
}
