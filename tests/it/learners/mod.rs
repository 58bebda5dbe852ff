//! Learners, their enrolments and what may be seen of them.

mod fields;
mod learner;
mod masks;
mod people;
mod personal_number;
