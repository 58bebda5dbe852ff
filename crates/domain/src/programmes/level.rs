//! Language levels and IT modules: the two frames by which upgrading courses are described.

use async_graphql::SimpleObject;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::kind::CATALOGUE;
use crate::Mark;

/// A level of the six-level language framework of Viet Nam (TT 01/2014/TT-BGDĐT).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LanguageLevel {
    /// 1 to 6.
    pub level: i32,
    /// `elementary`, `intermediate` or `advanced`.
    pub tier: String,
    pub label_vi: String,
    pub label_en: String,
    /// The level of the Common European Framework it equals.
    pub cefr: String,
    /// Suggested class hours of practical English, lower bound (TT 28/2021/TT-BGDĐT).
    pub english_hours_min: i32,
    /// Suggested class hours of practical English, upper bound.
    pub english_hours_max: i32,
    pub mark: Mark,
}

/// A module of the IT skills standard (TT 03/2014/TT-BTTTT).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ItModule {
    /// `iu01` to `iu15`.
    pub code: String,
    /// The code in the circular, `IU01` to `IU15`.
    pub official_code: String,
    /// `basic` (IU01 to IU06) or `advanced` (IU07 to IU15).
    pub tier: String,
    pub label_vi: String,
    pub label_en: String,
}

/// The standards an IT course can reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItStandard {
    Basic,
    Advanced,
}

/// Modules beyond the basic six that the advanced standard asks for (TT 03/2014/TT-BTTTT).
pub const ADVANCED_MODULES_REQUIRED: usize = 3;

/// Every language level, from 1 to 6.
pub fn language_levels() -> &'static [LanguageLevel] {
    &CATALOGUE.language_levels
}

/// The level with this number.
pub fn find_level(level: i32) -> Option<&'static LanguageLevel> {
    language_levels().iter().find(|l| l.level == level)
}

/// Every IT module.
pub fn it_modules() -> &'static [ItModule] {
    &CATALOGUE.it_modules
}

/// The module with this code.
pub fn find_module(code: &str) -> Option<&'static ItModule> {
    it_modules().iter().find(|m| m.code == code)
}

/// The standard a set of modules reaches: basic = all six; advanced = basic and at least three more.
pub fn it_standard(modules: &[String]) -> Option<ItStandard> {
    let taught = |tier: &str| it_modules().iter().filter(|m| m.tier == tier && modules.contains(&m.code)).count();
    let basic = it_modules().iter().filter(|m| m.tier == "basic").count();
    if taught("basic") < basic {
        None
    } else if taught("advanced") < ADVANCED_MODULES_REQUIRED {
        Some(ItStandard::Basic)
    } else {
        Some(ItStandard::Advanced)
    }
}

#[cfg(test)]
mod tests {
    use super::{ItStandard, find_level, it_modules, it_standard, language_levels};

    fn modules(codes: &[&str]) -> Vec<String> {
        codes.iter().map(|c| (*c).to_owned()).collect()
    }

    #[test]
    fn six_levels_from_a1_to_c2() {
        let cefr: Vec<_> = language_levels().iter().map(|l| l.cefr.as_str()).collect();
        assert_eq!(cefr, ["A1", "A2", "B1", "B2", "C1", "C2"]);
        assert_eq!(find_level(6).map(|l| (l.english_hours_min, l.english_hours_max)), Some((1000, 1200)));
        assert_eq!(find_level(7), None);
    }

    #[test]
    fn fifteen_modules_make_two_standards() {
        assert_eq!(it_modules().len(), 15);
        let basic = ["iu01", "iu02", "iu03", "iu04", "iu05", "iu06"];
        assert_eq!(it_standard(&modules(&basic[..5])), None);
        assert_eq!(it_standard(&modules(&basic)), Some(ItStandard::Basic));
        let two_more = [&basic[..], &["iu07", "iu15"]].concat();
        assert_eq!(it_standard(&modules(&two_more)), Some(ItStandard::Basic));
        let same_twice = [&basic[..], &["iu07", "iu15", "iu15"]].concat();
        assert_eq!(it_standard(&modules(&same_twice)), Some(ItStandard::Basic));
        let three_more = [&basic[..], &["iu07", "iu14", "iu15"]].concat();
        assert_eq!(it_standard(&modules(&three_more)), Some(ItStandard::Advanced));
    }
}
