//! Who decides on what, before and after the end of the district level.

use chrono::NaiveDate;

use super::{HolderKind, RecognitionKind, all, deciding_authority, find};
use crate::{Mark, centres::life_cycle::AuthorityKind};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap_or_default()
}

fn kind(code: &str) -> &'static RecognitionKind {
    find(code).unwrap_or(&all()[0])
}

fn decides(
    code: &str,
    holder: HolderKind,
    level: i32,
    on: &str,
) -> Result<(Option<AuthorityKind>, Mark), &'static str> {
    deciding_authority(kind(code), holder, Some(level), day(on)).map(|a| (a.authority_kind, a.mark)).map_err(|r| r.code)
}

#[test]
fn every_kind_is_there_once_and_every_holder_has_an_authority_row() {
    assert_eq!(all().len(), 13);
    for (i, k) in all().iter().enumerate() {
        assert!(all()[..i].iter().all(|other| other.code != k.code));
        for holder in &k.holders {
            assert!(k.authorities.iter().any(|a| a.holders.contains(holder)), "{} {holder}", k.code);
        }
    }
}

#[test]
fn an_authority_without_a_text_is_labelled_and_not_guessed() {
    let open = all().iter().flat_map(|k| &k.authorities).filter(|a| a.authority_kind.is_none());
    assert!(open.filter(|a| a.label_en != "UNESCO").all(|a| a.mark == Mark::Unverified));
    for code in ["learning_community_commune", "literacy_place", "pcgd_place"] {
        assert_eq!(decides(code, HolderKind::Commune, 1, "2025-07-01"), Ok((None, Mark::Unverified)));
    }
}

#[test]
fn the_district_level_ends_with_june_2025() {
    let phong = (Some(AuthorityKind::PhongGddt), Mark::Verified);
    assert_eq!(decides("learning_community_commune", HolderKind::Commune, 1, "2025-06-30"), Ok(phong));
    let tinh = (Some(AuthorityKind::UbndTinh), Mark::Verified);
    assert_eq!(decides("literacy_place", HolderKind::District, 2, "2025-06-30"), Ok(tinh));
    assert_eq!(decides("literacy_place", HolderKind::District, 2, "2025-07-01"), Err("district_abolished"));
    assert_eq!(
        decides("learning_community_district", HolderKind::District, 1, "2025-07-01"),
        Err("district_abolished")
    );
    assert_eq!(decides("learning_unit_district", HolderKind::Organisation, 1, "2025-07-01"), Err("kind_not_in_force"));
    for row in all().iter().flat_map(|k| &k.authorities) {
        let last = row.authority_kind.and_then(AuthorityKind::valid_to);
        assert!(last.is_none() || row.to.is_some_and(|to| Some(to) <= last), "{}", row.label_en);
    }
}

#[test]
fn a_province_is_recognised_by_itself_or_by_the_minister() {
    let (bo, tinh) = ((Some(AuthorityKind::BoGddt), Mark::Verified), (Some(AuthorityKind::UbndTinh), Mark::Verified));
    assert_eq!(decides("literacy_place", HolderKind::Province, 1, "2025-06-30"), Ok(bo));
    assert_eq!(decides("literacy_place", HolderKind::Province, 1, "2025-07-01"), Ok(tinh));
    assert_eq!(decides("literacy_place", HolderKind::Province, 2, "2025-07-01"), Ok(bo));
    assert_eq!(decides("pcgd_place", HolderKind::Province, 2, "2025-07-01"), Ok(tinh));
    assert_eq!(decides("pcgd_place", HolderKind::Province, 3, "2025-07-01"), Ok(bo));
    assert_eq!(decides("pcgd_place", HolderKind::Province, 4, "2025-07-01"), Err("level_not_allowed"));
    assert_eq!(decides("literacy_place", HolderKind::Family, 1, "2025-07-01"), Err("holder_not_allowed"));
}
