//! Figures: counted from the journal, exactly once, and shown to each as the law allows.

mod counting;
mod protection;
mod queries;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use gdtx_domain::{Lang, statistics::dimension::Dimension};
use gdtx_service::{
    Actor, Clock, Ctx,
    statistics::{self, StatisticsAnswer, StatisticsCondition, StatisticsQuery},
};
use sea_orm::{ConnectionTrait, Statement};

use crate::support::{Client, Service};

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
    StatisticsCondition { dimension: Some(dimension), members, ..StatisticsCondition::default() }
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
    statistics::ask(&asking(s, Some(&ministry)), set, query).await.expect("an answer")
}

/// The first figure of each row, by its members; rows of zero are none.
fn figures(answer: &StatisticsAnswer) -> BTreeMap<String, i64> {
    let rows = answer.rows.iter().filter(|row| row.values[0] != 0);
    rows.map(|row| (row.members.join(","), row.values[0])).collect()
}

/// The cells that are shown, straight from the table.
async fn cells(s: &Service) -> BTreeMap<(String, String), i64> {
    let sql = "SELECT data_set, key, value FROM statistics_cell WHERE value <> 0 AND generation = \
        (SELECT generation FROM statistics_count WHERE is_shown = TRUE)";
    let tables = s.tables().await;
    let rows = tables.query_all_raw(Statement::from_string(tables.get_database_backend(), sql)).await.expect("cells");
    let cell = |row: &sea_orm::QueryResult| {
        let text = |name: &str| row.try_get::<String>("", name).expect("a text");
        ((text("data_set"), text("key")), row.try_get::<i64>("", "value").expect("a number"))
    };
    let cells = rows.iter().map(cell).collect();
    tables.close().await.expect("a closed connection");
    cells
}

/// What plain SQL counts, by the text that it selects first.
async fn counted_by(s: &Service, sql: &str) -> BTreeMap<String, i64> {
    let tables = s.tables().await;
    let rows = tables.query_all_raw(Statement::from_string(tables.get_database_backend(), sql)).await.expect("rows");
    let counts = rows.iter().map(|row| {
        (row.try_get_by_index::<String>(0).expect("a text"), row.try_get_by_index::<i64>(1).expect("a number"))
    });
    let counts = counts.collect();
    tables.close().await.expect("a closed connection");
    counts
}
