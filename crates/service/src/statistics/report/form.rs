//! Report forms as public reference data: lines, columns, clocks and what of them was not read.

use async_graphql::InputObject;
use gdtx_domain::{
    exchange::window::WindowLevel,
    statistics::report_form::{self, ReportForm},
};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::{
    Error, Page, PageRequest, Result,
    page::{SortBy, slice},
};

const SORTS: &[SortBy<ReportForm>] = &[("code", |form| form.code.clone())];

/// Which report forms to list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, InputObject, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct ReportFormFilter {
    /// Forms that this level reports on.
    #[param(inline)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<WindowLevel>,
}

/// Lists the forms, by code.
pub fn forms(filter: &ReportFormFilter, request: &PageRequest) -> Result<Page<ReportForm>> {
    let wanted = |form: &&ReportForm| filter.level.is_none_or(|level| form.clock(level).is_some());
    let mut found: Vec<_> = report_form::all().iter().filter(wanted).cloned().collect();
    found.sort_by(|a, b| a.code.cmp(&b.code));
    slice(found, |form| &form.code, SORTS, request, "report-forms", filter)
}

/// Reads one form by its code.
pub fn form(code: &str) -> Result<ReportForm> {
    report_form::find(code).cloned().ok_or_else(Error::not_found)
}
