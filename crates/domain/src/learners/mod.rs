//! Learners, where they enrol and what they have reached.

pub mod age;
pub mod enrolment;
pub mod enrolment_event;
pub mod enrolment_rules;
pub mod learner;
pub mod literacy;
pub mod personal_number;
pub mod score;

#[cfg(test)]
mod official_fields;
