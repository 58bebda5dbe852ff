//! Administrative units, their successors and code lists: a copy of the embedded data for SQL.

use sea_orm_migration::prelude::*;

use crate::column::{
    big_opt, code, code_opt, day, day_opt, flag, flag_opt, index, instant_opt, integer, json, table, text, text_opt,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

fn administrative_unit() -> TableCreateStatement {
    table("administrative_unit")
        .col(code("id").primary_key())
        .col(code("code"))
        .col(code("level"))
        .col(code("kind"))
        .col(text("name"))
        .col(text("name_with_type"))
        .col(code_opt("parent_id"))
        .col(code("province_code"))
        .col(code_opt("district_code"))
        .col(day_opt("valid_from"))
        .col(day_opt("valid_to"))
        .col(json("changes"))
        .col(big_opt("area_km2"))
        .col(text_opt("last_resolution_no"))
        .col(day_opt("last_resolution_on"))
        .col(code_opt("citizen_id_code"))
        .col(text("search_text"))
        .to_owned()
}

fn unit_successor() -> TableCreateStatement {
    table("unit_successor")
        .col(code("from_id"))
        .col(code("to_id"))
        .col(code("from_code"))
        .col(code("to_code"))
        .col(code("area_extent"))
        .col(code("population_extent"))
        .col(code("evidence"))
        .col(text_opt("note"))
        .col(day("effective_on"))
        .primary_key(Index::create().col("from_id").col("to_id"))
        .to_owned()
}

fn code_list_item() -> TableCreateStatement {
    table("code_list_item")
        .col(code("list"))
        .col(code("code"))
        .col(integer("sequence"))
        .col(text("label_vi"))
        .col(text("label_en"))
        .col(json("parents"))
        .col(flag_opt("used_by_gdtx"))
        .col(flag("accepted"))
        .col(day_opt("valid_from"))
        .col(day_opt("valid_to"))
        .col(text_opt("note"))
        .primary_key(Index::create().col("list").col("code"))
        .to_owned()
}

fn code_list_code() -> TableCreateStatement {
    table("code_list_code")
        .col(code("list"))
        .col(code("code"))
        .col(code("scheme"))
        .col(code("scheme_code"))
        .primary_key(Index::create().col("list").col("code").col("scheme").col("scheme_code"))
        .to_owned()
}

fn reference_data() -> TableCreateStatement {
    table("reference_data")
        .col(code("name").primary_key())
        .col(text("fingerprint"))
        .col(instant_opt("loaded_at"))
        .to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in [administrative_unit(), unit_successor(), code_list_item(), code_list_code(), reference_data()]
        {
            manager.create_table(statement).await?;
        }
        for statement in [
            index("administrative_unit", &["code"]),
            index("administrative_unit", &["parent_id"]),
            index("unit_successor", &["from_code"]),
            index("unit_successor", &["to_id"]),
            index("code_list_code", &["list", "scheme", "scheme_code"]),
        ] {
            manager.create_index(statement).await?;
        }
        let row = "INSERT INTO reference_data (name, fingerprint) VALUES ('territory', '')";
        manager.get_connection().execute_unprepared(row).await?;
        Ok(())
    }
}
