//! A report with its form, as files show it.

use gdtx_domain::statistics::report_form::{self, ReportForm};
use uuid::Uuid;

use super::{Report, Reports};
use crate::{Ctx, Error, Result, get};

/// A report and the form that it is on.
#[derive(Clone, Debug)]
pub struct ReportFile {
    pub report: Report,
    pub form: &'static ReportForm,
}

/// Reads a report for a file.
///
/// # Errors
/// `not_found` for one out of reach.
pub async fn file(ctx: &Ctx, id: Uuid) -> Result<ReportFile> {
    let report = Box::pin(get::<Reports>(ctx, id)).await?;
    let form = report_form::find(&report.form).ok_or_else(|| Error::internal("a report on no form"))?;
    Ok(ReportFile { report, form })
}
