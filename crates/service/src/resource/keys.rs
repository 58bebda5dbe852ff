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
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, IntoActiveModel, QueryFilter, Statement};
use uuid::Uuid;

use crate::{Code, Ctx, Error, Result, Written, access::scope::Scope, shape::Record, tx::Tx};

use super::{
    Draft, New, Resource,
    change::{change, check_version, load_visible, named},
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

/// Refuses a key of another record, before anything of this one is written.
#[expect(clippy::disallowed_methods, reason = "the key index holds no data of records")]
pub(super) async fn check_keys_free<R: Resource>(tx: &Tx, draft: &mut Draft<R::Record>) -> Result<()> {
    let ids = R::Record::external_ids(&mut draft.new);
    if draft.before.as_ref().is_some_and(|before| before.keys_elsewhere() == ids.as_slice()) {
        return Ok(());
    }
    for (i, id) in ids.iter().enumerate() {
        let key = (R::KIND, id.system.clone(), id.value.clone());
        if tx.is_free(&key) {
            continue;
        }
        if record_key::Entity::find_by_id(key).one(&tx.db).await?.is_some_and(|taken| taken.record_id != draft.meta.id)
        {
            return Err(Error::field(
                Code::Conflict,
                &format!("/externalIds/{i}"),
                "external_id_taken",
                "Khóa này đã thuộc về một bản ghi khác.",
                "This key belongs to another record already.",
            ));
        }
    }
    Ok(())
}

/// Keeps the index of outside keys in step.
pub(super) async fn keep_external_ids<R: Resource>(
    tx: &Tx,
    record: &R::Record,
    before: Option<&R::Record>,
) -> Result<()> {
    let ids = record.keys_elsewhere();
    match before {
        Some(before) if before.keys_elsewhere() == ids => return Ok(()),
        Some(_) => forget_keys::<R>(tx, record.id()).await?,
        None => {}
    }
    for id in ids {
        let (system, value) = (id.system.clone(), id.value.clone());
        tx.takes(&(R::KIND, system.clone(), value.clone()));
        let row = record_key::Model { resource: R::KIND, system, value, record_id: record.id() };
        tx.db.add::<record_key::Entity>(row.into_active_model()).await?;
    }
    Ok(())
}

/// Finds out for many new records together which of their keys are free.
pub(super) async fn find_free<R: Resource>(tx: &Tx, inputs: &mut [New<R>]) -> Result<()> {
    let sent = inputs.iter_mut().flat_map(|input| R::Record::external_ids(input).clone());
    let mut free: HashSet<_> = sent.map(|id| (R::KIND, id.system, id.value)).filter(|key| !tx.is_free(key)).collect();
    let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (_, system, value) in &free {
        values.entry(system.clone()).or_default().push(value.clone());
    }
    for (system, values) in values {
        for taken in taken(tx, R::KIND, &system, &values).await? {
            free.remove(&(taken.resource, taken.system, taken.value));
        }
    }
    tx.found_free(free);
    Ok(())
}

/// Which of these keys of one system lead to records.
#[expect(clippy::disallowed_methods, reason = "the key index holds no data of records")]
async fn taken(tx: &Tx, kind: ResourceKind, system: &str, values: &[String]) -> Result<Vec<record_key::Model>> {
    use record_key::{Column, Entity};
    /// Each key by itself: PostgreSQL reads every key of a system that it has no statistics of, if it is asked for
    /// many at once, and a first import would take longer with every row.
    const EACH: &str = "SELECT known.* FROM UNNEST($3) AS wanted (value) CROSS JOIN LATERAL (SELECT * FROM external_id \
                        WHERE resource = $1 AND system = $2 AND external_id.value = wanted.value LIMIT 1) AS known";
    let backend = tx.db.get_database_backend();
    let mut all = Vec::new();
    for some in values.chunks(VALUES) {
        let asked = if backend == DbBackend::Postgres {
            let values = [kind.code().into(), system.into(), some.to_vec().into()];
            Entity::find().from_raw_sql(Statement::from_sql_and_values(backend, EACH, values)).all(&tx.db).await?
        } else {
            let of_system = Entity::find().filter(Column::Resource.eq(kind)).filter(Column::System.eq(system));
            of_system.filter(Column::Value.is_in(some)).all(&tx.db).await?
        };
        all.extend(asked);
    }
    Ok(all)
}

/// The records that the caller's own system knows by these keys, as far as there are any.
pub(crate) async fn known_by(
    tx: &Tx,
    kind: ResourceKind,
    values: impl IntoIterator<Item = String>,
) -> Result<HashMap<String, Uuid>> {
    let values: Vec<String> = values.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
    let system = tx.system().unwrap_or(OWN_SYSTEM);
    let known = taken(tx, kind, system, &values).await?.into_iter().map(|key| (key.value, key.record_id));
    let known: HashMap<_, _> = known.collect();
    let free = values.into_iter().filter(|value| !known.contains_key(value));
    tx.found_free(free.map(|value| (kind, system.to_owned(), value)));
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
    R::make_ready(ctx).await?;
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
            let named = named(&input)?;
            let replace = |new: &mut New<R>, _: &mut Checks| {
                let stored = std::mem::replace(new, input);
                R::Record::keep_unseen(new, stored, seen.masked());
            };
            Box::pin(change::<R>(tx, scope, model, (expected, &named), replace)).await
        }
    }
}
