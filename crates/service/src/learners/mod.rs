//! Learners, their enrolments in classes and the steps of these.

pub mod enrolment;
pub mod enrolment_event;
pub mod find;
pub mod learner;

mod enrolment_entry;
mod learner_checks;
