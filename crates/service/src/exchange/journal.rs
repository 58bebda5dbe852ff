//! Writes one journal entry per changed record, in the transaction of the change.

use std::sync::PoisonError;

use chrono::{DateTime, Utc};
use gdtx_domain::{
    access::reach::Keys,
    exchange::{
        journal,
        resource::{Operation, ResourceKind},
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;
use uuid::Uuid;

use super::{changes, sequencer};
use crate::{Ctx, Error, Result, tx::Tx};

/// One change to be remembered.
pub(crate) struct Entry<'a> {
    pub resource: ResourceKind,
    pub operation: Operation,
    pub record_id: Uuid,
    pub version: i64,
    pub keys: &'a Keys,
    /// When it was recorded: the instant that the record itself tells.
    pub at: DateTime<Utc>,
    /// What the record is found by, where that is no personal data.
    pub search_text: Option<String>,
}

/// Appends an entry with the record after the change. It gets its position right before the commit,
/// or by the sequencer after it.
pub(crate) async fn append<T: Serialize + Sync>(tx: &Tx, entry: Entry<'_>, after: &T) -> Result<()> {
    let (actor, client_id) = tx.signature();
    let model = journal::Model {
        seq: 0,
        position: None,
        resource: entry.resource,
        record_id: entry.record_id,
        version: entry.version,
        operation: entry.operation,
        after_image: Some(serde_json::to_string(after).map_err(Error::internal)?),
        actor,
        client_id,
        centre_id: entry.keys.centre_id,
        province_code: entry.keys.province_code.clone(),
        commune_code: entry.keys.commune_code.clone(),
        request_id: tx.ctx.request_id.clone(),
        recorded_at: entry.at,
        hash: None,
        search_text: entry.search_text,
    };
    if tx.places_entries() {
        tx.entries.lock().unwrap_or_else(PoisonError::into_inner).push(model);
    } else {
        tx.db.add::<journal::Entity>(sequencer::unnumbered(model)).await?;
    }
    Ok(())
}

/// The kind of record that an id belongs to, for callers who may read that kind at all: to others
/// an id that exists looks like one that does not.
#[expect(clippy::disallowed_methods, reason = "a kind is looked up, no record is read")]
pub async fn kind_of(ctx: &Ctx, id: Uuid) -> Result<Option<ResourceKind>> {
    let tx = ctx.read().await?;
    let entry = journal::Entity::find().filter(journal::Column::RecordId.eq(id)).one(&tx.db).await?;
    let kind = entry.map(|e| e.resource);
    Ok(kind.filter(|k| changes::read_permission(*k).is_some_and(|p| tx.require(p).is_ok())))
}

/// The newest entry of a kind of record, if there is any: its sequence number.
#[expect(clippy::disallowed_methods, reason = "tells whether there is one, reads no record")]
pub async fn last_of(ctx: &Ctx, kind: ResourceKind) -> Result<Option<i64>> {
    let tx = ctx.read().await?;
    let newest = journal::Entity::find()
        .filter(journal::Column::Resource.eq(kind))
        .order_by_desc(journal::Column::Seq)
        .one(&tx.db)
        .await?;
    Ok(newest.map(|e| e.seq))
}
