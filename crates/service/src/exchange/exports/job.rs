//! The job of an export, as its client sees it.

use async_graphql::SimpleObject;
use chrono::{DateTime, Duration, Utc};
use gdtx_domain::{
    Lang,
    access::purpose::Purpose,
    exchange::{
        export::job::{self, ExportFormat, ExportState},
        resource::ResourceKind,
    },
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{file, new::NewExport};
use crate::{
    Code, Ctx, Error, Page, PageRequest, Result,
    access::{caller, policy::Permission},
    exchange::imports::RowProblem,
    page,
    tx::Tx,
};

/// Days in which a job must come to its end.
const OPEN_DAYS: i64 = 7;
/// The name of the writes for retries.
const CREATE: &str = "create:export";
const CANCEL: &str = "cancel:export";

/// What the settings say of exports.
#[derive(Clone, Debug)]
pub struct Terms {
    /// The address under which clients reach the service, before the path.
    pub address: String,
    /// How long a link leads to a file.
    pub link: Duration,
    /// Exports of one client that may wait or run at a time.
    pub most_open: u64,
    /// Bytes of all kept files of one client beyond which it opens no other.
    pub most_kept: i64,
}

/// An export beside requests (xuất dữ liệu ra tệp): what was asked for, how far it is, and where its file is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExportJob {
    pub id: Uuid,
    /// The client that asked for it.
    pub client_id: Uuid,
    pub state: ExportState,
    /// The list.
    pub resource: ResourceKind,
    pub format: ExportFormat,
    /// The moment of the past that was asked for; null for the present.
    pub as_of: Option<String>,
    /// What personal data are read for; without it they are masked.
    pub purpose: Option<Purpose>,
    /// Where the journal ended before the first record was read: what changed after it may be in the file
    /// or not, and is in the change feed.
    pub position: Option<i64>,
    /// Records written so far.
    pub rows: i64,
    /// Bytes written so far. A workbook is written once all of its rows are there.
    pub bytes: i64,
    /// SHA-256 of the file, hex, once it is whole.
    pub sha256: Option<String>,
    /// Where the file is fetched, without a token: whoever has this link has the file. A new one each time
    /// the job is read; null unless the file is there.
    pub download_url: Option<String>,
    /// Until when this link leads there.
    pub download_until: Option<DateTime<Utc>>,
    /// Why it failed.
    pub errors: Vec<RowProblem>,
    pub created_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    /// When the job and its file are deleted.
    pub expires_at: DateTime<Utc>,
}

impl ExportJob {
    fn of(ctx: &Ctx, row: job::Model, terms: &Terms) -> Result<Self> {
        let until = Ord::min(ctx.clock.now() + terms.link, row.expires_at);
        let link = (row.state == ExportState::Done).then(|| file::link(ctx.db.vault(), &row, until, &terms.address));
        let errors = row.problems.map(serde_json::from_value).transpose().map_err(Error::internal)?;
        Ok(Self {
            id: row.id,
            client_id: row.client_id,
            state: row.state,
            resource: row.resource,
            format: row.format,
            as_of: row.as_of,
            purpose: row.purpose,
            position: row.position,
            rows: row.rows,
            bytes: row.bytes,
            sha256: row.digest,
            download_until: link.as_ref().map(|(_, until)| *until),
            download_url: link.map(|(url, _)| url),
            errors: errors.unwrap_or_default(),
            created_at: row.created_at,
            started_at: row.started_at,
            finished_at: row.finished_at,
            expires_at: row.expires_at,
        })
    }
}

/// Proves that the caller may run exports at all, before a body is looked at.
pub async fn authorise(ctx: &Ctx) -> Result<()> {
    let tx = ctx.at(None).read_once().await?;
    client(&tx)?;
    tx.end(()).await
}

/// The client that asks: exports belong to clients.
fn client(tx: &Tx) -> Result<Uuid> {
    caller::client(tx, Permission::ExportRun)
}

/// The job with an id, which the caller asked for; others do not learn that it exists.
#[expect(clippy::disallowed_methods, reason = "a job belongs to its client alone")]
pub(crate) async fn own(tx: &Tx, id: Uuid) -> Result<job::Model> {
    let (client, now) = (client(tx)?, tx.ctx.clock.now());
    let row = job::Entity::find_by_id(id).one(&tx.db).await?;
    row.filter(|row| row.client_id == client && row.expires_at > now).ok_or_else(Error::not_found)
}

/// Reads one of the caller's exports, with a new link to its file.
pub async fn get(ctx: &Ctx, id: Uuid, terms: &Terms) -> Result<ExportJob> {
    let tx = ctx.read_primary().await?;
    let job = ExportJob::of(ctx, own(&tx, id).await?, terms)?;
    tx.end(job).await
}

/// Lists the caller's exports, newest first.
#[expect(clippy::disallowed_methods, reason = "jobs belong to their client alone")]
pub async fn list(ctx: &Ctx, request: PageRequest, terms: &Terms) -> Result<Page<ExportJob>> {
    let size = page::size(request.first)?;
    let tx = ctx.read_primary().await?;
    let mut select = job::Entity::find()
        .filter(job::Column::ClientId.eq(client(&tx)?))
        .filter(job::Column::ExpiresAt.gt(ctx.clock.now()));
    if let Some(after) = &request.after {
        let after: Uuid = after.parse().map_err(|_| page::unreadable())?;
        select = select.filter(job::Column::Id.lt(after));
    }
    let rows = select.order_by_desc(job::Column::Id).limit(u64::from(size) + 1).all(&tx.db).await?;
    let page = Page::of(rows, &request, |row| row.id.to_string())?.try_map(|row| ExportJob::of(ctx, row, terms))?;
    tx.end(page).await
}

/// Opens an export, which then waits for its turn. Whether the caller may read the list so is looked at before.
///
/// # Errors
/// `conflict` while too many exports of the client wait or run.
pub async fn create(ctx: &Ctx, new: &NewExport, terms: &Terms) -> Result<ExportJob> {
    match queue(ctx, new, terms).await {
        // The same request came twice at once, under one key: the other one opened it.
        Err(error) if error.lost_race() => queue(ctx, new, terms).await,
        answer => answer,
    }
}

async fn queue(ctx: &Ctx, new: &NewExport, terms: &Terms) -> Result<ExportJob> {
    let tx = ctx.write().await?;
    let client = client(&tx)?;
    let asked = (new, ctx.purpose);
    if let Some(kept) = tx.replay::<Uuid>(CREATE, &asked).await? {
        let job = ExportJob::of(ctx, own(&tx, kept).await?, terms)?;
        return tx.end(job).await;
    }
    check_room(&tx, client, terms).await?;
    let (id, now) = (ctx.new_id(), ctx.clock.now());
    let row = job::Model {
        id,
        client_id: client,
        state: ExportState::Queued,
        resource: new.resource,
        format: new.format,
        query: ctx.db.vault().seal_text(&file::place_of_query(id), new.query.clone())?,
        as_of: new.as_of.clone(),
        in_english: ctx.lang == Lang::En,
        purpose: ctx.purpose,
        attempts: 0,
        position: None,
        rows: 0,
        bytes: 0,
        digest: None,
        rights: None,
        problems: None,
        runner: None,
        leased_until: None,
        created_at: now,
        started_at: None,
        finished_at: None,
        expires_at: now + Duration::days(OPEN_DAYS),
    };
    row.clone().into_active_model().insert(&tx.db).await?;
    tx.finish(CREATE, &asked, id).await?;
    ctx.db.exported.notify_one();
    ExportJob::of(ctx, row, terms)
}

/// Refuses another export while too many of the client's are not over, or their files fill too much.
#[expect(clippy::disallowed_methods, reason = "jobs belong to their client alone")]
async fn check_room(tx: &Tx, client: Uuid, terms: &Terms) -> Result<()> {
    let jobs: Vec<(ExportState, i64)> = job::Entity::find()
        .select_only()
        .columns([job::Column::State, job::Column::Bytes])
        .filter(job::Column::ClientId.eq(client))
        .filter(job::Column::State.is_in([ExportState::Queued, ExportState::Running, ExportState::Done]))
        .filter(job::Column::ExpiresAt.gt(tx.ctx.clock.now()))
        .into_tuple()
        .all(&tx.db)
        .await?;
    let kept = jobs.iter().fold(0_i64, |sum, (_, bytes)| sum.saturating_add(*bytes));
    if kept >= terms.most_kept {
        return Err(Error::new(
            Code::Conflict,
            format!("Các tệp đang giữ của ứng dụng đã có {kept} byte: hủy bớt lần xuất không cần nữa rồi mở lần khác."),
            format!("The kept files of this client hold {kept} bytes: cancel exports that are needed no more first."),
        ));
    }
    let open = jobs.iter().filter(|(state, _)| *state != ExportState::Done).count();
    if (open as u64) < terms.most_open {
        return Ok(());
    }
    Err(Error::new(
        Code::Conflict,
        format!("Ứng dụng có {open} lần xuất đang chờ hoặc đang chạy: đợi xong hoặc hủy bớt trước khi mở lần khác."),
        format!("{open} exports of this client wait or run: let some end, or cancel some, before another is opened."),
    ))
}

/// Ends an export, or takes its file back: links to it lead nowhere any more.
pub async fn cancel(ctx: &Ctx, id: Uuid, terms: &Terms) -> Result<ExportJob> {
    let tx = ctx.write().await?;
    let found = own(&tx, id).await?;
    if tx.replay::<Uuid>(CANCEL, &id).await?.is_some() {
        let job = ExportJob::of(ctx, found, terms)?;
        return tx.end(job).await;
    }
    let cancelled = job::Entity::update_many()
        .col_expr(job::Column::State, Expr::val(ExportState::Cancelled.code()))
        .col_expr(job::Column::FinishedAt, Expr::val(ctx.clock.now()))
        .col_expr(job::Column::Digest, Expr::val(None::<String>))
        .filter(job::Column::Id.eq(id))
        .filter(job::Column::State.is_in([ExportState::Queued, ExportState::Running, ExportState::Done]))
        .exec(&tx.db)
        .await?;
    if cancelled.rows_affected == 0 {
        return Err(Error::new(
            Code::ImpossibleTransition,
            format!("Lần xuất này đã kết thúc: {}.", found.state.label().vi.to_lowercase()),
            format!("This export is over: {}.", found.state.label().en.to_lowercase()),
        ));
    }
    file::forget(&tx, id).await?;
    let job = ExportJob::of(ctx, own(&tx, id).await?, terms)?;
    tx.finish(CANCEL, &id, id).await?;
    Ok(job)
}
