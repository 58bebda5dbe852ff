//! Proof that no field of the official centre, land and room forms is missing from the records, that
//! of staff no more is kept than was chosen, and that what is sensitive has no column.

use sea_orm::{IdenStatic, Iterable};

use super::{centre, land, room, staff_member};

/// `entity,official_symbol,api_name,…`
const FIELDS: &str = include_str!("../../codelists/qd4998_gdtx_fields.csv");

/// The API names of a form that are neither a column nor kept elsewhere under another name.
fn missing(form: &str, columns: &[&str], elsewhere: &[&str]) -> Vec<String> {
    csv::Reader::from_reader(FIELDS.as_bytes())
        .records()
        .flatten()
        .filter(|row| row.get(0) == Some(form))
        .filter_map(|row| row.get(2).map(str::to_owned))
        .filter(|name| !columns.contains(&name.as_str()) && !elsewhere.contains(&name.as_str()))
        .collect()
}

#[test]
fn the_three_centre_forms_fit_into_one_record() {
    let columns: Vec<_> = centre::Column::iter().map(|c| c.as_str()).collect();
    // The code is `official_id`, the kind `kind`; places are one value; sites are records.
    let elsewhere =
        ["centre_id", "centre_kind", "province_code", "district_code", "ward_code", "campuses", "operating_locations"];
    for form in ["centre", "other_centre", "community_learning_centre"] {
        assert_eq!(missing(form, &columns, &elsewhere), Vec::<String>::new(), "{form}");
    }
    assert!(["official_id", "kind", "place"].iter().all(|name| columns.contains(name)));
}

#[test]
fn land_and_rooms_are_complete() {
    let columns: Vec<_> = land::Column::iter().map(|c| c.as_str()).collect();
    assert_eq!(missing("land", &columns, &["owner_unit_id"]), Vec::<String>::new());
    let columns: Vec<_> = room::Column::iter().map(|c| c.as_str()).collect();
    assert_eq!(missing("room", &columns, &["owner_unit_id"]), Vec::<String>::new());
}

/// What is kept of the staff form; nothing else of it is collected.
const KEPT: [&str; 23] = [
    "teacher_id",
    "full_name",
    "date_of_birth",
    "gender",
    "staff_status",
    "ethnic_group",
    "staff_group",
    "staff_position",
    "contract_kind",
    "recruited_on",
    "career_rank",
    "taught_subject",
    "second_subject",
    "professional_qualification",
    "political_theory_level",
    "education_management_level",
    "foreign_language",
    "foreign_language_level",
    "it_level",
    "professional_standard_result",
    "official_rating",
    "culture_teacher_kind",
    "nationality",
];
/// Names of it that are shorter here.
const RENAMED: [(&str, &str); 3] =
    [("teacher_id", "official_id"), ("staff_status", "status"), ("staff_position", "position")];

#[test]
fn of_staff_no_more_is_kept_than_is_needed() {
    let columns: Vec<_> = staff_member::Column::iter().map(|c| c.as_str()).collect();
    let rows: Vec<_> = csv::Reader::from_reader(FIELDS.as_bytes()).records().flatten().collect();
    let mut kept = 0;
    for row in rows.iter().filter(|row| row.get(0).is_some_and(|form| form.starts_with("staff"))) {
        let (name, class) = (row.get(2).unwrap_or_default(), row.get(7).unwrap_or_default());
        let here = RENAMED.iter().find(|(official, _)| *official == name).map_or(name, |(_, here)| here);
        let is_kept = KEPT.contains(&name) && !matches!(class, "sensitive" | "restricted");
        // Every record has the centre, and the province where that lies.
        let is_column = is_kept || matches!(name, "centre_id" | "province_code");
        assert_eq!(columns.contains(&here), is_column, "{name} ({class})");
        kept += usize::from(KEPT.contains(&name));
    }
    assert_eq!(kept, KEPT.len());
    assert!(columns.contains(&"envelope"));
}
