//! Every resource, once: from this list follow routes, OpenAPI and loaders.

use actix_web::web::ServiceConfig;
use async_graphql::Data;
use gdtx_domain::exchange::resource::ResourceKind;
use gdtx_service::{
    Ctx, Resource,
    access::policy::Permission,
    centres::{campus::Campuses, centre::Centres, event::CentreEvents, land::Lands, room::Rooms},
    learners::{
        enrolment::Enrolments, enrolment_event::EnrolmentEvents, learner::Learners,
        subject_request::DataSubjectRequests,
    },
    programmes::{class::Classes, programme::Programmes},
    recognitions::recognition::Recognitions,
};
use utoipa::openapi::OpenApi;

use crate::{
    graphql::Batches,
    rest::{describe, operations},
};

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

        /// The loaders of one GraphQL request.
        pub fn loaders(ctx: &Ctx, data: &mut Data) {
            $( Batches::<$resource>::add(ctx, data); )+
            // Events have operations of their own, and are pointed to like the rest.
            Batches::<CentreEvents>::add(ctx, data);
            Batches::<EnrolmentEvents>::add(ctx, data);
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
