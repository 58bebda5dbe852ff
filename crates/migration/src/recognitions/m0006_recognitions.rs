//! Recognitions: dossiers and the decisions they end with.

use sea_orm_migration::{prelude::*, sea_orm::ExprTrait};

use crate::column::{
    code, code_opt, day_opt, id_opt, index, integer, integer_opt, json, json_opt, record, record_indexes, text,
    text_opt, unique,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLE: &str = "recognition";

fn dossier() -> Vec<ColumnDef> {
    vec![
        code("kind"),
        code("holder_kind"),
        text_opt("holder_name"),
        text_opt("holder_egov_id"),
        json_opt("place"),
        integer("assessed_year"),
        integer_opt("requested_level"),
        code_opt("criteria_set"),
        json("indicator_results"),
        text_opt("self_assessment"),
        json("documents"),
        day_opt("submitted_on"),
        text("holder_key"),
    ]
}

fn decision() -> Vec<ColumnDef> {
    vec![
        code("state"),
        json("return_reasons"),
        json_opt("appraisal"),
        text_opt("decision_number"),
        day_opt("decision_date"),
        text_opt("decision_authority"),
        code_opt("decision_authority_kind"),
        integer_opt("decision_level"),
        code_opt("verification_code"),
        day_opt("valid_from"),
        day_opt("valid_to"),
        json("refusal_reasons"),
        id_opt("previous_recognition_id"),
    ]
}

/// The net under the check for a second dossier: one live dossier of a holder, kind and year.
/// A name does not identify a person, so families and citizens are left out.
fn one_live_dossier() -> IndexCreateStatement {
    unique(TABLE, &["holder_key", "kind", "assessed_year"])
        .and_where(Expr::col("deleted_at").is_null())
        .and_where(Expr::col("state").is_not_in(["refused", "withdrawn"]))
        .and_where(Expr::col("holder_kind").is_not_in(["family", "citizen"]))
        .to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(record(TABLE, [dossier(), decision()].concat())).await?;
        let own = [
            one_live_dossier(),
            index(TABLE, &["holder_key", "kind"]),
            index(TABLE, &["decision_number"]),
            unique(TABLE, &["verification_code"]),
            index(TABLE, &["kind", "assessed_year", "id"]),
        ];
        for statement in record_indexes(TABLE).into_iter().chain(own) {
            manager.create_index(statement).await?;
        }
        Ok(())
    }
}
