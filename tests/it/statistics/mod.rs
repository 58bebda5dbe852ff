//! Figures: counted from the journal, exactly once, and shown to each as the law allows.

mod boundaries;
mod counting;
mod cuts;
mod days;
mod entries;
mod erasure;
mod indicators;
mod lineage;
mod portal;
mod positions;
mod protection;
mod pxweb;
mod queries;
mod release_news;
mod releases;
mod reports;
mod spread;
mod wire;
mod writes;

use std::{
    collections::BTreeMap,
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
};

use chrono::{DateTime, Utc};
use gdtx_api::demo::{self, Plan};
use gdtx_domain::{
    Lang,
    statistics::{data_set, dimension::Dimension},
};
use gdtx_service::{
    Actor, Clock, Ctx,
    statistics::{self, StatisticsAnswer, StatisticsCondition, StatisticsQuery},
};
use sea_orm::{ConnectionTrait, QueryResult, Statement};

use crate::support::{Client, Service};

/// A dice that always falls the same way.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % sides
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.roll(of.len())]
    }
}

/// Runs a future for so many steps and drops it wherever it stands then; its output if it had come to its end.
async fn cut<T>(steps: usize, future: impl Future<Output = T>) -> Option<T> {
    let (mut future, mut left) = (pin!(future), steps);
    poll_fn(|context| {
        let Some(rest) = left.checked_sub(1) else { return Poll::Ready(None) };
        left = rest;
        future.as_mut().poll(context).map(Some)
    })
    .await
}

/// Fills the service with the invented records of a small province, and counts them.
async fn filled(s: &Service) {
    let plan = Plan { province: "46".to_owned(), year: 2025, seed: 7, scale: 1, national: false, beside: false };
    demo::fill(&s.db, &plan, |_| {}).await.expect("a filled database");
    s.counted().await;
}

/// The context of a client; of nobody in particular without one.
fn asking(s: &Service, client: Option<&Client>) -> Ctx {
    let actor = client.map_or(Actor::Public, |client| Actor::Client {
        id: client.id.expect("a client"),
        token_id: String::new(),
        until: DateTime::<Utc>::MAX_UTC,
    });
    Ctx::new(s.db.clone(), actor, Clock::System, Lang::En, "story".to_owned())
}

/// A condition that a dimension has one of these members.
fn is(dimension: Dimension, members: &[&str]) -> StatisticsCondition {
    let members = members.iter().map(|member| (*member).to_owned()).collect();
    StatisticsCondition::of(dimension, members)
}

fn by(groups: &[Dimension]) -> StatisticsQuery {
    StatisticsQuery { group_by: groups.to_vec(), ..StatisticsQuery::default() }
}

fn by_where(groups: &[Dimension], filter: StatisticsCondition) -> StatisticsQuery {
    StatisticsQuery { filter: Some(filter), ..by(groups) }
}

async fn ask(s: &Service, set: &str, query: &StatisticsQuery) -> StatisticsAnswer {
    let ministry =
        s.client("ministry", gdtx_domain::access::reach::Reach { country: true, ..Default::default() }).await;
    answer(&asking(s, Some(&ministry)), set, query).await.expect("an answer")
}

/// What a context is answered.
async fn answer(ctx: &Ctx, set: &str, query: &StatisticsQuery) -> gdtx_service::Result<StatisticsAnswer> {
    Ok(statistics::ask(ctx, set, query.clone(), |_| false).await?.expect("an answer"))
}

/// The dimensions of a data set that figures do not add up over, and others.
fn with_needed(set: &str, others: &[Dimension]) -> Vec<Dimension> {
    let set = data_set::find(set).expect("a data set");
    let needed = set.dimensions.iter().filter(|dimension| !dimension.adds_up() && !others.contains(dimension));
    needed.chain(others).copied().collect()
}

/// The first figures by the member of the last dimension, over all others.
fn by_last(answer: &StatisticsAnswer) -> BTreeMap<String, i64> {
    let mut sums = BTreeMap::new();
    for row in &answer.rows {
        *sums.entry(row.members.last().cloned().unwrap_or_default()).or_default() += row.values[0];
    }
    sums.retain(|_, sum| *sum != 0);
    sums
}

/// The first figure of each row, by its members; rows of zero are none.
fn figures(answer: &StatisticsAnswer) -> BTreeMap<String, i64> {
    let rows = answer.rows.iter().filter(|row| row.values[0] != 0);
    rows.map(|row| (row.members.join(","), row.values[0])).collect()
}

/// The cells that are shown, straight from the table.
async fn cells(s: &Service) -> BTreeMap<(String, String), [i64; 3]> {
    let sql = "SELECT data_set, key, first, second, third FROM statistics_cell \
        WHERE (first <> 0 OR second <> 0 OR third <> 0) AND generation = \
        (SELECT generation FROM statistics_count WHERE is_shown = TRUE)";
    let cell = |row: &QueryResult| {
        let text = |at: usize| row.try_get_by_index::<String>(at).expect("a text");
        ((text(0), text(1)), [2, 3, 4].map(|at| row.try_get_by_index::<i64>(at).expect("a number")))
    };
    rows(s, sql).await.iter().map(cell).collect()
}

/// What plain SQL counts, by the text that it selects first.
pub async fn counted_by(s: &Service, sql: &str) -> BTreeMap<String, i64> {
    let count = |row: &QueryResult| {
        (row.try_get_by_index::<String>(0).expect("a text"), row.try_get_by_index::<i64>(1).expect("a number"))
    };
    rows(s, sql).await.iter().map(count).collect()
}

/// Counts the whole journal anew.
async fn rebuilt(s: &Service) {
    let db = s.system().database().clone();
    statistics::rebuild(&db, Clock::System).await.expect("cells made anew");
}

async fn rows(s: &Service, sql: &str) -> Vec<QueryResult> {
    let tables = s.tables().await;
    let rows = tables.query_all_raw(Statement::from_string(tables.get_database_backend(), sql)).await.expect("rows");
    tables.close().await.expect("a closed connection");
    rows
}
