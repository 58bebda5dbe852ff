//! Centres with their history, campuses, land and rooms.

use sea_orm_migration::prelude::*;

use crate::column::{
    big_opt, code, code_opt, day, day_opt, flag_opt, index, integer, integer_opt, json, json_opt, record,
    record_indexes, text, text_opt, unique,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// The official yes-or-no fields of a centre.
const CENTRE_FLAGS: [&str; 21] = [
    "uses_computers",
    "has_internet",
    "has_grid_power",
    "has_clean_water",
    "has_sanitation",
    "accessible_for_disabled",
    "has_counselling",
    "has_gender_abuse_violence_education",
    "has_party_cell",
    "teaches_life_skills",
    "teaches_literacy",
    "teaches_foreign_language",
    "teaches_it_application",
    "meets_minimum_equipment",
    "is_gdtx_centre",
    "is_vocational_gdtx_centre",
    "has_foreign_capital",
    "is_head_office",
    "is_operating_location",
    "has_seconded_teacher",
    "has_collaborators",
];

fn centre() -> TableCreateStatement {
    let mut own = vec![
        text_opt("official_id"),
        text_opt("egov_id"),
        text("name"),
        code("kind"),
        code_opt("sub_kind"),
        code("ownership"),
        code_opt("level_group"),
        json("place"),
        text_opt("address_line"),
        text_opt("managing_body"),
        code_opt("authority_kind"),
        code_opt("area"),
        code_opt("terrain"),
        code_opt("difficult_area"),
        json("difficult_areas"),
        code_opt("quality_standard"),
        text_opt("phone"),
        text_opt("email"),
        text_opt("fax"),
        text_opt("website"),
        text_opt("director_name"),
        text_opt("director_phone"),
        text_opt("director_email"),
        big_opt("area_m2"),
        text_opt("map_position"),
        text_opt("established_on"),
        text_opt("operation_renewed_on"),
        json_opt("operating_licence"),
        text_opt("centre_rank"),
        integer_opt("accreditation_level"),
        code_opt("digital_level"),
    ];
    own.extend(CENTRE_FLAGS.map(flag_opt));
    own.extend([
        integer_opt("learner_turns_per_year"),
        integer_opt("learners_per_year"),
        code("status"),
        day("status_since"),
        json("successor_ids"),
        json("predecessor_ids"),
    ]);
    record("centre", own)
}

fn centre_event() -> TableCreateStatement {
    record(
        "centre_event",
        [
            code("kind"),
            day("effective_on"),
            text_opt("decision_number"),
            day_opt("decision_date"),
            code_opt("authority_kind"),
            text_opt("authority_name"),
            code_opt("ground"),
            day_opt("suspended_from"),
            day_opt("suspended_to"),
            json("successor_ids"),
            text_opt("new_name"),
            text_opt("old_name"),
            text_opt("new_managing_body"),
            code_opt("new_authority_kind"),
            text_opt("note"),
            integer("sequence"),
            code("status_after"),
            code_opt("recorded_by"),
        ],
    )
}

fn campus() -> TableCreateStatement {
    record(
        "campus",
        [
            text_opt("official_id"),
            text("name"),
            code("kind"),
            text_opt("phone"),
            text_opt("address_line"),
            json_opt("place"),
            big_opt("distance_km"),
            text_opt("transport"),
            big_opt("area_m2"),
        ],
    )
}

fn land() -> TableCreateStatement {
    record(
        "land",
        [
            text_opt("institution_name"),
            text("location"),
            big_opt("land_area_m2"),
            big_opt("built_area_m2"),
            code_opt("ownership_form"),
            text_opt("owner_name"),
            text_opt("ownership_evidence"),
            text_opt("land_use"),
            text_opt("construction"),
            integer_opt("use_start_year"),
            integer_opt("use_years"),
        ],
    )
}

fn room() -> TableCreateStatement {
    record(
        "room",
        [text("room_name"), big_opt("area_m2"), integer_opt("count"), big_opt("total_area_m2"), code_opt("condition")],
    )
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in [centre(), centre_event(), campus(), land(), room()] {
            manager.create_table(statement).await?;
        }
        // Events are read under their centre only.
        let shared = ["centre", "campus", "land", "room"].into_iter().flat_map(record_indexes);
        let own = [
            index("centre", &["official_id"]),
            index("centre", &["kind", "id"]),
            unique("centre_event", &["centre_id", "sequence"]),
            index("campus", &["official_id"]),
        ];
        for statement in shared.chain(own) {
            manager.create_index(statement).await?;
        }
        Ok(())
    }
}
