//! Exports: every list as a file, with the filters of the list; streamed at once, or as a job that leaves its
//! file behind a signed link.

mod download;
mod fields;
mod handler;
mod job;
mod sheet;
mod write;

use actix_web::web::ServiceConfig;
use gdtx_domain::{
    exchange::export::job::{ExportFormat, ExportLayout},
    territory::code_list::CodeScheme,
};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::rest::operations::reading;

pub use download::read as download;
pub use fields::{ExportJobMutation, ExportJobQuery};
pub use handler::mount;
pub use job::{cancel, create, get, list};
pub use write::{Writer, make};

pub use download::__path_read as __path_download;
pub use job::{__path_cancel, __path_create, __path_get, __path_list};

/// Mounts the jobs of exports.
pub fn mount_jobs(config: &mut ServiceConfig) {
    use actix_web::web;
    config
        .service(web::resource("/v1/export-jobs").route(web::get().to(list)).route(web::post().to(create)))
        .service(reading("/v1/export-jobs/{id}", get))
        .service(web::resource("/v1/export-jobs/{id}/cancel").route(web::post().to(cancel)))
        .service(reading("/v1/export-jobs/{id}/file", download));
}

/// How an export is written, beside the filters of the list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct ExportParameters {
    /// `ndjson` when absent.
    #[param(inline)]
    pub format: ExportFormat,
    /// `api` when absent; for sheets.
    #[param(inline)]
    pub layout: ExportLayout,
    /// The coding of codes, of those in `/v1/code-lists`; a code without a counterpart stays as it is.
    #[param(inline)]
    pub code_scheme: Option<CodeScheme>,
    /// Whether codes are followed by a column of their labels, in the language of the request; for sheets.
    pub labels: bool,
}
