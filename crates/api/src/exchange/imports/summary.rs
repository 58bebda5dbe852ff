//! The signed summary of an import: what a sender shows to whom asks what it reported.

use actix_web::{
    HttpRequest,
    web::{Data, Path},
};
use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};
use gdtx_domain::{SchoolYear, exchange::window::SyncKind};
use gdtx_service::{
    Code, Ctx, Error, Result,
    exchange::imports::{self, ImportJob},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    headers::Caller,
    rest::{
        operations::{Answer, parse_id},
        query::{self, NoParameters},
        refusals::{Common, OfOne},
        respond,
    },
    state::App,
};

/// The `typ` of a signed summary.
const KIND: &str = "gdtx-import+jwt";

/// A signed summary.
#[derive(Clone, Debug, Serialize, Deserialize, SimpleObject, ToSchema)]
pub struct ImportSummary {
    /// A JWS (RFC 7515, compact) over the payload's digest, the counts and the run of the journal, by
    /// a key of `/oauth/jwks.json`. After a rotation of keys, ask again.
    pub jws: String,
}

/// What is signed.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Claims<'a> {
    iss: &'a str,
    iat: i64,
    /// The sender.
    sub: Uuid,
    /// The import.
    jti: Uuid,
    state: &'a str,
    resource: Option<&'a str>,
    mode: &'a str,
    dry_run: bool,
    school_year: Option<SchoolYear>,
    sync_kind: Option<&'a str>,
    sha256: &'a str,
    bytes: i64,
    rows: i64,
    created: i64,
    updated: i64,
    unchanged: i64,
    rejected: i64,
    position_before: Option<i64>,
    position_after: Option<i64>,
    finished_at: Option<DateTime<Utc>>,
}

/// Get the signed summary of an import
///
/// Once the import is over: digest of the payload, counts of the outcomes, and the run of the journal
/// in which its entries lie, signed by the service (JWS, EdDSA).
#[utoipa::path(
    get, path = "/v1/imports/{id}/summary", operation_id = "getImportSummary", tag = "imports",
    params(("id" = Uuid, Path, description = "The import.")),
    responses(
        (status = 200, description = "The summary.", body = ImportSummary),
        (status = 409, description = "The import is not over.", body = crate::problem::Problem, content_type = "application/problem+json"),
        Common,
        OfOne,
    ),
    security(("oauth2" = []))
)]
pub async fn read(req: HttpRequest, Caller(ctx): Caller, app: Data<App>, id: Path<String>) -> Answer {
    let _: NoParameters = query::typed_query(req.query_string())?;
    Ok(respond::json(&signed(&ctx, &app, parse_id(&id)?).await?))
}

/// Signs what an import did.
pub async fn signed(ctx: &Ctx, app: &App, id: Uuid) -> Result<ImportSummary> {
    let job = imports::get(ctx, id).await?;
    if !job.state.is_final() {
        return Err(Error::new(Code::Conflict, "Lần nhập này chưa kết thúc.", "This import is not over."));
    }
    let claims = claims(app, ctx, &job);
    let jws = app.tokens.sign(&app.db, app.clock, KIND, &claims).await?;
    Ok(ImportSummary { jws })
}

fn claims<'a>(app: &'a App, ctx: &Ctx, job: &'a ImportJob) -> Claims<'a> {
    Claims {
        iss: app.tokens.issuer(),
        iat: ctx.clock.now().timestamp(),
        sub: job.client_id,
        jti: job.id,
        state: job.state.code(),
        resource: job.resource.map(gdtx_domain::exchange::resource::ResourceKind::code),
        mode: job.mode.code(),
        dry_run: job.dry_run,
        school_year: job.school_year,
        sync_kind: job.sync_kind.map(SyncKind::code),
        sha256: job.sha256.as_deref().unwrap_or_default(),
        bytes: job.bytes,
        rows: job.rows_done,
        created: job.created,
        updated: job.updated,
        unchanged: job.unchanged,
        rejected: job.rejected,
        position_before: job.position_before,
        position_after: job.position_after,
        finished_at: job.finished_at,
    }
}
