//! Proof that no field of the official learner form is missing from the record.

use sea_orm::{IdenStatic, Iterable};

use super::learner;

/// `entity,official_symbol,api_name,…`
const FIELDS: &str = include_str!("../../codelists/qd4998_gdtx_fields.csv");

/// Fields whose name here says more: places are one value, policy groups a list.
const RENAMED: [(&str, &str); 7] = [
    ("class_id", "class_code"),
    ("learner_id", "official_id"),
    ("province_code", "residence"),
    ("district_code", "residence"),
    ("ward_code", "residence"),
    ("personal_id_number", "personal_number"),
    ("policy_group", "policy_groups"),
];

#[test]
fn the_sixty_fields_of_the_form_are_there() {
    let columns: Vec<_> = learner::Column::iter().map(|c| c.as_str()).collect();
    let rows: Vec<_> = csv::Reader::from_reader(FIELDS.as_bytes()).records().flatten().collect();
    let names: Vec<&str> = rows.iter().filter(|r| r.get(0) == Some("learner")).filter_map(|r| r.get(2)).collect();
    assert_eq!(names.len(), 60);
    for name in names {
        let here = RENAMED.iter().find(|(official, _)| *official == name).map_or(name, |(_, here)| here);
        assert!(columns.contains(&here), "{name} is missing");
    }
}
