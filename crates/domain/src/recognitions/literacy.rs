//! Whether a place meets a standard of literacy or universal education (NĐ 20/2014/NĐ-CP).
//!
//! Shares are compared as integers, `count * 100 >= percent * total`: 90.0 % passes, 89.99 % does
//! not, and nothing is rounded. What is not known is undetermined, never failed.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::standard::{AreaStandard, CommuneDifficulty, Evidence, StandardCondition, find};
use crate::code_enum;

code_enum! {
    /// The outcome of a standard.
    StandardOutcome {
        /// Met for certain.
        Met = "met" ("Đạt", "Met"),
        /// Missed for certain.
        NotMet = "not_met" ("Không đạt", "Not met"),
        /// The figures, or the verified rules, do not decide it.
        Undetermined = "undetermined" ("Chưa xác định", "Undetermined"),
    }
}

impl StandardOutcome {
    /// Both must be met: one miss decides, else one doubt leaves it open.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::NotMet, _) | (_, Self::NotMet) => Self::NotMet,
            (Self::Met, Self::Met) => Self::Met,
            _ => Self::Undetermined,
        }
    }
}

/// How many of a group have a property. The group is those who count ("phải phổ cập").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    pub count: i64,
    pub total: i64,
}

/// The figures of one commune and year by measure code; a missing one is not known.
pub type Figures = BTreeMap<String, Share>;

/// Units of an area by whether they meet a standard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UnitTally {
    pub met: i64,
    pub not_met: i64,
    /// Not known yet.
    pub unknown: i64,
}

/// Whether `count` is at least `percent` of `total`, without rounding.
pub fn at_least(count: i64, total: i64, percent: i64) -> bool {
    i128::from(count) * 100 >= i128::from(percent) * i128::from(total)
}

/// Whether a commune meets a standard on a day: its conditions, and the standards it requires of
/// the same commune and year.
///
/// Undetermined when a figure is missing or contradicts itself, when the group is empty, when the
/// standard is unknown or not in force, or when it rests on rows that `evidence` leaves out.
pub fn commune_outcome(
    standard: &str,
    difficulty: CommuneDifficulty,
    figures: &Figures,
    on: NaiveDate,
    evidence: Evidence,
) -> StandardOutcome {
    let rule = find(standard).filter(|s| s.in_force_on(on) && evidence.accepts(s.mark));
    let Some(rule) = rule else { return StandardOutcome::Undetermined };
    let conditions = rule.conditions.iter().filter(|c| c.difficulty == difficulty).map(|c| condition(c, figures));
    let required = rule.requires.iter().map(|code| commune_outcome(code, difficulty, figures, on, evidence));
    conditions.chain(required).fold(StandardOutcome::Met, StandardOutcome::and)
}

fn condition(condition: &StandardCondition, figures: &Figures) -> StandardOutcome {
    match figures.get(&condition.measure) {
        Some(Share { count: 0, total: 0 }) if condition.empty_is_met => StandardOutcome::Met,
        Some(share) if share.total > 0 && (0..=share.total).contains(&share.count) => {
            if at_least(share.count, share.total, condition.percent) {
                StandardOutcome::Met
            } else {
                StandardOutcome::NotMet
            }
        }
        _ => StandardOutcome::Undetermined,
    }
}

/// Whether a district or province meets one row, given the state of its units.
///
/// With units unknown, the least and greatest possible shares decide: met when even the least is
/// enough, not met when even the greatest is not, else undetermined.
pub fn area_outcome(row: &AreaStandard, tally: UnitTally) -> StandardOutcome {
    let UnitTally { met, not_met, unknown } = tally;
    let total = met.saturating_add(not_met).saturating_add(unknown);
    if total <= 0 || met < 0 || not_met < 0 || unknown < 0 {
        StandardOutcome::Undetermined
    } else if at_least(met, total, row.percent) {
        StandardOutcome::Met
    } else if at_least(met.saturating_add(unknown), total, row.percent) {
        StandardOutcome::Undetermined
    } else {
        StandardOutcome::NotMet
    }
}

#[cfg(test)]
#[path = "literacy_tests.rs"]
mod tests;
