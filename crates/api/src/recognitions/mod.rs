//! Recognitions on both surfaces: reference data, dossiers, their steps and the public check.

pub mod criteria;
pub mod decision;
pub mod kind;
pub mod recognition;
pub mod verification;

use actix_web::web::ServiceConfig;
use async_graphql::MergedObject;

/// What can be asked about recognitions.
#[derive(MergedObject, Default)]
pub struct RecognitionsQuery(
    recognition::RecognitionQuery,
    kind::RecognitionKindQuery,
    criteria::CriteriaSetQuery,
    verification::VerificationQuery,
);

/// What can be written about recognitions.
#[derive(MergedObject, Default)]
pub struct RecognitionsMutation(recognition::RecognitionMutation, decision::DecisionMutation);

/// Mounts what the standard operations do not cover.
pub fn mount(config: &mut ServiceConfig) {
    config
        .configure(kind::mount)
        .configure(criteria::mount)
        .configure(decision::mount)
        .configure(verification::mount);
}
