//! Every resource, once: from this list follow routes and OpenAPI.

use actix_web::web::ServiceConfig;
use gdtx_domain::exchange::resource::ResourceKind;
use gdtx_service::{
    Resource,
    access::policy::Permission,
    centres::{campus::Campuses, centre::Centres, land::Lands, room::Rooms, staff_member::StaffMembers},
    exchange::window::SyncWindows,
    learners::{
        enrolment::Enrolments, learner::Learners, result::LearningResults, subject_request::DataSubjectRequests,
    },
    programmes::{class::Classes, programme::Programmes},
    recognitions::recognition::Recognitions,
    statistics::report::Reports,
};
use utoipa::openapi::OpenApi;

use crate::{
    exchange::exports,
    rest::{describe, operations},
};

macro_rules! resources {
    ($($resource:ty),+ $(,)?) => {
        /// Mounts the standard operations of every resource.
        pub fn mount(config: &mut ServiceConfig) {
            $( operations::mount::<$resource>(config); )+
            $( exports::mount::<$resource>(config); )+
        }

        /// Describes them.
        pub fn describe(document: &mut OpenApi) {
            $( describe::add::<$resource>(document); )+
            $( describe::add_export::<$resource>(document); )+
        }

        #[cfg(test)]
        mod tests {
            use gdtx_service::Record;

            use super::*;

            /// What `Resource::BY_CLASS` promises, as far as a declaration shows it.
            #[test]
            fn what_is_told_by_its_version_alone_has_no_personal_lists_and_does_not_merge() {
                $( if <$resource>::BY_CLASS {
                    let personal = <$resource as Resource>::Record::FIELDS.iter().filter(|(_, class)| class.is_personal());
                    let lists = <$resource as Resource>::Record::LISTS;
                    assert!(!<$resource>::MERGES, "{}", <$resource>::KIND);
                    assert!(personal.clone().all(|(name, _)| !lists.contains(name)), "{}", <$resource>::KIND);
                } )+
            }
        }

        /// How the lists of a kind of record are written into files.
        pub fn writer(kind: ResourceKind) -> Option<exports::Writer> {
            $( if <$resource>::KIND == kind {
                return Some(exports::Writer::of::<$resource>());
            } )+
            None
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
    StaffMembers,
    Learners,
    Enrolments,
    LearningResults,
    DataSubjectRequests,
    Recognitions,
    Programmes,
    Classes,
    SyncWindows,
    Reports,
}
