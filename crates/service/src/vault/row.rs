//! Seals and opens records: the row in one envelope, the journal's image in one text.

use std::{
    any::TypeId,
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Arc, LazyLock, PoisonError, RwLock},
};

use gdtx_domain::{envelope::Envelope, text};
use sea_orm::{
    ConnectionTrait, EntityName, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Query},
};
use serde_json::{
    Map, Value,
    value::{self, RawValue},
};
use uuid::Uuid;

use super::{RecordKey, Vault, cipher, fresh};
use crate::{
    Ctx, Error, Record, Resource, Result,
    access::policy::Permission,
    centres::staff_member::StaffMembers,
    clock::Ids,
    learners::{learner::Learners, result::LearningResults},
};

/// The member of a journal image that holds what is sealed.
const SEALED: &str = "sealed";
/// How many rows a rewrapping takes into one transaction.
const BATCH: u64 = 500;

impl Vault {
    /// Puts the sealed fields of a row into its envelope; tells the record's key, if it has one.
    pub(crate) fn seal<T: Record>(&self, ids: &Ids, model: &mut T::Model) -> Result<Option<RecordKey>> {
        let (id, version) = T::place(model);
        let secrets = T::secrets(model);
        let Some(envelope) = T::envelope(model) else { return Ok(None) };
        let key = envelope.as_ref().map_or_else(|| fresh(ids), |kept| self.key_of(id, kept))?;
        let bytes = serde_json::to_vec(&secrets).map_err(Error::internal)?;
        let (master, locked) = self.lock(id, &key)?;
        let text = cipher::seal(&key.0, &format!("row/{id}/{version}"), bytes)?;
        *envelope = Some(Envelope { master, key: locked, text });
        Ok(Some(key))
    }

    /// Takes the sealed fields of a row out of its envelope.
    pub(crate) fn opened<T: Record>(&self, mut model: T::Model) -> Result<T::Model> {
        let (id, version) = T::place(&model);
        let Some(Some(envelope)) = T::envelope(&mut model).map(|envelope| envelope.clone()) else { return Ok(model) };
        let key = self.key_of(id, &envelope)?;
        let bytes = cipher::open(&key.0, &format!("row/{id}/{version}"), &envelope.text)?;
        T::restore(&mut model, serde_json::from_slice(&bytes).map_err(Error::internal)?).map_err(Error::internal)?;
        Ok(model)
    }
}

impl RecordKey {
    /// The journal's image of a record: its personal data, basic ones too, sealed with its key.
    pub(crate) fn veiled<T: Record>(&self, record: &T) -> Result<Box<RawValue>> {
        // Members are moved as texts: every write passes here, and a tree of values costs more than the sealing.
        let image = serde_json::to_string(record).map_err(Error::internal)?;
        let members: BTreeMap<&str, &RawValue> = serde_json::from_str(&image).map_err(Error::internal)?;
        let personal = personal::<T>();
        let (mut hidden, mut shown): (BTreeMap<_, _>, BTreeMap<_, _>) =
            members.into_iter().partition(|(name, _)| personal.contains(*name));
        // Most fields of most people hold nothing, and absent is read as null.
        hidden.retain(|_, value| value.get() != "null");
        let bytes = serde_json::to_vec(&hidden).map_err(Error::internal)?;
        let text = cipher::seal(&self.0, &place(record.id(), record.version()), bytes)?;
        let sealed = value::to_raw_value(&text).map_err(Error::internal)?;
        shown.insert(SEALED, &sealed);
        value::to_raw_value(&shown).map_err(Error::internal)
    }
}

/// The record of an image. Without the key that sealed it, because it was forgotten, its personal
/// data are gone: absent, as if never told.
pub(crate) fn revealed<T: Record>(key: Option<&RecordKey>, id: Uuid, version: i64, image: &str) -> Result<T> {
    let mut image: Value = serde_json::from_str(image).map_err(Error::internal)?;
    if let Some(map) = image.as_object_mut()
        && let Some(Value::String(text)) = map.remove(SEALED)
    {
        let plain = key.and_then(|key| cipher::open(&key.0, &place(id, version), &text).ok());
        match plain {
            Some(bytes) => map.extend(serde_json::from_slice::<Map<_, _>>(&bytes).map_err(Error::internal)?),
            None => map.extend(T::FIELDS.iter().filter(|(_, class)| class.is_personal()).map(|(name, _)| {
                let empty = if T::LISTS.contains(name) { Value::Array(Vec::new()) } else { Value::Null };
                (text::camel(name), empty)
            })),
        }
    }
    serde_json::from_value(image).map_err(Error::internal)
}

fn place(id: Uuid, version: i64) -> String {
    format!("journal/{id}/{version}")
}

/// Names on the wire of the personal data of a record.
fn personal<T: Record>() -> Arc<HashSet<String>> {
    static KNOWN: LazyLock<RwLock<HashMap<TypeId, Arc<HashSet<String>>>>> = LazyLock::new(RwLock::default);
    let kind = TypeId::of::<T>();
    if let Some(known) = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(&kind) {
        return Arc::clone(known);
    }
    let names = T::FIELDS.iter().filter(|(_, class)| class.is_personal()).map(|(name, _)| text::camel(name));
    let names = Arc::new(names.collect::<HashSet<_>>());
    KNOWN.write().unwrap_or_else(PoisonError::into_inner).insert(kind, Arc::clone(&names));
    names
}

/// Locks the keys of all records with the master key of today, while the service runs. Tells how
/// many were locked anew. Afterwards the older master keys are needed no more.
pub async fn rewrap(ctx: &Ctx) -> Result<u64> {
    let people = rewrap_all::<Learners>(ctx).await? + rewrap_all::<StaffMembers>(ctx).await?;
    let done = people + rewrap_all::<LearningResults>(ctx).await?;
    let tx = ctx.write().await?;
    tx.require(Permission::ClientWrite)?;
    tx.ctx.db.vault().relock(&tx.db).await?;
    tx.commit().await?;
    Ok(done)
}

/// The same for one kind of record.
#[expect(clippy::disallowed_methods, reason = "keys belong to the service; no record is opened")]
async fn rewrap_all<R: Resource>(ctx: &Ctx) -> Result<u64> {
    let mut done = 0;
    let mut after = Uuid::nil();
    loop {
        let tx = ctx.write().await?;
        tx.require(Permission::ClientWrite)?;
        let vault = tx.ctx.db.vault();
        let rows: Vec<(Uuid, i64, Option<Envelope>)> = R::Entity::find()
            .select_only()
            .expr(Expr::col("id"))
            .expr(Expr::col("version"))
            .expr(Expr::col("envelope"))
            .filter(Expr::col("id").gt(after))
            .order_by_asc(Expr::col("id"))
            .limit(BATCH)
            .lock_exclusive()
            .into_tuple()
            .all(&tx.db)
            .await?;
        let Some((last, ..)) = rows.last() else { return Ok(done) };
        after = *last;
        for (id, version, envelope) in rows {
            let Some(old) = envelope.filter(|envelope| !vault.is_current(envelope)) else { continue };
            let (master, key) = vault.lock(id, &vault.key_of(id, &old)?)?;
            let statement = Query::update()
                .table(R::Entity::default().table_name())
                .value("envelope", Envelope { master, key, text: old.text })
                .and_where(Expr::col("id").eq(id))
                .and_where(Expr::col("version").eq(version))
                .to_owned();
            tx.db.execute(&statement).await?;
            done += 1;
        }
        tx.commit().await?;
    }
}
