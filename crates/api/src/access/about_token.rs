//! Revocation (RFC 7009) and introspection (RFC 7662): what clients may do with tokens they hold.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{self, Bytes, ServiceConfig},
};
use gdtx_domain::access::role::Role;
use gdtx_service::access::token;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    client_auth::authenticate,
    oauth::{Form, OAuthFailure, anonymous, answer, uncached},
    ring::check_times,
    token::Claims,
};
use crate::state::App;

/// What is sent about a token.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AboutToken {
    /// The access token.
    pub token: String,
    /// `access_token`; ignored, there is no other kind.
    pub token_type_hint: Option<String>,
}

/// Revoke an access token
///
/// RFC 7009. The client authenticates as for a token. A token that is already bad is not an error.
#[utoipa::path(
    post, path = "/oauth/revoke", operation_id = "revokeToken", tag = "oauth",
    request_body(content = AboutToken, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The token is refused from now on."),
        (status = 400, description = "The request is malformed, or the token is another client's.", body = OAuthFailure),
        (status = 401, description = "The client did not prove who it is.", body = OAuthFailure),
    ),
)]
pub async fn revoke(req: HttpRequest, app: web::Data<App>, body: Bytes) -> HttpResponse {
    match revoke_own(&req, &app, &body).await {
        Ok(()) => uncached(HttpResponse::Ok()).finish(),
        Err(failure) => failure.answer(),
    }
}

async fn revoke_own(req: &HttpRequest, app: &App, body: &Bytes) -> Result<(), OAuthFailure> {
    let form = Form::read(req, body)?;
    let ctx = anonymous(req, app);
    let client = authenticate(&ctx, app, req.headers(), &form).await?;
    let given = form.get("token").ok_or_else(|| OAuthFailure::request("token is missing."))?;
    let Ok(claims) = app.tokens.read(&app.db, app.clock, given).await? else { return Ok(()) };
    if claims.client_id != client.client_id {
        return Err(OAuthFailure::new(400, "unauthorized_client", "The token was made for another client."));
    }
    let Some(expires_at) = chrono::DateTime::from_timestamp(claims.exp, 0) else { return Ok(()) };
    Ok(token::revoke(&ctx, &claims.jti, expires_at).await?)
}

/// What is known about a token.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Introspection {
    /// Whether the token is accepted now. When it is not, nothing else is told.
    pub active: bool,
    /// Permissions, separated by blanks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The client, which acts for itself: `sub` says the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub: Option<Uuid>,
    /// `Bearer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_type: Option<&'static str>,
    /// Unix seconds, as `iat` and `nbf`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exp: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iat: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nbf: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aud: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
}

impl From<Claims> for Introspection {
    fn from(claims: Claims) -> Self {
        Self {
            active: true,
            scope: Some(claims.scope),
            client_id: Some(claims.client_id),
            sub: Some(claims.sub),
            token_type: Some("Bearer"),
            exp: Some(claims.exp),
            iat: Some(claims.iat),
            nbf: Some(claims.nbf),
            iss: Some(claims.iss),
            aud: Some(claims.aud),
            jti: Some(claims.jti),
        }
    }
}

/// Look at an access token
///
/// RFC 7662. A client sees its own tokens; auditors and administrators see all.
#[utoipa::path(
    post, path = "/oauth/introspect", operation_id = "introspectToken", tag = "oauth",
    request_body(content = AboutToken, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "What is known about the token.", body = Introspection),
        (status = 400, description = "The request is malformed.", body = OAuthFailure),
        (status = 401, description = "The client did not prove who it is.", body = OAuthFailure),
    ),
)]
pub async fn introspect(req: HttpRequest, app: web::Data<App>, body: Bytes) -> HttpResponse {
    answer(look_at(&req, &app, &body).await)
}

async fn look_at(req: &HttpRequest, app: &App, body: &Bytes) -> Result<Introspection, OAuthFailure> {
    let form = Form::read(req, body)?;
    let ctx = anonymous(req, app);
    let client = authenticate(&ctx, app, req.headers(), &form).await?;
    let given = form.get("token").ok_or_else(|| OAuthFailure::request("token is missing."))?;
    let Ok(claims) = app.tokens.read(&app.db, app.clock, given).await? else { return Ok(Introspection::default()) };
    let may = claims.client_id == client.client_id || matches!(client.role, Role::Auditor | Role::Administrator);
    let now = app.clock.now().timestamp();
    let timely = check_times(now, Some(claims.exp), Some(claims.nbf), Some(claims.iat)).is_ok();
    if may && timely && token::is_active(&ctx, claims.client_id, &claims.jti).await? {
        Ok(claims.into())
    } else {
        Ok(Introspection::default())
    }
}

/// Mounts both.
pub fn mount(config: &mut ServiceConfig) {
    config
        .service(web::resource("/oauth/revoke").route(web::post().to(revoke)))
        .service(web::resource("/oauth/introspect").route(web::post().to(introspect)));
}
