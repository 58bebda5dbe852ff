//! Proof that no field of the official centre, land and room forms is missing from the records.

use sea_orm::{IdenStatic, Iterable};

use super::{centre, land, room};

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
