//! Members of staff of centres.

use sea_orm_migration::prelude::*;

use crate::column::{code, code_opt, day_opt, flag_opt, index, json_opt, record, record_indexes, text, text_opt};

#[derive(DeriveMigrationName)]
pub struct Migration;

fn staff_member() -> TableCreateStatement {
    record(
        "staff_member",
        vec![
            text_opt("official_id"),
            text("full_name"),
            text_opt("date_of_birth"),
            code("gender"),
            code_opt("nationality"),
            code("staff_group"),
            code_opt("position"),
            code("status"),
            code_opt("contract_kind"),
            flag_opt("is_part_time"),
            day_opt("recruited_on"),
            day_opt("ended_on"),
            code_opt("career_rank"),
            code_opt("professional_qualification"),
            code_opt("education_management_level"),
            code_opt("political_theory_level"),
            code_opt("foreign_language"),
            code_opt("foreign_language_level"),
            code_opt("it_level"),
            code_opt("taught_subject"),
            code_opt("second_subject"),
            code_opt("culture_teacher_kind"),
            code_opt("professional_standard_result"),
            code_opt("official_rating"),
            json_opt("envelope"),
        ],
    )
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(staff_member()).await?;
        for statement in record_indexes("staff_member").into_iter().chain([index("staff_member", &["official_id"])]) {
            manager.create_index(statement).await?;
        }
        Ok(())
    }
}
