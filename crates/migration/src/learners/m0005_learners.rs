//! Learners, their enrolments and the steps of these, and what learners ask for as data subjects.

use sea_orm_migration::prelude::*;

use crate::column::{
    code, code_opt, day, day_opt, flag_opt, id, id_opt, index, integer, integer_opt, json, json_opt, record,
    record_indexes, text, text_opt, unique,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

fn identity() -> Vec<ColumnDef> {
    vec![
        text_opt("official_id"),
        text("full_name"),
        text_opt("short_name"),
        text_opt("date_of_birth"),
        integer_opt("birth_year"),
        code("gender"),
        text_opt("personal_number_print"),
        text_opt("personal_number_masked"),
        text_opt("person_print"),
        id_opt("merged_into"),
        json_opt("merge"),
        code_opt("id_document_kind"),
        text_opt("id_issued_by"),
        day_opt("id_issued_on"),
        code_opt("nationality"),
        json_opt("residence"),
        text_opt("address_line"),
        json_opt("birth_place"),
        text_opt("place_of_birth"),
        code_opt("area"),
        flag_opt("in_difficult_area"),
        text_opt("contact_phone"),
        text_opt("contact_email"),
    ]
}

fn study() -> Vec<ColumnDef> {
    vec![
        code_opt("grade"),
        text_opt("class_code"),
        integer_opt("sort_order"),
        code_opt("study_form"),
        code_opt("sessions_per_week"),
        code_opt("dropout_reason"),
        flag_opt("repeated_last_year"),
        flag_opt("follows_ministry_life_skill_programme"),
        code_opt("literacy_level"),
        flag_opt("pioneer_member"),
        flag_opt("youth_union_member"),
        flag_opt("has_reward"),
        json("rewards"),
    ]
}

fn health() -> Vec<ColumnDef> {
    vec![flag_opt("can_swim")]
}

fn family_and_support() -> Vec<ColumnDef> {
    vec![
        text_opt("father_name"),
        text_opt("father_occupation"),
        integer_opt("father_birth_year"),
        text_opt("mother_name"),
        text_opt("mother_occupation"),
        integer_opt("mother_birth_year"),
        text_opt("guardian_name"),
        text_opt("guardian_occupation"),
        integer_opt("guardian_birth_year"),
        text_opt("representative_name"),
        text_opt("representative_phone"),
        text_opt("representative_relation"),
        json_opt("envelope"),
    ]
}

fn enrolment() -> TableCreateStatement {
    record(
        "enrolment",
        [
            id("learner_id"),
            id("class_id"),
            code("status"),
            day("status_since"),
            code_opt("period"),
            day("enrolled_on"),
            day_opt("ended_on"),
            code_opt("dropout_reason"),
            text_opt("origin"),
            code_opt("destination"),
            text_opt("destination_name"),
            json("chosen_subjects"),
            json("topic_clusters"),
            text_opt("note"),
        ],
    )
}

fn enrolment_event() -> TableCreateStatement {
    record(
        "enrolment_event",
        [
            id("enrolment_id"),
            code("kind"),
            day("effective_on"),
            code_opt("period"),
            code_opt("dropout_reason"),
            text_opt("origin"),
            code_opt("destination"),
            text_opt("destination_name"),
            text_opt("note"),
            integer("sequence"),
            code("status_after"),
        ],
    )
}

fn data_subject_request() -> TableCreateStatement {
    record(
        "data_subject_request",
        [
            id("learner_id"),
            code("kind"),
            day("received_on"),
            code("requested_by"),
            text_opt("representative_name"),
            text_opt("details"),
            flag_opt("with_processor"),
            code("state"),
            day("acknowledge_by"),
            day("due_on"),
            day_opt("acknowledged_on"),
            day_opt("extended_on"),
            text_opt("extension_reason"),
            day_opt("closed_on"),
            text_opt("outcome"),
            text_opt("legal_basis"),
            json("erased_fields"),
            json("kept_fields"),
        ],
    )
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let learner = [identity(), study(), health(), family_and_support()].concat();
        for statement in [record("learner", learner), enrolment(), enrolment_event(), data_subject_request()] {
            manager.create_table(statement).await?;
        }
        let shared = ["learner", "enrolment", "data_subject_request"].into_iter().flat_map(record_indexes);
        let own = [
            index("learner", &["official_id"]),
            index("learner", &["personal_number_print"]),
            index("learner", &["person_print"]),
            index("learner", &["merged_into"]),
            index("learner", &["birth_year", "id"]),
            index("enrolment", &["learner_id", "id"]),
            index("enrolment", &["class_id", "id"]),
            // Events are read under their enrolment, and move with their centre.
            unique("enrolment_event", &["enrolment_id", "sequence"]),
            index("enrolment_event", &["centre_id", "id"]),
            index("data_subject_request", &["learner_id", "id"]),
            index("data_subject_request", &["search_text", "id"]),
        ];
        for statement in shared.chain(own) {
            manager.create_index(statement).await?;
        }
        Ok(())
    }
}
