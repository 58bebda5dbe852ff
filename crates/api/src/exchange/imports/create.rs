//! Opens an import, with its payload or for one that follows in pieces.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::{Data, Payload},
};
use chrono::NaiveDate;
use gdtx_domain::{
    SchoolYear,
    exchange::{
        import::job::{DateFormat, ImportFormat, ImportMode},
        resource::ResourceKind,
        window::SyncKind,
    },
    territory::code_list::CodeScheme,
};
use gdtx_service::{
    Code, Error, Result,
    exchange::imports::{self, ImportJob, NewImport},
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::upload::{digest, drained, is_last, receive, same_whole};
use crate::{
    Settings,
    headers::context,
    rest::refusals::{Common, WithBody, Writing},
    rest::{
        operations::{Answer, located},
        query,
    },
    state::App,
};

/// How a file is to be read.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct ImportParameters {
    /// The kind of record; absent for an NDJSON batch of several kinds, whose lines each name theirs
    /// in `resource`: they are written in the order in which they refer to each other.
    #[param(inline)]
    resource: Option<ResourceKind>,
    /// `perRow` (when absent): each row stands for itself. `atomic`: all rows or none.
    #[param(inline)]
    mode: Option<ImportMode>,
    /// Judge every row and write none.
    dry_run: bool,
    /// The form of the payload; when absent it follows from `Content-Type`.
    #[param(inline)]
    format: Option<ImportFormat>,
    /// The coding of codes in the file, of those in `/v1/code-lists`; `api` when absent.
    #[param(inline)]
    code_scheme: Option<CodeScheme>,
    /// How dates without a format in their heading are written; `iso` when absent.
    #[param(inline)]
    date_format: Option<DateFormat>,
    /// The column that holds the sender's own key; `externalId` when absent.
    #[param(max_length = 60)]
    key: Option<String>,
    /// Columns to leave out, comma-separated.
    #[param(max_length = 2000)]
    ignore: Option<String>,
    /// The day of the names of provinces, districts and communes in the file; when absent they are read
    /// as today's, and where no unit is called so as those of 2025-06-30.
    places_as_of: Option<NaiveDate>,
    /// The school year that the rows are for, `2026` or `2026-2027`; with `syncKind` or not at all.
    school_year: Option<SchoolYear>,
    /// What the rows are sent for. Rows of units whose period is not open are rejected, with the
    /// reason and the date; see `/v1/sync-windows`.
    #[param(inline)]
    sync_kind: Option<SyncKind>,
}

/// Import a file
///
/// Many records at once: NDJSON, CSV or the first sheet of an XLSX workbook, each also as gzip.
/// Columns go by field name (`fullName`, `residence.code`), official symbol (`HO_TEN`) or Vietnamese
/// name, in any order; an unknown one is refused and never dropped. Each row carries the sender's own
/// key in `externalId`: a record that goes by it is changed (columns that are absent stay, empty cells
/// clear), else one is made, so that the same file sent twice changes nothing. Other records are
/// named by id or by the sender's key, `classExternalId` in the place of `classId`. Places may be told by
/// their names, today's or older ones, under `provinceName`, `districtName` and `communeName` or `Tỉnh/Thành
/// phố`, `Quận/Huyện` and `Phường/Xã`: the receipt says what was taken for what, and what can mean several
/// units is rejected with all of them.
///
/// The answer is a job that goes on when the process dies; read its progress and a receipt for each
/// row under its address. A request that broke off is sent again with the same `Idempotency-Key`:
/// bytes that arrived are skipped. With `Upload-Complete: ?0` the payload follows in pieces, see
/// `uploadImport`. `Repr-Digest: sha-256=:…:` (RFC 9530) is checked against what arrived.
#[utoipa::path(
    post, path = "/v1/imports", operation_id = "createImport", tag = "imports",
    params(
        ImportParameters,
        ("Idempotency-Key" = Option<String>, Header, description = "At most 255 characters; kept for 24 hours."),
        ("Repr-Digest" = Option<String>, Header, description = "SHA-256 of the whole payload (RFC 9530).", pattern = r"^sha-256=:[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=:$"),
        ("Upload-Complete" = Option<String>, Header, description = "`?0` when the payload follows, or goes on, in pieces.", pattern = r"^\?[01]$"),
    ),
    request_body(description = "The payload, as it is or packed by gzip, which is told by its first bytes; with `Upload-Complete: ?0` its beginning, or nothing.", content(
        (String = "application/x-ndjson"),
        (String = "text/csv"),
        (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    )),
    responses(
        (status = 202, description = "The job.", body = ImportJob, headers(("Location" = String, description = "Path of the job."))),
        Common,
        Writing,
        WithBody,
    ),
    security(("oauth2" = []))
)]
pub async fn create(req: HttpRequest, mut payload: Payload) -> Answer {
    match open(&req, &mut payload).await {
        Err(error) => Err(drained(error, payload).await),
        done => done,
    }
}

async fn open(req: &HttpRequest, payload: &mut Payload) -> Answer {
    let ctx = context(req).await?;
    imports::authorise(&ctx).await?;
    let asked: ImportParameters = query::typed_query(req.query_string())?;
    let format = asked.format.map_or_else(|| named(req), Ok)?;
    let (is_last, digest) = (is_last(req)?.unwrap_or(true), digest(req)?);
    let (ignore, settings) = (asked.ignore.unwrap_or_default(), settings(req));
    let new = NewImport {
        resource: asked.resource,
        mode: asked.mode.unwrap_or(ImportMode::PerRow),
        dry_run: asked.dry_run,
        format,
        code_scheme: asked.code_scheme.unwrap_or(CodeScheme::Api),
        date_format: asked.date_format.unwrap_or(DateFormat::Iso),
        key: asked.key,
        ignore: ignore.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect(),
        places_as_of: asked.places_as_of,
        school_year: asked.school_year,
        sync_kind: asked.sync_kind,
        sync_periods: settings.sync_periods,
        most_open: settings.import_open_uploads,
        digest,
    };
    let job = imports::create(&ctx, new).await?;
    let here = imports::upload(&ctx, job.id).await?;
    let job = if here.is_complete {
        same_whole(payload, job.sha256.as_deref()).await?;
        job
    } else {
        receive(req, &ctx, payload, (job.id, here.offset, here.offset), is_last).await?
    };
    let response = HttpResponse::build(StatusCode::ACCEPTED)
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .json(&job);
    Ok(located(response, &ctx, &format!("/v1/imports/{}", job.id)))
}

/// The settings of this service.
fn settings(req: &HttpRequest) -> Settings {
    req.app_data::<Data<App>>().map(|app| app.settings.clone()).unwrap_or_default()
}

/// The form that the media type names.
fn named(req: &HttpRequest) -> Result<ImportFormat> {
    let value = req.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    match value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "application/x-ndjson" | "application/ndjson" | "application/jsonl" | "application/x-jsonlines" => {
            Ok(ImportFormat::Ndjson)
        }
        "text/csv" | "text/tab-separated-values" => Ok(ImportFormat::Csv),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => Ok(ImportFormat::Xlsx),
        _ => Err(Error::new(
            Code::UnsupportedMediaType,
            "Gửi application/x-ndjson, text/csv hoặc XLSX, hoặc nêu dạng trong tham số format.",
            "Send application/x-ndjson, text/csv or XLSX, or name the form in the parameter format.",
        )),
    }
}
