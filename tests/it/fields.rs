//! Every field of the official record forms stands on both surfaces, with its official symbol.
//!
//! Read from the table of QĐ 4998/QĐ-BGDĐT section 5, so that a forgotten field fails here.

use std::collections::BTreeMap;

use serde_json::Value;

const TABLE: &str = include_str!("../../crates/domain/codelists/qd4998_gdtx_fields.csv");

/// The forms of the table that are served, and the record that holds each.
const FORMS: &[(&str, &str)] = &[
    ("centre", "Centre"),
    ("other_centre", "Centre"),
    ("community_learning_centre", "Centre"),
    ("land", "Land"),
    ("room", "Room"),
];

/// Fields with a better name here, or that stand in another record: record and name of the table,
/// record and field here.
const ELSEWHERE: &[(&str, &str, &str, &str)] = &[
    ("Centre", "centre_id", "Centre", "officialId"),
    ("Centre", "centre_kind", "Centre", "kind"),
    ("Centre", "province_code", "Centre", "place"),
    ("Centre", "district_code", "Centre", "place"),
    ("Centre", "ward_code", "Centre", "place"),
    ("Centre", "campuses", "Campus", "kind"),
    ("Centre", "operating_locations", "Campus", "kind"),
    ("Land", "owner_unit_id", "Land", "centreId"),
    ("Room", "owner_unit_id", "Room", "centreId"),
];

/// One row of the table as it should stand here.
struct Field {
    form: String,
    symbol: String,
    record: &'static str,
    name: String,
}

fn fields() -> Vec<Field> {
    let rows = csv::Reader::from_reader(TABLE.as_bytes()).into_records().map(|row| row.expect("a row"));
    rows.filter_map(|row| {
        let (form, record) = FORMS.iter().find(|(form, _)| *form == &row[0])?;
        let elsewhere = ELSEWHERE.iter().find(|(r, name, ..)| r == record && *name == &row[2]);
        let (record, name) = elsewhere.map_or_else(
            || (*record, gdtx_domain::text::camel(&row[2])),
            |(_, _, record, name)| (*record, (*name).to_owned()),
        );
        Some(Field { form: (*form).to_owned(), symbol: row[1].to_owned(), record, name })
    })
    .collect()
}

/// The documentation of each field of a type or input of the SDL.
fn documented(sdl: &str, head: &str) -> BTreeMap<String, String> {
    let start = sdl.find(&format!("{head} ")).unwrap_or_else(|| panic!("no {head}"));
    let block = sdl[start..].split("\n}").next().unwrap_or_default();
    let (mut found, mut text, mut inside) = (BTreeMap::new(), String::new(), false);
    for line in block.lines().skip(1).map(str::trim) {
        if line == "\"\"\"" {
            inside = !inside;
            if inside {
                text.clear();
            }
        } else if inside {
            text.push_str(line);
            text.push('\n');
        } else if let Some(name) = line.split(['(', ':']).next() {
            found.insert(name.to_owned(), std::mem::take(&mut text));
        }
    }
    found
}

#[test]
fn every_form_is_read_whole() {
    let count = |form: &str| fields().iter().filter(|f| f.form == form).count();
    assert_eq!((count("centre"), count("other_centre"), count("community_learning_centre")), (43, 35, 32));
    assert_eq!((count("land"), count("room")), (12, 6));
}

#[test]
fn openapi_has_every_official_field_with_its_symbol() {
    let document: Value = serde_json::from_str(&gdtx_api::openapi::print()).expect("a document");
    let mut missing = Vec::new();
    for field in fields() {
        for schema in [field.record.to_owned(), format!("New{}", field.record)] {
            let property = &document["components"]["schemas"][&schema]["properties"][&field.name];
            if !property.to_string().contains(&format!("`{}`", field.symbol)) {
                missing.push(format!("{schema}.{} {}", field.name, field.symbol));
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn graphql_has_every_official_field_with_its_symbol() {
    let sdl = gdtx_api::graphql::build(&gdtx_api::Settings::default()).sdl();
    let mut missing = Vec::new();
    for field in fields() {
        for head in [format!("type {}", field.record), format!("input New{}", field.record)] {
            let text = documented(&sdl, &head).remove(&field.name).unwrap_or_default();
            if !text.contains(&format!("`{}`", field.symbol)) {
                missing.push(format!("{head}.{} {}", field.name, field.symbol));
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}
