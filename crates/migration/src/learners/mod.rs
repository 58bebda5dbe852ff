//! Tables of learners and their enrolments.

pub mod m0005_learners;
