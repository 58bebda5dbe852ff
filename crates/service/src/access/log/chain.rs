//! The hash chain of the access log: nobody changes or drops an entry unnoticed.

use gdtx_domain::access::{access_entry, access_head, access_record};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{Database, Result};

/// Entries read at once.
const BATCH: u64 = 1_000;

/// The hash of an entry: SHA-256 over the hash before it, everything it says and its records.
pub(super) fn link(previous: &str, e: &access_entry::Model, records: &[access_record::Model]) -> String {
    let mut hasher = Sha256::new();
    let mut add = |part: &str| {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    };
    let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    for part in [
        previous,
        &e.position.to_string(),
        &e.id.to_string(),
        &e.recorded_at.timestamp_micros().to_string(),
        &e.client_id.to_string(),
        &e.organisation,
        e.egov_id.as_deref().unwrap_or_default(),
        e.role.code(),
        e.purpose.code(),
        &e.agreement,
        &e.legal_basis,
        &e.request_id,
        e.resource.code(),
        &e.fields.0.join(","),
        &e.result_count.to_string(),
    ] {
        add(part);
    }
    let mut records: Vec<_> = records.iter().collect();
    records.sort_by_key(|record| record.record_id.to_string());
    for record in records {
        add(&record.record_id.to_string());
        add(&id(record.learner_id));
        add(&id(record.centre_id));
    }
    hex::encode(hasher.finalize())
}

/// What a check of the access log found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// Entries read.
    pub entries: i64,
    /// What is wrong: position and reason. Empty when the log is whole.
    pub faults: Vec<(i64, &'static str)>,
}

/// Checks density and the hash chain from the first entry to the last.
#[expect(clippy::disallowed_methods, reason = "verification reads every entry, for nobody in particular")]
pub async fn verify(db: &Database) -> Result<Verification> {
    let tx = db.begin_read().await?;
    let mut found = Verification::default();
    let (mut position, mut hash) = (0, String::new());
    loop {
        let batch = access_entry::Entity::find()
            .filter(access_entry::Column::Position.gt(position))
            .order_by_asc(access_entry::Column::Position)
            .limit(BATCH)
            .all(&tx)
            .await?;
        let Some(last) = batch.last().map(|entry| entry.position) else { break };
        let mut seen = access_record::Entity::find()
            .filter(access_record::Column::EntryId.is_in(batch.iter().map(|entry| entry.id)))
            .all(&tx)
            .await?;
        for entry in batch {
            let (mine, others) = seen.into_iter().partition(|record| record.entry_id == entry.id);
            seen = others;
            if entry.position != position + 1 {
                found.faults.push((entry.position, "an entry is missing before this one"));
            }
            position = entry.position;
            hash = link(&hash, &entry, &mine);
            if entry.hash != hash {
                found.faults.push((position, "the hash does not fit the entry or the chain"));
                hash = entry.hash;
            }
            found.entries += 1;
        }
        position = last;
    }
    let head = access_head::Entity::find_by_id(1).one(&tx).await?;
    if head.is_some_and(|h| h.position != position || h.hash != hash) {
        found.faults.push((position, "the head does not name the last entry"));
    }
    tx.rollback().await?;
    Ok(found)
}
