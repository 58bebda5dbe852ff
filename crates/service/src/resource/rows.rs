//! Creates or changes many records by the caller's own keys, in one transaction: what is asked for
//! each is asked for all together, and a refused row leaves the others alone.

use std::collections::{BTreeSet, HashMap};

use gdtx_domain::{Checks, text};
use sea_orm::{DbErr, ExprTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use serde::{
    Deserializer,
    de::{DeserializeOwned, IntoDeserializer},
};
use serde_json::{Map, Value};
use serde_path_to_error::Segment;
use uuid::Uuid;

use crate::{Code, Error, Result, Written, access::scope::Scope, shape::Record, tx::Tx};

use super::{
    New, Resource,
    change::{change, load_visible, told},
    create::create_in,
    keys::{find_free, known_by, own_key},
    read::Lock,
};

/// A row on its way: the caller's key of the record, and the members that it sends. Members that it
/// leaves out stay as they are; null clears.
pub(crate) struct Put {
    pub key: String,
    pub members: Map<String, Value>,
}

/// What a row did: the record after it, and its version before; none for a new record.
pub(crate) struct Putted<T> {
    pub written: Written<T>,
    pub before: Option<i64>,
}

/// Writes rows in their order. The error of a row is its refusal; that of the whole is a failure of
/// the database, after which the transaction is of no use.
pub(crate) async fn put_all_in<R: Resource>(
    tx: &Tx,
    scope: &Scope,
    rows: Vec<Put>,
) -> Result<Vec<Result<Putted<R::Record>>>> {
    let mut known = known_by(tx, R::KIND, rows.iter().map(|row| row.key.clone())).await?;
    hold_all::<R>(tx, known.values().copied(), Lock::Exclusive).await?;
    let rows: Vec<Row<R>> = rows.into_iter().map(|row| Row::of(tx, row, &known)).collect();
    let mut new: Vec<New<R>> = rows.iter().filter_map(Row::new_record).collect();
    find_free::<R>(tx, &mut new).await?;
    R::foresee(tx, &new).await?;
    let mut done = Vec::with_capacity(rows.len());
    for row in rows {
        match Box::pin(put::<R>(tx, scope, row, &mut known)).await {
            Err(error) if !is_refusal(&error) => return Err(error),
            outcome => done.push(outcome),
        }
    }
    Ok(done)
}

/// A row, as far as it can be read before the others are written.
struct Row<R: Resource> {
    key: String,
    members: Map<String, Value>,
    /// The record that it makes, unless one is there.
    new: Option<Result<New<R>>>,
}

impl<R: Resource> Row<R> {
    fn of(tx: &Tx, Put { key, mut members }: Put, known: &HashMap<String, Uuid>) -> Self {
        lists_of_nothing::<R>(&mut members);
        let new = (!known.contains_key(&key)).then(|| {
            let mut new: New<R> = read((&members).into_deserializer())?;
            let (ids, own) = (R::Record::external_ids(&mut new), own_key(tx, key.clone()));
            if !ids.contains(&own) {
                ids.push(own);
            }
            Ok(new)
        });
        Self { key, members, new }
    }

    fn new_record(&self) -> Option<New<R>> {
        self.new.as_ref()?.as_ref().ok().cloned()
    }
}

async fn put<R: Resource>(
    tx: &Tx,
    scope: &Scope,
    row: Row<R>,
    known: &mut HashMap<String, Uuid>,
) -> Result<Putted<R::Record>> {
    let Some(id) = known.get(&row.key).copied() else {
        let Some(new) = row.new else { return Err(Error::internal("a row without a record")) };
        let written = create_in::<R>(tx, scope, new?).await?;
        known.insert(row.key, written.record.id());
        return Ok(Putted { written, before: None });
    };
    let model = load_visible::<R>(tx, scope, id).await?;
    let mut seen = R::Record::from_model(model.clone());
    R::show(&mut seen, tx.entitled(), tx.ctx.clock.today());
    let (members, mut fault) = (row.members, None);
    let named = told(&members);
    let merge = |new: &mut New<R>, checks: &mut Checks| match merged::<R>(new, members) {
        Ok(merged) => {
            let stored = std::mem::replace(new, merged);
            R::Record::keep_unseen(new, stored, seen.masked());
        }
        Err(error) => {
            checks.problems.extend(error.fields.iter().cloned());
            fault = Some(error);
        }
    };
    let written = change::<R>(tx, scope, model, (None, &named), merge).await;
    match fault {
        Some(error) => Err(error),
        None => Ok(Putted { written: written?, before: Some(seen.version()) }),
    }
}

/// What is stored with the members that were sent in their places.
fn merged<R: Resource>(stored: &New<R>, members: Map<String, Value>) -> Result<New<R>> {
    let mut value = serde_json::to_value(stored).map_err(Error::internal)?;
    if let Some(map) = value.as_object_mut() {
        map.extend(members);
    }
    read(&value)
}

/// Nothing in the place of a list is a list of nothing.
pub(super) fn lists_of_nothing<R: Resource>(members: &mut Map<String, Value>) {
    for list in R::Record::LISTS {
        if let Some(value) = members.get_mut(&text::camel(list)).filter(|value| Value::is_null(value)) {
            *value = Value::Array(Vec::new());
        }
    }
}

/// Locks rows within reach, in one order, and remembers them; those that are held already are not asked
/// for again.
pub(crate) async fn hold_all<R: Resource>(tx: &Tx, ids: impl IntoIterator<Item = Uuid>, lock: Lock) -> Result<()> {
    let ids: BTreeSet<Uuid> = ids.into_iter().filter(|id| tx.held::<R>(*id, lock).is_none()).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let select = tx.select::<R::Entity>(&tx.require(R::READ)?).filter(Expr::col("id").is_in(ids));
    let select = select.order_by_asc(Expr::col("id"));
    let select = match lock {
        Lock::Free => select,
        Lock::Shared => select.lock_shared(),
        Lock::Exclusive => select.lock_exclusive(),
    };
    for model in select.all(&tx.db).await? {
        tx.hold::<R>(&tx.ctx.db.vault().opened::<R::Record>(model)?, lock);
    }
    Ok(())
}

/// Whether an error is about the row, and not about the database.
pub(super) fn is_refusal(error: &Error) -> bool {
    let by_database = error.source.as_ref().is_some_and(|source| source.is::<DbErr>());
    !by_database && !matches!(error.code, Code::Internal | Code::Unavailable)
}

/// Reads a shape, pointing at what is wrong.
pub(super) fn read<'de, T: DeserializeOwned>(value: impl Deserializer<'de>) -> Result<T> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let segments = error.path().iter().filter_map(|segment| match segment {
            Segment::Seq { index } => Some(format!("/{index}")),
            Segment::Map { key } => Some(format!("/{key}")),
            Segment::Enum { .. } | Segment::Unknown => None,
        });
        let (at, text) = (segments.collect::<String>(), error.inner().to_string());
        let named = text.split('`').nth(1).unwrap_or_default();
        let (pointer, code, vi, en) = if text.starts_with("missing field") {
            (format!("{at}/{named}"), "required", "Trường này là bắt buộc.", "This field is required.")
        } else if text.starts_with("unknown field") {
            (at, "unknown_property", "Không có trường này.", "There is no such property.")
        } else if text.starts_with("unknown variant") {
            (at, "unknown_code", "Mã không có trong danh sách của trường này.", "Not a code of this field's list.")
        } else {
            (at, "invalid_value", "Giá trị sai kiểu.", "The value is of the wrong type.")
        };
        Error::field(Code::ValidationFailed, &pointer, code, vi, en)
    })
}
