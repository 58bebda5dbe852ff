//! Which version of a record stands, without the record: for callers who have it already. Requests
//! of the same moment share one statement.

use std::collections::HashMap;

use gdtx_domain::{DataClass, access::reach::Keys, text};
use sea_orm::{
    ConnectionTrait, DbErr, EntityName, ExprTrait, QueryResult,
    sea_query::{Expr, Query, SelectStatement},
};
use uuid::Uuid;

use super::{Found, Resource, find};
use crate::{Ctx, Database, Record, Result, together::Together};

/// A question for a version: the table, and its columns with personal data.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question {
    table: &'static str,
    fields: &'static [(&'static str, DataClass)],
    id: Uuid,
}

/// What stands at an id.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    version: i64,
    keys: Keys,
    /// Personal fields that hold a value.
    personal: Vec<&'static str>,
}

/// Requests that wait to hear of versions; a question without an answer is one for the record itself.
pub(crate) type Probes = Together<Question, Option<Standing>>;

/// What a reader learns who may have the record already.
#[derive(Clone, Debug)]
pub enum Known<T> {
    /// It has this version already, without these fields.
    Unchanged(i64, Vec<String>),
    /// It has another one, or none.
    Changed(Found<T>),
}

/// Reads one record, unless its reader has that version without those fields already.
pub async fn find_unless<R: Resource>(
    ctx: &Ctx,
    id: Uuid,
    has: Option<impl Fn(i64, &[String]) -> bool>,
) -> Result<Known<R::Record>> {
    if let Some(has) = has
        && let Some((version, masked)) = version::<R>(ctx, id).await?
        && has(version, &masked)
    {
        return Ok(Known::Unchanged(version, masked));
    }
    find::<R>(ctx, id).await.map(Known::Changed)
}

/// The version of a record and the fields of it that the caller may not see, when that can be told
/// without reading it. None sends the caller to the record.
async fn version<R: Resource>(ctx: &Ctx, id: Uuid) -> Result<Option<(i64, Vec<String>)>> {
    // Where somebody is shown something personal, the access log must know the record.
    if !R::BY_CLASS || ctx.purpose.is_some() || ctx.needs_position() || ctx.as_of.is_some() {
        return Ok(None);
    }
    let tx = ctx.read_once().await?;
    let scope = tx.require(R::READ)?;
    let question = Question { table: R::Entity::default().table_name(), fields: R::Record::FIELDS, id };
    let reader = ctx.db.clone();
    let found = ctx.db.probes.ask(question, |asked| async move {
        probe(&reader, &asked).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "versions could not be read");
            vec![None; asked.len()]
        })
    });
    let Some(found) = found.await.flatten().filter(|found| scope.covers(&found.keys)) else { return Ok(None) };
    let (sight, classes) = (tx.sight(), R::Record::FIELDS);
    let hidden = classes.iter().filter(|(name, class)| !sight.allows(*class) && found.personal.contains(name));
    Ok(Some((found.version, hidden.map(|(name, _)| text::camel(name)).collect())))
}

/// Asks once for each table.
async fn probe(db: &Database, asked: &[Question]) -> std::result::Result<Vec<Option<Standing>>, DbErr> {
    let mut found = HashMap::with_capacity(asked.len());
    let tables: HashMap<_, _> = asked.iter().map(|question| (question.table, question.fields)).collect();
    for (table, fields) in tables {
        let ids = asked.iter().filter(|question| question.table == table).map(|question| question.id).collect();
        for row in db.primary().query_all(&statement(table, fields, ids)).await? {
            let id: Uuid = row.try_get_by_index(0)?;
            found.insert((table, id), standing(&row, fields)?);
        }
    }
    Ok(asked.iter().map(|question| found.get(&(question.table, question.id)).cloned()).collect())
}

fn statement(table: &'static str, fields: &[(&'static str, DataClass)], mut ids: Vec<Uuid>) -> SelectStatement {
    // Few lengths make few statements, and each is prepared once.
    ids.resize(ids.len().next_power_of_two(), Uuid::nil());
    let mut select = Query::select();
    select.columns(["id", "version", "province_code", "commune_code", "centre_id"]).from(table);
    for (name, _) in personal(fields) {
        select.expr(Expr::col(*name).is_not_null());
    }
    select.and_where(Expr::col("id").is_in(ids)).to_owned()
}

fn standing(row: &QueryResult, fields: &'static [(&'static str, DataClass)]) -> std::result::Result<Standing, DbErr> {
    let mut held = Vec::new();
    for (i, (name, _)) in personal(fields).enumerate() {
        if row.try_get_by_index(5 + i)? {
            held.push(*name);
        }
    }
    let keys = Keys {
        province_code: row.try_get_by_index(2)?,
        commune_code: row.try_get_by_index(3)?,
        centre_id: row.try_get_by_index(4)?,
    };
    Ok(Standing { version: row.try_get_by_index(1)?, keys, personal: held })
}

fn personal<'a>(fields: &'a [(&'static str, DataClass)]) -> impl Iterator<Item = &'a (&'static str, DataClass)> {
    fields.iter().filter(|(_, class)| class.is_personal())
}
