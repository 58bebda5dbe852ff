//! Reports as a resource on both surfaces.

use async_graphql::{Context, ID, Object};
use gdtx_domain::statistics::report_form::{ReportForm, find};
use gdtx_service::statistics::report::{NewReport, Report, ReportFilter, ReportPatch, Reports};

use crate::{graphql, resource::resource};

resource! {
    Reports, "/v1/reports", "Report", "Reports",
    "reports (báo cáo): figures of a commune, a province or the country on a form for a year. A new one is filled in from the records; the body of the place corrects, explains and submits it, and the level above returns, accepts and locks it.";
    record Report, new NewReport, patch ReportPatch, filter ReportFilter, node ReportNode;
    query ReportQuery { list_reports, get_report, list_report_history }
    mutation ReportMutation { create_report, update_report, retire_report, put_report_by_external_id }
}

/// A report with its relations.
#[derive(Clone)]
pub struct ReportNode(pub Report);

/// A report (báo cáo).
#[Object(name = "Report")]
impl ReportNode {
    /// Identity: UUIDv7, given by the service.
    pub async fn id(&self) -> ID {
        self.0.id.into()
    }

    #[graphql(flatten)]
    async fn fields(&self) -> &Report {
        &self.0
    }

    /// The accepted report of the year before.
    async fn previous_report(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Self>> {
        graphql::follow::<Reports, Self>(ctx, self.0.previous_report_id).await
    }

    /// The form with its lines, columns and clocks.
    async fn report_form(&self) -> Option<ReportForm> {
        find(&self.0.form).cloned()
    }
}
