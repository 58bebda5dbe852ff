//! Tables of learners, their enrolments and results.

pub mod m0005_learners;
pub mod m0017_results;
