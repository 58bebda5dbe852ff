//! A report as a file in the layout of official forms: a workbook, or pages to print and sign.

mod page;
mod pen;
mod sheet;
mod table;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, Accept, Header},
    web::{self, Path},
};
use gdtx_service::{
    Code, Error, Result,
    statistics::report::{self, ReportFile},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use self::table::Document;
use crate::{
    exchange::sheet::XLSX,
    headers::Caller,
    problem::Problem,
    rest::{
        operations::{Answer, parse_id, reading},
        query,
        refusals::Common,
    },
};

const PDF: &str = "application/pdf";

/// A form of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReportFileFormat)]
enum Format {
    /// A workbook.
    Xlsx,
    /// Pages to print and sign.
    Pdf,
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct FileParameters {
    /// The form of the file, in the place of `Accept`; a workbook when neither says.
    #[param(inline)]
    format: Option<Format>,
}

/// Read a report as a file
///
/// In the layout of official forms, in Vietnamese: head, who reports to whom, the day that the figures are of, the table
/// with its codes, explanations, and the place of the signature. What is not accepted is marked as a draft (BẢN NHÁP).
#[utoipa::path(
    get, path = "/v1/reports/{id}/file", operation_id = "exportReport", tag = "reports",
    params(("id" = uuid::Uuid, Path, description = "Identity of the report."), FileParameters),
    responses(
        (status = 200, description = "The file.", content(
            (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (String = "application/pdf"),
        )),
        Common,
        (status = 404, description = "There is no such report within reach.", body = Problem, content_type = "application/problem+json"),
        (status = 406, description = "There is no such form.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("oauth2" = []))
)]
pub async fn read(req: HttpRequest, Caller(ctx): Caller, id: Path<String>) -> Answer {
    let id = parse_id(&id)?;
    let asked: FileParameters = query::typed_query(req.query_string())?;
    let format = asked.format.map_or_else(|| wanted(&req), Ok)?;
    let file = report::file(&ctx, id).await?;
    let name = format!("{}-{}-{}", file.report.form, file.report.school_year, place(&file));
    let (media, extension) = match format {
        Format::Xlsx => (XLSX, "xlsx"),
        Format::Pdf => (PDF, "pdf"),
    };
    let body = web::block(move || written(&file, format)).await.map_err(Error::internal)??;
    let disposition = format!("attachment; filename=\"{name}.{extension}\"");
    let mut response = HttpResponse::Ok();
    response
        .content_type(media)
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .insert_header((header::VARY, "Authorization, Accept"))
        .insert_header((header::CONTENT_DISPOSITION, disposition));
    Ok(response.body(body))
}

fn written(file: &ReportFile, format: Format) -> Result<Vec<u8>> {
    let document = Document::of(&file.report, file.form);
    match format {
        Format::Xlsx => sheet::book(&document).map_err(Error::internal),
        Format::Pdf => page::pages(&document),
    }
}

/// The code of the place for the name of the file.
fn place(file: &ReportFile) -> &str {
    let place = file.report.place.as_ref();
    place.map_or("country", |place| place.commune_code.as_deref().unwrap_or(&place.province_code))
}

/// The form that the caller likes best of those that there are.
fn wanted(req: &HttpRequest) -> Result<Format> {
    let ranked = Accept::parse(req).map(|accept| accept.ranked()).unwrap_or_default();
    let form = ranked.iter().find_map(|media| match media.essence_str() {
        PDF => Some(Format::Pdf),
        XLSX | "*/*" | "application/*" => Some(Format::Xlsx),
        _ => None,
    });
    match form {
        None if ranked.is_empty() => Ok(Format::Xlsx),
        form => form.ok_or_else(|| Error::of(Code::NotAcceptable)),
    }
}

pub fn mount(config: &mut web::ServiceConfig) {
    config.service(reading("/v1/reports/{id}/file", read));
}
