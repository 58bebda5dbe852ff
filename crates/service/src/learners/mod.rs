//! Learners, their enrolments in classes with the steps of these, and what they have reached.

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
