//! Statistics on both surfaces and in the forms that statisticians read, and on the command line.

mod cli;
pub mod data;
pub mod data_set;
mod form;
pub mod indicator;
pub mod lineage;
mod parameters;
mod portal;
pub mod pxweb;

use actix_web::web::ServiceConfig;
use gdtx_service::statistics::StatisticsRecord;
use utoipa::openapi::OpenApi;

use crate::rest::reference;

pub use cli::{StatisticsCommand, run};
pub use data_set::StatisticsQueries;
pub use indicator::IndicatorQueries;
pub use lineage::LineageQueries;

/// Mounts the routes of the room.
pub fn mount(config: &mut ServiceConfig) {
    let config = config.configure(data_set::mount).configure(data::mount).configure(indicator::mount);
    config.configure(lineage::mount).configure(pxweb::mount).configure(portal::mount);
}

/// Adds to the document what attributes cannot say.
pub fn describe(document: &mut OpenApi) {
    reference::page::<StatisticsRecord>(document);
    parameters::describe(document, data::PATH, &[]);
    parameters::describe(document, indicator::PATH, &["measures", "totals", "sort", "top", "boundaries", "format"]);
}
