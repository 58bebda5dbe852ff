//! Places as senders give them, and the refusals they get.

use super::{day, today};
use crate::{
    Checks,
    territory::{
        place::{Place, PlaceInput},
        unit::LAST_LEGACY_DAY,
    },
};

fn input(code: &str) -> PlaceInput {
    PlaceInput { code: code.to_owned(), ..PlaceInput::default() }
}

fn legacy(code: &str) -> PlaceInput {
    PlaceInput { as_of: Some(LAST_LEGACY_DAY), ..input(code) }
}

/// The problem of an input that must be refused.
fn refusal(input: &PlaceInput) -> (String, &'static str, String) {
    let mut checks = Checks::default();
    assert_eq!(Place::resolve(input, "/place", today(), &mut checks), None);
    assert_eq!(checks.problems.len(), 1);
    checks.problems.pop().map(|p| (p.pointer, p.code, p.detail.en)).unwrap_or_default()
}

fn place(input: &PlaceInput) -> Option<Place> {
    let mut checks = Checks::default();
    let place = Place::resolve(input, "/place", today(), &mut checks);
    assert!(checks.is_ok(), "{checks:?}");
    place
}

#[test]
fn a_commune_of_today() {
    let Some(place) = place(&input("11911")) else { panic!("refused") };
    assert_eq!((place.province_code.as_str(), place.province_name.as_str()), ("31", "Hải Phòng"));
    assert_eq!(
        (place.commune_code.as_deref(), place.commune_name.as_deref()),
        (Some("11911"), Some("Nguyễn Bỉnh Khiêm"))
    );
    assert_eq!((place.district_code.as_deref(), &place.sent), (None, &input("11911")));
    assert_eq!(PlaceInput::from(&place), input("11911"));
    assert_eq!(PlaceInput::from(place), input("11911"));
}

#[test]
fn a_province_has_no_commune() {
    let province = place(&input("31")).map(|p| (p.province_code, p.commune_code));
    assert_eq!(province, Some(("31".to_owned(), None)));
    let merged = place(&legacy("30")).map(|p| (p.province_name, p.commune_name));
    assert_eq!(merged, Some(("Hải Phòng".to_owned(), None)));
}

#[test]
fn a_legacy_commune_keeps_its_district() {
    let followed = place(&legacy("11890")).map(|p| (p.commune_code, p.district_code));
    assert_eq!(followed, Some((Some("11911".to_owned()), Some("316".to_owned()))));
    let by_district = PlaceInput { district_code: Some("316".to_owned()), ..input("11890") };
    assert_eq!(place(&by_district).and_then(|p| p.commune_code).as_deref(), Some("11911"));
    let island = place(&legacy("d318")).map(|p| (p.commune_code, p.district_code));
    assert_eq!(island, Some((Some("11948".to_owned()), Some("318".to_owned()))));
}

#[test]
fn a_split_commune_is_refused_with_its_successors() {
    let (pointer, code, detail) = refusal(&legacy("00139"));
    assert_eq!((pointer.as_str(), code), ("/place/code", "ambiguous_place"));
    for successor in ["00097", "00118", "00145"] {
        assert!(detail.contains(successor), "{detail}");
    }
}

#[test]
fn unknown_codes_are_refused_with_the_reason() {
    assert_eq!(refusal(&input("99999")).1, "unknown_place");
    let (_, code, detail) = refusal(&input("00001"));
    assert_eq!(code, "unknown_place");
    assert!(detail.contains("asOf"), "{detail}");
    let district = PlaceInput { as_of: Some(today()), district_code: Some("001".to_owned()), ..input("00004") };
    assert!(refusal(&district).2.contains("Districts existed"));
    // What no unit could have as its code is told apart from a code that none had on the day.
    for malformed in ["", "4", "0000A", "000004"] {
        assert_eq!(refusal(&input(malformed)).1, "invalid_code", "{malformed}");
    }
}

#[test]
fn a_future_day_is_refused() {
    let future = PlaceInput { as_of: Some(day(2026, 11, 22)), ..input("00004") };
    let (pointer, code, _) = refusal(&future);
    assert_eq!((pointer.as_str(), code), ("/place/asOf", "future_date"));
}
