//! Counts of units by day, and how units are found; expectations from the tables of the State.

use super::{day, today};
use crate::territory::{
    find::{UnitFilter, ancestors, by_id, children, citizen_number_province, descendants, find, units, valid_on},
    unit::{LAST_LEGACY_DAY, REFORM, UnitKind, UnitLevel},
};

fn count(on: chrono::NaiveDate, level: UnitLevel, kind: Option<UnitKind>) -> usize {
    valid_on(on, &UnitFilter { level: Some(level), kind, ..UnitFilter::default() }).len()
}

#[test]
fn counts_of_both_eras() {
    use UnitLevel::{Commune, District, Province};
    assert_eq!((count(today(), Province, None), count(today(), Commune, None)), (34, 3321));
    assert_eq!(count(today(), District, None), 0);
    let legacy = LAST_LEGACY_DAY;
    assert_eq!(
        (count(legacy, Province, None), count(legacy, District, None), count(legacy, Commune, None)),
        (63, 696, 10_035)
    );
}

#[test]
fn kinds_change_in_2026() {
    use UnitKind::{CentrallyRunCity, DacKhu, Phuong, Province, Xa};
    let communes = |on| [Phuong, Xa, DacKhu].map(|kind| count(on, UnitLevel::Commune, Some(kind)));
    let provinces = |on| [CentrallyRunCity, Province].map(|kind| count(on, UnitLevel::Province, Some(kind)));
    assert_eq!((communes(REFORM), provinces(REFORM)), ([687, 2621, 13], [6, 28]));
    assert_eq!((communes(day(2026, 4, 29)), provinces(day(2026, 4, 29))), ([687, 2621, 13], [6, 28]));
    assert_eq!((communes(day(2026, 4, 30)), provinces(day(2026, 4, 30))), ([697, 2611, 13], [7, 27]));
    assert_eq!(provinces(day(2026, 9, 1)), [8, 26]);
    assert_eq!((communes(day(2026, 9, 20)), provinces(day(2026, 9, 20))), ([709, 2599, 13], [9, 25]));
    assert_eq!((communes(today()), provinces(today())), ([709, 2599, 13], [9, 25]));
}

#[test]
fn a_unit_is_shown_as_it_was() {
    let dong_nai = |on| find("75", None, on).map(|u| u.name_with_type.as_str());
    assert_eq!(dong_nai(day(2026, 4, 29)), Some("Tỉnh Đồng Nai"));
    assert_eq!(dong_nai(day(2026, 4, 30)), Some("Thành phố Đồng Nai"));
    let long_thanh =
        find("26368", Some(UnitLevel::Commune), day(2025, 12, 1)).map(|u| (u.name_with_type.as_str(), u.kind));
    assert_eq!(long_thanh, Some(("Xã Long Thành", UnitKind::Xa)));
    let basis = find("26368", None, today()).map(|u| (u.kind, u.changes[0].on, u.changes[0].legal_basis.as_str()));
    assert_eq!(basis, Some((UnitKind::Phuong, day(2026, 4, 30), "Nghị quyết 237/NQ-UBTVQH16")));
}

#[test]
fn one_code_in_two_eras() {
    let name = |on| find("00004", None, on).map(|u| (u.id.as_str(), u.name_with_type.as_str()));
    assert_eq!(name(LAST_LEGACY_DAY), Some(("00004@legacy", "Phường Trúc Bạch")));
    assert_eq!(name(REFORM), Some(("00004@2025-07-01", "Phường Ba Đình")));
    assert!(find("00004", Some(UnitLevel::Province), today()).is_none());
    assert_eq!(by_id("d001@legacy").map(|u| u.name_with_type.as_str()), Some("Quận Ba Đình"));
    assert!(by_id("001@legacy").is_none());
}

#[test]
fn most_codes_in_force_were_codes_before() {
    let reused: Vec<_> = valid_on(today(), &UnitFilter { level: Some(UnitLevel::Commune), ..UnitFilter::default() })
        .into_iter()
        .filter_map(|u| Some((u, find(&u.code, None, LAST_LEGACY_DAY)?)))
        .collect();
    assert_eq!(reused.len(), 3316);
    // 1,812 in the raw files; two of them only because the legacy file repeats the kind in the name.
    assert_eq!(reused.iter().filter(|(now, then)| now.name != then.name).count(), 1810);
}

#[test]
fn ids_are_unique() {
    let mut ids: Vec<_> = units().map(|u| u.id.as_str()).collect();
    assert_eq!(ids.len(), 34 + 3321 + 63 + 696 + 10_035);
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 14_149);
}

#[test]
fn the_name_decides_the_kind() {
    let legacy = |code| find(code, None, LAST_LEGACY_DAY).map(|u| (u.kind, u.name_with_type.as_str(), u.name.as_str()));
    assert_eq!(legacy("15061"), Some((UnitKind::ThiTran, "Thị trấn Ngọc Lặc", "Ngọc Lặc")));
    assert_eq!(legacy("27046"), Some((UnitKind::Phuong, "Phường 5", "5")));
    assert_eq!(legacy("19624"), Some((UnitKind::ThiTran, "Thị trấn Ái Tử", "Ái Tử")));
    assert_eq!(legacy("760"), Some((UnitKind::Quan, "Quận 1", "1")));
    // The four slips of one compilation, by their names (data of the resolutions).
    let kind = |code| find(code, None, today()).map(|u| u.kind);
    assert_eq!(
        ["10543", "11848", "31213", "31299"].map(kind),
        [UnitKind::Phuong, UnitKind::Xa, UnitKind::Phuong, UnitKind::Xa].map(Some)
    );
}

#[test]
fn the_tree_of_hai_phong() {
    let Some(hai_phong) = find("31", None, today()) else { panic!("Hải Phòng is missing") };
    let below = children(hai_phong, today());
    let of = |kind| below.iter().filter(|u| u.kind == kind).count();
    assert_eq!((below.len(), of(UnitKind::Xa), of(UnitKind::Phuong), of(UnitKind::DacKhu)), (114, 67, 45, 2));
    assert_eq!(descendants(hai_phong, today()).len(), 114);
    assert_eq!(valid_on(today(), &UnitFilter { parent_code: Some("31"), ..UnitFilter::default() }).len(), 114);
    let up = find("00001", None, LAST_LEGACY_DAY).map(|u| ancestors(u, LAST_LEGACY_DAY));
    let up: Vec<_> = up.iter().flatten().map(|u| u.name_with_type.as_str()).collect();
    assert_eq!(up, ["Quận Ba Đình", "Thành phố Hà Nội"]);
}

#[test]
fn islands_had_no_commune() {
    for code in ["318", "471", "498", "536", "755"] {
        let island = find(code, Some(UnitLevel::District), LAST_LEGACY_DAY);
        assert_eq!(island.map(|u| children(u, LAST_LEGACY_DAY).len()), Some(0), "{code}");
        assert_eq!(find(&format!("d{code}"), None, LAST_LEGACY_DAY), island);
    }
}

#[test]
fn citizen_numbers_name_a_legacy_province() {
    assert_eq!(citizen_number_province("030").map(|u| u.name.as_str()), Some("Hải Dương"));
    assert!(citizen_number_province("130").is_none());
    assert!(citizen_number_province("0").is_none());
}

#[test]
fn areas_are_exact_hundredths() {
    let area = |code| find(code, None, today()).and_then(|u| u.area_km2).map(|a| a.0);
    assert_eq!((area("00004"), area("25357")), (Some(297), Some(16_180)));
}
