//! Learners, their enrolments and the steps of these on both surfaces.

pub mod enrolment;
pub mod enrolment_event;
pub mod learner;

use async_graphql::MergedObject;

/// What can be asked about learners.
#[derive(MergedObject, Default)]
pub struct LearnersQuery(learner::LearnerQuery, enrolment::EnrolmentQuery, enrolment_event::EnrolmentEventQuery);

/// What can be written about learners.
#[derive(MergedObject, Default)]
pub struct LearnersMutation(
    learner::LearnerMutation,
    enrolment::EnrolmentMutation,
    enrolment_event::EnrolmentEventMutation,
);
