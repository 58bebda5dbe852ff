//! Learners, their enrolments and the steps of these on both surfaces.

pub mod enrolment;
pub mod enrolment_event;
pub mod find;
pub mod learner;
