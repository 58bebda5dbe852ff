//! Signs what a client reports of its run: the signature tells who reported what to which sandbox and when,
//! and does not prove that it was so.

use actix_web::{
    HttpRequest,
    web::{Bytes, Data},
};
use gdtx_service::Actor;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::clock::movable;
use crate::{
    headers::Caller,
    rest::{body, operations::Answer, respond},
    state::App,
};

/// The `typ` of a signed report.
pub const KIND: &str = "gdtx-conformance+jwt";

/// A signed report.
#[derive(Debug, Serialize, Deserialize)]
pub struct SignedReport {
    /// A JWS (RFC 7515, compact) by a key of `/oauth/jwks.json` of this sandbox.
    pub jws: String,
}

/// What is signed: who reported, to which sandbox, when, and what.
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    iat: i64,
    sub: Uuid,
    report: Value,
}

pub async fn sign(req: HttpRequest, Caller(ctx): Caller, app: Data<App>, bytes: Bytes) -> Answer {
    movable(&ctx, &app)?;
    let report: Value = body::parse(&req, &bytes)?;
    let sub = if let Actor::Client { id, .. } = ctx.actor { id } else { Uuid::nil() };
    let claims = Claims { iss: app.tokens.issuer(), iat: app.clock.now().timestamp(), sub, report };
    Ok(respond::json(&SignedReport { jws: app.tokens.sign(&app.db, app.clock, KIND, &claims).await? }))
}
