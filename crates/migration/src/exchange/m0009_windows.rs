//! Sync windows: when records may be written for a school year; the period of an import, and the day of
//! its names of places.

use sea_orm_migration::prelude::*;

use crate::column::{
    code, code_opt, day_opt, index, instant_opt, integer, integer_opt, json_opt, record, record_indexes, text_opt,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLE: &str = "sync_window";

fn window() -> Vec<ColumnDef> {
    vec![
        code("unit"),
        json_opt("place"),
        integer("school_year"),
        code_opt("sync_kind"),
        instant_opt("opens_at"),
        instant_opt("closes_at"),
        text_opt("note"),
        code("set_by"),
        instant_opt("locked_at"),
        code_opt("locked_by"),
        text_opt("lock_reason"),
        instant_opt("unlocked_at"),
        text_opt("unlock_reason"),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(record(TABLE, window())).await?;
        for statement in record_indexes(TABLE).into_iter().chain([index(TABLE, &["unit", "id"])]) {
            manager.create_index(statement).await?;
        }
        // SQLite adds one column a statement.
        for column in [integer_opt("school_year"), code_opt("sync_kind"), day_opt("places_as_of")] {
            manager.alter_table(Table::alter().table("import_job").add_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
