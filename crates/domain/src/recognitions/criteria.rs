//! Criteria sets of the learning unit and the learning community, as far as their text was read.
//!
//! They carry no points: every indicator of the level must be met. A target that was not read is
//! absent and marked, so that nobody takes a guess for the law.

use std::sync::LazyLock;

use async_graphql::SimpleObject;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Mark, code_enum};

code_enum! {
    /// How an indicator is measured.
    IndicatorMeasure {
        /// Met or not.
        YesNo = "yes_no" ("Có/không", "Yes or no"),
        /// A share in percent.
        Percent = "percent" ("Tỷ lệ phần trăm", "Percentage"),
        /// A named level or title, or a higher one.
        Level = "level" ("Mức, danh hiệu", "Level or title"),
        /// The text was not read.
        Unknown = "unknown" ("Chưa xác định", "Unknown"),
    }
}

/// What a level asks of an indicator; all three values absent means: not read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IndicatorTarget {
    /// Level of recognition.
    pub level: i32,
    /// Must be met.
    pub yes: Option<bool>,
    /// At least this percentage.
    pub percent: Option<i32>,
    /// At least this level or title.
    pub at_least: Option<String>,
    pub mark: Mark,
}

impl IndicatorTarget {
    /// Whether the target was read.
    pub fn is_known(&self) -> bool {
        self.yes.is_some() || self.percent.is_some() || self.at_least.is_some()
    }
}

/// An indicator (chỉ tiêu).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Indicator {
    /// Code within the set, e.g. `c1_3`.
    pub code: String,
    pub label_vi: String,
    pub label_en: String,
    /// The only holders it applies to, e.g. `universities`; absent when it applies to all.
    pub applies_to: Option<String>,
    pub measure: IndicatorMeasure,
    pub targets: Vec<IndicatorTarget>,
}

impl Indicator {
    /// What a level asks.
    pub fn target(&self, level: i32) -> Option<&IndicatorTarget> {
        self.targets.iter().find(|t| t.level == level)
    }
}

/// A criterion (tiêu chí).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Criterion {
    /// Code within the set, e.g. `c1_conditions`.
    pub code: String,
    pub label_vi: String,
    pub label_en: String,
    /// Whether every indicator of the text is listed. Where not, results may name further ones
    /// by the criterion's prefix, e.g. `k4_1`.
    pub complete: bool,
    /// How many indicators the text has, where that was read.
    pub indicators_total: Option<i32>,
    pub mark: Mark,
    #[serde(default)]
    pub indicators: Vec<Indicator>,
}

impl Criterion {
    /// What the codes of its indicators begin with: `k4_` for `k4_pcgd_xmc`.
    pub fn prefix(&self) -> &str {
        self.code.find('_').map_or(&self.code, |at| &self.code[..=at])
    }
}

/// A set of criteria with its days of force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CriteriaSet {
    /// Stable code, e.g. `tt_24_2023_province`.
    pub code: String,
    pub label_vi: String,
    pub label_en: String,
    pub document: String,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
    /// How many criteria the text has, where that was read.
    pub criteria_total: Option<i32>,
    /// How many indicators the text has, where that was read.
    pub indicators_total: Option<i32>,
    pub mark: Mark,
    pub note: Option<String>,
    #[serde(alias = "criterion")]
    pub criteria: Vec<Criterion>,
}

impl CriteriaSet {
    /// Every indicator with its criterion.
    pub fn indicators(&self) -> impl Iterator<Item = (&Criterion, &Indicator)> {
        self.criteria.iter().flat_map(|c| c.indicators.iter().map(move |i| (c, i)))
    }

    /// Whether the set was in force on a day.
    pub fn in_force_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    set: Vec<CriteriaSet>,
}

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    toml::from_str(include_str!("../../rules/criteria_sets.toml"))
        .unwrap_or_else(|error| panic!("rules/criteria_sets.toml: {error}"))
});

/// Every criteria set.
pub fn all() -> &'static [CriteriaSet] {
    &RULES.set
}

/// The set with this code.
pub fn find(code: &str) -> Option<&'static CriteriaSet> {
    all().iter().find(|set| set.code == code)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{IndicatorMeasure, all, find};
    use crate::{Mark, recognitions::kind};

    fn percent(set: &str, indicator: &str, level: i32) -> Option<i32> {
        find(set)?.indicators().find(|(_, i)| i.code == indicator)?.1.target(level)?.percent
    }

    #[test]
    fn targets_that_were_read_have_their_values() {
        assert_eq!(percent("tt_24_2023_province", "c3_1_members", 1), Some(90));
        assert_eq!(percent("tt_24_2023_province", "c3_1_learners", 1), Some(95));
        assert_eq!(percent("tt_24_2023_province", "c3_1_members", 2), Some(95));
        assert_eq!(percent("tt_24_2023_province", "c3_1_learners", 2), Some(97));
        assert_eq!(percent("tt_24_2023_district", "c2_2", 1), Some(90));
        assert_eq!(percent("tt_24_2023_district", "c2_2", 2), None);
    }

    #[test]
    fn a_target_has_a_value_or_the_mark_unverified() {
        for (_, indicator) in all().iter().flat_map(super::CriteriaSet::indicators) {
            assert_eq!(indicator.targets.len(), 2, "{}", indicator.code);
            for target in &indicator.targets {
                assert_eq!(target.is_known(), target.mark == Mark::Verified, "{}", indicator.code);
                assert!(target.percent.is_none() || indicator.measure == IndicatorMeasure::Percent);
            }
        }
    }

    #[test]
    fn sets_have_the_number_of_criteria_the_law_names() {
        let criteria = |code| find(code).map(|s| s.criteria.len());
        assert_eq!(criteria("tt_24_2023_province"), Some(3));
        assert_eq!(criteria("tt_25_2023_commune"), Some(5));
        assert_eq!(criteria("tt_25_2023_province"), Some(4));
        assert_eq!(find("tt_25_2023_commune").and_then(|s| s.indicators_total), Some(15));
    }

    #[test]
    fn codes_are_unique_and_every_kind_finds_its_set() {
        for set in all() {
            let codes: BTreeSet<_> = set.indicators().map(|(_, i)| &i.code).collect();
            assert_eq!(codes.len(), set.indicators().count());
            assert!(set.indicators().all(|(c, i)| i.code.starts_with(c.prefix())));
        }
        for code in kind::all().iter().filter_map(|k| k.criteria_set.as_deref()) {
            assert!(find(code).is_some(), "{code}");
        }
    }
}
