//! Recognitions on both surfaces: reference data, dossiers, their steps and the public check.

pub mod criteria;
pub mod decision;
pub mod kind;
pub mod recognition;
pub mod verification;

use actix_web::web::ServiceConfig;
use gdtx_domain::recognitions::{criteria::CriteriaSet, kind::RecognitionKind};
use utoipa::openapi::OpenApi;

use crate::rest::reference;

/// Mounts what the standard operations do not cover.
pub fn mount(config: &mut ServiceConfig) {
    config.configure(kind::mount).configure(criteria::mount).configure(decision::mount).configure(verification::mount);
}

/// Adds to the document the steps, and what the reference data share.
pub fn describe(document: &mut OpenApi) {
    decision::describe(document);
    reference::page::<RecognitionKind>(document);
    reference::page::<CriteriaSet>(document);
    reference::complete(document, "recognition-kinds");
    reference::complete(document, "criteria-sets");
}
