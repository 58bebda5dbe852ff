//! Clients, the keys that sign their tokens, locked keys, tokens revoked before they expire,
//! the log of what clients read of people, and what is used of the quotas.

use sea_orm_migration::prelude::*;

use crate::column::{
    big, code, id, id_opt, index, instant, instant_opt, integer, json, json_opt, table, text, text_opt, unique,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table("client")
                    .col(id("id").primary_key())
                    .col(big("version"))
                    .col(instant("created_at"))
                    .col(instant("updated_at"))
                    .col(text("name"))
                    .col(text("organisation"))
                    .col(text_opt("egov_id"))
                    .col(code("role"))
                    .col(code("state"))
                    .col(code("system"))
                    .col(json("reach"))
                    .col(json_opt("agreement"))
                    .col(text_opt("secret_hash"))
                    .col(text_opt("previous_secret_hash"))
                    .col(instant_opt("previous_secret_until"))
                    .col(json_opt("jwks"))
                    .col(text_opt("external_issuer"))
                    .col(text_opt("external_subject"))
                    .col(text("search_text"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("client", &["system"])).await?;
        manager.create_index(unique("client", &["external_issuer", "external_subject"])).await?;
        manager
            .create_table(
                table("signing_key")
                    .col(text("kid").primary_key())
                    .col(text("private_key"))
                    .col(text("public_key"))
                    .col(instant("created_at"))
                    .col(instant_opt("retired_at"))
                    .col(instant_opt("expires_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table("vault_key")
                    .col(text("name").primary_key())
                    .col(text("master"))
                    .col(text("locked"))
                    .col(instant("created_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(table("revoked_token").col(text("jti").primary_key()).col(instant("expires_at")).to_owned())
            .await?;
        manager.create_index(index("revoked_token", &["expires_at"])).await?;
        access_log(manager).await?;
        manager
            .create_table(
                table("rate_window")
                    .col(text("subject"))
                    .col(code("class"))
                    .col(big("started"))
                    .col(big("used"))
                    .primary_key(Index::create().col("subject").col("class"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("rate_window", &["started"])).await
    }
}

/// Who read which personal data of whom.
async fn access_log(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            table("access_entry")
                .col(id("id").primary_key())
                .col(big("position"))
                .col(instant("recorded_at"))
                .col(id("client_id"))
                .col(text("organisation"))
                .col(text_opt("egov_id"))
                .col(code("role"))
                .col(code("purpose"))
                .col(text("agreement"))
                .col(text("legal_basis"))
                .col(text("request_id"))
                .col(code("resource"))
                .col(json("fields"))
                .col(integer("result_count"))
                .col(text("hash"))
                .to_owned(),
        )
        .await?;
    manager.create_index(unique("access_entry", &["position"])).await?;
    manager.create_index(index("access_entry", &["client_id", "id"])).await?;
    manager.create_index(index("access_entry", &["recorded_at", "id"])).await?;
    manager
        .create_table(
            table("access_record")
                .col(id("entry_id"))
                .col(id("record_id"))
                .col(id_opt("learner_id"))
                .col(id_opt("centre_id"))
                .primary_key(Index::create().col("entry_id").col("record_id"))
                .to_owned(),
        )
        .await?;
    for column in ["record_id", "learner_id", "centre_id"] {
        manager.create_index(index("access_record", &[column, "entry_id"])).await?;
    }
    manager
        .create_table(
            table("access_head").col(integer("id").primary_key()).col(big("position")).col(text("hash")).to_owned(),
        )
        .await?;
    manager
        .get_connection()
        .execute_unprepared("INSERT INTO access_head (id, position, hash) VALUES (1, 0, '')")
        .await?;
    Ok(())
}
