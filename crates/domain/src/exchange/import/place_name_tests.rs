//! Names as lists have them; what became of each commune is read in the resolutions of 16 June 2025
//! (1659/NQ-UBTVQH15 for Đà Nẵng, 1654/NQ-UBTVQH15 for An Giang).

use chrono::NaiveDate;

use super::{PlaceNames, Unclear, Understood, understand};
use crate::territory::unit::{LAST_LEGACY_DAY, UnitLevel};

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 9, 20).unwrap()
}

/// Commune, district, province, as they stand in a row.
fn asked(commune: &str, district: &str, province: &str) -> Result<Understood, Unclear> {
    let given = |name: &str| Some(name.to_owned()).filter(|name| !name.is_empty());
    let names = PlaceNames { province: given(province), district: given(district), commune: given(commune) };
    understand(&names, None, today())
}

/// The code that is kept, and whether it is one of before the reform.
fn meant(commune: &str, district: &str, province: &str) -> (String, bool) {
    let understood = asked(commune, district, province).unwrap();
    (understood.input.code, understood.input.as_of == Some(LAST_LEGACY_DAY))
}

fn refused(commune: &str, district: &str, province: &str) -> (UnitLevel, &'static str, String) {
    let unclear = asked(commune, district, province).unwrap_err();
    (unclear.level, unclear.code, unclear.said.vi)
}

#[test]
fn an_old_commune_is_found_and_what_it_is_today_is_said() {
    let understood = asked("Phường Minh An", "TP Hội An", "Quảng Nam").unwrap();
    assert_eq!((understood.input.code.as_str(), understood.input.as_of), ("20398", Some(LAST_LEGACY_DAY)));
    assert_eq!(
        understood.said.vi,
        "“Phường Minh An, TP Hội An, Quảng Nam” được hiểu là Phường Hội An, Thành phố Đà Nẵng (20410), trước 01/07/2025 là Phường Minh An (mã cũ 20398)."
    );
    assert_eq!(
        understood.said.en,
        "“Phường Minh An, TP Hội An, Quảng Nam” was taken to be Phường Hội An, Thành phố Đà Nẵng (20410), before 2025-07-01 Phường Minh An (old code 20398)."
    );
    for (commune, district, province) in [
        ("P. Minh An", "Hội An", "Tỉnh Quảng Nam"),
        ("phuong minh an", "thanh pho hoi an", "quang nam"),
        ("Phường Minh An", "503", "Quảng Nam"),
        ("Phường Minh An", "TP Hội An", "Đà Nẵng"),
        ("Phu\u{31b}o\u{31b}\u{300}ng Minh An", "TP Ho\u{302}\u{323}i An", "Qua\u{309}ng Nam"),
    ] {
        assert_eq!(meant(commune, district, province), ("20398".to_owned(), true), "{commune}, {district}, {province}");
    }
}

#[test]
fn names_of_today_need_no_district_and_bear_an_old_one() {
    for (commune, district, province) in [
        ("Phường Hội An", "", "Đà Nẵng"),
        ("Phường Hội An", "", "Thành phố Đà Nẵng"),
        ("20410", "", "48"),
        // The commune's new name beside the district and the province of before.
        ("Phường Hội An", "TP Hội An", "Đà Nẵng"),
        ("Phường Hội An", "TP Hội An", "Quảng Nam"),
        ("Phường Hội An", "", "Quảng Nam"),
    ] {
        assert_eq!(
            meant(commune, district, province),
            ("20410".to_owned(), false),
            "{commune}, {district}, {province}"
        );
    }
    assert_eq!(meant("", "", "Quảng Nam"), ("48".to_owned(), false), "the province that it went into");
    assert_eq!(
        meant("", "Quận Ngũ Hành Sơn", "Đà Nẵng"),
        ("20285".to_owned(), false),
        "a district that became one commune"
    );
}

#[test]
fn an_old_district_alone_is_several_communes() {
    let (level, code, said) = refused("", "TP Hội An", "Quảng Nam");
    assert_eq!((level, code), (UnitLevel::District, "district_not_enough"));
    assert!(said.starts_with("Huyện cũ “TP Hội An” nay thuộc nhiều đơn vị: "), "{said}");
    for unit in
        ["Phường Hội An (20410)", "Phường Hội An Tây (20401)", "Phường Hội An Đông (20413)", "Xã Tân Hiệp (20434)"]
    {
        assert_eq!(said.matches(unit).count(), 1, "{said}");
    }
}

#[test]
fn what_can_mean_several_units_is_not_guessed() {
    let (level, code, said) = refused("Xã Hòa Liên", "Huyện Hòa Vang", "Đà Nẵng");
    assert_eq!((level, code), (UnitLevel::Commune, "ambiguous_place"));
    assert!(said.contains("Phường Hải Vân (20194), Phường Liên Chiểu (20197)"), "{said}");
    let (_, code, said) = refused("Hội An", "", "");
    assert_eq!(code, "ambiguous_place");
    assert!(said.contains("(20410)") && said.contains("Xã Hội An (30673)"), "{said}");
}

#[test]
fn what_nobody_is_called_is_said_to_be_unknown() {
    assert_eq!(refused("Phường Không Có", "TP Hội An", "Quảng Nam").1, "unknown_place");
    assert_eq!(refused("Phường Hội An", "", "Nơi Nào").0, UnitLevel::Province);
    assert_eq!(refused("", "Huyện Nơi Nào", "Đà Nẵng").1, "unknown_place");
    // A commune of another district is not taken for one of this one.
    assert_eq!(refused("Phường Minh An", "TP Tam Kỳ", "Quảng Nam").1, "unknown_place");
    assert_eq!(refused("Phường Hội An", "TP Tam Kỳ", "Quảng Nam").1, "unknown_place");
}

#[test]
fn a_day_says_whose_names_they_are() {
    let names = PlaceNames {
        province: Some("Quảng Nam".to_owned()),
        district: Some("Hội An".to_owned()),
        commune: Some("Minh An".to_owned()),
    };
    let then = understand(&names, Some(LAST_LEGACY_DAY), today()).unwrap();
    assert_eq!(then.input.code, "20398");
    let now = understand(&names, Some(today()), today());
    assert_eq!(now.unwrap_err().code, "unknown_place", "there was no Quảng Nam any more");
}
