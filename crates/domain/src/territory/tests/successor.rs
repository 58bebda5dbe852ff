//! Links between eras: counts and the disputed cases, as settled by the texts of resolutions.

use serde::Deserialize;

use super::today;
use crate::territory::{
    find::{UnitFilter, by_id, find, units, valid_on},
    rows::rows,
    successor::{AreaExtent, LinkEvidence, PopulationExtent, UnitLink, predecessors, successors},
    unit::{LAST_LEGACY_DAY, Unit, UnitLevel},
};

fn legacy(code: &str) -> Vec<UnitLink> {
    find(code, None, LAST_LEGACY_DAY).map(successors).unwrap_or_default()
}

fn goals(code: &str) -> Vec<String> {
    legacy(code).into_iter().map(|link| link.to_code).collect()
}

/// The legacy units with printed links: all communes, and the five island districts.
fn linked() -> impl Iterator<Item = &'static Unit> {
    let island = |unit: &Unit| ["318", "471", "498", "536", "755"].contains(&unit.code.as_str());
    units().filter(move |u| {
        u.is_legacy() && (u.level == UnitLevel::Commune || (u.level == UnitLevel::District && island(u)))
    })
}

#[test]
fn every_legacy_unit_went_somewhere() {
    let counts: Vec<usize> = linked().map(|unit| successors(unit).len()).collect();
    assert_eq!(counts.len(), 10_040);
    assert_eq!(counts.iter().sum::<usize>(), 10_571);
    assert_eq!(counts.iter().filter(|n| **n == 1).count(), 9_599);
    assert_eq!(counts.iter().filter(|n| **n > 1).count(), 441);
    assert_eq!(counts.iter().max(), Some(&5));
}

#[test]
fn fifty_eight_have_one_home_for_all_people() {
    let all = |links: &[UnitLink]| links.iter().filter(|l| l.population_extent == PopulationExtent::All).count();
    let several: Vec<_> = linked().map(successors).filter(|links| links.len() > 1).collect();
    assert_eq!(several.iter().filter(|links| all(links) == 1).count(), 58);
    assert_eq!(several.iter().filter(|links| all(links) == 0).count(), 383);
}

#[test]
fn every_unit_of_today_came_from_somewhere() {
    let from: Vec<usize> =
        valid_on(today(), &UnitFilter::default()).into_iter().map(|u| predecessors(u).len()).collect();
    assert_eq!((from.len(), from.iter().min(), from.iter().max()), (3355, Some(&1), Some(&14)));
    assert_eq!(from.iter().sum::<usize>(), 10_571 + 63);
}

#[test]
fn disputed_links_are_settled() {
    assert_eq!(goals("01651"), ["01648"]);
    assert_eq!(goals("02482"), ["02494"]);
    assert!(goals("00556").contains(&"00562".to_owned()));
    assert!(goals("09013").contains(&"09817".to_owned()));
    assert_eq!(goals("23053"), ["23041", "23053"]);
    assert_eq!(
        legacy("23053").iter().map(|l| l.evidence).collect::<Vec<_>>(),
        [LinkEvidence::MitAndResolutionTextAgainstNso, LinkEvidence::BothSourcesExtentDisputed]
    );
    assert_eq!(goals("28036"), ["28036"]);
    assert_eq!(goals("11890"), ["11911"]);
}

#[test]
fn rejected_links_stay_rejected() {
    #[derive(Deserialize)]
    struct Rejected {
        old_code: String,
        new_code: String,
    }
    let rejected: Vec<Rejected> = rows(include_str!("../../../codelists/admin_ward_successors_rejected.csv"));
    assert_eq!(rejected.len(), 35);
    for link in rejected {
        assert!(!goals(&link.old_code).is_empty(), "{}", link.old_code);
        assert!(!goals(&link.old_code).contains(&link.new_code), "{} → {}", link.old_code, link.new_code);
    }
}

#[test]
fn islands_became_special_zones() {
    let pairs = [("318", "11948"), ("471", "19742"), ("498", "20333"), ("536", "21548"), ("755", "26732")];
    for (old, new) in pairs {
        assert_eq!(goals(old), [new], "{old}");
        let back = find(new, None, today()).map(predecessors).unwrap_or_default();
        assert!(back.iter().any(|link| link.from_id == format!("d{old}@legacy") && link.from_code == old), "{new}");
    }
}

#[test]
fn provinces_merged() {
    let of = |code| find(code, None, today()).map(predecessors).unwrap_or_default();
    let from: Vec<_> = of("31").into_iter().map(|l| (l.from_code, l.area_extent, l.population_extent)).collect();
    let whole = |code: &str| (code.to_owned(), AreaExtent::Whole, PopulationExtent::All);
    assert_eq!(from, [whole("30"), whole("31")]);
    assert_eq!(goals("30"), ["31"]);
    assert_eq!(of("68").into_iter().map(|l| l.from_code).collect::<Vec<_>>(), ["60", "67", "68"]);
}

#[test]
fn districts_follow_their_communes() {
    let ba_dinh = by_id("d001@legacy").map(successors).unwrap_or_default();
    assert!(ba_dinh.len() > 1);
    assert!(
        ba_dinh.iter().all(|l| l.area_extent == AreaExtent::Part && l.population_extent == PopulationExtent::Unstated)
    );
    // Cô Tô (huyện 207): all its communes became one special zone.
    let co_to = by_id("d207@legacy").map(successors).unwrap_or_default();
    let co_to: Vec<_> = co_to.iter().map(|l| (l.to_code.as_str(), l.area_extent, l.evidence)).collect();
    assert_eq!(co_to, [("07192", AreaExtent::Whole, LinkEvidence::DerivedFromCommunes)]);
}

#[test]
fn units_of_today_have_no_successor() {
    assert!(find("00004", None, today()).map(successors).unwrap_or_default().is_empty());
    assert!(find("00004", None, LAST_LEGACY_DAY).map(predecessors).unwrap_or_default().is_empty());
}
