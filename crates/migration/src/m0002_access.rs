//! Clients, the keys that sign their tokens, locked keys, tokens revoked before they expire, and
//! what is used of the quotas.

use sea_orm_migration::prelude::*;

use crate::column::{big, code, id, index, instant, instant_opt, json, json_opt, table, text, text_opt, unique};

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
