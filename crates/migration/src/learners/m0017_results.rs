//! Results of learners in their enrolments.

use sea_orm_migration::prelude::*;

use crate::column::{
    big_opt, code, code_opt, flag_opt, id, index, integer_opt, json, json_opt, record, record_indexes, text_opt, unique,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLE: &str = "learning_result";

fn learning_result() -> TableCreateStatement {
    record(
        TABLE,
        [
            id("enrolment_id"),
            code("term"),
            id("class_id"),
            id("learner_id"),
            big_opt("overall_score"),
            code_opt("academic_level"),
            code_opt("literacy_result"),
            code_opt("title"),
            integer_opt("days_absent"),
            flag_opt("promoted"),
            flag_opt("must_retrain_conduct"),
            flag_opt("eligible_for_graduation"),
            json("subject_scores"),
            text_opt("remark"),
            json_opt("envelope"),
        ],
    )
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(learning_result()).await?;
        let own = [
            // The live results of an enrolment: one of each term.
            unique(TABLE, &["enrolment_id", "term"]).and_where(Expr::col("deleted_at").is_null()).take(),
            index(TABLE, &["enrolment_id", "id"]),
            index(TABLE, &["class_id", "id"]),
            index(TABLE, &["learner_id", "id"]),
        ];
        for statement in record_indexes(TABLE).into_iter().chain(own) {
            manager.create_index(statement).await?;
        }
        Ok(())
    }
}
