//! Gives journal entries a dense, strictly rising position, and chains their hashes.
//!
//! A position is given only to committed entries, or to those of a transaction that commits next (a
//! batch, and every write on SQLite), and only under one lock, so a reader that has seen position n
//! never sees a new entry below n. `seq` is taken inside the writing transaction after the row
//! locks, so entries of one record keep their order.

use std::time::Duration;

use gdtx_domain::exchange::{journal, journal_head, resource::ResourceKind};
use sea_orm::{
    ActiveValue, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    Statement, sea_query::Expr,
};
use sha2::{Digest, Sha256};

use crate::{Database, Error, Result, database::Session};

/// Entries sequenced in one transaction; three values each stay below SQLite's limit of 32,766.
const BATCH: u64 = 2048;

/// Sequences everything that is pending; returns the last position.
pub async fn run_once(db: &Database) -> Result<i64> {
    loop {
        let tx = db.begin_write().await?;
        let mut end = End::lock(&tx).await?;
        let count = end.take_pending(&tx).await?;
        let position = end.position;
        if count > 0 {
            end.write(&tx).await?;
        }
        tx.commit().await?;
        announce(db, position);
        if count < BATCH {
            return Ok(position);
        }
    }
}

/// Gives a position to everything that is committed, and tells the last one: on PostgreSQL, short writes have none
/// for a moment. None where no write is ever without.
pub(crate) async fn settle(db: &Database) -> Result<Option<i64>> {
    if db.is_postgres() { run_once(db).await.map(Some) } else { Ok(None) }
}

/// Writes the entries of a transaction with their positions, right before it commits: a batch pays
/// for each entry once. Returns the last position.
pub(crate) async fn append_placed(tx: &Session, entries: Vec<journal::Model>) -> Result<i64> {
    let mut end = End::lock(tx).await?;
    // What was committed before stands before it.
    while end.take_pending(tx).await? == BATCH {}
    for mut entry in entries {
        let (position, hash) = end.take(&entry);
        (entry.position, entry.hash) = (Some(position), Some(hash));
        tx.add::<journal::Entity>(unnumbered(entry)).await?;
    }
    let position = end.position;
    end.write(tx).await?;
    Ok(position)
}

/// A new row; its `seq` is the database's to give.
pub(super) fn unnumbered(entry: journal::Model) -> journal::ActiveModel {
    journal::ActiveModel { seq: ActiveValue::NotSet, ..entry.into_active_model() }
}

/// Tells those who wait for new positions.
pub(crate) fn announce(db: &Database, position: i64) {
    db.sequenced.send_if_modified(|last| std::mem::replace(last, Ord::max(position, *last)) < position);
}

/// The end of the journal, locked until the transaction ends.
struct End {
    position: i64,
    hash: String,
}

impl End {
    #[expect(clippy::disallowed_methods, reason = "the end of the journal belongs to nobody")]
    async fn lock(tx: &Session) -> Result<Self> {
        let head = journal_head::Entity::find_by_id(1).lock_exclusive().one(tx).await?;
        let head = head.ok_or_else(|| Error::internal("the journal has no head"))?;
        Ok(Self { position: head.position, hash: head.hash })
    }

    /// The next position, and the hash that goes with it.
    fn take(&mut self, entry: &journal::Model) -> (i64, String) {
        self.position += 1;
        self.hash = chain(&self.hash, self.position, entry);
        (self.position, self.hash.clone())
    }

    /// Gives positions to committed entries, a batch at most; returns how many.
    #[expect(clippy::disallowed_methods, reason = "the sequencer works on every entry, for nobody in particular")]
    async fn take_pending(&mut self, tx: &Session) -> Result<u64> {
        let pending = journal::Entity::find()
            .filter(journal::Column::Position.is_null())
            .order_by_asc(journal::Column::Seq)
            .limit(BATCH)
            .all(tx)
            .await?;
        let places = pending.iter().map(|entry| {
            let (position, hash) = self.take(entry);
            (entry.seq, position, hash)
        });
        place(tx, &places.collect::<Vec<_>>()).await?;
        Ok(pending.len() as u64)
    }

    async fn write(self, tx: &Session) -> Result<()> {
        journal_head::Entity::update_many()
            .col_expr(journal_head::Column::Position, Expr::val(self.position))
            .col_expr(journal_head::Column::Hash, Expr::val(self.hash))
            .filter(journal_head::Column::Id.eq(1))
            .exec(tx)
            .await?;
        Ok(())
    }
}

/// Writes position and hash of entries: a power of two in a statement, so that the few statements
/// are prepared once.
async fn place(tx: &Session, mut places: &[(i64, i64, String)]) -> Result<()> {
    while let Some(size) = places.len().checked_ilog2().map(|log| 1_usize << log) {
        let (now, later) = places.split_at(size);
        let rows = (0..size).map(|i| format!("(${}, ${}, ${})", 3 * i + 1, 3 * i + 2, 3 * i + 3));
        let sql = format!(
            "WITH placed (seq, position, hash) AS (VALUES {}) \
             UPDATE journal SET position = placed.position, hash = placed.hash FROM placed WHERE journal.seq = placed.seq",
            rows.collect::<Vec<_>>().join(", ")
        );
        let values = now.iter().flat_map(|(seq, at, hash)| [(*seq).into(), (*at).into(), hash.clone().into()]);
        let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
        tx.execute_raw(statement).await?;
        places = later;
    }
    Ok(())
}

/// The hash of an entry: SHA-256 over the hash before it and everything the entry says.
pub(crate) fn chain(previous: &str, position: i64, e: &journal::Model) -> String {
    let mut hasher = Sha256::new();
    let text = |o: &Option<String>| o.clone().unwrap_or_default();
    let id = |o: &Option<uuid::Uuid>| o.map(|i| i.to_string()).unwrap_or_default();
    for part in [
        previous.to_owned(),
        position.to_string(),
        e.resource.code().to_owned(),
        e.record_id.to_string(),
        e.version.to_string(),
        e.operation.code().to_owned(),
        text(&e.after_image),
        e.actor.clone(),
        id(&e.client_id),
        id(&e.centre_id),
        text(&e.province_code),
        text(&e.commune_code),
        e.request_id.clone(),
        e.recorded_at.timestamp_micros().to_string(),
    ] {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    hex::encode(hasher.finalize())
}

/// Commits of this long are given their positions together.
const GATHERING: Duration = Duration::from_millis(15);
/// How long commits of other processes wait, at most, when those are gone.
const ROUND: Duration = Duration::from_secs(1);

/// Runs until the process ends: soon after a commit here, and every second for commits elsewhere.
pub async fn run(db: Database) {
    loop {
        if let Err(error) = run_once(&db).await {
            tracing::warn!(error = ?error.source, "the sequencer will try again");
        }
        if tokio::time::timeout(ROUND, db.committed.notified()).await.is_ok() {
            tokio::time::sleep(GATHERING).await;
        }
    }
}

/// What `gdtx journal verify` found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// Entries read.
    pub entries: i64,
    /// Entries still without a position.
    pub pending: u64,
    /// What is wrong: position and reason. Empty when the journal is whole.
    pub faults: Vec<(i64, &'static str)>,
}

/// Checks density, order of versions and the hash chain from the first entry to the last.
#[expect(clippy::disallowed_methods, reason = "verification reads every entry, for nobody in particular")]
pub async fn verify(db: &Database) -> Result<Verification> {
    use sea_orm::PaginatorTrait;
    let tx = db.begin_read().await?;
    let mut found = Verification {
        pending: journal::Entity::find().filter(journal::Column::Position.is_null()).count(&tx).await?,
        ..Verification::default()
    };
    let (mut position, mut hash) = (0, String::new());
    let mut versions = std::collections::HashMap::<(ResourceKind, uuid::Uuid), i64>::new();
    loop {
        let batch = journal::Entity::find()
            .filter(journal::Column::Position.gt(position))
            .order_by_asc(journal::Column::Position)
            .limit(1000)
            .all(&tx)
            .await?;
        if batch.is_empty() {
            break;
        }
        for entry in batch {
            let at = entry.position.unwrap_or_default();
            if at != position + 1 {
                found.faults.push((at, "a position is missing before this one"));
            }
            hash = chain(&hash, at, &entry);
            if entry.hash.as_deref() != Some(&hash) {
                found.faults.push((at, "the hash does not fit the entry or the chain"));
                hash = entry.hash.clone().unwrap_or_default();
            }
            let last = versions.insert((entry.resource, entry.record_id), entry.version);
            if last.is_some_and(|v| v > entry.version) {
                found.faults.push((at, "an older version follows a newer one"));
            }
            position = at;
            found.entries += 1;
        }
    }
    let head = journal_head::Entity::find_by_id(1).one(&tx).await?;
    if head.is_some_and(|h| h.position != position || h.hash != hash) {
        found.faults.push((position, "the head does not name the last entry"));
    }
    tx.rollback().await?;
    Ok(found)
}

/// Committed entries that have no position yet.
#[expect(clippy::disallowed_methods, reason = "a count for the metrics")]
pub async fn lag(db: &Database) -> Result<u64> {
    use sea_orm::PaginatorTrait;
    let tx = db.begin_read().await?;
    let count = journal::Entity::find().filter(journal::Column::Position.is_null()).count(&tx).await?;
    tx.rollback().await?;
    Ok(count)
}
