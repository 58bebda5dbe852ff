//! Keys of other systems: their index, and writing by such a key.
//!
//! A system speaks for its own keys only. It neither claims nor drops those of another one, so
//! nobody can take a key that is not its own or find out whether it is in use.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use gdtx_domain::{
    Checks,
    exchange::{external_id::ExternalId, record_key, resource::ResourceKind},
    text,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use crate::{Code, Ctx, Error, Result, Written, access::scope::Scope, database::one_of, shape::Record, tx::Tx};

use super::{
    New, Resource,
    change::{change, check_version, load_visible},
    create::create_in,
    once::{Request, once},
};

/// The system of what the service itself puts on record.
const OWN_SYSTEM: &str = "system";
/// Values that one question names.
const VALUES: usize = 1_000;
/// The most keys that one record has.
const MAX_KEYS: usize = 20;

/// Normalises and checks the keys that a caller sends. `stored` are those on record: keys of other
/// systems among them stay, whether they are sent or not.
pub(crate) fn check_external_ids(tx: &Tx, stored: &[ExternalId], sent: &mut Vec<ExternalId>, checks: &mut Checks) {
    let own = tx.system();
    // What is on record stays, though a merge brought more together.
    if sent.len() > MAX_KEYS && sent.iter().any(|id| !stored.contains(id)) {
        checks.refuse(
            "/externalIds",
            "too_many",
            format!("Tối đa {MAX_KEYS} khóa."),
            format!("At most {MAX_KEYS} keys."),
        );
        return;
    }
    for i in 0..sent.len() {
        let at = |field: &str| format!("/externalIds/{i}{field}");
        let (before, id) = sent.split_at_mut(i);
        let id = &mut id[0];
        checks.text(&at("/value"), &mut id.value, 255);
        if before.contains(id) {
            checks.refuse(&at(""), "repeated", "Khóa lặp lại.", "The key is given twice.");
        }
        if own.is_some_and(|own| own != id.system) && !stored.contains(id) {
            checks.refuse(
                &at("/system"),
                "foreign_system",
                format!("Ứng dụng chỉ ghi khóa của hệ thống của mình: “{}”.", own.unwrap_or_default()),
                format!("A client records keys of its own system only: “{}”.", own.unwrap_or_default()),
            );
        }
    }
    for id in stored.iter().filter(|id| own.is_some_and(|own| own != id.system)) {
        if !sent.contains(id) {
            sent.push(id.clone());
        }
    }
    // One order, whoever writes: the same keys are the same content.
    sent.sort_by(|a, b| (&a.system, &a.value).cmp(&(&b.system, &b.value)));
}

/// Keeps the index of outside keys in step; a key of another record is a conflict.
#[expect(clippy::disallowed_methods, reason = "the key index holds no data of records")]
pub(super) async fn keep_external_ids<R: Resource>(
    tx: &Tx,
    record: &R::Record,
    before: Option<&R::Record>,
) -> Result<()> {
    use record_key::{Entity, Model};
    let ids = record.keys_elsewhere();
    if before.is_some_and(|before| before.keys_elsewhere() == ids) {
        return Ok(());
    }
    for (i, id) in ids.iter().enumerate() {
        let key = (R::KIND, id.system.clone(), id.value.clone());
        if tx.takes_free(&key) {
            continue;
        }
        if Entity::find_by_id(key).one(&tx.db).await?.is_some_and(|taken| taken.record_id != record.id()) {
            return Err(Error::field(
                Code::Conflict,
                &format!("/externalIds/{i}"),
                "external_id_taken",
                "Khóa này đã thuộc về một bản ghi khác.",
                "This key belongs to another record already.",
            ));
        }
    }
    if before.is_some() {
        forget_keys::<R>(tx, record.id()).await?;
    }
    for id in ids {
        let row =
            Model { resource: R::KIND, system: id.system.clone(), value: id.value.clone(), record_id: record.id() };
        tx.db.add::<Entity>(row.into_active_model()).await?;
    }
    Ok(())
}

/// Finds out for many new records together which of their keys are free.
#[expect(clippy::disallowed_methods, reason = "the key index holds no data of records")]
pub(super) async fn find_free<R: Resource>(tx: &Tx, inputs: &mut [New<R>]) -> Result<()> {
    use record_key::{Column, Entity};
    let sent = inputs.iter_mut().flat_map(|input| R::Record::external_ids(input).clone());
    let mut free: HashSet<_> = sent.map(|id| (R::KIND, id.system, id.value)).collect();
    let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (_, system, value) in &free {
        values.entry(system.clone()).or_default().push(value.clone());
    }
    for (system, values) in values {
        // By the whole key, in its order: its index finds each value at once.
        let of_system = Entity::find().filter(Column::Resource.eq(R::KIND)).filter(Column::System.eq(system));
        for some in values.chunks(VALUES) {
            for taken in of_system.clone().filter(Column::Value.is_in(some)).all(&tx.db).await? {
                free.remove(&(taken.resource, taken.system, taken.value));
            }
        }
    }
    tx.found_free(free);
    Ok(())
}

/// The records that the caller's own system knows by these keys, as far as there are any.
#[expect(clippy::disallowed_methods, reason = "the key index holds no data of records")]
pub(crate) async fn known_by(
    tx: &Tx,
    kind: ResourceKind,
    values: impl IntoIterator<Item = String>,
) -> Result<HashMap<String, Uuid>> {
    use record_key::{Column, Entity};
    let values: Vec<String> = values.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
    let of_system =
        Entity::find().filter(Column::Resource.eq(kind)).filter(Column::System.eq(tx.system().unwrap_or(OWN_SYSTEM)));
    let mut known = HashMap::with_capacity(values.len());
    for some in values.chunks(VALUES) {
        let rows = of_system.clone().filter(one_of("value", some.iter().cloned(), tx.db.get_database_backend()));
        known.extend(rows.all(&tx.db).await?.into_iter().map(|key| (key.value, key.record_id)));
    }
    Ok(known)
}

/// The caller's own key of a record.
pub(super) fn own_key(tx: &Tx, value: String) -> ExternalId {
    ExternalId { system: tx.system().unwrap_or(OWN_SYSTEM).to_owned(), value }
}

/// Frees the outside keys of a record.
pub(super) async fn forget_keys<R: Resource>(tx: &Tx, id: Uuid) -> Result<()> {
    use record_key::{Column, Entity};
    Entity::delete_many().filter(Column::RecordId.eq(id)).filter(Column::Resource.eq(R::KIND)).exec(&tx.db).await?;
    Ok(())
}

/// Creates or replaces a record by the caller's own key. The same content twice changes nothing;
/// what the caller may not see it does not clear by leaving it out.
///
/// `expected` is the version that the caller read; a record that is not there has none.
pub async fn upsert<R: Resource>(
    ctx: &Ctx,
    value: String,
    input: New<R>,
    expected: Option<i64>,
) -> Result<Written<R::Record>> {
    // What is wrong with the key is told where it stands in the record.
    let value = text::clean(&value).unwrap_or(value);
    let operation = format!("upsert:{}:{value}", R::KIND);
    let input = (expected, input);
    let write = || {
        let request = Request { operation: operation.clone(), permission: R::WRITE, input: &input };
        once::<R, _>(ctx, request, |tx, scope| Box::pin(upsert_in::<R>(tx, scope, value.clone(), input.clone())))
    };
    match write().await {
        // The key was free a moment ago: another request made the record that is meant.
        Err(error) if error.is_taken_key() => write().await,
        answer => answer,
    }
}

#[expect(clippy::disallowed_methods, reason = "the key index holds no data of records")]
async fn upsert_in<R: Resource>(
    tx: &Tx,
    scope: &Scope,
    value: String,
    (expected, mut input): (Option<i64>, New<R>),
) -> Result<Written<R::Record>> {
    let own = own_key(tx, value);
    let found = record_key::Entity::find_by_id((R::KIND, own.system.clone(), own.value.clone())).one(&tx.db).await?;
    let ids = R::Record::external_ids(&mut input);
    if !ids.contains(&own) {
        ids.push(own);
    }
    match found {
        None => {
            check_version(0, expected)?;
            Box::pin(create_in::<R>(tx, scope, input)).await
        }
        Some(key) => {
            let model = load_visible::<R>(tx, scope, key.record_id).await?;
            let mut seen = R::Record::from_model(model.clone());
            R::show(&mut seen, tx.entitled(), tx.ctx.clock.today());
            let replace = |new: &mut New<R>, _: &mut Checks| {
                let stored = std::mem::replace(new, input);
                R::Record::keep_unseen(new, stored, seen.masked());
            };
            Box::pin(change::<R>(tx, scope, model, expected, replace)).await
        }
    }
}
