//! Report forms on both surfaces: public reference data.

use actix_web::{
    HttpRequest,
    web::{Path, ServiceConfig},
};
use async_graphql::{Context, Object};
use gdtx_domain::statistics::report_form::ReportForm;
use gdtx_service::{
    Count, PageRequest,
    statistics::report::{ReportFormFilter, form, forms},
};

use crate::{
    graphql::{self, Connection},
    headers::Caller,
    problem::Problem,
    rest::{
        operations::{Answer, reading},
        query,
        respond::{reference, reference_page},
    },
};

/// List report forms
///
/// What places report on (biểu mẫu báo cáo), by code: lines, columns, where each figure comes from, and the clock of each
/// level. The mark says how well a form was checked against its text: one that is not `verified` is no official
/// template. Public.
#[utoipa::path(
    get, path = "/v1/report-forms", operation_id = "listReportForms", tag = "report-forms",
    params(ReportFormFilter, ("sort" = Option<String>, Query, description = "`code` or `-code`.", pattern = "^-?code$")),
    responses(
        (status = 200, description = "A page.", body = ref("#/components/schemas/ReportFormPage")),
    ),
    security(())
)]
pub async fn list(req: HttpRequest, _caller: Caller) -> Answer {
    let asked = query::list::<ReportFormFilter>(req.query_string())?;
    Ok(reference_page(&req, &forms(&asked.filter, &asked.page)?, asked.fields.as_deref())?)
}

/// Read a report form
///
/// One form by its code. Public.
#[utoipa::path(
    get, path = "/v1/report-forms/{code}", operation_id = "getReportForm", tag = "report-forms",
    params(("code" = String, Path, description = "Code of the form, e.g. `stat_year_start`.")),
    responses(
        (status = 200, description = "The form.", body = ReportForm),
        (status = 404, description = "There is no such form.", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn get(req: HttpRequest, _caller: Caller, code: Path<String>) -> Answer {
    let asked = query::read::<query::NoParameters>(req.query_string())?;
    Ok(reference(&req, &form(&code)?, asked.fields.as_deref())?)
}

pub fn mount(config: &mut ServiceConfig) {
    config.service(reading("/v1/report-forms", list)).service(reading("/v1/report-forms/{code}", get));
}

#[derive(Default)]
pub struct ReportFormQuery;

#[Object]
impl ReportFormQuery {
    /// Lists what places report on (biểu mẫu báo cáo), by code. Public.
    async fn list_report_forms(
        &self,
        ctx: &Context<'_>,
        filter: Option<ReportFormFilter>,
        first: Option<u32>,
        after: Option<String>,
        sort: Option<String>,
        count: Option<Count>,
    ) -> async_graphql::Result<Connection<ReportForm>> {
        let found = forms(&filter.unwrap_or_default(), &PageRequest { first, after, sort, count });
        graphql::wrap(&graphql::caller(ctx)?, found).map(Connection::new)
    }

    /// Reads one report form by its code. Public.
    async fn get_report_form(&self, ctx: &Context<'_>, code: String) -> async_graphql::Result<ReportForm> {
        graphql::wrap(&graphql::caller(ctx)?, form(&code))
    }
}
