//! Administrative units and code lists on both surfaces: public, no token needed.

pub mod code_list;
pub mod node;
pub mod resolution;
pub mod succession;
pub mod unit;

use actix_web::web::ServiceConfig;
use async_graphql::MergedObject;
use gdtx_domain::territory::unit::Unit;
use gdtx_service::territory::{
    code_list::{LabelledItem, TitledList},
    succession::UnitSuccession,
};
use utoipa::openapi::OpenApi;

use crate::rest::reference;

/// What can be asked of the room.
#[derive(MergedObject, Default)]
pub struct TerritoryQuery(
    unit::AdministrativeUnitQuery,
    succession::SuccessionQuery,
    resolution::ResolutionQuery,
    code_list::CodeListQuery,
);

/// Mounts the routes of the room. `resolve` comes before the code that it would be taken for.
pub fn mount(config: &mut ServiceConfig) {
    config.configure(resolution::mount).configure(unit::mount).configure(succession::mount).configure(code_list::mount);
}

/// Adds to the document what the operations of the room share.
pub fn describe(document: &mut OpenApi) {
    reference::page::<Unit>(document);
    reference::page::<UnitSuccession>(document);
    reference::page::<TitledList>(document);
    reference::page::<LabelledItem>(document);
    reference::complete(document, "administrative-units");
    reference::complete(document, "code-lists");
}
