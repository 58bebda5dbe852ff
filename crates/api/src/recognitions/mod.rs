//! Recognitions on both surfaces: reference data, dossiers, their steps and the public check.

pub mod criteria;
pub mod decision;
pub mod kind;
pub mod recognition;
pub mod verification;

use actix_web::web::ServiceConfig;

/// Mounts what the standard operations do not cover.
pub fn mount(config: &mut ServiceConfig) {
    config
        .configure(kind::mount)
        .configure(criteria::mount)
        .configure(decision::mount)
        .configure(verification::mount);
}
