//! Indicators: what is divided by what, with its definition, unit and source. They are data.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

use super::dimension::Dimension;
use crate::Label;

/// One side of an indicator.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Part {
    /// A data set, or [`COMMUNES`].
    pub of: String,
    /// The measure of the data set; its first one when absent.
    pub measure: Option<String>,
    /// What of it counts.
    #[serde(default)]
    pub only: BTreeMap<Dimension, Vec<String>>,
    /// Whether communes with a figure are counted in the place of the figure.
    #[serde(default)]
    pub places: bool,
    /// How many school years before the one that is asked for.
    #[serde(default)]
    pub years_before: usize,
}

/// The side that counts the communes of today.
pub const COMMUNES: &str = "communes";

/// An indicator: its numerator to its denominator, so many times.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Indicator {
    pub id: String,
    pub title_vi: String,
    pub title_en: String,
    pub about_vi: String,
    pub about_en: String,
    pub source: String,
    pub unit_vi: String,
    pub unit_en: String,
    /// 100 for a share in per cent, else 1.
    pub times: u32,
    pub numerator: Part,
    pub denominator: Part,
    /// Dimensions that tell the two sides apart, so that it says nothing by them.
    #[serde(default)]
    pub never_by: Vec<Dimension>,
}

impl Indicator {
    pub fn title(&self) -> Label {
        Label::new(&self.title_vi, &self.title_en)
    }

    /// Its definition in words.
    pub fn about(&self) -> Label {
        Label::new(&self.about_vi, &self.about_en)
    }

    pub fn unit(&self) -> Label {
        Label::new(&self.unit_vi, &self.unit_en)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Catalogue {
    indicator: Vec<Indicator>,
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    toml::from_str(include_str!("../../rules/indicators.toml"))
        .unwrap_or_else(|error| panic!("rules/indicators.toml: {error}"))
});

/// Every indicator.
pub fn all() -> &'static [Indicator] {
    &CATALOGUE.indicator
}

/// The indicator with this id.
pub fn find(id: &str) -> Option<&'static Indicator> {
    all().iter().find(|indicator| indicator.id == id)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{COMMUNES, all};
    use crate::{statistics::data_set, territory::unit::REFORM};

    #[test]
    fn each_side_names_what_there_is() {
        let ids: BTreeSet<_> = all().iter().map(|indicator| &indicator.id).collect();
        assert_eq!(ids.len(), all().len());
        for indicator in all() {
            for part in [&indicator.numerator, &indicator.denominator].into_iter().filter(|part| part.of != COMMUNES) {
                let set = data_set::find(&part.of).unwrap_or_else(|| panic!("{}: {}", indicator.id, part.of));
                let knows = |code: &String| set.measures.iter().any(|measure| measure.code == *code);
                assert!(part.measure.iter().all(knows), "{}", indicator.id);
                for (dimension, members) in &part.only {
                    let is_known = |member: &String| dimension.label_of(member, REFORM).is_some();
                    assert!(
                        set.dimensions.contains(dimension) && members.iter().all(is_known),
                        "{}: {dimension}",
                        indicator.id
                    );
                }
            }
        }
    }
}
