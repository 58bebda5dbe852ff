//! Releases of data sets, with their cells.

use sea_orm_migration::prelude::*;

use crate::column::{big, bytes, code, code_opt, id, instant, integer, record, table, text, text_opt, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLE: &str = "statistics_release";

fn release() -> Vec<ColumnDef> {
    vec![
        code("data_set"),
        code("release"),
        code_opt("previous"),
        big("ordinal"),
        code("kind"),
        text("notes_vi"),
        text("notes_en"),
        text_opt("reason"),
        big("position"),
        instant("counted_at"),
        big("cells"),
        big("added"),
        big("changed"),
        big("removed"),
        text("digest"),
        text("definition"),
    ]
}

fn part() -> TableCreateStatement {
    table("statistics_release_part")
        .col(id("release_id"))
        .col(integer("part"))
        .col(bytes("cells"))
        .primary_key(Index::create().col("release_id").col("part"))
        .to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in [record(TABLE, release()), part()] {
            manager.create_table(statement).await?;
        }
        // Of two that are made at once one is the next.
        for columns in [["data_set", "ordinal"], ["data_set", "release"]] {
            manager.create_index(unique(TABLE, &columns)).await?;
        }
        Ok(())
    }
}
