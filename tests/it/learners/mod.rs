//! Learners, their enrolments and what may be seen of them.

mod choice;
mod classes;
mod enrolment;
mod enrolment_event;
mod fields;
mod learner;
mod masks;
mod people;
mod personal_number;
