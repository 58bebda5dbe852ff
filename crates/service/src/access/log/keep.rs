//! Writes entries of the access log. Reads that end at the same moment share one transaction, so
//! that the one lock on the head of the chain costs little.

use gdtx_domain::access::{access_entry, access_head, access_record};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, sea_query::Expr};

use super::{Draft, chain::link};
use crate::{Code, Database, Error, Result, database::Session, together::Together};

/// Rows in one statement, below what PostgreSQL and SQLite bind at once.
const ROWS: usize = 2_000;

/// Entries that wait to be written; the answer tells whether they were.
pub(crate) type Queue = Together<Vec<Draft>, bool>;

/// Writes entries and returns once they are committed.
///
/// # Errors
/// `unavailable` when they cannot be written: what they tell of must not be shown then.
pub(crate) async fn keep(db: &Database, drafts: Vec<Draft>) -> Result<()> {
    if drafts.is_empty() {
        return Ok(());
    }
    let writer = db.clone();
    let written = db.access_log.ask(drafts, |waiting| async move {
        let count = waiting.len();
        let done = write(&writer, waiting.into_iter().flatten().collect()).await;
        if let Err(error) = &done {
            tracing::error!(error = ?error.source, "the access log was not written: reads are refused");
        }
        vec![done.is_ok(); count]
    });
    if written.await == Some(true) { Ok(()) } else { Err(Error::of(Code::Unavailable)) }
}

async fn write(db: &Database, drafts: Vec<Draft>) -> Result<()> {
    let tx = db.begin_write().await?;
    append(&tx, drafts).await?;
    Ok(tx.commit().await?)
}

/// Writes entries in a running transaction, as its last deed: the head of the chain is locked.
#[expect(clippy::disallowed_methods, reason = "the head of the log belongs to nobody in particular")]
pub(crate) async fn append(tx: &Session, drafts: Vec<Draft>) -> Result<()> {
    if drafts.is_empty() {
        return Ok(());
    }
    let head = access_head::Entity::find_by_id(1).lock_exclusive().one(tx).await?;
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
        access_entry::Entity::insert_many(rows.to_vec()).exec_without_returning(tx).await?;
    }
    for rows in records.chunks(ROWS) {
        access_record::Entity::insert_many(rows.to_vec()).exec_without_returning(tx).await?;
    }
    access_head::Entity::update_many()
        .col_expr(access_head::Column::Position, Expr::val(position))
        .col_expr(access_head::Column::Hash, Expr::val(hash))
        .filter(access_head::Column::Id.eq(1))
        .exec(tx)
        .await?;
    Ok(())
}
