//! Statistics: how far the journal is counted, what is known of each record there, and the cells.

use sea_orm_migration::prelude::*;

use crate::column::{big, code, day_opt, flag, id, id_opt, index, instant, table, text};

#[derive(DeriveMigrationName)]
pub struct Migration;

fn count() -> TableCreateStatement {
    table("statistics_count")
        .col(big("generation").primary_key())
        .col(big("position"))
        .col(big("revision"))
        .col(flag("is_shown"))
        .col(code("meaning"))
        .col(instant("counted_at"))
        .to_owned()
}

fn fact() -> TableCreateStatement {
    table("statistics_fact")
        .col(big("generation"))
        .col(id("record_id"))
        .col(code("resource"))
        .col(id_opt("centre_id"))
        .col(id_opt("programme_id"))
        .col(id_opt("class_id"))
        .col(id_opt("learner_id"))
        .col(day_opt("changes_on"))
        .col(text("body"))
        .primary_key(Index::create().col("generation").col("record_id"))
        .to_owned()
}

fn cell() -> TableCreateStatement {
    table("statistics_cell")
        .col(big("generation"))
        .col(code("data_set"))
        .col(text("key"))
        .col(big("value"))
        .col(big("revision"))
        .primary_key(Index::create().col("generation").col("data_set").col("key"))
        .to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in [count(), fact(), cell()] {
            manager.create_table(statement).await?;
        }
        for statement in [
            index("statistics_fact", &["generation", "centre_id", "record_id"]),
            index("statistics_fact", &["generation", "programme_id", "record_id"]),
            index("statistics_fact", &["generation", "class_id", "record_id"]),
            index("statistics_fact", &["generation", "learner_id", "record_id"]),
            // Few facts change by the day alone.
            index("statistics_fact", &["generation", "changes_on"])
                .and_where(Expr::col("changes_on").is_not_null())
                .to_owned(),
            index("statistics_cell", &["generation", "data_set", "revision"]),
        ] {
            manager.create_index(statement).await?;
        }
        let first = Query::insert()
            .into_table("statistics_count")
            .columns(["generation", "position", "revision", "is_shown", "meaning", "counted_at"])
            .values_panic([1.into(), 0.into(), 0.into(), true.into(), "".into(), Expr::current_timestamp()])
            .to_owned();
        manager.execute(first).await
    }
}
