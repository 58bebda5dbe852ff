//! Learners, their enrolments in classes and the steps of these.

pub mod enrolment;
pub mod enrolment_event;
pub mod find;
pub mod learner;
pub mod merge;
pub mod result;
pub mod subject_request;
pub mod subject_request_step;

mod duplicates;
mod enrolment_entry;
mod erasure;
mod learner_checks;
