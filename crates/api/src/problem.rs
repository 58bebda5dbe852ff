//! The one mapping from refusals to the wire: RFC 9457 problem JSON, and GraphQL `extensions`.

use std::time::Duration;

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError,
    body::{BoxBody, EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    http::{StatusCode, header},
    middleware::Next,
    web,
};
use gdtx_domain::{Label, Lang};
use gdtx_service::{Code, Error};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    headers::{language, request_id},
    state::App,
};

/// A refusal on its way out.
#[derive(Debug)]
pub struct Failure(pub Error);

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

/// What is wrong with one field or parameter.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldError {
    /// JSON Pointer (RFC 6901) into the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// Name of the query parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// Name of the header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
    /// Stable snake_case code.
    pub code: String,
    /// What is wrong, in the language of the request.
    pub detail: String,
}

/// A refusal, by RFC 9457.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// A page on this kind of error.
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    pub detail: String,
    /// Stable snake_case code.
    pub code: String,
    /// Whether the same request may pass later; `Retry-After` says when.
    pub retryable: bool,
    /// The path that was asked for.
    pub instance: String,
    /// Quote it when reporting.
    pub request_id: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

/// Headers that tell of a payload, whose faults come with those of the payload.
const OF_PAYLOADS: [&str; 3] = ["Repr-Digest", "Upload-Complete", "Upload-Offset"];

/// The fields at fault, as the wire names them.
pub fn field_errors(error: &Error, lang: Lang) -> Vec<FieldError> {
    error
        .fields
        .iter()
        .map(|f| {
            // A stale version is told by its header; a body is told by its pointers, and what is
            // no pointer there (a filter that would tell a hidden value) is a parameter.
            let by_code = matches!(error.code, Code::InvalidHeader | Code::StaleVersion | Code::PurposeNotAgreed);
            let is_header = by_code || OF_PAYLOADS.contains(&f.pointer.as_str());
            let is_body = f.pointer.starts_with('/') || f.pointer.is_empty();
            let is_pointer = !is_header && error.code != Code::InvalidParameter && is_body;
            FieldError {
                pointer: is_pointer.then(|| f.pointer.clone()),
                parameter: (!is_pointer && !is_header).then(|| f.pointer.clone()),
                header: is_header.then(|| f.pointer.clone()),
                code: f.code.to_owned(),
                detail: f.detail.in_lang(lang).to_owned(),
            }
        })
        .collect()
}

/// What the answer needs to know of the request.
#[derive(Clone, Debug)]
pub struct Asked {
    lang: Lang,
    path: String,
    id: String,
    /// Whether a token came with it, good or bad.
    token: bool,
}

impl Asked {
    pub fn of(req: &HttpRequest) -> Self {
        let credentials = req.headers().get(header::AUTHORIZATION).map(header::HeaderValue::as_bytes);
        let token = credentials.is_some_and(|c| c.len() >= 7 && c[..7].eq_ignore_ascii_case(b"bearer "));
        Self { lang: language(req), path: req.path().to_owned(), id: request_id(req), token }
    }
}

/// A refusal before any handler.
pub fn refuse(req: &HttpRequest, error: &Error) -> HttpResponse {
    respond(error, &Asked::of(req))
}

/// A refusal in words.
pub fn told(error: &Error, asked: &Asked) -> Problem {
    let lang = asked.lang;
    Problem {
        kind: format!("/problems/{}", error.code.as_str()),
        title: error.code.title().in_lang(lang).to_owned(),
        status: error.code.status(),
        detail: error.detail.in_lang(lang).to_owned(),
        code: error.code.as_str().to_owned(),
        retryable: error.code.is_retryable(),
        instance: asked.path.clone(),
        request_id: asked.id.clone(),
        errors: field_errors(error, lang),
    }
}

fn respond(error: &Error, asked: &Asked) -> HttpResponse {
    let (lang, problem) = (asked.lang, told(error, asked));
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponseBuilder::new(status);
    response
        .insert_header((header::CONTENT_TYPE, "application/problem+json"))
        .insert_header((header::CONTENT_LANGUAGE, lang.tag()))
        .insert_header((header::CACHE_CONTROL, "no-store"));
    if error.code == Code::Unauthenticated {
        // RFC 6750, 3.1: who brought no token is only told the scheme.
        let challenge =
            if asked.token { r#"Bearer realm="gdtx", error="invalid_token""# } else { r#"Bearer realm="gdtx""# };
        response.insert_header((header::WWW_AUTHENTICATE, challenge));
    }
    if error.code == Code::Unavailable {
        response.insert_header((header::RETRY_AFTER, "1"));
    }
    response.body(serde_json::to_vec(&problem).unwrap_or_default())
}

/// Turns every refusal, ours or the framework's, into a problem in the caller's language.
pub async fn middleware(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody, BoxBody>>, actix_web::Error> {
    let asked = Asked::of(req.request());
    let response = next.call(req).await.map_err(|error| match error.as_error::<Failure>() {
        // No response came that could be rewritten: the refusal itself becomes one.
        Some(failure) => {
            let problem = respond(&failure.0, &asked);
            InternalError::from_response(Failure(Error::of(failure.0.code)), problem).into()
        }
        None => error,
    })?;
    let status = response.status();
    let problem = if let Some(failure) = response.response().error().and_then(|e| e.as_error::<Failure>()) {
        Some(respond(&failure.0, &Asked::of(response.request())))
    } else if status.is_client_error() || status.is_server_error() {
        let plain = response.response().error().is_some()
            || !response.headers().contains_key(header::CONTENT_TYPE)
            || response.headers().get(header::CONTENT_TYPE).is_some_and(|t| t.as_bytes().starts_with(b"text/plain"));
        let code = Code::ALL.iter().find(|c| c.status() == status.as_u16()).copied();
        plain.then(|| {
            let error = match code {
                // A record that is missing is told by a failure of its own.
                Some(Code::NotFound) => Error::new(Code::NotFound, "Không có đường dẫn này.", "There is no such path."),
                Some(code) => Error::of(code),
                None if status.is_client_error() => Error::of(Code::MalformedBody),
                None => Error::of(Code::Internal),
            };
            respond(&error, &Asked::of(response.request()))
        })
    } else {
        None
    };
    let Some(mut problem) = problem else { return Ok(response.map_into_left_body()) };
    if let Some(failure) = response.response().error().and_then(|e| e.as_error::<Failure>())
        && let Some(source) = &failure.0.source
    {
        tracing::error!(code = failure.0.code.as_str(), source = %source, "request failed");
    }
    if let Some(allow) = response.headers().get(header::ALLOW) {
        problem.headers_mut().insert(header::ALLOW, allow.clone());
    }
    let (request, _) = response.into_parts();
    Ok(ServiceResponse::new(request, problem).map_into_right_body())
}

/// Seconds for which a file may come or go.
const FILE_SECONDS: u64 = 4 * 3600;

/// Ends a request that takes too long, before a proxy in front does.
pub async fn deadline(
    req: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let seconds = req.app_data::<web::Data<App>>().map_or(75, |app| app.settings.request_timeout_seconds);
    // A file takes as long as its line needs; one that stands still is cut by the server's own limits.
    let is_file = ["/v1/imports", "/v1/exports", "/v1/export-jobs"].iter().any(|path| req.path().starts_with(path));
    let seconds = if is_file { seconds.max(FILE_SECONDS) } else { seconds };
    match tokio::time::timeout(Duration::from_secs(seconds), next.call(req)).await {
        Ok(answer) => answer,
        Err(_) => Err(Failure(Error::of(Code::Unavailable)).into()),
    }
}

/// The words of a refusal where there is neither body nor query parameter: what a code says in
/// general speaks of REST.
fn in_graphql(error: &Error) -> Label {
    if error.detail != error.code.explanation() {
        return error.detail.clone();
    }
    match error.code {
        Code::MalformedBody | Code::InvalidParameter | Code::InvalidHeader | Code::ValidationFailed => Label::new(
            "Dữ liệu gửi lên không hợp lệ; extensions.errors[] chỉ từng chỗ.",
            "The input is not valid; extensions.errors[] names each fault.",
        ),
        Code::Unauthenticated => Label::new(
            "Cần một access token còn hạn (Authorization: Bearer). Lấy token tại /oauth/token.",
            "A valid access token is needed (Authorization: Bearer). Tokens are issued at /oauth/token.",
        ),
        _ => error.detail.clone(),
    }
}

/// A refusal inside a GraphQL answer.
pub fn graphql_error(error: &Error, lang: Lang) -> async_graphql::Error {
    use async_graphql::ErrorExtensions;
    if let Some(source) = &error.source {
        tracing::error!(code = error.code.as_str(), source = %source, "resolver failed");
    }
    let fields = serde_json::to_value(field_errors(error, lang)).unwrap_or_default();
    async_graphql::Error::new(in_graphql(error).in_lang(lang)).extend_with(|_, e| {
        e.set("code", error.code.as_str());
        e.set("status", error.code.status());
        e.set("retryable", error.code.is_retryable());
        e.set("errors", async_graphql::Value::from_json(fields).unwrap_or_default());
    })
}
