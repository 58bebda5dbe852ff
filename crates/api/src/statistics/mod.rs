//! Statistics on both surfaces and in the forms that statisticians read, and on the command line.

mod cli;
pub mod data;
pub mod data_set;
pub mod feed;
mod form;
pub mod indicator;
pub mod lineage;
mod parameters;
mod portal;
pub mod pxweb;
pub mod release;
pub mod release_change;
pub mod report;

use actix_web::web::ServiceConfig;
use gdtx_service::statistics::{
    StatisticsRecord,
    release::{StatisticsRelease, StatisticsReleaseChange},
};
use utoipa::openapi::OpenApi;

use crate::rest::{describe::shapes, reference};

pub use cli::{StatisticsCommand, run};
pub use data_set::StatisticsQueries;
pub use indicator::IndicatorQueries;
pub use lineage::LineageQueries;
pub use release::{ReleaseMutations, ReleaseQueries};
pub use release_change::ReleaseChangeQueries;
pub use report::{DueReportQuery, ReportFormQuery, ReportMutation, ReportNode, ReportQuery, ReportStepMutation};

/// Mounts the routes of the room.
pub fn mount(config: &mut ServiceConfig) {
    let config = config.configure(data_set::mount).configure(data::mount).configure(indicator::mount);
    let config = config.configure(lineage::mount).configure(pxweb::mount).configure(feed::mount);
    config.configure(release::mount).configure(release_change::mount).configure(portal::mount).configure(report::mount);
}

/// Adds to the document what attributes cannot say.
pub fn describe(document: &mut OpenApi) {
    reference::page::<StatisticsRecord>(document);
    shapes::<StatisticsRelease>(document);
    reference::page::<StatisticsReleaseChange>(document);
    report::describe(document);
    parameters::describe(document, data::PATH, &[]);
    parameters::describe(document, data::RELEASED, &[]);
    parameters::describe(document, indicator::PATH, &["measures", "totals", "sort", "top", "boundaries", "format"]);
}
