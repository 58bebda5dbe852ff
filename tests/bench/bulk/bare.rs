//! The bare insert: the rows that an import has just made, into a table without a service.

use std::time::Instant;

use gdtx_domain::learners::learner;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, EntityTrait, IntoActiveModel, QueryOrder, QuerySelect, QueryTrait,
    Statement,
};

use crate::floor;

/// Rows in a statement, whose values SQLite limits to 32,766.
const ROWS: usize = 250;

pub async fn connect(url: &str) -> DatabaseConnection {
    floor::connect(url, 1).await.expect("a connection")
}

/// Rows a second of a multi-row insert of the newest learners, with the indexes of the table.
#[expect(clippy::disallowed_methods, reason = "the floor asks nobody")]
pub async fn insert_learners(db: &DatabaseConnection, count: usize) -> f64 {
    let backend = db.get_database_backend();
    make_table(db).await;
    let newest = learner::Entity::find().order_by_desc(learner::Column::Id).limit(count as u64);
    let rows = newest.all(db).await.expect("the rows that were imported");
    assert_eq!(rows.len(), count);
    let statements: Vec<Statement> = rows
        .chunks(ROWS)
        .map(|rows| {
            let mut statement =
                learner::Entity::insert_many(rows.iter().cloned().map(IntoActiveModel::into_active_model))
                    .build(backend);
            statement.sql = statement.sql.replacen("INTO \"learner\"", "INTO \"bare_learner\"", 1);
            statement
        })
        .collect();
    let begun = Instant::now();
    for statement in statements {
        db.execute_raw(statement).await.expect("rows of the floor");
    }
    let floor = count as f64 / begun.elapsed().as_secs_f64();
    db.execute_unprepared("DROP TABLE bare_learner").await.expect("no table of the floor");
    floor
}

/// An empty table like that of learners, with its indexes.
async fn make_table(db: &DatabaseConnection) {
    let backend = db.get_database_backend();
    let mut statements = vec!["DROP TABLE IF EXISTS bare_learner".to_owned()];
    if backend == DbBackend::Postgres {
        statements.push("CREATE TABLE bare_learner (LIKE learner INCLUDING ALL)".to_owned());
    } else {
        let told =
            "SELECT sql AS v FROM sqlite_master WHERE tbl_name = 'learner' AND sql IS NOT NULL ORDER BY type DESC";
        let found = db.query_all_raw(Statement::from_string(backend, told)).await.expect("the table of learners");
        let of = |sql: String| {
            let (head, tail) = sql.split_once('(').expect("columns");
            format!("{}({tail}", head.replace("\"learner\"", "\"bare_learner\"").replace("INDEX \"", "INDEX \"bare_"))
        };
        statements.extend(found.iter().map(|row| of(row.try_get("", "v").expect("a text"))));
    }
    for statement in statements {
        db.execute_unprepared(&statement).await.expect("a table for the floor");
    }
}
