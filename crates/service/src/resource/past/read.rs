//! Lists and reads records as they were: the same filters, masks and traces as for the present.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use sea_orm::{
    ConnectionTrait, ExprTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, Func, Query, SelectStatement},
};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    moment::{AsOf, Moment},
    select::{self, Row},
};
use crate::{
    Code, Ctx, Error, Page, PageRequest, Result,
    access::scope::{Scope, Sight},
    exchange::{
        image::{self, Today},
        sequencer,
    },
    filter::Filter,
    pager::{Pager, Sort},
    resource::{
        Found, Resource,
        read::{allow, matching, owned},
    },
    shape::Record,
    tx::Tx,
    vault::revealed,
};

/// A read of the past that has begun.
struct Past {
    tx: Tx,
    scope: Scope,
    moment: Moment,
    as_of: AsOf,
}

impl Past {
    async fn open<R: Resource>(ctx: &Ctx, as_of: AsOf) -> Result<Self> {
        let mut ctx = ctx.at(None);
        // Two pages of an instant may be read of two replicas: both must have come so far.
        let least = match as_of {
            AsOf::Position(_) => None,
            AsOf::Instant(_) => sequencer::settle(&ctx.db).await?,
            AsOf::Settled(_, last) => Some(last),
        };
        if ctx.db.replicas().is_any() {
            ctx.min_position = Ord::max(ctx.min_position, least);
        }
        let mut tx = ctx.read().await?;
        let scope = tx.require(R::READ)?;
        let mut moment = Moment::find(&tx, as_of).await;
        if moment.is_err() && ctx.db.replicas().is_any() {
            // The replica may not have come so far.
            tx = ctx.read_primary().await?;
            moment = Moment::find(&tx, as_of).await;
        }
        Ok(Self { scope, moment: moment?, as_of, tx })
    }

    /// The records that match, as far as the caller may see them and ask so.
    fn narrowed<R: Resource>(&self, filter: &R::Filter, sort: Sort) -> Result<Select<R::Entity>> {
        allow::<R>(&self.tx, filter, sort)?;
        check_open::<R>(filter, sort)?;
        let select = matching(filter, R::narrow(filter, self.any::<R>(), self.moment.day));
        Ok(match filter.external_id() {
            None => select,
            Some(value) => select.filter(self.tx.key_in_image(value)),
        })
    }

    /// A select that is about to be moved into the past; the scope comes with that.
    fn any<R: Resource>(&self) -> Select<R::Entity> {
        self.tx.select::<R::Entity>(&self.tx.existence(R::READ))
    }

    fn at<R: Resource>(&self, select: Select<R::Entity>) -> SelectStatement {
        self.at_moment::<R>(self.moment, select)
    }

    fn at_moment<R: Resource>(&self, moment: Moment, select: Select<R::Entity>) -> SelectStatement {
        select::at::<R>(&self.tx, &self.scope, moment, select)
    }

    async fn rows(&self, statement: &SelectStatement) -> Result<Vec<Row>> {
        let statement = self.tx.db.get_database_backend().build(statement);
        Ok(Row::find_by_statement(statement).all(&self.tx.db).await?)
    }

    /// The records of rows as the caller may see them, with a sight that lists or single records have.
    async fn shown<R: Resource>(&self, rows: Vec<Row>, sight: Sight) -> Result<Vec<(Row, R::Record)>> {
        let ids = if R::Record::SEALED { rows.iter().map(|row| row.id).collect() } else { BTreeSet::new() };
        let today = image::today_of(&self.tx, R::KIND, ids).await?;
        let open = |row: Row| {
            let image = row.after_image.as_deref().unwrap_or("null");
            let today = today.get(&row.id);
            let mut record = revealed(Today::key(today), row.id, row.version, image)?;
            R::show(&mut record, Today::sight(today, sight), self.moment.day);
            Ok((row, record))
        };
        rows.into_iter().map(open).collect()
    }

    /// A record that the answer shows.
    fn noted<R: Resource>(&self, record: R::Record) -> R::Record {
        self.tx.note::<R>(&record);
        record
    }

    async fn count(&self, pager: &Pager<'_>, mut statement: SelectStatement) -> Result<Option<u64>> {
        let Some(most) = pager.counted() else { return Ok(None) };
        let all = statement.limit(most).to_owned();
        let count = Query::select().expr_as(Func::count(Expr::col("id")), "found").from_subquery(all, "all").to_owned();
        let found = self.tx.db.query_one(&count).await?;
        let found: i64 = found.ok_or_else(|| Error::internal("no count"))?.try_get("", "found")?;
        Ok(Some(found.unsigned_abs()))
    }

    async fn list<R: Resource>(&self, filter: &R::Filter, request: &PageRequest) -> Result<Page<R::Record>> {
        let pager = Pager::new(&self.tx, R::SORTS, request)?;
        let json = serde_json::to_string(filter).map_err(Error::internal)?;
        let print = pager.print_of(R::KIND.code(), &format!("{json}@{}", self.as_of));
        let select = self.narrowed::<R>(filter, pager.sort)?;
        let (moment, begin) = match pager.begin(print)? {
            None => (self.moment, None),
            Some((kept, id)) => {
                let (moment, value) = self.moment.of(kept)?;
                (moment, Some((value, id)))
            }
        };
        let page = self.at_moment::<R>(moment, pager.cut_after(select.clone(), begin)?);
        let total_count = self.count(&pager, self.at_moment::<R>(moment, select)).await?;
        let rows = self.shown::<R>(self.rows(&page).await?, self.tx.sight().in_list()).await?;
        let sorted = |row: &Row| Ok::<_, Error>(moment.kept(sorted_by(pager.sort, row)?));
        let rows = rows.into_iter().map(|(row, record)| Ok((sorted(&row)?, row.id, record)));
        let page = pager.page(print, rows.collect::<Result<_>>()?, total_count, |row| (row.0.clone(), row.1))?;
        Ok(page.map(|(.., record)| self.noted::<R>(record)))
    }
}

/// Lists records as they were, one page.
pub(crate) async fn list<R: Resource>(
    ctx: &Ctx,
    as_of: AsOf,
    filter: &R::Filter,
    request: &PageRequest,
) -> Result<Page<R::Record>> {
    let past = Past::open::<R>(ctx, as_of).await?;
    let page = past.list::<R>(filter, request).await?;
    past.tx.end(page).await
}

/// Lists the records of several owners as they were, a page for each.
pub(crate) async fn list_of<R: Resource>(
    ctx: &Ctx,
    as_of: AsOf,
    (by, owners): (&str, Vec<Uuid>),
    filter: &R::Filter,
    request: &PageRequest,
) -> Result<HashMap<Uuid, Result<Page<R::Record>>>> {
    let past = Past::open::<R>(ctx, as_of).await?;
    let mut found = HashMap::with_capacity(owners.len());
    for owner in owners {
        found.insert(owner, past.list::<R>(&owned(filter, by, Some(owner))?, request).await);
    }
    past.tx.end(found).await
}

/// The records of a list after one of them as they were, in the order of their ids.
pub(crate) async fn run<R: Resource>(
    ctx: &Ctx,
    as_of: AsOf,
    filter: &R::Filter,
    (after, most): (Option<Uuid>, u64),
) -> Result<Vec<R::Record>> {
    let past = Past::open::<R>(ctx, as_of).await?;
    let mut select = past.narrowed::<R>(filter, Sort::ID)?;
    if let Some(after) = after {
        select = select.filter(Expr::col("id").gt(after));
    }
    let rows = past.rows(&past.at::<R>(select.order_by_asc(Expr::col("id")).limit(most))).await?;
    let rows = past.shown::<R>(rows, past.tx.sight().in_list()).await?;
    let records = rows.into_iter().map(|(_, record)| past.noted::<R>(record)).collect();
    past.tx.end(records).await
}

/// Reads one record as it was, or learns where it had gone.
pub(crate) async fn find<R: Resource>(ctx: &Ctx, as_of: AsOf, id: Uuid) -> Result<Found<R::Record>> {
    let past = Past::open::<R>(ctx, as_of).await?;
    let rows = past.rows(&past.at::<R>(past.any::<R>().filter(Expr::col("id").eq(id)))).await?;
    let (_, record) = past.shown::<R>(rows, past.tx.sight()).await?.pop().ok_or_else(Error::not_found)?;
    if let Some(into) = R::merged_into(&record) {
        return Ok(Found::Merged(into));
    }
    let record = past.noted::<R>(record);
    past.tx.end(Found::Here(record)).await
}

/// Reads several records as they were.
pub(crate) async fn many<R: Resource>(ctx: &Ctx, as_of: AsOf, ids: Vec<Uuid>) -> Result<HashMap<Uuid, R::Record>> {
    let past = Past::open::<R>(ctx, as_of).await?;
    let rows = past.rows(&past.at::<R>(past.any::<R>().filter(Expr::col("id").is_in(ids)))).await?;
    let rows = past.shown::<R>(rows, past.tx.sight().in_list()).await?;
    let shown = rows.into_iter().map(|(row, record)| (row.id, past.noted::<R>(record))).collect();
    past.tx.end(shown).await
}

/// Refuses parts of a full copy, and what the journal holds sealed: nobody compares it there.
fn check_open<R: Resource>(filter: &R::Filter, sort: Sort) -> Result<()> {
    if filter.partition().is_some() {
        let (vi, en) = (
            "Phần của bản sao đầy đủ là của hiện tại; hãy bỏ asOf.",
            "Parts of a full copy are of the present: leave out asOf.",
        );
        return Err(Error::field(Code::InvalidParameter, "partition", "not_of_the_past", vi, en));
    }
    if !R::Record::SEALED {
        return Ok(());
    }
    let mut sealed: Vec<String> = filter.personal().into_iter().map(|(name, _)| name).collect();
    if R::SEARCH_TEXT.is_personal() {
        sealed.extend(filter.search().map(|_| "search".to_owned()));
        sealed.extend(sort.by_search_text().then(|| "sort".to_owned()));
    }
    match sealed.first() {
        None => Ok(()),
        Some(parameter) => Err(Error::field(
            Code::InvalidParameter,
            parameter,
            "not_of_the_past",
            "Nhật ký giữ dữ liệu cá nhân của học viên, của kết quả học tập và nhân sự ở dạng mã hóa, nên không lọc, tìm hay sắp xếp quá khứ theo dữ liệu đó; hãy bỏ asOf hoặc tham số này.",
            "The journal keeps personal data of learners, results and staff encrypted, so nobody filters, searches or sorts the past by them: leave out asOf or this parameter.",
        )),
    }
}

/// The instants of a record.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Times {
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// What a cursor keeps of a record beside its id.
fn sorted_by(sort: Sort, row: &Row) -> Result<String> {
    if sort.by_search_text() {
        return Ok(row.search_text.clone().unwrap_or_default());
    }
    let times: Times = serde_json::from_str(row.after_image.as_deref().unwrap_or_default()).map_err(Error::internal)?;
    Ok(match sort.column {
        "created_at" => times.created_at.to_rfc3339(),
        "updated_at" => times.updated_at.to_rfc3339(),
        _ => String::new(),
    })
}
