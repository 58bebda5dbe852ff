//! Webhooks: who is told of changes, and what became of each delivery.

use sea_orm_migration::prelude::*;

use crate::column::{
    big, code, code_opt, id, id_opt, index, instant, instant_opt, integer, integer_opt, json, json_opt, table, text,
    text_opt,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

fn webhook() -> TableCreateStatement {
    table("webhook")
        .col(id("id").primary_key())
        .col(big("version"))
        .col(instant("created_at"))
        .col(instant("updated_at"))
        .col(id("client_id"))
        .col(text("name"))
        .col(text("url"))
        .col(json("resources"))
        .col(json("operations"))
        .col(json_opt("within"))
        .col(code_opt("purpose"))
        .col(code("signature"))
        .col(text("secret"))
        .col(text_opt("previous_secret"))
        .col(instant_opt("previous_until"))
        .col(code("state"))
        .col(big("position"))
        .col(instant_opt("failing_since"))
        .col(integer("failures"))
        .col(code_opt("last_fault"))
        .col(integer_opt("last_status"))
        .col(instant_opt("next_attempt_at"))
        .col(instant_opt("last_delivered_at"))
        .col(id_opt("runner"))
        .col(instant_opt("leased_until"))
        .to_owned()
}

fn delivery() -> TableCreateStatement {
    table("webhook_delivery")
        .col(id("webhook_id"))
        .col(big("position"))
        .col(code("resource"))
        .col(id("record_id"))
        .col(code("operation"))
        .col(code("state"))
        .col(integer("attempts"))
        .col(code_opt("last_fault"))
        .col(integer_opt("last_status"))
        .col(integer_opt("milliseconds"))
        .col(instant_opt("next_attempt_at"))
        .col(instant("created_at"))
        .col(instant_opt("finished_at"))
        .primary_key(Index::create().col("webhook_id").col("position"))
        .to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(webhook()).await?;
        manager.create_table(delivery()).await?;
        manager.create_index(index("webhook", &["client_id", "id"])).await?;
        manager.create_index(index("webhook_delivery", &["created_at"])).await?;
        // Few deliveries wait; the others are looked up by position.
        let waiting = "CREATE INDEX IF NOT EXISTS ix_webhook_delivery_waiting \
                       ON webhook_delivery (webhook_id, record_id, position) WHERE state = 'waiting'";
        manager.get_connection().execute_unprepared(waiting).await.map(|_| ())
    }
}
