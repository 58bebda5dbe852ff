//! Programmes that centres offer, and the classes held on them.

use sea_orm_migration::prelude::*;

use crate::column::{
    big_opt, code, code_opt, day_opt, flag_opt, id, id_opt, index, instant_opt, integer, integer_opt, json, record,
    record_indexes, text, text_opt,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

fn programme() -> TableCreateStatement {
    record(
        "programme",
        [
            code("kind"),
            code("group"),
            text("name"),
            code_opt("curriculum_version"),
            json("grades"),
            code_opt("language"),
            integer_opt("level"),
            json("it_modules"),
            json("subjects"),
            integer_opt("topic_clusters"),
            integer_opt("suggested_hours"),
            text_opt("partner_organisation"),
            text_opt("partner_egov_id"),
            text_opt("aims"),
            text_opt("content"),
            text_opt("materials"),
            text_opt("teachers"),
            text_opt("assessment"),
            day_opt("starts_on"),
            big_opt("fee_vnd"),
            instant_opt("published_at"),
            code("state"),
        ],
    )
}

fn class() -> TableCreateStatement {
    record(
        "class",
        [
            id("programme_id"),
            integer("school_year"),
            text_opt("official_id"),
            text("code"),
            text("name"),
            id_opt("teacher_id"),
            code_opt("grade"),
            code_opt("class_kind"),
            code_opt("study_form"),
            code_opt("training_class_kind"),
            code_opt("vocational_class_kind"),
            integer_opt("sort_order"),
            json("subject_assignments"),
            flag_opt("has_class_parent_rep"),
            flag_opt("has_centre_parent_rep"),
            flag_opt("has_disabled_learners"),
            code_opt("sessions_per_week"),
            json("timetable"),
            integer_opt("capacity"),
            text_opt("partner_organisation"),
            day_opt("opens_on"),
            day_opt("closes_on"),
            code("state"),
        ],
    )
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in [programme(), class()] {
            manager.create_table(statement).await?;
        }
        let shared = ["programme", "class"].into_iter().flat_map(record_indexes);
        let own = [
            index("programme", &["kind", "id"]),
            index("programme", &["state", "id"]),
            index("class", &["programme_id", "id"]),
            index("class", &["school_year", "id"]),
            index("class", &["centre_id", "school_year", "code"]),
            index("class", &["official_id"]),
        ];
        for statement in shared.chain(own) {
            manager.create_index(statement).await?;
        }
        Ok(())
    }
}
