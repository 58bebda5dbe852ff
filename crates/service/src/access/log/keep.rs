//! Writes entries of the access log. Reads that end at the same moment share one transaction, so
//! that the one lock on the head of the chain costs little.

use std::sync::Mutex;

use gdtx_domain::access::{access_entry, access_head, access_record};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, sea_query::Expr};
use tokio::sync::oneshot;

use super::{Draft, chain::link};
use crate::{Code, Database, Error, Result};

/// Rows in one statement, below what PostgreSQL and SQLite bind at once.
const ROWS: usize = 2_000;

/// Entries that wait to be written, and whose turn it is to write them.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    waiting: Mutex<Vec<Waiting>>,
    turn: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct Waiting {
    drafts: Vec<Draft>,
    written: oneshot::Sender<bool>,
}

/// Writes entries and returns once they are committed.
///
/// # Errors
/// `unavailable` when they cannot be written: what they tell of must not be shown then.
pub(crate) async fn keep(db: &Database, drafts: Vec<Draft>) -> Result<()> {
    if drafts.is_empty() {
        return Ok(());
    }
    let (written, done) = oneshot::channel();
    waiting(db).push(Waiting { drafts, written });
    let db = db.clone();
    // A task of its own: a caller that goes away must not take the entries of others with it.
    tokio::spawn(async move { write_waiting(&db).await });
    match done.await {
        Ok(true) => Ok(()),
        Ok(false) | Err(_) => Err(Error::of(Code::Unavailable)),
    }
}

fn waiting(db: &Database) -> std::sync::MutexGuard<'_, Vec<Waiting>> {
    db.access_log.waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Writes all that wait, unless somebody else did while this one waited for its turn.
async fn write_waiting(db: &Database) {
    let _turn = db.access_log.turn.lock().await;
    let batch = std::mem::take(&mut *waiting(db));
    if batch.is_empty() {
        return;
    }
    let (drafts, callers): (Vec<_>, Vec<_>) = batch.into_iter().map(|w| (w.drafts, w.written)).unzip();
    let done = write(db, drafts.into_iter().flatten().collect()).await;
    if let Err(error) = &done {
        tracing::error!(error = ?error.source, "the access log was not written: reads are refused");
    }
    for caller in callers {
        // Nobody listens when the caller has gone.
        let _ = caller.send(done.is_ok());
    }
}

#[expect(clippy::disallowed_methods, reason = "the head of the log belongs to nobody in particular")]
async fn write(db: &Database, drafts: Vec<Draft>) -> Result<()> {
    let tx = db.begin_write().await?;
    let head = access_head::Entity::find_by_id(1).lock_exclusive().one(&tx).await?;
    let access_head::Model { mut position, mut hash, .. } =
        head.ok_or_else(|| Error::internal("the access log has no head"))?;
    let (mut entries, mut records) = (Vec::with_capacity(drafts.len()), Vec::new());
    for Draft { mut entry, records: seen } in drafts {
        position += 1;
        entry.position = position;
        hash = link(&hash, &entry, &seen);
        entry.hash.clone_from(&hash);
        entries.push(entry.into_active_model());
        records.extend(seen.into_iter().map(access_record::Model::into_active_model));
    }
    for rows in entries.chunks(ROWS) {
        access_entry::Entity::insert_many(rows.to_vec()).exec_without_returning(&tx).await?;
    }
    for rows in records.chunks(ROWS) {
        access_record::Entity::insert_many(rows.to_vec()).exec_without_returning(&tx).await?;
    }
    access_head::Entity::update_many()
        .col_expr(access_head::Column::Position, Expr::val(position))
        .col_expr(access_head::Column::Hash, Expr::val(hash))
        .filter(access_head::Column::Id.eq(1))
        .exec(&tx)
        .await?;
    tx.commit().await?;
    Ok(())
}
