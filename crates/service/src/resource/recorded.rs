//! Events by the caller's own keys: each is recorded once under the record that it belongs to, and stays.

use futures::future::BoxFuture;
use serde_json::Value;
use uuid::Uuid;

use crate::{Code, Error, Result, Written, access::scope::Scope, shape::Record, tx::Tx};

use super::{
    New, Put, Putted, Resource,
    keys::{known_by, own_key},
    read::{Lock, load},
    rows::{is_refusal, lists_of_nothing, read},
};

/// A kind of record that is recorded under another one and never changed.
pub(crate) trait Recorded: Resource {
    /// The member that names the record it belongs to.
    const OWNER: &'static str;

    /// The record that it belongs to.
    fn owner(model: &Self::Model) -> Option<Uuid>;

    /// Records it.
    fn record<'a>(
        tx: &'a Tx,
        scope: &'a Scope,
        owner: Uuid,
        input: New<Self>,
    ) -> BoxFuture<'a, Result<Written<Self::Record>>>;
}

/// Records rows in their order; one that is on record as it is sent changes nothing. The error of a row
/// is its refusal; that of the whole is a failure of the database.
pub(crate) async fn record_all_in<R: Recorded>(
    tx: &Tx,
    scope: &Scope,
    rows: Vec<Put>,
) -> Result<Vec<Result<Putted<R::Record>>>> {
    let mut known = known_by(tx, R::KIND, rows.iter().map(|row| row.key.clone())).await?;
    let mut done = Vec::with_capacity(rows.len());
    for Put { key, mut members } in rows {
        lists_of_nothing::<R>(&mut members);
        let row = Put { key: key.clone(), members };
        let outcome = match known.get(&key) {
            Some(id) => Box::pin(again::<R>(tx, *id, row)).await,
            None => Box::pin(first::<R>(tx, scope, row)).await,
        };
        match outcome {
            Err(error) if !is_refusal(&error) => return Err(error),
            outcome => {
                known.extend(outcome.as_ref().ok().map(|put| (key, put.written.record.id())));
                done.push(outcome);
            }
        }
    }
    Ok(done)
}

async fn first<R: Recorded>(tx: &Tx, scope: &Scope, Put { key, mut members }: Put) -> Result<Putted<R::Record>> {
    let owner = owner::<R>(members.remove(R::OWNER).as_ref())?;
    let mut new: New<R> = read(Value::Object(members))?;
    let (ids, own) = (R::Record::external_ids(&mut new), own_key(tx, key));
    if !ids.contains(&own) {
        ids.push(own);
    }
    let written = R::record(tx, scope, owner, new).await?;
    Ok(Putted { written, before: None })
}

/// An event that is on record: the same row once more.
async fn again<R: Recorded>(tx: &Tx, id: Uuid, Put { mut members, .. }: Put) -> Result<Putted<R::Record>> {
    let owner = owner::<R>(members.remove(R::OWNER).as_ref())?;
    let model = load::<R>(tx, &tx.require(R::READ)?, id, Lock::Free).await?;
    let (_, new, _) = R::Record::split(model.clone());
    let stored = serde_json::to_value(new).map_err(Error::internal)?;
    let mut sent = stored.clone();
    if let Some(map) = sent.as_object_mut() {
        map.extend(members);
    }
    let sent: New<R> = read(sent)?;
    if R::owner(&model) != Some(owner) || serde_json::to_value(sent).map_err(Error::internal)? != stored {
        return Err(Error::field(
            Code::Conflict,
            "",
            "event_recorded",
            "Sự kiện mang khóa này đã ghi với nội dung khác; sự kiện đã ghi không sửa được.",
            "The event with this key was recorded with another content; what is recorded stays.",
        ));
    }
    let mut record = R::Record::from_model(model);
    R::show(&mut record, tx.sight(), tx.ctx.clock.today());
    let before = Some(record.version());
    Ok(Putted { written: Written { record, warnings: Vec::new(), created: false }, before })
}

fn owner<R: Recorded>(value: Option<&Value>) -> Result<Uuid> {
    let pointer = format!("/{}", R::OWNER);
    let fault = |code, vi: &str, en: &str| Error::field(Code::ValidationFailed, &pointer, code, vi, en);
    match value.map(|value| value.as_str().unwrap_or_default().trim()) {
        None | Some("") => Err(fault("required", "Trường này là bắt buộc.", "This field is required.")),
        Some(id) => {
            id.parse().map_err(|_| fault("invalid_value", "Cần một định danh (UUID).", "An id (UUID) is needed."))
        }
    }
}
