//! Exports: the job, and its file in pieces.

use sea_orm_migration::prelude::*;

use crate::column::{
    big, big_opt, bytes, code, code_opt, flag, id, id_opt, index, instant, instant_opt, integer, json_opt, table, text,
    text_opt,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

fn export_job() -> TableCreateStatement {
    table("export_job")
        .col(id("id").primary_key())
        .col(id("client_id"))
        .col(code("state"))
        .col(code("resource"))
        .col(code("format"))
        .col(text("query"))
        .col(text_opt("as_of"))
        .col(flag("in_english"))
        .col(code_opt("purpose"))
        .col(integer("attempts"))
        .col(big_opt("position"))
        .col(big("rows"))
        .col(big("bytes"))
        .col(text_opt("digest"))
        .col(text_opt("rights"))
        .col(json_opt("problems"))
        .col(id_opt("runner"))
        .col(instant_opt("leased_until"))
        .col(instant("created_at"))
        .col(instant_opt("started_at"))
        .col(instant_opt("finished_at"))
        .col(instant("expires_at"))
        .to_owned()
}

fn export_chunk() -> TableCreateStatement {
    table("export_chunk")
        .col(id("job_id"))
        .col(big("starts_at"))
        .col(bytes("sealed"))
        .primary_key(Index::create().col("job_id").col("starts_at"))
        .to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in [export_job(), export_chunk()] {
            manager.create_table(statement).await?;
        }
        for statement in [
            index("export_job", &["client_id", "id"]),
            index("export_job", &["state", "leased_until"]),
            index("export_job", &["expires_at"]),
        ] {
            manager.create_index(statement).await?;
        }
        Ok(())
    }
}
