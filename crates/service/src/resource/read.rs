//! Lists and reads records: scope first, mask last.

use std::collections::HashMap;

use gdtx_domain::{
    exchange::{record_key, resource::ResourceKind},
    text,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, ModelTrait, QueryFilter, QueryOrder, QuerySelect, Select, Value,
    sea_query::{Expr, LikeExpr, Query, SelectStatement},
};
use uuid::Uuid;

use crate::{
    Ctx, Error, Page, PageRequest, Result,
    access::scope::Scope,
    exchange::partition::Partition,
    filter::{self, Filter},
    page::Fingerprint,
    pager::{Pager, Sort},
    shape::Record,
    tx::Tx,
};

use super::{Resource, past};

/// Lists records in the caller's reach, one page.
pub async fn list<R: Resource>(ctx: &Ctx, filter: R::Filter, request: PageRequest) -> Result<Page<R::Record>> {
    if let Some(as_of) = ctx.as_of {
        return Box::pin(past::list::<R>(ctx, as_of, &filter, &request)).await;
    }
    let ctx = &*Partition::reader(R::KIND, filter.partition(), ctx)?;
    let tx = if request.count.is_none() { ctx.read_once().await? } else { ctx.read().await? };
    let page = list_in::<R>(&tx, filter, request).await?;
    tx.end(page).await
}

/// Lists records in a running transaction.
pub(crate) async fn list_in<R: Resource>(tx: &Tx, filter: R::Filter, request: PageRequest) -> Result<Page<R::Record>> {
    let scope = tx.require(R::READ)?;
    let pager = Pager::new(tx, R::SORTS, &request)?;
    let print = pager.print(R::KIND.code(), &filter);
    let select = narrowed::<R>(tx, &scope, &filter, pager.sort)?;
    let page = pager.cut(select.clone(), print)?;
    let total_count = pager.count(tx, &select).await?;
    let rows = page.all(&tx.db).await?;
    shown::<R>(tx, &pager, print, rows, total_count)
}

/// The records of a list after one of them, in the order of their ids.
pub(crate) async fn list_run<R: Resource>(
    ctx: &Ctx,
    filter: &R::Filter,
    after: Option<Uuid>,
    most: u64,
) -> Result<Vec<R::Record>> {
    if let Some(as_of) = ctx.as_of {
        return Box::pin(past::run::<R>(ctx, as_of, filter, (after, most))).await;
    }
    let ctx = &*Partition::reader(R::KIND, filter.partition(), ctx)?;
    let tx = ctx.read_once().await?;
    let scope = tx.require(R::READ)?;
    let mut select = narrowed::<R>(&tx, &scope, filter, Sort::ID)?;
    if let Some(after) = after {
        select = select.filter(Expr::col("id").gt(after));
    }
    let rows = select.order_by_asc(Expr::col("id")).limit(most).all(&tx.db).await?;
    let (sight, vault) = (tx.sight().in_list(), ctx.db.vault());
    let shown = rows.into_iter().map(|model| {
        let mut record = R::Record::from_model(vault.opened::<R::Record>(model)?);
        tx.show::<R>(&mut record, sight);
        Ok(record)
    });
    let shown = shown.collect::<Result<_>>()?;
    tx.end(shown).await
}

/// Lists the records of several owners, who stand in the column `by`: a page for each, in as many
/// queries as for one. The answer for an owner is the same as a list with the filter `by` owner;
/// unless the records are `wanted`, it holds their number only.
pub async fn list_of<R: Resource>(
    ctx: &Ctx,
    by: &'static str,
    owners: Vec<Uuid>,
    filter: R::Filter,
    request: PageRequest,
    wanted: bool,
) -> Result<HashMap<Uuid, Result<Page<R::Record>>>> {
    if let Some(as_of) = ctx.as_of {
        return Box::pin(past::list_of::<R>(ctx, as_of, (by, owners), &filter, &request)).await;
    }
    let alone = request.after.is_none() && !(wanted && request.count.is_some());
    let tx = if alone { ctx.read_once().await? } else { ctx.read().await? };
    let scope = tx.require(R::READ)?;
    let mut found = HashMap::with_capacity(owners.len());
    if request.after.is_some() {
        // A cursor fits the list of one owner: the others are refused without a query.
        for owner in owners {
            found.insert(owner, list_in::<R>(&tx, owned(&filter, by, Some(owner))?, request.clone()).await);
        }
        return tx.end(found).await;
    }
    let pager = Pager::new(&tx, R::SORTS, &request)?;
    let select = narrowed::<R>(&tx, &scope, &owned(&filter, by, None)?, pager.sort)?;
    let select = select.filter(Expr::col(by).is_in(owners.iter().copied()));
    let counts = pager.count_each(&tx, &select, by).await?;
    let mut rows: HashMap<Uuid, Vec<R::Model>> = HashMap::new();
    let column = by.parse::<<R::Entity as EntityTrait>::Column>().map_err(|_| Error::internal(by))?;
    let page = if wanted { pager.cut_each(select, by).all(&tx.db).await? } else { Vec::new() };
    for model in page {
        if let Value::Uuid(Some(owner)) = model.get(column) {
            rows.entry(owner).or_default().push(model);
        }
    }
    // The lists differ in their owner only.
    let nobody = ctx.new_id();
    let json = serde_json::to_string(&owned(&filter, by, Some(nobody))?).map_err(Error::internal)?;
    for owner in owners {
        let print = pager.print_of(R::KIND.code(), &json.replace(&nobody.to_string(), &owner.to_string()));
        let total_count = counts.as_ref().map(|c| c.get(&owner).copied().unwrap_or(0));
        let rows = rows.remove(&owner).unwrap_or_default();
        found.insert(owner, shown::<R>(&tx, &pager, print, rows, total_count));
    }
    tx.end(found).await
}

/// The filter with this owner, whichever it named before.
pub(super) fn owned<F: Filter>(filter: &F, by: &str, owner: Option<Uuid>) -> Result<F> {
    let mut value = serde_json::to_value(filter).map_err(Error::internal)?;
    value[text::camel(by)] = serde_json::json!(owner);
    serde_json::from_value(value).map_err(Error::internal)
}

/// Whether the caller may ask so; what it looks for is noted.
pub(super) fn allow<R: Resource>(tx: &Tx, filter: &R::Filter, sort: Sort) -> Result<()> {
    let mut personal = filter.personal();
    personal.extend(filter.search().map(|_| ("search".to_owned(), R::SEARCH_TEXT)));
    tx.looked_by(R::KIND, &personal);
    personal.extend(sort.by_search_text().then(|| ("sort".to_owned(), R::SEARCH_TEXT)));
    filter::check_sight(&personal, tx)?;
    filter::check_search(filter.search())
}

/// Leaves out retired records, unless they are wanted, and those that words do not find.
pub(super) fn matching<E: EntityTrait>(filter: &impl Filter, mut select: Select<E>) -> Select<E> {
    if !filter.with_retired() {
        select = select.filter(Expr::col("deleted_at").is_null());
    }
    if let Some(words) = filter.search() {
        select = select.filter(search_condition(words));
    }
    select
}

/// The records that match, as far as the caller may see them and ask so.
fn narrowed<R: Resource>(tx: &Tx, scope: &Scope, filter: &R::Filter, sort: Sort) -> Result<Select<R::Entity>> {
    allow::<R>(tx, filter, sort)?;
    let mut select = matching(filter, R::narrow(filter, tx.select::<R::Entity>(scope), tx.ctx.clock.today()));
    if let Some(value) = filter.external_id() {
        select = select.filter(Expr::col("id").in_subquery(by_key(tx, R::KIND, value)));
    }
    if let Some(part) = filter.partition() {
        select = select.filter(Partition::decode(R::KIND, part)?.condition());
    }
    Ok(select)
}

/// The record that the caller's own system knows by a key.
fn by_key(tx: &Tx, kind: ResourceKind, value: &str) -> SelectStatement {
    Query::select()
        .column(record_key::Column::RecordId)
        .from(record_key::Entity)
        .and_where(record_key::Column::Resource.eq(kind))
        .and_where(record_key::Column::System.eq(tx.system().unwrap_or_default()))
        .and_where(record_key::Column::Value.eq(text::clean(value).unwrap_or_default()))
        .to_owned()
}

/// The page of these rows, as the caller may see it.
fn shown<R: Resource>(
    tx: &Tx,
    pager: &Pager<'_>,
    print: Fingerprint,
    rows: Vec<R::Model>,
    total_count: Option<u64>,
) -> Result<Page<R::Record>> {
    let (sight, vault) = (tx.sight().in_list(), tx.ctx.db.vault());
    let opened = |model: R::Model| Ok((R::Record::split(model.clone()).0, vault.opened::<R::Record>(model)?));
    let rows = rows.into_iter().map(opened).collect::<Result<_>>()?;
    let page = pager.page(print, rows, total_count, |(meta, _)| (pager.sort.value(meta), meta.id))?;
    Ok(page.map(|(_, model)| {
        let mut record = R::Record::from_model(model);
        tx.show::<R>(&mut record, sight);
        record
    }))
}

pub(crate) fn search_condition(words: &str) -> Condition {
    let folded = text::fold(words);
    folded.split(' ').filter(|w| !w.is_empty()).fold(Condition::all(), |all, word| {
        let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        all.add(Expr::col("search_text").like(LikeExpr::new(format!("%{escaped}%")).escape('\\')))
    })
}

/// What stands at the address of a record.
#[derive(Clone, Debug)]
pub enum Found<T> {
    /// The record itself.
    Here(T),
    /// It was merged into this one.
    Merged(Uuid),
}

/// Reads one record, or learns where it went.
pub async fn find<R: Resource>(ctx: &Ctx, id: Uuid) -> Result<Found<R::Record>> {
    if let Some(as_of) = ctx.as_of {
        return Box::pin(past::find::<R>(ctx, as_of, id)).await;
    }
    let tx = ctx.read_once().await?;
    let scope = tx.require(R::READ)?;
    let mut record = R::Record::from_model(load::<R>(&tx, &scope, id, Lock::Free).await?);
    if let Some(into) = R::merged_into(&record) {
        return Ok(Found::Merged(into));
    }
    tx.show::<R>(&mut record, tx.sight());
    tx.end(Found::Here(record)).await
}

/// Reads one record; one that was merged is the one that stays.
pub async fn get<R: Resource>(ctx: &Ctx, mut id: Uuid) -> Result<R::Record> {
    loop {
        match find::<R>(ctx, id).await? {
            Found::Here(record) => return Ok(record),
            Found::Merged(into) => id = into,
        }
    }
}

/// Reads several records at once, for the loaders of GraphQL: the same scope and mask as a list.
pub async fn get_many<R: Resource>(ctx: &Ctx, ids: Vec<Uuid>) -> Result<HashMap<Uuid, R::Record>> {
    if let Some(as_of) = ctx.as_of {
        return Box::pin(past::many::<R>(ctx, as_of, ids)).await;
    }
    let tx = ctx.read_once().await?;
    let scope = tx.require(R::READ)?;
    let models = tx.select::<R::Entity>(&scope).filter(Expr::col("id").is_in(ids)).all(&tx.db).await?;
    let (sight, vault) = (tx.sight().in_list(), ctx.db.vault());
    let shown = models.into_iter().map(|model| {
        let mut record = R::Record::from_model(vault.opened::<R::Record>(model)?);
        tx.show::<R>(&mut record, sight);
        Ok((record.id(), record))
    });
    let shown = shown.collect::<Result<_>>()?;
    tx.end(shown).await
}

/// What others may do with a row until the transaction ends. SQLite has one writer at a time anyway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Lock {
    /// Everything: the row is only looked at.
    Free,
    /// Read and share-lock it, not change it.
    Shared,
    /// Only read its last committed state.
    Exclusive,
}

/// Loads one row in scope.
pub(crate) async fn load<R: Resource>(tx: &Tx, scope: &Scope, id: Uuid, lock: Lock) -> Result<R::Model> {
    if let Some(model) = tx.held::<R>(id, lock) {
        let inside = scope.covers(&R::Record::keys(&model));
        return if inside { Ok(model) } else { Err(Error::not_found()) };
    }
    let select = || tx.select::<R::Entity>(scope).filter(Expr::col("id").eq(id));
    let model = match lock {
        Lock::Free => tx.look::<R>(scope, id).await?,
        Lock::Shared => select().lock_shared().one(&tx.db).await?,
        Lock::Exclusive => select().lock_exclusive().one(&tx.db).await?,
    };
    let model = tx.ctx.db.vault().opened::<R::Record>(model.ok_or_else(Error::not_found)?)?;
    tx.hold::<R>(&model, lock);
    Ok(model)
}
