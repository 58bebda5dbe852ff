//! Lists and reads records: scope first, mask last.

use std::collections::HashMap;

use gdtx_domain::text;
use sea_orm::{
    Condition, ExprTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, LikeExpr},
};
use uuid::Uuid;

use crate::{
    Count, Ctx, Error, Page, PageInfo, PageRequest, Result,
    access::scope::Scope,
    filter::{self, Filter},
    page::{self, Cursor},
    shape::{Meta, Record},
    tx::Tx,
};

use super::{Resource, Sort};

/// Lists records in the caller's reach, one page.
pub async fn list<R: Resource>(ctx: &Ctx, filter: R::Filter, request: PageRequest) -> Result<Page<R::Record>> {
    list_in::<R>(&ctx.read().await?, filter, request).await
}

/// Lists records in a running transaction.
pub(crate) async fn list_in<R: Resource>(tx: &Tx, filter: R::Filter, request: PageRequest) -> Result<Page<R::Record>> {
    let scope = tx.require(R::READ)?;
    let size = page::size(request.first)?;
    let name = request.sort.as_deref().unwrap_or("id");
    let (key, order) = name.strip_prefix('-').map_or((name, Order::Asc), |key| (key, Order::Desc));
    let sort = R::SORTS
        .iter()
        .find(|s| s.name == key)
        .ok_or_else(|| page::unknown_sort(key, &R::SORTS.iter().map(|s| s.name).collect::<Vec<_>>()))?;
    let print = page::fingerprint(R::KIND.code(), &filter, name);
    let mut personal = filter.personal();
    personal.extend(filter.search().map(|_| ("search".to_owned(), R::SEARCH_TEXT)));
    personal.extend((sort.column == Sort::NAME.column).then(|| ("sort".to_owned(), R::SEARCH_TEXT)));
    filter::check_sight(&personal, tx.sight())?;
    filter::check_search(filter.search())?;

    let today = tx.ctx.clock.today();
    let mut select = R::narrow(&filter, tx.select::<R::Entity>(&scope), today);
    if !filter.with_retired() {
        select = select.filter(Expr::col("deleted_at").is_null());
    }
    if let Some(words) = filter.search() {
        select = select.filter(search_condition(words));
    }
    let total_count = match request.count {
        None => None,
        Some(Count::Exact) => Some(select.clone().count(&tx.db).await?),
        Some(Count::Estimated) => Some(select.clone().limit(10_001).count(&tx.db).await?),
    };
    if let Some(text) = request.after.as_deref() {
        select = select.filter(after(sort, &order, &Cursor::decode(&print, text)?)?);
    }
    let mut models = select
        .order_by(Expr::col(sort.column), order.clone())
        .order_by(Expr::col("id"), order)
        .limit(u64::from(size) + 1)
        .all(&tx.db)
        .await?;
    let has_next_page = models.len() > size as usize;
    models.truncate(size as usize);

    let sight = tx.sight();
    let (mut items, mut cursors) = (Vec::with_capacity(models.len()), Vec::with_capacity(models.len()));
    for model in models {
        let (meta, ..) = R::Record::split(model.clone());
        cursors.push(Cursor::encode(&print, sort_value(sort, &meta), meta.id));
        let mut record = R::Record::from_model(model);
        R::show(&mut record, sight, today);
        items.push(record);
    }
    Ok(Page { page_info: PageInfo { end_cursor: cursors.last().cloned(), has_next_page }, items, cursors, total_count })
}

pub(crate) fn search_condition(words: &str) -> Condition {
    let folded = text::fold(words);
    folded.split(' ').filter(|w| !w.is_empty()).fold(Condition::all(), |all, word| {
        let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        all.add(Expr::col("search_text").like(LikeExpr::new(format!("%{escaped}%")).escape('\\')))
    })
}

fn sort_value(sort: &Sort, meta: &Meta) -> String {
    match sort.column {
        "search_text" => meta.search_text.clone(),
        "created_at" => meta.created_at.to_rfc3339(),
        "updated_at" => meta.updated_at.to_rfc3339(),
        _ => String::new(),
    }
}

/// The row-value comparison that both databases answer from an index.
pub(crate) fn after(sort: &Sort, order: &Order, cursor: &Cursor) -> Result<sea_orm::sea_query::Expr> {
    let id = || Expr::val(cursor.i);
    let (left, right) = if sort.column == "id" {
        (Expr::tuple([Expr::col("id")]), Expr::tuple([id()]))
    } else {
        let value = if sort.instant {
            let instant: chrono::DateTime<chrono::Utc> =
                cursor.k.parse().map_err(|_| page::unknown_sort(&cursor.k, &["a cursor of this list"]))?;
            Expr::val(instant)
        } else {
            Expr::val(cursor.k.clone())
        };
        (Expr::tuple([Expr::col(sort.column), Expr::col("id")]), Expr::tuple([value, id()]))
    };
    Ok(if *order == Order::Desc { left.lt(right) } else { left.gt(right) })
}

/// Reads one record.
pub async fn get<R: Resource>(ctx: &Ctx, id: Uuid) -> Result<R::Record> {
    let tx = ctx.read().await?;
    let scope = tx.require(R::READ)?;
    let mut record = R::Record::from_model(load::<R>(&tx, &scope, id, false).await?);
    R::show(&mut record, tx.sight(), ctx.clock.today());
    Ok(record)
}

/// Reads several records at once, for the loaders of GraphQL: the same scope and the same mask.
pub async fn get_many<R: Resource>(ctx: &Ctx, ids: Vec<Uuid>) -> Result<HashMap<Uuid, R::Record>> {
    let tx = ctx.read().await?;
    let scope = tx.require(R::READ)?;
    let models = tx.select::<R::Entity>(&scope).filter(Expr::col("id").is_in(ids)).all(&tx.db).await?;
    let sight = tx.sight();
    Ok(models
        .into_iter()
        .map(|model| {
            let mut record = R::Record::from_model(model);
            R::show(&mut record, sight, ctx.clock.today());
            (record.id(), record)
        })
        .collect())
}

/// Loads one row in scope; with a lock when it is to be changed.
pub(crate) async fn load<R: Resource>(tx: &Tx, scope: &Scope, id: Uuid, lock: bool) -> Result<R::Model> {
    let mut select: Select<R::Entity> = tx.select::<R::Entity>(scope).filter(Expr::col("id").eq(id));
    if lock {
        select = select.lock_exclusive();
    }
    select.one(&tx.db).await?.ok_or_else(Error::not_found)
}
