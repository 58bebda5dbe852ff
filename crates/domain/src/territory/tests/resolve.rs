//! What codes and names mean: unique, ambiguous or unknown, but never a silent guess.

use super::{day, today};
use crate::territory::{
    find::UnitFilter,
    resolution::{Resolution, ResolutionOutcome, ResolveQuery},
    resolve,
    search::search,
    successor::{AreaExtent, PopulationExtent},
    unit::{LAST_LEGACY_DAY, UnitLevel},
};
use ResolutionOutcome::{Ambiguous, Unique, Unknown};

fn ask(query: &ResolveQuery) -> Resolution {
    resolve::resolve(query, today())
}

fn code(code: &str) -> ResolveQuery {
    ResolveQuery { code: Some(code.to_owned()), ..ResolveQuery::default() }
}

fn name(name: &str) -> ResolveQuery {
    ResolveQuery { name: Some(name.to_owned()), ..ResolveQuery::default() }
}

fn then(query: ResolveQuery) -> ResolveQuery {
    ResolveQuery { as_of: Some(LAST_LEGACY_DAY), ..query }
}

fn goals(answer: &Resolution) -> Vec<&str> {
    answer.candidates.iter().map(|c| c.unit.code.as_str()).collect()
}

fn notes(answer: &Resolution) -> Vec<&str> {
    answer.notes.iter().map(|note| note.code).collect()
}

#[test]
fn a_bare_code_is_a_code_of_today() {
    // 00004 was Trúc Bạch and is Ba Đình.
    let answer = ask(&code("00004"));
    assert_eq!((answer.outcome, answer.matched[0].name.as_str()), (Unique, "Ba Đình"));
    assert_eq!((goals(&answer), answer.candidates[0].area_extent), (vec!["00004"], None));
    let dated = ask(&ResolveQuery { as_of: Some(day(2025, 7, 1)), ..code("07294") });
    assert_eq!(
        (dated.matched[0].name_with_type.as_str(), dated.candidates[0].unit.name_with_type.as_str()),
        ("Xã Bố Hạ", "Phường Bố Hạ")
    );
}

#[test]
fn a_dated_code_is_followed_to_today() {
    let answer = ask(&then(code("00001")));
    assert_eq!((answer.outcome, goals(&answer)), (Unique, vec!["00097"]));
    assert_eq!(answer.candidates[0].from_code, "00001");
    assert_eq!(answer.candidates[0].population_extent, Some(PopulationExtent::All));
    // The same code without a date, but with its district.
    let district = ask(&ResolveQuery { district_code: Some("001".to_owned()), ..code("00001") });
    assert_eq!(goals(&district), ["00097"]);
    let wrong = ask(&ResolveQuery { district_code: Some("002".to_owned()), ..code("00001") });
    assert_eq!(wrong.outcome, Unknown);
}

#[test]
fn a_split_unit_is_ambiguous_with_its_extents() {
    let answer = ask(&then(code("00139")));
    assert_eq!((answer.outcome, goals(&answer)), (Ambiguous, vec!["00097", "00118", "00145"]));
    assert_eq!(answer.default_for_people.as_deref(), Some("00118"));
    assert!(answer.candidates.iter().all(|c| c.area_extent == Some(AreaExtent::Part)));
    let van_khe = ask(&then(code("09013")));
    assert_eq!((van_khe.outcome, van_khe.default_for_people), (Ambiguous, None));
}

#[test]
fn a_legacy_code_needs_its_date() {
    let answer = ask(&code("00001"));
    assert_eq!(
        (answer.outcome, goals(&answer), notes(&answer)),
        (Unknown, vec!["00097"], vec!["legacy_code_needs_as_of"])
    );
    let nowhere = ask(&code("99999"));
    assert_eq!((nowhere.outcome, nowhere.notes.len()), (Unknown, 0));
}

#[test]
fn impossible_questions_are_told() {
    assert_eq!(notes(&ask(&ResolveQuery::default())), ["nothing_given"]);
    assert_eq!(notes(&ask(&ResolveQuery { as_of: Some(day(2027, 1, 1)), ..code("00004") })), ["future_date"]);
    let district =
        ResolveQuery { as_of: Some(day(2025, 7, 1)), district_code: Some("001".to_owned()), ..code("00004") };
    assert_eq!((ask(&district).outcome, notes(&ask(&district))), (Unknown, vec!["district_not_in_force"]));
    assert_eq!(notes(&ask(&ResolveQuery { as_of: Some(day(2019, 9, 5)), ..code("00001") })), ["state_of_2025_06_30"]);
}

#[test]
fn the_same_name_in_a_merged_province_is_not_a_successor() {
    // Hòa Bình of Thủy Nguyên went to Nguyễn Bỉnh Khiêm, not to Kim Thành.
    assert_eq!(goals(&ask(&then(code("11890")))), ["11911"]);
    assert!(!goals(&ask(&then(code("31741")))).contains(&"31408"));
}

#[test]
fn names_are_read_with_kind_and_accents_or_without() {
    for written in ["Phường Ba Đình", "P. Ba Đình", "PHUONG BA DINH", "phường  Ba Đi\u{300}nh"] {
        assert_eq!(goals(&ask(&name(written))), ["00004"], "{written}");
    }
    // Thanh Hóa has a xã Ba Đình, Quảng Ngãi a xã Ba Dinh: accents tell them apart.
    assert_eq!(goals(&ask(&name("Ba Đình"))), ["00004", "16171"]);
    assert_eq!(goals(&ask(&name("ba dinh"))), ["00004", "16171", "21499"]);
    for written in ["Đồng Nai", "Thành phố Đồng Nai", "Tỉnh Đồng Nai", "tp dong nai"] {
        assert_eq!(goals(&ask(&name(written))), ["75"], "{written}");
    }
    for written in ["Xã Hiệp Hòa", "phường Hiệp Hoà"] {
        let answer = ask(&ResolveQuery { province_code: Some("24".to_owned()), ..name(written) });
        assert_eq!(goals(&answer), ["07840"], "{written}");
    }
    assert_eq!(goals(&ask(&name("Xà Phiên"))), ["31495"]);
    assert_eq!(goals(&ask(&name("xã Xà Phiên"))), ["31495"]);
    assert_eq!(goals(&ask(&name("Ea H'Leo"))), goals(&ask(&name("xa ea h’leo"))));
}

#[test]
fn a_name_of_today_may_be_ambiguous() {
    let answer = ask(&name("Hòa Bình"));
    assert_eq!((answer.outcome, answer.candidates.len()), (Ambiguous, 5));
    let wards = ask(&name("phường Hoà Bình"));
    assert_eq!(goals(&wards), ["04795", "11533", "27211"]);
    let one = ask(&ResolveQuery { province_code: Some("31".to_owned()), ..name("Hòa Bình") });
    assert_eq!((one.outcome, goals(&one)), (Unique, vec!["11533"]));
}

#[test]
fn legacy_names_are_told_as_such() {
    let answer = ask(&name("phường Phúc Xá"));
    assert_eq!((answer.outcome, goals(&answer), notes(&answer)), (Unique, vec!["00097"], vec!["legacy_name"]));
    let by_district =
        ResolveQuery {
            district_name: Some("Quận 8".to_owned()), province_code: Some("79".to_owned()), ..name("P.05")
        };
    let answer = ask(&by_district);
    assert_eq!(answer.matched.len(), 1);
    assert_eq!(answer.matched[0].name_with_type, "Phường 5");
    assert_eq!(answer.matched[0].district_code.as_deref(), Some("776"));
    assert!(ask(&name("Phường 5")).candidates.len() > 5);
    assert_eq!(ask(&name("không có")).outcome, Unknown);
}

#[test]
fn provinces_and_districts_resolve_too() {
    let hai_duong = ask(&then(code("30")));
    assert_eq!((hai_duong.outcome, goals(&hai_duong)), (Unique, vec!["31"]));
    assert_eq!(goals(&ask(&name("Tỉnh Hải Dương"))), ["31"]);
    assert_eq!(goals(&ask(&ResolveQuery { province_code: Some("31".to_owned()), ..ResolveQuery::default() })), ["31"]);
    let island = ask(&ResolveQuery { district_code: Some("d318".to_owned()), ..ResolveQuery::default() });
    assert_eq!((island.outcome, goals(&island)), (Unique, vec!["11948"]));
    let level = ask(&ResolveQuery { level: Some(UnitLevel::Province), ..name("Hòa Bình") });
    assert_eq!((level.outcome, goals(&level), notes(&level)), (Unique, vec!["25"], vec!["legacy_name"]));
}

#[test]
fn code_and_name_must_agree() {
    let agrees = ask(&ResolveQuery { name: Some("ba dinh".to_owned()), ..code("00004") });
    assert_eq!(agrees.outcome, Unique);
    // 00004 with its name of before: both readings are shown.
    let differs = ask(&ResolveQuery { name: Some("Trúc Bạch".to_owned()), ..code("00004") });
    assert_eq!((differs.outcome, notes(&differs)), (Ambiguous, vec!["name_differs_from_code"]));
    assert_eq!(differs.matched.iter().map(|u| u.id.as_str()).collect::<Vec<_>>(), ["00004@2025-07-01", "00004@legacy"]);
}

#[test]
fn search_finds_without_accents_and_ranks_the_exact_spelling_first() {
    let found = |text: &str| search(text, today(), &UnitFilter::default(), 10);
    let codes = |text: &str| found(text).into_iter().map(|u| u.code.as_str()).collect::<Vec<_>>();
    assert_eq!(codes("hải phòng")[0], "31");
    assert_eq!(codes("nguyen binh khiem")[0], "11911");
    assert_eq!(codes("Hoà Bình")[0], codes("Hòa Bình")[0]);
    assert_eq!(codes("00004"), ["00004"]);
    assert!(found("").is_empty());
    assert!(found("chan may").iter().any(|u| u.name == "Chân Mây - Lăng Cô"));
    let legacy = search("truc bach", LAST_LEGACY_DAY, &UnitFilter::default(), 5);
    assert_eq!(legacy.first().map(|u| u.id.as_str()), Some("00004@legacy"));
}
