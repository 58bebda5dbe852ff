//! Receives payloads in pieces, so that a line that breaks costs what was under way only
//! (draft-ietf-httpbis-resumable-upload).

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, HeaderName},
    web::{self, Path, Payload},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use futures::StreamExt;
use gdtx_service::{
    Code, Ctx, Error, Result,
    exchange::imports::{self, ImportJob, ImportUpload, PIECE, Piece},
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    headers::{Caller, context},
    problem::Failure,
    rest::operations::{Answer, parse_id},
    rest::refusals::{Common, OfOne, WithBody, Writing},
    state::App,
};

/// Bytes of a refused request that are read: whoever sends more opens another connection.
const MOST_DRAINED: usize = 256 * 1024;
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const COMPLETE: HeaderName = HeaderName::from_static("upload-complete");

/// Ask how far an upload came
///
/// At which byte the next piece begins, and whether all is there; HEAD tells the same in its headers.
#[utoipa::path(
    get, path = "/v1/imports/{id}/upload", operation_id = "getImportUpload", tag = "imports",
    params(("id" = Uuid, Path, description = "The import.")),
    responses(
        (status = 200, description = "How far it came.", body = ImportUpload, headers(("Upload-Offset" = i64, description = "Bytes received."), ("Upload-Complete" = String, description = "`?1` when all is there."))),
        Common,
        OfOne,
    ),
    security(("oauth2" = []))
)]
pub async fn offset(Caller(ctx): Caller, id: Path<String>) -> Answer {
    let upload = imports::upload(&ctx, parse_id(&id)?).await?;
    Ok(HttpResponse::Ok()
        .insert_header((OFFSET, upload.offset))
        .insert_header((COMPLETE, if upload.is_complete { "?1" } else { "?0" }))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(&upload))
}

/// Go on with an upload
///
/// A piece that begins at `Upload-Offset`; 409 when the payload ends elsewhere, as when a piece came
/// twice: ask how far it came and go on from there. With `Upload-Complete: ?1` the import begins.
#[utoipa::path(
    patch, path = "/v1/imports/{id}/upload", operation_id = "uploadImport", tag = "imports",
    params(
        ("id" = Uuid, Path, description = "The import."),
        ("Upload-Offset" = i64, Header, description = "The byte at which the piece begins.", minimum = 0),
        ("Upload-Complete" = String, Header, description = "`?1` with the last piece.", pattern = r"^\?[01]$"),
    ),
    request_body(description = "The piece.", content((String = "application/octet-stream"))),
    responses((status = 200, description = "The job.", body = ImportJob), Common, OfOne, Writing, WithBody),
    security(("oauth2" = []))
)]
pub async fn upload(req: HttpRequest, id: Path<String>, mut payload: Payload) -> Answer {
    match go_on(&req, &id, &mut payload).await {
        Err(error) => Err(drained(error, payload).await),
        done => done,
    }
}

async fn go_on(req: &HttpRequest, id: &str, payload: &mut Payload) -> Answer {
    let ctx = context(req).await?;
    let id = parse_id(id)?;
    imports::upload(&ctx, id).await?;
    let text = req.headers().get(OFFSET).and_then(|v| v.to_str().ok());
    let start = text.and_then(|v| v.trim().parse::<i64>().ok()).filter(|start| *start >= 0);
    let start = start.ok_or_else(|| missing("Upload-Offset", "số byte", "a number of bytes"))?;
    let is_last = is_last(req)?.ok_or_else(|| missing("Upload-Complete", "?0 hoặc ?1", "?0 or ?1"))?;
    let job = receive(req, &ctx, payload, (id, start, 0), is_last).await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "private, no-store")).json(&job))
}

fn missing(name: &str, vi: &str, en: &str) -> Error {
    Error::field(Code::InvalidHeader, name, "invalid_header", format!("{name} là {vi}."), format!("{name} is {en}."))
}

/// Whether the payload ends with this request.
pub fn is_last(req: &HttpRequest) -> Result<Option<bool>> {
    match req.headers().get(COMPLETE).map(|value| value.as_bytes().trim_ascii()) {
        None => Ok(None),
        Some(b"?1") => Ok(Some(true)),
        Some(b"?0") => Ok(Some(false)),
        Some(_) => Err(missing("Upload-Complete", "?0 hoặc ?1", "?0 or ?1")),
    }
}

/// The SHA-256 of the whole payload, as the sender names it.
pub fn digest(req: &HttpRequest) -> Result<Option<[u8; 32]>> {
    let Some(value) = req.headers().get("repr-digest") else { return Ok(None) };
    let mut members = value.to_str().unwrap_or_default().split(',');
    let named = members.find_map(|member| member.trim().strip_prefix("sha-256=:")?.strip_suffix(':'));
    let bytes = named.and_then(|text| STANDARD.decode(text).ok()).and_then(|bytes| bytes.try_into().ok());
    bytes.map(Some).ok_or_else(|| missing("Repr-Digest", "sha-256=:<base64>:", "sha-256=:<base64>:"))
}

/// Keeps what a request brings of a payload, from the byte `at` of the payload on. The first `known`
/// bytes of the request arrived earlier: they must be the same, and are read past.
pub async fn receive(
    req: &HttpRequest,
    ctx: &Ctx,
    payload: &mut Payload,
    (id, mut at, known): (Uuid, i64, i64),
    is_last: bool,
) -> Result<ImportJob> {
    let most = limit(req);
    let (mut known_left, mut before) = (usize::try_from(known).unwrap_or_default(), Sha256::new());
    let mut piece = Vec::with_capacity(PIECE);
    while let Some(bytes) = payload.next().await {
        let bytes = bytes.map_err(|_| cut())?;
        let (again, mut rest) = bytes.split_at(known_left.min(bytes.len()));
        if known_left > 0 {
            before.update(again);
            known_left -= again.len();
            if known_left == 0 {
                same(ctx, id, known, std::mem::take(&mut before)).await?;
            }
        }
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(PIECE - piece.len()));
            piece.extend_from_slice(now);
            rest = later;
            if piece.len() == PIECE {
                let bytes = std::mem::replace(&mut piece, Vec::with_capacity(PIECE));
                at = imports::append(ctx, id, Piece { offset: at, bytes, is_last: false }, most).await?.bytes;
            }
        }
    }
    if known_left > 0 && (is_last || known_left < usize::try_from(known).unwrap_or_default()) {
        // Shorter than what arrived before: another payload.
        return Err(Error::of(Code::IdempotencyMismatch));
    }
    imports::append(ctx, id, Piece { offset: at, bytes: piece, is_last }, most).await
}

/// The largest payload.
pub fn limit(req: &HttpRequest) -> i64 {
    req.app_data::<web::Data<App>>().map_or(i64::MAX, |app| app.settings.import_limit_bytes)
}

/// Refuses another payload under the key of one that arrived in part.
async fn same(ctx: &Ctx, id: Uuid, known: i64, before: Sha256) -> Result<()> {
    let digest: [u8; 32] = before.finalize().into();
    if digest == imports::digest_of(ctx, id, known).await? { Ok(()) } else { Err(Error::of(Code::IdempotencyMismatch)) }
}

/// Refuses another payload under the key of one that arrived whole; none at all only asks how it stands.
pub async fn same_whole(payload: &mut Payload, sha256: Option<&str>) -> Result<()> {
    let (mut whole, mut count) = (Sha256::new(), 0);
    while let Some(bytes) = payload.next().await {
        let bytes = bytes.map_err(|_| cut())?;
        count += bytes.len();
        whole.update(&bytes);
    }
    let same = count == 0 || sha256 == Some(hex::encode(whole.finalize()).as_str());
    if same { Ok(()) } else { Err(Error::of(Code::IdempotencyMismatch)) }
}

/// What is left unread of a refused request would break the connection for the next one.
pub async fn drained(failure: Failure, mut payload: Payload) -> Failure {
    let mut read = 0;
    while let Some(Ok(bytes)) = payload.next().await {
        read += bytes.len();
        if read > MOST_DRAINED {
            break;
        }
    }
    failure
}

fn cut() -> Error {
    Error::new(
        Code::MalformedBody,
        "Đường truyền đứt khi đang gửi tệp: gửi tiếp từ Upload-Offset, hoặc gửi lại với cùng Idempotency-Key.",
        "The line broke while the file was sent: go on from Upload-Offset, or send again with the same Idempotency-Key.",
    )
}
