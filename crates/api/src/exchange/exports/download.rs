//! The file of an export job, for whoever holds a link to it.

use actix_web::{
    HttpRequest, HttpResponse,
    body::SizedStream,
    http::{
        Method, StatusCode,
        header::{self, ByteRangeSpec, HeaderValue, Range},
    },
    web::{Bytes, Path},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use futures::TryStreamExt;
use gdtx_service::{Code, Error, exchange::exports};
use serde::Deserialize;
use utoipa::IntoParams;

use super::handler::file;
use crate::{
    headers::Caller,
    problem::{self, Problem},
    rest::{
        operations::{Answer, parse_id},
        query,
    },
};

/// What a link says of itself.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct LinkParameters {
    /// Until when it leads to the file, in seconds since 1970 (UTC).
    #[param(minimum = 0)]
    expires: i64,
    /// What the service signed it with.
    #[param(min_length = 64, max_length = 64)]
    signature: String,
}

/// Fetch the file of an export job
///
/// By a link of `getExportJob`, without a token. One range of bytes is served too (`Range`, `If-Range`), for a download
/// that broke off. `ETag` and `Repr-Digest` (RFC 9530) tell the SHA-256 of the whole file.
#[utoipa::path(
    get, path = "/v1/export-jobs/{id}/file", operation_id = "exportJobFile", tag = "export-jobs",
    params(
        ("id" = uuid::Uuid, Path, description = "The export job."),
        LinkParameters,
        ("Range" = Option<String>, Header, description = "One range of bytes, `bytes=1000-`."),
        ("If-Range" = Option<String>, Header, description = "The `ETag` of the file that a part is here of."),
    ),
    responses(
        (status = 200, description = "The file.", content(
            (String = "application/x-ndjson"),
            (String = "text/csv"),
            (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        )),
        (status = 206, description = "The range of it that was asked for.", content(
            (String = "application/x-ndjson"),
            (String = "text/csv"),
            (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        )),
        (status = 400, description = "No link of this service looks so.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The link has ended, or its client may not be served any more.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "The service did not sign this link, or the file is gone.", body = Problem, content_type = "application/problem+json"),
        (status = 416, description = "The file has no such range.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn read(req: HttpRequest, Caller(ctx): Caller, id: Path<String>) -> Answer {
    let id = parse_id(&id)?;
    let link: LinkParameters = query::typed_query(req.query_string())?;
    let found = exports::open(&ctx, id, link.expires, &link.signature).await?;
    if req.method() != Method::HEAD {
        exports::trace(&ctx, &found).await?;
    }
    let (job, digest) = (found.job(), found.digest());
    let tag = format!("\"{}\"", hex::encode(&digest));
    let Ok(range) = range(&req, &tag, job.bytes) else {
        let mut refusal = problem::refuse(&req, &Error::of(Code::RangeNotSatisfiable));
        let length = HeaderValue::try_from(format!("bytes */{}", job.bytes)).map_err(Error::internal)?;
        refusal.headers_mut().insert(header::CONTENT_RANGE, length);
        return Ok(refusal);
    };
    let (from, to) = range.unwrap_or((0, job.bytes));
    let whole = to - from == job.bytes;
    let status = if whole { StatusCode::OK } else { StatusCode::PARTIAL_CONTENT };
    let name = job.resource.code().replace('_', "-");
    let mut response = file(HttpResponse::build(status), &name, job.format);
    response
        .insert_header((header::ETAG, tag))
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        .insert_header(("Repr-Digest", format!("sha-256=:{}:", STANDARD.encode(&digest))))
        // Packed on its way it would have other bytes, of which no range and no length would be known.
        .insert_header((header::CONTENT_ENCODING, HeaderValue::from_static("identity")));
    if !whole {
        response.insert_header((header::CONTENT_RANGE, format!("bytes {from}-{}/{}", to - 1, job.bytes)));
    }
    let length = u64::try_from(to - from).unwrap_or_default();
    let bytes = exports::pieces(found, from, to).map_ok(Bytes::from);
    Ok(response.body(SizedStream::new(length, Box::pin(bytes))))
}

/// The bytes that are wanted, from and up to: all of them unless one range is asked for, of this very file.
fn range(req: &HttpRequest, tag: &str, bytes: i64) -> Result<Option<(i64, i64)>, ()> {
    let text = |name| req.headers().get(name).and_then(|value| value.to_str().ok());
    if text(header::IF_RANGE).is_some_and(|known| known != tag) {
        return Ok(None);
    }
    let asked = text(header::RANGE).and_then(|range| range.parse::<Range>().ok());
    let Some(Range::Bytes(ranges)) = asked else { return Ok(None) };
    let [one]: [ByteRangeSpec; 1] = match ranges.try_into() {
        Ok(one) => one,
        // Several ranges may be answered with the whole (RFC 9110, 14.2).
        Err(_) => return Ok(None),
    };
    let (from, last) = one.to_satisfiable_range(bytes.unsigned_abs()).ok_or(())?;
    let place = |at: u64| i64::try_from(at).map_err(drop);
    Ok(Some((place(from)?, place(last)? + 1)))
}
