//! Streams an export as the answer to a request.

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    http::header,
    web::{self, Bytes, ServiceConfig},
};
use futures::{StreamExt, TryStreamExt, future::ready, stream};
use gdtx_domain::exchange::export::job::ExportFormat;

use super::write::write;
use crate::{exchange::sheet::XLSX, headers::Caller, resource::Exposed, rest::operations::Answer};

/// Mounts the export of a resource.
pub fn mount<R: Exposed>(config: &mut ServiceConfig) {
    let path = R::PATH.replacen("/v1/", "/v1/exports/", 1);
    config.service(web::resource(path).route(web::get().to(export::<R>)));
}

async fn export<R: Exposed>(req: HttpRequest, Caller(ctx): Caller) -> Answer {
    let (format, mut steps) = write::<R>(ctx, req.query_string()).await?;
    // What does not fit a workbook is told before the answer begins.
    let first = loop {
        match steps.try_next().await? {
            Some(step) if step.bytes.is_empty() => {}
            first => break first,
        }
    };
    let all = stream::iter(first.map(Ok)).chain(steps);
    let bytes = all.try_filter_map(|step| ready(Ok((!step.bytes.is_empty()).then(|| Bytes::from(step.bytes)))));
    Ok(file(HttpResponse::Ok(), R::PATH.trim_start_matches("/v1/"), format).streaming(bytes))
}

/// The answer that is a file of this name and form.
pub(super) fn file(mut response: HttpResponseBuilder, name: &str, format: ExportFormat) -> HttpResponseBuilder {
    let media = match format {
        ExportFormat::Ndjson => "application/x-ndjson",
        ExportFormat::Csv => "text/csv; charset=utf-8",
        ExportFormat::Xlsx => XLSX,
    };
    response
        .insert_header((header::CONTENT_TYPE, media))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.{format}\"")));
    response
}
