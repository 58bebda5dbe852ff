//! Reports of places on forms: their figures, their way to the level above, and who was reminded of them.

use sea_orm_migration::prelude::*;

use crate::column::{
    big, code, day, day_opt, id, id_opt, index, instant, integer, integer_opt, json, json_opt, record, record_indexes,
    table, text_opt, unique,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLE: &str = "report";

fn report() -> Vec<ColumnDef> {
    vec![
        code("form"),
        integer("school_year"),
        json_opt("place"),
        text_opt("note"),
        json("entries"),
        code("place_key"),
        code("unit"),
        code("state"),
        day("as_of"),
        day("due_on"),
        json("figures"),
        big("position"),
        instant("filled_at"),
        id_opt("previous_report_id"),
        integer_opt("accepted_below"),
        integer_opt("units_below"),
        json_opt("signature"),
        day_opt("submitted_on"),
        text_opt("return_reason"),
        day_opt("accepted_on"),
        day_opt("locked_on"),
    ]
}

fn reminder() -> TableCreateStatement {
    table("report_reminder")
        .col(id("client_id"))
        .col(code("form"))
        .col(integer("school_year"))
        .col(code("place_key"))
        .col(big("days"))
        .col(day("due_on"))
        .primary_key(Index::create().col("client_id").col("form").col("school_year").col("place_key").col("days"))
        .to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(record(TABLE, report())).await?;
        manager.create_table(reminder()).await?;
        // The net under the check for a second report.
        let one = unique(TABLE, &["form", "school_year", "place_key"])
            .and_where(Expr::col("deleted_at").is_null())
            .to_owned();
        let own = [one, index(TABLE, &["school_year", "id"]), index(TABLE, &["due_on", "id"])];
        for statement in record_indexes(TABLE).into_iter().chain(own) {
            manager.create_index(statement).await?;
        }
        Ok(())
    }
}
