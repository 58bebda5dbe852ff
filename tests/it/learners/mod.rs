//! Learners, their enrolments and what may be seen of them.

mod choice;
pub mod classes;
mod duplicates;
mod enrolment;
mod enrolment_event;
mod fields;
mod learner;
mod masks;
pub mod people;
mod personal_number;
pub mod results;
mod sealed;
mod subject_requests;
