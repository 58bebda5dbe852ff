//! Pages of a table by key: one way to count, to begin after a cursor and to end with one.
//!
//! A cursor stands in addresses, and so in the logs of those between: what it holds of a record, a
//! name perhaps, is sealed. Nobody can make one that the service did not give.

use std::collections::HashMap;

use sea_orm::{
    EntityTrait, ExprTrait, FromQueryResult, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    Select,
    sea_query::{Expr, Func, Query, WindowStatement},
};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    Count, Page, PageInfo, PageRequest, Result,
    page::{self, Cursor, Fingerprint},
    shape::Meta,
    tx::Tx,
    vault::Vault,
};

/// Where an estimated count stops.
const ENOUGH: u64 = 10_001;

/// One sort key.
#[derive(Clone, Copy, Debug)]
pub struct Sort {
    pub name: &'static str,
    pub column: &'static str,
    /// Whether the column holds an instant (bound as such in cursors).
    pub instant: bool,
}

impl Sort {
    pub const ID: Self = Self { name: "id", column: "id", instant: false };
    pub const NAME: Self = Self { name: "name", column: "search_text", instant: false };
    pub const CREATED_AT: Self = Self { name: "createdAt", column: "created_at", instant: true };
    pub const UPDATED_AT: Self = Self { name: "updatedAt", column: "updated_at", instant: true };

    /// Whether the order tells what stands in the search text.
    pub(crate) fn by_search_text(self) -> bool {
        self.column == Self::NAME.column
    }

    /// What a cursor keeps of a record beside its id.
    pub(crate) fn value(self, meta: &Meta) -> String {
        match self.column {
            "search_text" => meta.search_text.clone(),
            "created_at" => meta.created_at.to_rfc3339(),
            "updated_at" => meta.updated_at.to_rfc3339(),
            _ => String::new(),
        }
    }
}

/// A page that was asked for, checked.
pub(crate) struct Pager<'a> {
    pub sort: Sort,
    order: Order,
    size: u64,
    /// The order as the wire names it.
    name: &'a str,
    request: &'a PageRequest,
    vault: &'a Vault,
}

impl<'a> Pager<'a> {
    /// A page of a list with these sort keys; the first serves unless another is asked for.
    pub fn new(tx: &'a Tx, sorts: &[Sort], request: &'a PageRequest) -> Result<Self> {
        let size = page::size(request.first)?.into();
        let name = request.sort.as_deref().unwrap_or_else(|| sorts.first().map_or(Sort::ID.name, |s| s.name));
        let (key, order) = name.strip_prefix('-').map_or((name, Order::Asc), |key| (key, Order::Desc));
        let Some(sort) = sorts.iter().find(|s| s.name == key) else {
            return Err(page::unknown_sort(key, &sorts.iter().map(|s| s.name).collect::<Vec<_>>()));
        };
        Ok(Self { sort: *sort, order, size, name, request, vault: tx.ctx.db.vault() })
    }

    /// What a cursor of this list is known by.
    pub fn print(&self, list: &str, filter: &impl Serialize) -> Fingerprint {
        page::fingerprint(list, filter, self.name)
    }

    /// The same for a filter as its JSON.
    pub fn print_of(&self, list: &str, json: &str) -> Fingerprint {
        page::fingerprint_of(list, json, self.name)
    }

    /// All that match, when that is asked for.
    pub async fn count<E>(&self, tx: &Tx, select: &Select<E>) -> Result<Option<u64>>
    where
        E: EntityTrait<Model: FromQueryResult + Send + Sync>,
    {
        Ok(match self.request.count {
            None => None,
            Some(Count::Exact) => Some(select.clone().count(&tx.db).await?),
            Some(Count::Estimated) => Some(select.clone().limit(ENOUGH).count(&tx.db).await?),
        })
    }

    /// How many of all that match are counted at most, when they are.
    pub fn counted(&self) -> Option<u64> {
        self.request.count.map(|count| if count == Count::Exact { i64::MAX.unsigned_abs() } else { ENOUGH })
    }

    /// The rows of the page, and one more where the list goes on.
    pub fn cut<E: EntityTrait>(&self, select: Select<E>, print: Fingerprint) -> Result<Select<E>> {
        self.cut_after(select, self.begin(print)?)
    }

    /// What the cursor keeps of the record after which the page begins, and the id of that record.
    pub fn begin(&self, print: Fingerprint) -> Result<Option<(String, Uuid)>> {
        let Some(text) = self.request.after.as_deref() else { return Ok(None) };
        let cursor = Cursor::decode(print, text)?;
        let value = self.vault.open_cursor(&print, cursor.i, cursor.k).ok_or_else(page::unreadable)?;
        Ok(Some((value, cursor.i)))
    }

    /// The same as [`Self::cut`] for what was read of a cursor.
    pub fn cut_after<E: EntityTrait>(&self, mut select: Select<E>, begin: Option<(String, Uuid)>) -> Result<Select<E>> {
        if let Some((value, id)) = begin {
            select = select.filter(after(self.sort, &self.order, value, id)?);
        }
        Ok(self.ordered(select).limit(self.size + 1))
    }

    /// The page made of these rows; `key` tells what a cursor keeps of one.
    pub fn page<M>(
        &self,
        print: Fingerprint,
        mut rows: Vec<M>,
        total_count: Option<u64>,
        key: impl Fn(&M) -> (String, Uuid),
    ) -> Result<Page<M>> {
        let has_next_page = rows.len() as u64 > self.size;
        rows.truncate(usize::try_from(self.size).unwrap_or(usize::MAX));
        let cursor = |row: &M| {
            let (value, id) = key(row);
            Ok(Cursor::encode(print, &self.vault.seal_cursor(&print, id, value)?, id))
        };
        let cursors = rows.iter().map(cursor).collect::<Result<Vec<_>>>()?;
        Ok(Page { page_info: PageInfo::of(&cursors, self.request, has_next_page), items: rows, cursors, total_count })
    }

    /// All that match for each value of a column, when that is asked for.
    pub async fn count_each<E: EntityTrait>(
        &self,
        tx: &Tx,
        select: &Select<E>,
        by: &'static str,
    ) -> Result<Option<HashMap<Uuid, u64>>> {
        let Some(count) = self.request.count else { return Ok(None) };
        let rows: Vec<(Uuid, i64)> = select
            .clone()
            .select_only()
            .expr_as(Expr::col(by), "owner")
            .expr_as(Func::count(Expr::col("id")), "found")
            .group_by(Expr::col(by))
            .into_tuple()
            .all(&tx.db)
            .await?;
        let most = if count == Count::Exact { u64::MAX } else { ENOUGH };
        Ok(Some(rows.into_iter().map(|(owner, found)| (owner, Ord::min(found.unsigned_abs(), most))).collect()))
    }

    /// The rows of the first page for each value of a column, and one more where that list goes on.
    pub fn cut_each<E: EntityTrait>(&self, select: Select<E>, by: &'static str) -> Select<E> {
        let mut window = WindowStatement::partition_by(by);
        window.order_by(self.sort.column, self.order.clone()).order_by("id", self.order.clone());
        let mut placed = select.clone().select_only().expr_as(Expr::col("id"), "id").into_query();
        placed.expr_window_as(Func::cust("ROW_NUMBER"), window, "place");
        let first = Query::select()
            .column("id")
            .from_subquery(placed, "placed")
            .and_where(Expr::col("place").lte(self.size + 1))
            .to_owned();
        self.ordered(select.filter(Expr::col("id").in_subquery(first)))
    }

    fn ordered<E: EntityTrait>(&self, select: Select<E>) -> Select<E> {
        select.order_by(Expr::col(self.sort.column), self.order.clone()).order_by(Expr::col("id"), self.order.clone())
    }
}

/// The row-value comparison that both databases answer from an index.
fn after(sort: Sort, order: &Order, value: String, id: Uuid) -> Result<Expr> {
    let id = || Expr::val(id);
    let (left, right) = if sort.column == "id" {
        (Expr::tuple([Expr::col("id")]), Expr::tuple([id()]))
    } else {
        let value = if sort.instant {
            Expr::val(value.parse::<chrono::DateTime<chrono::Utc>>().map_err(|_| page::unreadable())?)
        } else {
            Expr::val(value)
        };
        (Expr::tuple([Expr::col(sort.column), Expr::col("id")]), Expr::tuple([value, id()]))
    };
    Ok(if *order == Order::Desc { left.lt(right) } else { left.gt(right) })
}
