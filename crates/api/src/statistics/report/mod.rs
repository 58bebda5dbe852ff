//! Reports on both surfaces: forms, records, their way to the level above, what is due, and files.

pub mod due;
pub mod file;
pub mod form;
pub mod record;
mod step;

use actix_web::web::ServiceConfig;
use gdtx_domain::statistics::report_form::ReportForm;
use utoipa::openapi::OpenApi;

use crate::rest::reference;

pub use due::DueReportQuery;
pub use form::ReportFormQuery;
pub use record::{ReportMutation, ReportNode, ReportQuery};
pub use step::ReportStepMutation;

/// Mounts what the standard operations do not cover.
pub fn mount(config: &mut ServiceConfig) {
    config.configure(form::mount).configure(due::mount).configure(file::mount).configure(step::mount);
}

/// Adds to the document the steps, and what the reference data share.
pub fn describe(document: &mut OpenApi) {
    step::describe(document);
    reference::page::<ReportForm>(document);
    reference::complete(document, "report-forms");
}
