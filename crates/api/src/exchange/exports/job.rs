//! Exports as jobs on REST: open, list, read, cancel.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::{Bytes, Data, Path},
};
use chrono::Duration;
use gdtx_service::{
    Code, Ctx, Error, PageInfo, PageRequest, Result,
    exchange::exports::{self, ExportJob, NewExport, NewExportJob, Terms},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::{
    headers::Caller,
    registry,
    rest::{
        body,
        operations::{Answer, located, parse_id, rehearsed},
        query::{self, NoParameters},
        refusals::{Common, OfOne, WithBody, Writing},
        respond,
    },
    state::App,
};

/// What the settings say of exports.
pub(super) fn terms(app: &App) -> Terms {
    Terms {
        address: app.settings.public_url.clone(),
        link: Duration::seconds(app.settings.export_link_seconds),
        most_open: app.settings.export_open_jobs,
        most_kept: i64::try_from(app.settings.export_open_jobs)
            .unwrap_or(i64::MAX)
            .saturating_mul(app.settings.export_limit_bytes),
    }
}

/// A page of export jobs.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "read by the documentation only")]
pub struct ExportJobPage {
    items: Vec<ExportJob>,
    page_info: PageInfo,
}

/// Which export jobs to list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct ExportJobsParameters {
    /// Jobs on the page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    first: Option<u32>,
    /// The `endCursor` of the page before.
    after: Option<String>,
}

/// Export a list beside requests
///
/// For lists that take longer than a request should: the same file as `GET /v1/exports/{resource}` with the same
/// parameters, made by the service and then kept for a while. The answer is a job that goes on when the process dies.
/// Once it is `done`, reading it gives a signed link by which the file is fetched without a token for a short
/// time, with `Range` where a line breaks. Personal data need a purpose, which the job keeps; what
/// was shown stands in the access log. The file holds what the client may see while it is made. `export_open_jobs` of a
/// client wait or run at a time, and its kept files hold so many times `export_limit_bytes` (409 beyond).
#[utoipa::path(
    post, path = "/v1/export-jobs", operation_id = "createExportJob", tag = "export-jobs",
    params(
        ("dryRun" = Option<bool>, Query, description = "Do everything but the commit."),
        ("Idempotency-Key" = Option<String>, Header, description = "At most 255 characters; kept for 24 hours."),
    ),
    request_body(content = NewExportJob),
    responses(
        (status = 202, description = "The job.", body = ExportJob, headers(("Location" = String, description = "Path of the job; absent with `dryRun`."))),
        Common,
        Writing,
        WithBody,
    ),
    security(("oauth2" = []))
)]
pub async fn create(req: HttpRequest, Caller(ctx): Caller, app: Data<App>, bytes: Bytes) -> Answer {
    exports::authorise(&ctx).await?;
    let (ctx, _) = rehearsed(ctx, &req)?;
    let job = opened(&ctx, &app, body::parse(&req, &bytes)?).await?;
    let response = HttpResponse::build(StatusCode::ACCEPTED)
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .json(&job);
    Ok(located(response, &ctx, &format!("/v1/export-jobs/{}", job.id)))
}

/// Opens an export, once its parameters were found good.
pub(super) async fn opened(ctx: &Ctx, app: &App, new: NewExportJob) -> Result<ExportJob> {
    let writer = registry::writer(new.resource).ok_or_else(|| {
        Error::field(
            Code::MalformedBody,
            "/resource",
            "no_list",
            "Loại bản ghi này không có danh sách riêng để xuất.",
            "This kind of record has no list of its own to export.",
        )
    })?;
    let query = serde_urlencoded::to_string(new.parameters()?).map_err(Error::internal)?;
    (writer.check)(ctx.clone(), query.clone()).await.map_err(NewExportJob::pointed)?;
    let format = new.format.unwrap_or_default();
    let new = NewExport { resource: new.resource, format, as_of: new.as_of, query };
    exports::create(ctx, &new, &terms(app)).await
}

/// List export jobs
///
/// Those of the calling client, newest first; they are kept as long as their files.
#[utoipa::path(
    get, path = "/v1/export-jobs", operation_id = "listExportJobs", tag = "export-jobs", params(ExportJobsParameters),
    responses((status = 200, description = "A page.", body = ExportJobPage), Common),
    security(("oauth2" = []))
)]
pub async fn list(req: HttpRequest, Caller(ctx): Caller, app: Data<App>) -> Answer {
    let asked: ExportJobsParameters = query::typed_query(req.query_string())?;
    let request = PageRequest { first: asked.first, after: asked.after, ..PageRequest::default() };
    Ok(respond::page(&req, &exports::list(&ctx, request, &terms(&app)).await?, None)?)
}

/// Read an export job
///
/// Where it stands and how far it is; once it is `done`, a new link to its file.
#[utoipa::path(
    get, path = "/v1/export-jobs/{id}", operation_id = "getExportJob", tag = "export-jobs",
    params(("id" = uuid::Uuid, Path, description = "The export job.")),
    responses((status = 200, description = "The job.", body = ExportJob), Common, OfOne),
    security(("oauth2" = []))
)]
pub async fn get(req: HttpRequest, Caller(ctx): Caller, app: Data<App>, id: Path<String>) -> Answer {
    let _: NoParameters = query::typed_query(req.query_string())?;
    Ok(respond::json(&exports::get(&ctx, parse_id(&id)?, &terms(&app)).await?))
}

/// Cancel an export job
///
/// One that waits or runs ends; of one that is `done` the file is taken back, and links to it lead nowhere any more.
#[utoipa::path(
    post, path = "/v1/export-jobs/{id}/cancel", operation_id = "cancelExportJob", tag = "export-jobs",
    params(
        ("id" = uuid::Uuid, Path, description = "The export job."),
        ("dryRun" = Option<bool>, Query, description = "Do everything but the commit."),
        ("Idempotency-Key" = Option<String>, Header, description = "At most 255 characters; kept for 24 hours."),
    ),
    responses((status = 200, description = "The cancelled job.", body = ExportJob), Common, OfOne, Writing),
    security(("oauth2" = []))
)]
pub async fn cancel(req: HttpRequest, Caller(ctx): Caller, app: Data<App>, id: Path<String>) -> Answer {
    let (ctx, _) = rehearsed(ctx, &req)?;
    Ok(respond::json(&exports::cancel(&ctx, parse_id(&id)?, &terms(&app)).await?))
}
