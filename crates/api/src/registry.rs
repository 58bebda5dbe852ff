//! Every resource, once: from this list follow routes and OpenAPI.

use actix_web::web::ServiceConfig;
use gdtx_domain::exchange::resource::ResourceKind;
use gdtx_service::{
    Resource,
    access::policy::Permission,
    centres::{campus::Campuses, centre::Centres, land::Lands, room::Rooms},
    learners::{enrolment::Enrolments, learner::Learners, subject_request::DataSubjectRequests},
    programmes::{class::Classes, programme::Programmes},
    recognitions::recognition::Recognitions,
};
use utoipa::openapi::OpenApi;

use crate::rest::{describe, operations};

macro_rules! resources {
    ($($resource:ty),+ $(,)?) => {
        /// Mounts the standard operations of every resource.
        pub fn mount(config: &mut ServiceConfig) {
            $( operations::mount::<$resource>(config); )+
        }

        /// Describes them.
        pub fn describe(document: &mut OpenApi) {
            $( describe::add::<$resource>(document); )+
        }

        /// The grants for reading and writing a kind of record.
        pub fn permissions(kind: ResourceKind) -> Option<(Permission, Permission)> {
            $( if <$resource>::KIND == kind {
                return Some((<$resource>::READ, <$resource>::WRITE));
            } )+
            None
        }
    };
}

resources! {
    Centres,
    Campuses,
    Lands,
    Rooms,
    Learners,
    Enrolments,
    DataSubjectRequests,
    Recognitions,
    Programmes,
    Classes,
}
