//! The versions of one record, newest first: what each change left, masked for its reader.

use std::borrow::Cow;

use async_graphql::{OutputType, SimpleObject, TypeName};
use chrono::{DateTime, Utc};
use gdtx_domain::exchange::{journal, resource::Operation};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::select::ASIDE;
use crate::{
    Ctx, Error, Page, PageInfo, PageRequest, Result,
    access::{caller::Caller, policy::Permission},
    exchange::image::{self, Today},
    page::{self, Cursor, Fingerprint},
    resource::{
        Resource,
        read::{Lock, load},
    },
    shape::Record,
    tx::Tx,
    vault::revealed,
};

/// A version of a record.
#[derive(Clone, Debug, Serialize, SimpleObject)]
#[serde(rename_all = "camelCase")]
#[graphql(name_type)]
pub struct Version<T: OutputType> {
    /// The record.
    pub id: Uuid,
    /// Its version after the change.
    pub version: i64,
    /// The position of the change in the journal: `asOf` it reads everything as it was then. Null for
    /// a moment after the write.
    pub position: Option<i64>,
    /// What happened.
    pub operation: Operation,
    /// When it was recorded (UTC).
    pub recorded_at: DateTime<Utc>,
    /// The request that made it.
    pub request_id: String,
    /// The role that made it; `system` for the service itself.
    pub actor: String,
    /// The client that made it: told to itself, and to those who may read clients.
    pub client_id: Option<Uuid>,
    /// The fields that differ from the version before, as far as the caller may see them; of the
    /// first version those that hold a value.
    pub changed_fields: Vec<String>,
    /// The record after the change, masked for the caller.
    pub record: T,
}

impl<T: OutputType> TypeName for Version<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Version", T::type_name().trim_end_matches("Fields")).into()
    }
}

/// Lists the versions of a record, newest first. One that was merged keeps its own.
pub async fn history<R: Resource<Record: OutputType>>(
    ctx: &Ctx,
    id: Uuid,
    request: PageRequest,
) -> Result<Page<Version<R::Record>>> {
    let mut tx = ctx.read().await?;
    // A record of the history is whole: who asks for it sees all its fields.
    tx.ctx.asked = tx.ctx.asked.filter(|names| !names.contains("record"));
    let scope = tx.require(R::READ)?;
    let size = page::size(request.first)? as usize;
    let print = page::fingerprint(R::KIND.code(), &id, "history");
    load::<R>(&tx, &scope, id, Lock::Free).await?;
    let mut entries = entries::<R>(&tx, id, before(print, request.after.as_deref())?, size).await?;
    let page = {
        let today = image::today(&tx, &entries).await?;
        let today = today.get(&id);
        let shown = |entry: &journal::Model| {
            let image = entry.after_image.as_deref().unwrap_or("null");
            let mut record: R::Record = revealed(Today::key(today), id, entry.version, image)?;
            R::show(&mut record, Today::sight(today, tx.sight()), tx.ctx.clock.day_of(entry.recorded_at));
            Ok(record)
        };
        let records = entries.iter().map(shown).collect::<Result<Vec<_>>>()?;
        let has_next_page = entries.len() > size;
        entries.truncate(size);
        let changes = (0..entries.len()).map(|i| changed(&records[i], records.get(i + 1)));
        let changes = changes.collect::<Result<Vec<_>>>()?;
        let cursors: Vec<String> =
            entries.iter().map(|entry| Cursor::encode(print, &entry.version.to_be_bytes(), id)).collect();
        let items = entries.into_iter().zip(records).zip(changes);
        let items = items.map(|((entry, record), changes)| {
            tx.note::<R>(&record);
            version(&tx, entry, record, changes)
        });
        Page {
            items: items.collect(),
            page_info: PageInfo::of(&cursors, &request, has_next_page),
            cursors,
            total_count: None,
        }
    };
    tx.end(page).await
}

/// The version before which a page begins.
fn before(print: Fingerprint, after: Option<&str>) -> Result<Option<i64>> {
    let Some(text) = after else { return Ok(None) };
    let key = Cursor::decode(print, text)?.k.try_into().map_err(|_| page::unreadable())?;
    Ok(Some(i64::from_be_bytes(key)))
}

/// The entries of a page, and one more where the history goes on.
#[expect(clippy::disallowed_methods, reason = "the record was loaded in the caller's scope")]
async fn entries<R: Resource>(tx: &Tx, id: Uuid, before: Option<i64>, size: usize) -> Result<Vec<journal::Model>> {
    let select = journal::Entity::find()
        .filter(journal::Column::RecordId.eq(id))
        .filter(journal::Column::Resource.eq(R::KIND))
        .filter(journal::Column::Operation.is_not_in(ASIDE))
        .filter(journal::Column::Version.lt(before.unwrap_or(i64::MAX)))
        .order_by_desc(journal::Column::Version)
        .limit(size as u64 + 1);
    Ok(select.all(&tx.db).await?)
}

/// Members that change with every version, or tell of the reader.
const BESIDE: [&str; 3] = ["version", "updatedAt", "maskedFields"];

/// The names of the fields in which two versions differ.
fn changed<T: Record>(after: &T, before: Option<&T>) -> Result<Vec<String>> {
    let members = |record: &T| match serde_json::to_value(record).map_err(Error::internal)? {
        Value::Object(members) => Ok(members),
        _ => Ok::<_, Error>(Map::new()),
    };
    let (after, before) = (members(after)?, before.map(members).transpose()?);
    let holds = |value: &Value| !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty());
    let differs = |name: &String, value: &Value| match &before {
        Some(before) => before.get(name) != Some(value),
        None => holds(value),
    };
    let names = after.iter().filter(|(name, _)| !BESIDE.contains(&name.as_str()));
    Ok(names.filter(|(name, value)| differs(name, value)).map(|(name, _)| name.clone()).collect())
}

fn version<T: OutputType>(tx: &Tx, entry: journal::Model, record: T, changed_fields: Vec<String>) -> Version<T> {
    let own = matches!(&tx.caller, Caller::Client(client) if entry.client_id == Some(client.id));
    let told = own || tx.require(Permission::ClientRead).is_ok();
    Version {
        id: entry.record_id,
        version: entry.version,
        position: entry.position,
        operation: entry.operation,
        recorded_at: entry.recorded_at,
        request_id: entry.request_id,
        actor: entry.actor,
        client_id: entry.client_id.filter(|_| told),
        changed_fields,
        record,
    }
}
