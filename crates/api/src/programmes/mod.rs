//! What is taught, on both surfaces: programme kinds, programmes and classes.

pub mod class;
pub mod class_state;
pub mod kind;
pub mod programme;
pub mod programme_state;

use actix_web::web::ServiceConfig;
use gdtx_domain::programmes::{
    curriculum::Subject,
    level::{ItModule, LanguageLevel},
};
use gdtx_service::programmes::kind::ProgrammeKind;
use utoipa::openapi::OpenApi;

use crate::rest::reference;

/// Mounts what the standard operations do not cover.
pub fn mount(config: &mut ServiceConfig) {
    config.configure(kind::mount).configure(programme_state::mount).configure(class_state::mount);
}

/// Adds to the document the steps, and what the public lists share.
pub fn describe(document: &mut OpenApi) {
    programme_state::describe(document);
    class_state::describe(document);
    reference::page::<ProgrammeKind>(document);
    reference::page::<LanguageLevel>(document);
    reference::page::<ItModule>(document);
    reference::page::<Subject>(document);
    for tag in ["programme-kinds", "language-levels", "it-modules", "subjects"] {
        reference::complete(document, tag);
    }
}
