//! Takes payloads in: all at once, or piece by piece where lines are bad.

use async_graphql::SimpleObject;
use chrono::{Duration, NaiveDate};
use gdtx_domain::{
    SchoolYear,
    exchange::{
        import::{
            column::{Column, Layout},
            job::{self, DateFormat, ImportFormat, ImportMode, ImportState},
        },
        resource::ResourceKind,
        window::SyncKind,
    },
    territory::code_list::CodeScheme,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect,
    sea_query::Expr,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    job::{ImportJob, client, own},
    kinds::importable,
    payload,
};
use crate::{
    Code, Ctx, Error, Result,
    exchange::period::{Period, SyncPeriods},
    tx::Tx,
};

/// Days for which a job and its receipts are kept.
const KEPT_DAYS: i64 = 90;
/// Days in which a payload must be complete.
const OPEN_DAYS: i64 = 7;

/// What is to be imported, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewImport {
    /// None for a batch of several kinds, whose lines each name theirs.
    pub resource: Option<ResourceKind>,
    pub mode: ImportMode,
    pub dry_run: bool,
    pub format: ImportFormat,
    pub code_scheme: CodeScheme,
    pub date_format: DateFormat,
    /// The column that holds the sender's own key; `externalId` when absent.
    pub key: Option<String>,
    /// Columns to leave out.
    pub ignore: Vec<String>,
    /// The day of the names of places; today's before older ones when absent.
    pub places_as_of: Option<NaiveDate>,
    /// The period that the rows are for; with its kind or not at all.
    pub school_year: Option<SchoolYear>,
    pub sync_kind: Option<SyncKind>,
    /// Whether a period must be named.
    #[serde(skip)]
    pub sync_periods: SyncPeriods,
    /// Payloads of one client that may be under way at a time.
    #[serde(skip)]
    pub most_open: u64,
    /// SHA-256 of the whole payload, when the sender names it.
    pub digest: Option<[u8; 32]>,
}

/// How far a payload has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportUpload {
    /// Bytes that are here: the next piece begins at this place.
    pub offset: i64,
    /// Whether all of it is here.
    pub is_complete: bool,
}

/// Opens an import; its payload follows with [`append`].
pub async fn create(ctx: &Ctx, new: NewImport) -> Result<ImportJob> {
    match open(ctx, new.clone()).await {
        // The same request came twice at once, under one key: the other one opened it.
        Err(error) if error.lost_race() => open(ctx, new).await,
        answer => answer,
    }
}

async fn open(ctx: &Ctx, new: NewImport) -> Result<ImportJob> {
    let tx = ctx.write().await?;
    let client = client(&tx)?;
    check(&tx, &new)?;
    if let Some(kept) = tx.replay::<Uuid>("create:import", &new).await? {
        let job = ImportJob::of(own(&tx, kept).await?, ctx.db.vault())?;
        return tx.end(job).await;
    }
    check_open(&tx, client, new.most_open).await?;
    let now = ctx.clock.now();
    let row = job::Model {
        id: ctx.new_id(),
        client_id: client,
        state: ImportState::Receiving,
        resource: new.resource,
        mode: new.mode,
        dry_run: new.dry_run,
        format: new.format,
        code_scheme: new.code_scheme,
        date_format: new.date_format,
        key_column: new.key.clone(),
        ignored: new.ignore.clone().into(),
        places_as_of: new.places_as_of,
        school_year: new.school_year,
        sync_kind: new.sync_kind,
        purpose: ctx.purpose,
        attempts: 0,
        expected_digest: new.digest.map(hex::encode),
        digest: None,
        bytes: 0,
        bytes_done: 0,
        rows_done: 0,
        created: 0,
        updated: 0,
        unchanged: 0,
        rejected: 0,
        pass: 0,
        line: 0,
        position_before: None,
        position_after: None,
        problems: None,
        headings: None,
        runner: None,
        leased_until: None,
        created_at: now,
        started_at: None,
        finished_at: None,
        expires_at: now + Duration::days(OPEN_DAYS),
    };
    row.clone().into_active_model().insert(&tx.db).await?;
    let id = row.id;
    tx.finish("create:import", &new, id).await?;
    ImportJob::of(row, ctx.db.vault())
}

/// The key of a record is shown to all who see it: no field that tells of a person may be one.
fn check_key(key: &str, layout: &Layout) -> Result<()> {
    let refuse = |code, vi: String, en: String| Err(Error::field(Code::InvalidParameter, "key", code, vi, en));
    match layout.find(key) {
        Some(Column::Key) => Ok(()),
        Some(Column::Field { field, .. }) if !layout.fields[field].personal => Ok(()),
        Some(Column::Field { .. }) => refuse(
            "personal_key",
            "Dữ liệu cá nhân không làm khóa được, vì khóa hiện với mọi bên thấy bản ghi.".to_owned(),
            "Personal data are no key: a key is shown to all who see the record.".to_owned(),
        ),
        _ => {
            let said = super::reader::unknown_column(key, layout);
            refuse("unknown_column", said.detail_vi, said.detail_en)
        }
    }
}

/// Refuses another payload while too many of the client's are half here.
#[expect(clippy::disallowed_methods, reason = "jobs belong to their sender alone")]
async fn check_open(tx: &Tx, client: Uuid, most: u64) -> Result<()> {
    let open = job::Entity::find()
        .filter(job::Column::ClientId.eq(client))
        .filter(job::Column::State.eq(ImportState::Receiving))
        .count(&tx.db)
        .await?;
    if open < most {
        return Ok(());
    }
    Err(Error::new(
        Code::Conflict,
        format!("Ứng dụng đang gửi dở {open} tệp: gửi tiếp hoặc hủy bớt trước khi mở tệp khác."),
        format!("{open} payloads of this client are under way: complete or cancel some before another is opened."),
    ))
}

fn check(tx: &Tx, new: &NewImport) -> Result<()> {
    Period::named((new.school_year, new.sync_kind), new.sync_periods, Code::InvalidParameter, "")?;
    match new.resource {
        Some(kind) => {
            let one = importable(kind)?;
            tx.require(one.permission())?;
            new.key.as_deref().map_or(Ok(()), |key| check_key(key, one.layout()))?;
        }
        None if new.format != ImportFormat::Ndjson => {
            return Err(Error::field(
                Code::InvalidParameter,
                "resource",
                "required",
                "CSV và XLSX chứa một loại bản ghi: nêu loại đó trong resource.",
                "CSV and XLSX hold one kind of record: name it in resource.",
            ));
        }
        None => {}
    }
    Ok(())
}

/// How far the payload of an import has come.
pub async fn upload(ctx: &Ctx, id: Uuid) -> Result<ImportUpload> {
    let tx = ctx.read_primary().await?;
    let row = own(&tx, id).await?;
    tx.end(ImportUpload { offset: row.bytes, is_complete: row.state != ImportState::Receiving }).await
}

/// A piece of a payload.
#[derive(Clone, Debug)]
pub struct Piece {
    /// Where it begins in the payload.
    pub offset: i64,
    pub bytes: Vec<u8>,
    pub is_last: bool,
}

/// SHA-256 of what is here of a payload, up to a place.
pub async fn digest_of(ctx: &Ctx, id: Uuid, bytes: i64) -> Result<[u8; 32]> {
    upload(ctx, id).await?;
    hashed(ctx, id, bytes, &[]).await
}

/// Adds a piece that begins at `offset`, small enough to be held in memory; with the last one the
/// import begins to wait for its turn.
///
/// # Errors
/// `conflict` when the piece begins elsewhere than the payload ends, `validation_failed` when the
/// digest of the whole is not the one that was named.
pub async fn append(
    ctx: &Ctx,
    id: Uuid,
    Piece { offset, bytes: piece, is_last }: Piece,
    most: i64,
) -> Result<ImportJob> {
    let here = upload(ctx, id).await?.offset;
    if here < offset {
        return Err(misplaced(here));
    }
    // Before the write begins, which would keep others waiting: pieces that are here stay as they are.
    let digest = if is_last { Some(hex::encode(hashed(ctx, id, offset, &piece).await?)) } else { None };
    let tx = ctx.write().await?;
    let row = locked(&tx, id).await?;
    if row.state != ImportState::Receiving {
        return Err(Error::new(
            Code::Conflict,
            "Tệp này đã nhận xong hoặc đã hủy.",
            "This payload is complete, or its import was cancelled.",
        ));
    }
    if offset != row.bytes {
        return Err(misplaced(row.bytes));
    }
    let bytes = row.bytes + i64::try_from(piece.len()).unwrap_or(i64::MAX);
    if bytes > most {
        return Err(Error::of(Code::PayloadTooLarge));
    }
    if !piece.is_empty() {
        payload::keep(&tx, id, offset, piece).await?;
    }
    let mut change = job::Entity::update_many().col_expr(job::Column::Bytes, Expr::val(bytes));
    if let Some(digest) = digest {
        if row.expected_digest.as_ref().is_some_and(|expected| *expected != digest) {
            // What is wrong is forgotten, so that the same request may send it anew.
            tx.db.settle().await?;
            payload::forget(&tx, id).await?;
            let nothing = job::Entity::update_many().col_expr(job::Column::Bytes, Expr::val(0_i64));
            nothing.filter(job::Column::Id.eq(id)).exec(&tx.db).await?;
            tx.commit().await?;
            return Err(Error::field(
                Code::ValidationFailed,
                "Repr-Digest",
                "digest_mismatch",
                "Tệp nhận được khác tệp đã gửi: gửi lại từ đầu.",
                "What arrived is not what was sent: send it again from the beginning.",
            ));
        }
        change = change
            .col_expr(job::Column::Digest, Expr::val(digest))
            .col_expr(job::Column::State, Expr::val(ImportState::Queued.code()))
            .col_expr(job::Column::ExpiresAt, Expr::val(ctx.clock.now() + Duration::days(KEPT_DAYS)));
    }
    change.filter(job::Column::Id.eq(id)).exec(&tx.db).await?;
    let job = ImportJob::of(own(&tx, id).await?, ctx.db.vault())?;
    tx.commit().await?;
    if is_last {
        ctx.db.imported.notify_one();
    }
    Ok(job)
}

fn misplaced(here: i64) -> Error {
    Error::field(
        Code::Conflict,
        "Upload-Offset",
        "mismatching_offset",
        format!("Phần tiếp theo bắt đầu ở byte {here}."),
        format!("The next piece begins at byte {here}."),
    )
}

#[expect(clippy::disallowed_methods, reason = "a job belongs to its sender alone")]
async fn locked(tx: &Tx, id: Uuid) -> Result<job::Model> {
    let client = client(tx)?;
    let row = job::Entity::find_by_id(id).lock_exclusive().one(&tx.db).await?;
    row.filter(|row| row.client_id == client).ok_or_else(Error::not_found)
}

/// SHA-256 of what is here with the last piece behind it.
async fn hashed(ctx: &Ctx, id: Uuid, bytes: i64, last: &[u8]) -> Result<[u8; 32]> {
    let (mut hasher, mut at) = (Sha256::new(), 0);
    while at < bytes
        && let Some(piece) = payload::piece(&ctx.db, id, at).await?
    {
        let wanted = usize::try_from(bytes - at).unwrap_or(usize::MAX);
        hasher.update(&piece[..piece.len().min(wanted)]);
        at += i64::try_from(piece.len()).unwrap_or(i64::MAX);
    }
    hasher.update(last);
    Ok(hasher.finalize().into())
}
