//! What records were found by, in the journal: lists of the past search and sort by it.

use sea_orm_migration::prelude::*;

use crate::column::text_opt;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("journal").add_column(text_opt("search_text")).to_owned()).await
    }
}
