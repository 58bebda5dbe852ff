//! Exports: every list as a file, streamed, with the filters of the list.

mod handler;
mod sheet;

pub use handler::mount;

use gdtx_domain::territory::code_list::CodeScheme;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// The form of an export.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ExportFormat {
    /// A JSON object a line, as the list shows it.
    #[default]
    Ndjson,
    /// Comma-separated values (RFC 4180), UTF-8 with a byte-order mark.
    Csv,
    /// A workbook.
    Xlsx,
}

/// Which columns a sheet has, and what they are called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ExportLayout {
    /// Every field by its name.
    #[default]
    Api,
    /// The fields of the official record form, by their symbols (QĐ 4998/QĐ-BGDĐT), with the
    /// Ministry's codes unless another scheme is named.
    Qd4998,
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
