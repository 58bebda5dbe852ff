//! Proof that no field of the official learner form is missing from the row, and that none which is
//! sensitive or restricted lies there in the clear.

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
fn the_sixty_fields_have_a_column_unless_they_lie_encrypted() {
    let columns: Vec<_> = learner::Column::iter().map(|c| c.as_str()).collect();
    let rows: Vec<_> = csv::Reader::from_reader(FIELDS.as_bytes()).records().flatten().collect();
    let form: Vec<_> = rows.iter().filter(|r| r.get(0) == Some("learner")).collect();
    assert_eq!(form.len(), 60);
    for row in form {
        let (name, class) = (row.get(2).unwrap_or_default(), row.get(7).unwrap_or_default());
        let here = RENAMED.iter().find(|(official, _)| *official == name).map_or(name, |(_, here)| here);
        let sealed = matches!(class, "sensitive" | "restricted");
        assert_eq!(columns.contains(&here), !sealed, "{name} ({class})");
    }
    assert!(columns.contains(&"envelope"));
}
