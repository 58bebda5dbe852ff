//! Batches on both surfaces: up to 500 records in one call, each with an answer of its own.

use std::collections::BTreeMap;

use actix_web::{
    HttpRequest,
    web::{self, Bytes, Data, ServiceConfig},
};
use async_graphql::{Context, Json, Object};
use gdtx_domain::{
    SchoolYear,
    exchange::{import::job::ImportMode, window::SyncKind},
};
use gdtx_service::exchange::imports::{self, BatchResult, BatchTerms};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::{
    graphql::{wrap, writer},
    headers::Caller,
    rest::{
        body,
        operations::{Answer, rehearsed},
        refusals::{Common, WithBody, Writing},
        respond,
    },
    state::App,
};

/// Some records to create or to change.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Batch {
    /// `perRow` (when absent): each record stands for itself. `atomic`: all or none.
    #[serde(default)]
    mode: Option<ImportMode>,
    /// The school year that the records are for, `2026` or `2026-2027`; with `syncKind` or not at all.
    #[serde(default)]
    school_year: Option<SchoolYear>,
    /// What the records are sent for. Those of units whose period is not open are rejected, with the reason
    /// and the date; see `/v1/sync-windows`.
    #[serde(default)]
    sync_kind: Option<SyncKind>,
    /// The records, 500 at most: each names its kind in `resource` and the caller's own key in
    /// `externalId`; other members are those of the record, and others are named by id or by the
    /// caller's key, `classExternalId` in the place of `classId`. Members that are absent stay as they are.
    #[schema(max_items = 500, value_type = Vec<Object>)]
    records: Vec<BTreeMap<String, Value>>,
}

/// Write a batch of records
///
/// Creates or changes up to 500 records of any kinds by the caller's own keys, in one transaction,
/// those first that others refer to; the answer tells of each in the order in which it was sent.
#[utoipa::path(
    post, path = "/v1/batch", operation_id = "putBatch", tag = "batch",
    params(
        ("dryRun" = Option<bool>, Query, description = "Do everything but the commit."),
        ("Idempotency-Key" = Option<String>, Header, description = "At most 255 characters; kept for 24 hours."),
    ),
    request_body(content = Batch),
    responses((status = 200, description = "What became of each record.", body = BatchResult), Common, Writing, WithBody),
    security(("oauth2" = []))
)]
pub async fn put(req: HttpRequest, Caller(ctx): Caller, app: Data<App>, bytes: Bytes) -> Answer {
    imports::authorise(&ctx).await?;
    let (ctx, _) = rehearsed(ctx, &req)?;
    let batch: Batch = body::parse(&req, &bytes)?;
    let terms = BatchTerms {
        mode: batch.mode.unwrap_or(ImportMode::PerRow),
        school_year: batch.school_year,
        sync_kind: batch.sync_kind,
        sync_periods: app.settings.sync_periods,
    };
    let done = imports::put_batch(&ctx, terms, objects(batch.records)).await?;
    Ok(respond::json(&done))
}

/// The shape that takes null for an empty object is not the one that reads.
fn objects(records: impl IntoIterator<Item = BTreeMap<String, Value>>) -> Vec<Map<String, Value>> {
    records.into_iter().map(|record| record.into_iter().collect()).collect()
}

/// Mounts batches.
pub fn mount(config: &mut ServiceConfig) {
    config.service(web::resource("/v1/batch").route(web::post().to(put)));
}

#[derive(Default)]
pub struct BatchMutation;

#[Object]
impl BatchMutation {
    /// Creates or changes up to 500 records of any kinds by the caller's own keys; each is a JSON object
    /// as on REST.
    async fn put_batch(
        &self,
        ctx: &Context<'_>,
        records: Vec<Json<BTreeMap<String, Value>>>,
        mode: Option<ImportMode>,
        #[graphql(desc = "The school year that the records are for; with `syncKind` or not at all.")]
        school_year: Option<SchoolYear>,
        #[graphql(desc = "What the records are sent for.")] sync_kind: Option<SyncKind>,
        #[graphql(default)] dry_run: bool,
    ) -> async_graphql::Result<BatchResult> {
        let request = writer(ctx, dry_run)?;
        let sync_periods = ctx.data::<Data<App>>()?.settings.sync_periods;
        let mode = mode.unwrap_or(ImportMode::PerRow);
        let terms = BatchTerms { mode, school_year, sync_kind, sync_periods };
        let records = objects(records.into_iter().map(|Json(record)| record));
        wrap(&request, imports::put_batch(&request, terms, records).await)
    }
}
