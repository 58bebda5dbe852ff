//! Reports of places on the forms of the Ministry: filled in from the figures, explained, handed up and accepted.

mod due;
mod file;
mod fill;
mod form;
mod record;
mod remind;
mod step;

pub use due::{DueReport, DueReports, DueReportsQuery, due};
pub use file::{ReportFile, file};
pub use form::{ReportFormFilter, form, forms};
pub use record::{NewReport, Report, ReportFilter, ReportManaged, ReportPatch, Reports};
pub use remind::{remind, remind_once};
pub(crate) use step::is_own_step;
pub use step::{ReturnReport, Step, SubmitReport, take};
