//! The standards of a place for literacy and universal education, as effective-dated data.
//!
//! Rows read in the text of the law apply by default; rows known only from public source code
//! are labelled and apply when the caller chooses so (see [`Evidence`]).

use std::sync::LazyLock;

use async_graphql::SimpleObject;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::kind::HolderKind;
use crate::{Mark, code_enum};

code_enum! {
    /// Whether a commune is on the legal list of specially difficult communes.
    CommuneDifficulty {
        /// Not on the list.
        Normal = "normal" ("Xã bình thường", "Normal"),
        /// On the list.
        SpecialDifficult = "special_difficult" (
            "Xã có điều kiện kinh tế - xã hội đặc biệt khó khăn",
            "Commune in specially difficult social and economic conditions"
        ),
    }
}

code_enum! {
    /// Which rows of the rule sets apply.
    Evidence {
        /// Only rows read in the text of the law.
        VerifiedOnly = "verified_only" ("Chỉ quy định đã đối chiếu", "Verified rows only"),
        /// Unverified rows too, each labelled in the answer.
        WithUnverified = "with_unverified" ("Cả quy định chưa kiểm chứng", "Unverified rows too"),
    }
}

impl Evidence {
    /// Whether a row with this mark applies.
    pub fn accepts(self, mark: Mark) -> bool {
        self == Self::WithUnverified || mark == Mark::Verified
    }
}

/// A document of the time line and its days of force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RuleSet {
    /// Stable code, e.g. `nd_20_2014`.
    pub code: String,
    pub document: String,
    pub valid_from: Option<NaiveDate>,
    pub valid_to: Option<NaiveDate>,
    /// `in_force` or `draft`; a draft is never applied.
    pub status: String,
    pub mark: Mark,
    pub note: Option<String>,
}

/// One condition of a commune standard: `count / total >= percent / 100` of a measure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StandardCondition {
    pub difficulty: CommuneDifficulty,
    /// Code of the figure, e.g. `literate_1_age_15_35`.
    pub measure: String,
    /// Least share in percent; the boundary passes.
    pub percent: i64,
    /// Whether an empty group meets the condition ("all others …" with no others left).
    #[serde(default)]
    pub empty_is_met: bool,
}

/// A standard that a commune can meet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CommuneStandard {
    /// Stable code, e.g. `xmc_1`.
    pub code: String,
    pub label_vi: String,
    pub label_en: String,
    /// Code of the rule set.
    pub rule_set: String,
    pub article: Option<String>,
    /// Level, for standards that have levels.
    pub level: Option<i32>,
    pub mark: Mark,
    pub note: Option<String>,
    /// Standards the same commune must meet in the same year.
    #[serde(default)]
    pub requires: Vec<String>,
    pub conditions: Vec<StandardCondition>,
}

/// The share of its units that a district or province needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AreaStandard {
    /// Code of the standard, e.g. `xmc_1`.
    pub standard: String,
    /// `district` (to 2025-06-30) or `province`.
    pub holder: HolderKind,
    /// The units counted: `commune` or `district`.
    pub of: HolderKind,
    /// Least share of them in percent; the boundary passes.
    pub percent: i64,
    /// Only communes of this difficulty are counted; absent when all are.
    pub among: Option<CommuneDifficulty>,
    /// Code of the rule set.
    pub rule_set: String,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
    pub mark: Mark,
    pub note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Rules {
    rule_set: Vec<RuleSet>,
    standard: Vec<CommuneStandard>,
    area: Vec<AreaStandard>,
}

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    toml::from_str(include_str!("../../rules/literacy_standards.toml"))
        .unwrap_or_else(|error| panic!("rules/literacy_standards.toml: {error}"))
});

/// The time line of documents.
pub fn rule_sets() -> &'static [RuleSet] {
    &RULES.rule_set
}

/// Every standard of a commune.
pub fn standards() -> &'static [CommuneStandard] {
    &RULES.standard
}

/// The standard with this code.
pub fn find(code: &str) -> Option<&'static CommuneStandard> {
    standards().iter().find(|s| s.code == code)
}

/// Every standard of a district or province.
pub fn area_standards() -> &'static [AreaStandard] {
    &RULES.area
}

impl CommuneStandard {
    /// Whether the rule set behind the standard is in force on a day.
    pub fn in_force_on(&self, day: NaiveDate) -> bool {
        rule_sets().iter().any(|set| {
            set.code == self.rule_set
                && set.status == "in_force"
                && set.valid_from.is_none_or(|from| from <= day)
                && set.valid_to.is_none_or(|to| day <= to)
        })
    }
}

/// The rows for a standard of a district or province on a day; all of them must be met.
///
/// Empty when no row of the accepted evidence covers the day, as for a province without
/// districts since 2025-07-01 under [`Evidence::VerifiedOnly`].
pub fn area_rows(standard: &str, holder: HolderKind, on: NaiveDate, evidence: Evidence) -> Vec<&'static AreaStandard> {
    area_standards()
        .iter()
        .filter(|row| row.standard == standard && row.holder == holder && evidence.accepts(row.mark))
        .filter(|row| row.valid_from <= on && row.valid_to.is_none_or(|to| on <= to))
        .collect()
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{Evidence, area_rows, area_standards, find, rule_sets, standards};
    use crate::{Mark, recognitions::kind::HolderKind};

    fn percents(standard: &str, holder: HolderKind, on: &str, evidence: Evidence) -> Vec<i64> {
        let on: NaiveDate = on.parse().unwrap_or_default();
        area_rows(standard, holder, on, evidence).iter().map(|row| row.percent).collect()
    }

    #[test]
    fn rows_point_to_known_standards_and_rule_sets() {
        let set_exists = |code: &str| rule_sets().iter().any(|s| s.code == code);
        for s in standards() {
            assert!(set_exists(&s.rule_set) && s.requires.iter().all(|r| find(r).is_some()), "{}", s.code);
        }
        assert!(area_standards().iter().all(|a| find(&a.standard).is_some() && set_exists(&a.rule_set)));
        assert_eq!(find("lower_secondary_2").map(|s| s.mark), Some(Mark::Unverified));
    }

    #[test]
    fn provinces_counted_districts_until_june_2025() {
        let law = Evidence::VerifiedOnly;
        assert_eq!(percents("xmc_1", HolderKind::Province, "2025-06-30", law), [90]);
        assert_eq!(percents("xmc_2", HolderKind::Province, "2025-06-30", law), [100]);
        assert_eq!(percents("xmc_1", HolderKind::District, "2025-06-30", law), [90]);
        assert_eq!(percents("xmc_1", HolderKind::District, "2025-07-01", Evidence::WithUnverified), [0; 0]);
    }

    #[test]
    fn the_shares_without_districts_are_only_used_when_chosen() {
        let (law, all) = (Evidence::VerifiedOnly, Evidence::WithUnverified);
        assert_eq!(percents("xmc_1", HolderKind::Province, "2025-07-01", law), [0; 0]);
        assert_eq!(percents("xmc_1", HolderKind::Province, "2025-07-01", all), [81]);
        assert_eq!(percents("xmc_2", HolderKind::Province, "2025-07-01", all), [90]);
        assert_eq!(percents("lower_secondary_3", HolderKind::Province, "2025-07-01", all), [100]);
        assert_eq!(percents("preschool_3_5", HolderKind::Province, "2026-01-01", all), [85, 90]);
    }
}
