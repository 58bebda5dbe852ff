//! Learners, where they enrol and what they have reached.

pub mod age;
pub mod enrolment;
pub mod enrolment_event;
pub mod enrolment_rules;
pub mod erasure;
pub mod learner;
pub mod literacy;
pub mod merge;
pub mod personal_number;
pub mod result;
pub mod result_rules;
pub mod score;
pub mod subject_request;
pub mod subject_request_terms;

#[cfg(test)]
mod official_fields;
