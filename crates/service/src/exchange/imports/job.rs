//! The job of an import, as its sender sees it.

use async_graphql::SimpleObject;
use chrono::{DateTime, NaiveDate, Utc};
use gdtx_domain::{
    SchoolYear,
    exchange::{
        import::job::{self, DateFormat, ImportFormat, ImportMode, ImportState},
        resource::ResourceKind,
        window::SyncKind,
    },
    territory::code_list::CodeScheme,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{heading::passed_over, payload, receipts::RowProblem};
use crate::{
    Code, Ctx, Error, Page, PageRequest, Result,
    access::{caller, policy::Permission},
    page, replicas,
    tx::Tx,
    vault::Vault,
};

/// An import (nhập dữ liệu từ tệp): what was sent, how far it is and how it ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportJob {
    pub id: Uuid,
    /// The client that sent it.
    pub client_id: Uuid,
    pub state: ImportState,
    /// The kind of record; null for a batch of several kinds.
    pub resource: Option<ResourceKind>,
    pub mode: ImportMode,
    /// Whether everything is done but the writing.
    pub dry_run: bool,
    pub format: ImportFormat,
    /// The coding of the codes in the file.
    pub code_scheme: CodeScheme,
    /// How dates without a format in their heading are written.
    pub date_format: DateFormat,
    /// The column that holds the sender's own key, when it is not `externalId`.
    pub key: Option<String>,
    /// The day of the names of places in the file, when one was named.
    pub places_as_of: Option<NaiveDate>,
    /// The school year of the period that the rows are for, when one was named.
    pub school_year: Option<SchoolYear>,
    /// The kind of synchronisation of that period.
    pub sync_kind: Option<SyncKind>,
    /// SHA-256 of the payload, hex; null while it is being received.
    pub sha256: Option<String>,
    /// Bytes received so far.
    pub bytes: i64,
    /// Bytes that were read and whose rows were judged.
    pub bytes_done: i64,
    /// Rows that were judged: the sum of the four outcomes.
    pub rows_done: i64,
    pub created: i64,
    pub updated: i64,
    pub unchanged: i64,
    pub rejected: i64,
    /// Where the journal ended before the first row; entries of the import come after it.
    pub position_before: Option<i64>,
    /// Where the journal ended after the last row.
    pub position_after: Option<i64>,
    /// Columns that were not read, since only the service writes what they hold, such as `version`.
    pub passed_over: Vec<String>,
    /// Why it failed: what is wrong with the file as a whole.
    pub errors: Vec<RowProblem>,
    pub created_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    /// When the job and its receipts are deleted.
    pub expires_at: DateTime<Utc>,
}

impl ImportJob {
    pub(super) fn of(row: job::Model, vault: &Vault) -> Result<Self> {
        let passed_over = passed_over(&row, vault)?;
        let errors = row.problems.map(serde_json::from_value).transpose().map_err(Error::internal)?;
        Ok(Self {
            id: row.id,
            client_id: row.client_id,
            state: row.state,
            resource: row.resource,
            mode: row.mode,
            dry_run: row.dry_run,
            format: row.format,
            code_scheme: row.code_scheme,
            date_format: row.date_format,
            key: row.key_column,
            places_as_of: row.places_as_of,
            school_year: row.school_year,
            sync_kind: row.sync_kind,
            sha256: row.digest,
            bytes: row.bytes,
            bytes_done: row.bytes_done,
            rows_done: row.rows_done,
            created: row.created,
            updated: row.updated,
            unchanged: row.unchanged,
            rejected: row.rejected,
            position_before: row.position_before,
            position_after: row.position_after,
            passed_over,
            errors: errors.unwrap_or_default(),
            created_at: row.created_at,
            started_at: row.started_at,
            finished_at: row.finished_at,
            expires_at: row.expires_at,
        })
    }
}

/// Proves that the caller may import at all, before a payload is looked at.
pub async fn authorise(ctx: &Ctx) -> Result<()> {
    let tx = ctx.read_once().await?;
    client(&tx)?;
    tx.end(()).await
}

/// The client that asks: imports belong to clients.
pub(super) fn client(tx: &Tx) -> Result<Uuid> {
    caller::client(tx, Permission::ImportRun)
}

/// The job with an id, which the caller sent; others do not learn that it exists.
#[expect(clippy::disallowed_methods, reason = "a job belongs to its sender alone")]
pub(crate) async fn own(tx: &Tx, id: Uuid) -> Result<job::Model> {
    let client = client(tx)?;
    let row = job::Entity::find_by_id(id).one(&tx.db).await?;
    row.filter(|row| row.client_id == client).ok_or_else(Error::not_found)
}

/// Reads one of the caller's imports.
pub async fn get(ctx: &Ctx, id: Uuid) -> Result<ImportJob> {
    let tx = ctx.read().await?;
    let job = ImportJob::of(own(&tx, id).await?, ctx.db.vault())?;
    tx.end(job).await
}

/// Lists the caller's imports, newest first.
#[expect(clippy::disallowed_methods, reason = "jobs belong to their sender alone")]
pub async fn list(ctx: &Ctx, request: PageRequest) -> Result<Page<ImportJob>> {
    let size = page::size(request.first)?;
    let tx = ctx.read().await?;
    let mut select = job::Entity::find().filter(job::Column::ClientId.eq(client(&tx)?));
    if let Some(after) = &request.after {
        let after: Uuid = after.parse().map_err(|_| page::unreadable())?;
        select = select.filter(job::Column::Id.lt(after));
    }
    let rows = select.order_by_desc(job::Column::Id).limit(u64::from(size) + 1).all(&tx.db).await?;
    let page = Page::of(rows, &request, |row| row.id.to_string())?.try_map(|row| ImportJob::of(row, ctx.db.vault()))?;
    tx.end(page).await
}

/// Ends an import: rows that were written stay, the rest is not read.
pub async fn cancel(ctx: &Ctx, id: Uuid) -> Result<ImportJob> {
    let tx = ctx.write().await?;
    let found = own(&tx, id).await?;
    if found.state.is_final() {
        return Err(Error::new(
            Code::ImpossibleTransition,
            format!("Lần nhập này đã kết thúc: {}.", found.state.label().vi.to_lowercase()),
            format!("This import is over: {}.", found.state.label().en.to_lowercase()),
        ));
    }
    // The last rows may have been written a moment ago.
    let live = [ImportState::Receiving, ImportState::Queued, ImportState::Running];
    let cancelled = job::Entity::update_many()
        .col_expr(job::Column::State, Expr::val(ImportState::Cancelled.code()))
        .col_expr(job::Column::FinishedAt, Expr::val(ctx.clock.now()))
        .col_expr(job::Column::PositionAfter, Expr::val(replicas::position(&tx.db).await?))
        .filter(job::Column::Id.eq(id))
        .filter(job::Column::State.is_in(live))
        .exec(&tx.db)
        .await?;
    if cancelled.rows_affected == 0 {
        return Err(Error::of(Code::ImpossibleTransition));
    }
    payload::forget(&tx, id).await?;
    let job = ImportJob::of(own(&tx, id).await?, ctx.db.vault())?;
    tx.commit().await?;
    Ok(job)
}
