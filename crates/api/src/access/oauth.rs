//! The token endpoint for client credentials (RFC 6749), and what all OAuth endpoints share.
//!
//! Their errors have the form of RFC 6749 section 5.2, which OAuth libraries expect, and not that
//! of the rest of the service.

use std::collections::BTreeMap;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::{self, Bytes, ServiceConfig},
};
use gdtx_service::{Actor, Ctx, Error};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::client_auth::authenticate;
use crate::{
    headers::{language, request_id},
    state::App,
};

/// The error of an OAuth endpoint (RFC 6749 section 5.2).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OAuthError)]
pub struct OAuthFailure {
    /// `invalid_request`, `invalid_client`, `invalid_scope`, `unauthorized_client`,
    /// `unsupported_grant_type`, `temporarily_unavailable` or `server_error`.
    pub error: String,
    /// What is wrong, for people.
    pub error_description: String,
    #[serde(skip)]
    #[schema(ignore)]
    status: u16,
    /// Seconds to wait.
    #[serde(skip)]
    #[schema(ignore)]
    retry_after: Option<i64>,
}

impl OAuthFailure {
    pub fn new(status: u16, error: &str, description: &str) -> Self {
        Self { error: error.to_owned(), error_description: description.to_owned(), status, retry_after: None }
    }

    pub fn request(description: &str) -> Self {
        Self::new(400, "invalid_request", description)
    }

    pub fn client() -> Self {
        Self::new(401, "invalid_client", "The client is unknown, not active, or did not prove who it is.")
    }

    /// More than the quota allows. RFC 6749 has no code of its own for it.
    pub fn too_many(description: &str) -> Self {
        Self::new(429, "temporarily_unavailable", description)
    }

    /// The same, with the seconds to wait.
    #[must_use]
    pub fn after(self, seconds: i64) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }

    /// A failure of the service; the reason goes to the log.
    pub fn internal(error: &Error) -> Self {
        tracing::error!(
            code = error.code.as_str(),
            source = error.source.as_ref().map(tracing::field::display),
            "an OAuth endpoint failed"
        );
        Self::new(error.code.status().max(500), "server_error", "The service failed; try again later.")
    }
}

impl From<Error> for OAuthFailure {
    fn from(error: Error) -> Self {
        Self::internal(&error)
    }
}

impl OAuthFailure {
    /// As a plain answer: an error would be turned into a problem of the other form.
    pub fn answer(&self) -> HttpResponse {
        let mut response =
            HttpResponse::build(StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
        if self.status == 401 {
            response.insert_header((header::WWW_AUTHENTICATE, r#"Basic realm="gdtx""#));
        }
        if let Some(seconds) = self.retry_after {
            response.insert_header((header::RETRY_AFTER, seconds));
        }
        uncached(response).json(self)
    }
}

pub fn uncached(mut response: actix_web::HttpResponseBuilder) -> actix_web::HttpResponseBuilder {
    response.insert_header((header::CACHE_CONTROL, "no-store")).insert_header((header::PRAGMA, "no-cache"));
    response
}

pub fn answer<T: Serialize>(outcome: Result<T, OAuthFailure>) -> HttpResponse {
    match outcome {
        Ok(body) => uncached(HttpResponse::Ok()).json(body),
        Err(failure) => failure.answer(),
    }
}

/// The parameters of a request, each given once.
pub struct Form(BTreeMap<String, String>);

impl Form {
    /// A parameter; an empty one counts as absent (RFC 6749 section 3.2).
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    pub fn read(req: &HttpRequest, body: &Bytes) -> Result<Self, OAuthFailure> {
        let kind = req.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        if kind.split(';').next().unwrap_or_default().trim() != "application/x-www-form-urlencoded" {
            return Err(OAuthFailure::request("Send application/x-www-form-urlencoded."));
        }
        let pairs: Vec<(String, String)> =
            serde_urlencoded::from_bytes(body).map_err(|_| OAuthFailure::request("The form cannot be read."))?;
        let mut form = BTreeMap::new();
        for (name, value) in pairs {
            if form.insert(name, value).is_some() {
                return Err(OAuthFailure::request("A parameter is given twice."));
            }
        }
        Ok(Self(form))
    }
}

/// What is sent for a token.
#[derive(Debug, Deserialize, ToSchema)]
pub struct TokenRequest {
    /// `client_credentials`.
    pub grant_type: String,
    /// Permissions, separated by blanks; the token always carries all of the client's role.
    pub scope: Option<String>,
    /// With `client_secret_post`.
    pub client_id: Option<String>,
    /// With `client_secret_post`.
    pub client_secret: Option<String>,
    /// With `private_key_jwt`: `urn:ietf:params:oauth:client-assertion-type:jwt-bearer`.
    pub client_assertion_type: Option<String>,
    /// With `private_key_jwt`: the signed assertion (RFC 7523), good once and for at most 5 minutes.
    pub client_assertion: Option<String>,
}

/// An access token.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenAnswer {
    /// JWT (RFC 9068).
    pub access_token: String,
    /// `Bearer`.
    pub token_type: &'static str,
    /// Seconds for which it is good.
    pub expires_in: i64,
    /// The permissions of the client's role, separated by blanks.
    pub scope: String,
}

/// Ask for an access token
///
/// Client credentials (RFC 6749 section 4.4) by `client_secret_basic`, `client_secret_post` or
/// `private_key_jwt`.
#[utoipa::path(
    post, path = "/oauth/token", operation_id = "createToken", tag = "oauth",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "A token.", body = TokenAnswer),
        (status = 400, description = "The request is malformed.", body = OAuthFailure),
        (status = 401, description = "The client did not prove who it is.", body = OAuthFailure),
    ),
)]
pub async fn issue(req: HttpRequest, app: web::Data<App>, body: Bytes) -> HttpResponse {
    answer(issue_to(&req, &app, &body).await)
}

async fn issue_to(req: &HttpRequest, app: &App, body: &Bytes) -> Result<TokenAnswer, OAuthFailure> {
    let form = Form::read(req, body)?;
    match form.get("grant_type") {
        Some("client_credentials") => {}
        None => return Err(OAuthFailure::request("grant_type is missing.")),
        Some(_) => return Err(OAuthFailure::new(400, "unsupported_grant_type", "Only client_credentials.")),
    }
    let ctx = anonymous(req, app);
    let client = authenticate(&ctx, app, req.headers(), &form).await?;
    let asked = form.get("scope").unwrap_or_default();
    let granted = |scope: &str| client.permissions.iter().any(|p| p.code() == scope);
    if asked.split_ascii_whitespace().any(|scope| !granted(scope)) {
        return Err(OAuthFailure::new(
            400,
            "invalid_scope",
            "The client's role does not hold one of these permissions.",
        ));
    }
    let (access_token, claims) = app.tokens.issue(&app.db, app.clock, &client).await?;
    Ok(TokenAnswer { access_token, token_type: "Bearer", expires_in: app.tokens.lifetime(), scope: claims.scope })
}

/// The context of a client that has proved nothing yet.
pub fn anonymous(req: &HttpRequest, app: &App) -> Ctx {
    Ctx::new(app.db.clone(), Actor::Public, app.clock, language(req), request_id(req))
}

/// Mounts the OAuth endpoints.
pub fn mount(config: &mut ServiceConfig) {
    config.service(web::resource("/oauth/token").route(web::post().to(issue)));
}
