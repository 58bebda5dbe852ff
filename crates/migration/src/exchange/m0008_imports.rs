//! Imports: the job, its payload in pieces, and a receipt a row.

use sea_orm_migration::prelude::*;

use crate::column::{
    big, big_opt, bytes, code, code_opt, flag, id, id_opt, index, instant, instant_opt, integer, json, json_opt, table,
    text_opt, unique,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

fn import_job() -> TableCreateStatement {
    table("import_job")
        .col(id("id").primary_key())
        .col(id("client_id"))
        .col(code("state"))
        .col(code_opt("resource"))
        .col(code("mode"))
        .col(flag("dry_run"))
        .col(code("format"))
        .col(code("code_scheme"))
        .col(code("date_format"))
        .col(text_opt("key_column"))
        .col(json("ignored"))
        .col(code_opt("purpose"))
        .col(integer("attempts"))
        .col(text_opt("expected_digest"))
        .col(text_opt("digest"))
        .col(big("bytes"))
        .col(big("bytes_done"))
        .col(big("rows_done"))
        .col(big("created"))
        .col(big("updated"))
        .col(big("unchanged"))
        .col(big("rejected"))
        .col(integer("pass"))
        .col(big("line"))
        .col(big_opt("position_before"))
        .col(big_opt("position_after"))
        .col(json_opt("problems"))
        .col(text_opt("headings"))
        .col(id_opt("runner"))
        .col(instant_opt("leased_until"))
        .col(instant("created_at"))
        .col(instant_opt("started_at"))
        .col(instant_opt("finished_at"))
        .col(instant("expires_at"))
        .to_owned()
}

fn import_chunk() -> TableCreateStatement {
    table("import_chunk")
        .col(id("job_id"))
        .col(big("starts_at"))
        .col(big("bytes"))
        .col(bytes("sealed"))
        .primary_key(Index::create().col("job_id").col("starts_at"))
        .to_owned()
}

fn import_receipt() -> TableCreateStatement {
    table("import_receipt")
        .col(id("job_id"))
        .col(big("line"))
        .col(big("place"))
        .col(code_opt("resource"))
        .col(code("outcome"))
        .col(id_opt("record_id"))
        .col(big_opt("version"))
        .col(json_opt("problems"))
        .col(text_opt("row"))
        .primary_key(Index::create().col("job_id").col("line"))
        .to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in [import_job(), import_chunk(), import_receipt()] {
            manager.create_table(statement).await?;
        }
        for statement in [
            index("import_job", &["client_id", "id"]),
            index("import_job", &["state", "leased_until"]),
            index("import_job", &["expires_at"]),
            unique("import_receipt", &["job_id", "place"]),
        ] {
            manager.create_index(statement).await?;
        }
        Ok(())
    }
}
