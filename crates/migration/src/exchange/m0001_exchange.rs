//! The journal with its head, the keys of other systems, and answers kept for retries.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::column::{big, big_opt, code, code_opt, id, id_opt, index, instant, integer, table, text, text_opt, unique};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut seq = ColumnDef::new("seq");
        match manager.get_database_backend() {
            DbBackend::Sqlite => seq.integer(),
            _ => seq.big_integer(),
        };
        seq.not_null().auto_increment().primary_key();
        manager
            .create_table(
                table("journal")
                    .col(seq)
                    .col(big_opt("position"))
                    .col(code("resource"))
                    .col(id("record_id"))
                    .col(big("version"))
                    .col(code("operation"))
                    .col(text_opt("after_image"))
                    .col(code("actor"))
                    .col(id_opt("client_id"))
                    .col(id_opt("centre_id"))
                    .col(code_opt("province_code"))
                    .col(code_opt("commune_code"))
                    .col(text("request_id"))
                    .col(instant("recorded_at"))
                    .col(text_opt("hash"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("journal", &["position"])).await?;
        manager.create_index(index("journal", &["record_id", "version"])).await?;
        manager.create_index(index("journal", &["centre_id", "position"])).await?;
        manager
            .get_connection()
            .execute_unprepared("CREATE INDEX IF NOT EXISTS ix_journal_pending ON journal (seq) WHERE position IS NULL")
            .await?;
        manager
            .create_table(
                table("journal_head")
                    .col(integer("id").primary_key())
                    .col(big("position"))
                    .col(text("hash"))
                    .to_owned(),
            )
            .await?;
        manager
            .get_connection()
            .execute_unprepared("INSERT INTO journal_head (id, position, hash) VALUES (1, 0, '')")
            .await?;
        manager
            .create_table(
                table("external_id")
                    .col(code("resource"))
                    .col(code("system"))
                    .col(ColumnDef::new("value").string_len(255).not_null())
                    .col(id("record_id"))
                    .primary_key(Index::create().col("resource").col("system").col("value"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("external_id", &["record_id"])).await?;
        manager
            .create_table(
                table("idempotency")
                    .col(id("client_id"))
                    .col(ColumnDef::new("key").string_len(255).not_null())
                    .col(code("operation"))
                    .col(text("request_hash"))
                    .col(text("answer"))
                    .col(instant("created_at"))
                    .primary_key(Index::create().col("client_id").col("key"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("idempotency", &["created_at"])).await
    }
}
