//! Statistics: how far the journal is counted, what is known of each record there, and the cells.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::column::{big, code, day_opt, flag, id, id_opt, index, instant, table, text};

#[derive(DeriveMigrationName)]
pub struct Migration;

fn count() -> TableCreateStatement {
    table("statistics_count")
        .col(big("generation").primary_key())
        .col(big("position"))
        .col(big("revision"))
        .col(big("told_since"))
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
        .col(big("first"))
        .col(big("second"))
        .col(big("third"))
        .col(big("revision"))
        .primary_key(Index::create().col("generation").col("data_set").col("key"))
        .to_owned()
}

fn cell_change() -> TableCreateStatement {
    table("statistics_cell_change")
        .col(big("generation"))
        .col(big("revision"))
        .col(code("data_set"))
        .col(big("cells"))
        .col(text("keys"))
        .primary_key(Index::create().col("generation").col("revision").col("data_set"))
        .to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in [count(), fact(), cell(), cell_change()] {
            manager.create_table(statement).await?;
        }
        if manager.get_database_backend() == DbBackend::Postgres {
            // Cells are added to where they lie: there is room for their next state beside them.
            let room = "ALTER TABLE statistics_cell SET (fillfactor = 75)";
            manager.get_connection().execute_unprepared(room).await?;
        }
        for (columns, named) in [
            (["generation", "centre_id", "record_id"].as_slice(), "centre_id"),
            (&["generation", "programme_id", "record_id"], "programme_id"),
            (&["generation", "class_id", "record_id"], "class_id"),
            (&["generation", "learner_id", "record_id"], "learner_id"),
            // Few facts change by the day alone.
            (&["generation", "changes_on"], "changes_on"),
        ] {
            let known = index("statistics_fact", columns).and_where(Expr::col(named).is_not_null()).to_owned();
            manager.create_index(known).await?;
        }
        let first = Query::insert()
            .into_table("statistics_count")
            .columns(["generation", "position", "revision", "told_since", "is_shown", "meaning", "counted_at"])
            .values_panic([1.into(), 0.into(), 0.into(), 0.into(), true.into(), "".into(), Expr::current_timestamp()])
            .to_owned();
        manager.execute(first).await
    }
}
