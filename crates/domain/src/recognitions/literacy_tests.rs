//! Boundaries and bands of the standards, with figures worked out by hand.

use chrono::NaiveDate;

use super::{
    Figures, Share,
    StandardOutcome::{self, Met, NotMet, Undetermined},
    UnitTally, area_outcome, at_least, commune_outcome,
};
use crate::recognitions::{
    kind::HolderKind,
    standard::{
        CommuneDifficulty::{self, Normal, SpecialDifficult},
        Evidence, area_rows,
    },
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap_or_default()
}

fn figures(rows: &[(&str, i64, i64)]) -> Figures {
    rows.iter().map(|(measure, count, total)| ((*measure).to_owned(), Share { count: *count, total: *total })).collect()
}

fn outcome(standard: &str, difficulty: CommuneDifficulty, rows: &[(&str, i64, i64)]) -> StandardOutcome {
    commune_outcome(standard, difficulty, &figures(rows), day("2026-09-30"), Evidence::VerifiedOnly)
}

#[test]
fn ninety_percent_passes_and_a_hair_below_fails() {
    assert!(at_least(9000, 10_000, 90));
    assert!(!at_least(8999, 10_000, 90));
    assert!(at_least(i64::MAX, i64::MAX, 100));
    assert_eq!(outcome("xmc_1", Normal, &[("literate_1_age_15_35", 9000, 10_000)]), Met);
    assert_eq!(outcome("xmc_1", Normal, &[("literate_1_age_15_35", 8999, 10_000)]), NotMet);
    // 899,995 of 1,000,000 shows as 90.0 % when rounded to one digit, and still fails.
    assert_eq!(outcome("xmc_1", Normal, &[("literate_1_age_15_35", 899_995, 1_000_000)]), NotMet);
}

#[test]
fn the_band_depends_on_the_difficulty_of_the_commune() {
    let level_1 = [("literate_1_age_15_25", 92, 100), ("literate_1_age_15_35", 88, 100)];
    assert_eq!(outcome("xmc_1", SpecialDifficult, &level_1), Met);
    assert_eq!(outcome("xmc_1", Normal, &level_1), NotMet);
    let level_2 = [("literate_2_age_15_35", 90, 100), ("literate_2_age_15_60", 89, 100)];
    assert_eq!(outcome("xmc_2", SpecialDifficult, &level_2), Met);
    assert_eq!(outcome("xmc_2", Normal, &level_2), NotMet);
}

#[test]
fn what_is_not_known_is_undetermined() {
    assert_eq!(outcome("xmc_1", Normal, &[]), Undetermined);
    assert_eq!(outcome("xmc_1", Normal, &[("literate_1_age_15_35", 0, 0)]), Undetermined);
    assert_eq!(outcome("xmc_1", Normal, &[("literate_1_age_15_35", 11, 10)]), Undetermined);
    assert_eq!(outcome("xmc_9", Normal, &[]), Undetermined);
    let before = commune_outcome(
        "xmc_1",
        Normal,
        &figures(&[("literate_1_age_15_35", 10, 10)]),
        day("2014-05-14"),
        Evidence::VerifiedOnly,
    );
    assert_eq!(before, Undetermined);
}

/// A normal commune just at `primary_1`, `xmc_1` and the lower secondary share.
const LOWER_SECONDARY: [(&str, i64, i64); 4] = [
    ("age_6_entered_grade_1", 90, 100),
    ("age_14_finished_primary", 80, 100),
    ("literate_1_age_15_35", 90, 100),
    ("age_15_18_lower_secondary", 80, 100),
];

#[test]
fn lower_secondary_1_needs_primary_1_and_literacy_1() {
    assert_eq!(outcome("lower_secondary_1", Normal, &LOWER_SECONDARY), Met);
    for spoiled in 0..LOWER_SECONDARY.len() {
        let mut rows = LOWER_SECONDARY;
        rows[spoiled].1 -= 1;
        assert_eq!(outcome("lower_secondary_1", Normal, &rows), NotMet, "{}", rows[spoiled].0);
    }
    assert_eq!(outcome("lower_secondary_1", Normal, &LOWER_SECONDARY[..3]), Undetermined);
    let mut special = LOWER_SECONDARY;
    special[1].1 = 70;
    special[2].0 = "literate_1_age_15_25";
    special[3].1 = 70;
    assert_eq!(outcome("lower_secondary_1", SpecialDifficult, &special), Met);
}

#[test]
fn an_unverified_standard_is_applied_only_when_chosen() {
    let mut rows = LOWER_SECONDARY;
    rows[3].1 = 90;
    assert_eq!(outcome("lower_secondary_2", Normal, &rows), Undetermined);
    let chosen =
        commune_outcome("lower_secondary_2", Normal, &figures(&rows), day("2026-09-30"), Evidence::WithUnverified);
    assert_eq!(chosen, Met);
}

#[test]
fn primary_2_has_no_child_left_outside() {
    let mut rows = vec![
        ("age_6_entered_grade_1", 95, 100),
        ("age_14_finished_primary", 80, 100),
        ("age_11_finished_primary", 80, 100),
        ("age_11_others_in_primary", 20, 20),
    ];
    assert_eq!(outcome("primary_2", Normal, &rows), Met);
    rows[3] = ("age_11_others_in_primary", 19, 20);
    assert_eq!(outcome("primary_2", Normal, &rows), NotMet);
    rows[2] = ("age_11_finished_primary", 100, 100);
    rows[3] = ("age_11_others_in_primary", 0, 0);
    assert_eq!(outcome("primary_2", Normal, &rows), Met);
}

#[test]
fn an_area_with_unknown_units_is_certain_or_open() {
    let rows = area_rows("xmc_1", HolderKind::Province, day("2025-07-01"), Evidence::WithUnverified);
    let decide = |met, not_met, unknown| rows.first().map(|row| area_outcome(row, UnitTally { met, not_met, unknown }));
    // 81 % of 100 communes.
    assert_eq!(decide(81, 0, 19), Some(Met));
    assert_eq!(decide(80, 19, 1), Some(Undetermined));
    assert_eq!(decide(80, 20, 0), Some(NotMet));
    assert_eq!(decide(0, 20, 80), Some(NotMet));
    assert_eq!(decide(0, 0, 0), Some(Undetermined));
    // 100 % of districts for level 2, until June 2025.
    let rows = area_rows("xmc_2", HolderKind::Province, day("2025-06-30"), Evidence::VerifiedOnly);
    let all = rows.first().map(|row| area_outcome(row, UnitTally { met: 14, not_met: 1, unknown: 0 }));
    assert_eq!(all, Some(NotMet));
}
