//! Proof that no field of the official forms of learners and results is missing from the row, but for what is not
//! collected, and that none which is sensitive or restricted lies there in the clear.

use sea_orm::{IdenStatic, Iterable};

use super::{learner, result};

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

/// Fields of results that are kept elsewhere: by the class, by the learner.
const ELSEWHERE: [&str; 5] = ["centre_id", "grade", "full_name", "date_of_birth", "department_id"];
/// Fields of results that are not collected.
const LEFT_OUT: [&str; 3] = ["reward_text", "discipline_text", "graduation_class"];

#[test]
fn results_and_summer_tests_fit_into_one_record() {
    let columns: Vec<_> = result::Column::iter().map(|c| c.as_str()).collect();
    let rows: Vec<_> = csv::Reader::from_reader(FIELDS.as_bytes()).records().flatten().collect();
    let forms: Vec<_> = rows.iter().filter(|r| matches!(r.get(0), Some("result" | "retest"))).collect();
    assert_eq!(forms.len(), 20 + 8);
    for row in forms {
        let (name, class) = (row.get(2).unwrap_or_default(), row.get(7).unwrap_or_default());
        let here = if name == "title_code" { "title" } else { name };
        let is_column = columns.contains(&here);
        if ELSEWHERE.contains(&name) || LEFT_OUT.contains(&name) {
            assert!(name == "centre_id" || !is_column, "{name}");
        } else {
            assert_eq!(is_column, !matches!(class, "sensitive" | "restricted"), "{name} ({class})");
        }
    }
}
