//! Reads releases and answers queries on them: the same figures as long as they are kept.

use gdtx_domain::statistics::release::{Column, Entity, Model, number};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::{
    super::{
        answer::StatisticsAnswer,
        ask::{answered, aside, reach, version},
        query::{StatisticsQuery, known, no_such_data_set},
    },
    kept,
    parts::declared,
    shape::StatisticsRelease,
};
use crate::{
    Clock, Code, Ctx, Error, Page, PageRequest, Record, Result,
    access::policy::Permission,
    pager::{Pager, Sort},
    tx::Tx,
};

/// What stands for the number of the newest release.
pub const LATEST: &str = "latest";

/// Lists the releases of a data set, the newest first. Needs no token.
///
/// # Errors
/// `not_found` for a data set that is none.
pub async fn list(ctx: &Ctx, id: &str, request: &PageRequest) -> Result<Page<StatisticsRelease>> {
    let request = PageRequest { sort: Some(format!("-{}", Sort::ID.name)), ..request.clone() };
    let tx = ctx.read_once().await?;
    let pager = Pager::new(&tx, &[Sort::ID], &request)?;
    let print = pager.print("statistics_releases", &id);
    let rows = pager.cut(of(&tx, id)?, print)?.all(&tx.db).await?;
    if rows.is_empty() {
        known(id)?;
    }
    let page = pager.page(print, rows, None, |row| (String::new(), row.id))?.map(StatisticsRelease::from_model);
    tx.end(page).await
}

/// The newest releases of all data sets. Needs no token.
pub async fn newest(ctx: &Ctx, most: u64) -> Result<Vec<StatisticsRelease>> {
    let tx = ctx.read_once().await?;
    let select = public(&tx).order_by_desc(Column::Id).limit(most);
    let rows = select.all(&tx.db).await?;
    tx.end(rows.into_iter().map(StatisticsRelease::from_model).collect()).await
}

/// Reads a release; the newest for [`LATEST`]. Needs no token.
///
/// # Errors
/// `not_found` for a release that is none.
pub async fn get(ctx: &Ctx, id: &str, release: &str) -> Result<StatisticsRelease> {
    let tx = ctx.read_once().await?;
    let found = find(&tx, id, release).await?;
    tx.end(StatisticsRelease::from_model(found)).await
}

/// Answers a query on a release; none when the caller has this version of the answer. What is rounded is rounded as
/// it is in the figures of today, and `latest` and the names of members are those of the day of the release.
///
/// # Errors
/// `not_found` for a release that is none, and those of a query on the figures of today.
pub async fn ask(
    ctx: &Ctx,
    (id, release): (&str, &str),
    query: StatisticsQuery,
    has: impl FnOnce(&str) -> bool,
) -> Result<Option<StatisticsAnswer>> {
    let tx = ctx.read_once().await?;
    let found = find(&tx, id, release).await?;
    let set = declared(&found.definition)?;
    let reach = reach(&tx, set, |dimension| query.names(dimension));
    if has(&version(&format!("{id}@{}", found.release), &reach)) {
        return tx.end(None).await;
    }
    tx.end(()).await?;
    let cube = kept::cube(ctx, &found).await?;
    let told = (ctx.lang, Clock::Fixed(found.created_at).today());
    aside(move || answered(set, &query, reach, &cube, told)).await.map(Some)
}

/// Every release: they are made for everybody.
fn public(tx: &Tx) -> Select<Entity> {
    tx.select::<Entity>(&tx.existence(Permission::ReleaseRead))
}

/// The releases of a data set.
fn of(tx: &Tx, id: &str) -> Result<Select<Entity>> {
    // What no data set is called is not looked for.
    if !id.bytes().all(|letter| letter.is_ascii_lowercase() || letter == b'_') {
        return Err(no_such_data_set());
    }
    Ok(public(tx).filter(Column::DataSet.eq(id)))
}

/// The newest release of a data set, if there is one.
pub(super) async fn last(tx: &Tx, id: &str) -> Result<Option<Model>> {
    Ok(of(tx, id)?.order_by_desc(Column::Ordinal).limit(1).one(&tx.db).await?)
}

/// The release of a number.
pub(super) async fn find(tx: &Tx, id: &str, release: &str) -> Result<Model> {
    let found = if release == LATEST {
        last(tx, id).await?
    } else {
        let number = number(release).ok_or_else(no_such_release)?;
        of(tx, id)?.filter(Column::Release.eq(number.to_string())).one(&tx.db).await?
    };
    found.ok_or_else(no_such_release)
}

fn no_such_release() -> Error {
    Error::new(
        Code::NotFound,
        "Bộ dữ liệu không có bản phát hành này; danh sách ở /v1/statistics/datasets/{id}/releases.",
        "The data set has no such release: /v1/statistics/datasets/{id}/releases lists those that it has.",
    )
}
