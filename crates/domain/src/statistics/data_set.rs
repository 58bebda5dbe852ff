//! Data sets: what is counted of which records, and what it is broken down by. They are data.

use std::sync::LazyLock;

use async_graphql::SimpleObject;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::dimension::Dimension;
use crate::{Label, exchange::resource::ResourceKind};

/// What is counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "StatisticsMeasure")]
#[schema(as = StatisticsMeasure)]
pub struct Measure {
    pub code: String,
    pub label_vi: String,
    pub label_en: String,
    /// What one of it is, in Vietnamese.
    pub unit_vi: String,
    /// What one of it is, in English.
    pub unit_en: String,
}

impl Measure {
    pub fn label(&self) -> Label {
        Label::new(&self.label_vi, &self.label_en)
    }

    /// What one of it is.
    pub fn unit(&self) -> Label {
        Label::new(&self.unit_vi, &self.unit_en)
    }
}

/// A data set. Releases keep it as JSON for good: no code of a dimension or a kind is ever taken out, what is added has
/// a default, and what was taken out since is passed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DataSet {
    pub id: String,
    /// The kind of record that is counted.
    pub of: ResourceKind,
    pub title_vi: String,
    pub title_en: String,
    pub about_vi: String,
    pub about_en: String,
    pub source: String,
    /// Whether it counts people: small numbers of them are protected.
    pub personal: bool,
    pub dimensions: Vec<Dimension>,
    /// Coarser tables that are kept beside the cells, each part of the next.
    #[serde(default)]
    pub levels: Vec<Vec<Dimension>>,
    pub measures: Vec<Measure>,
}

impl DataSet {
    pub fn title(&self) -> Label {
        Label::new(&self.title_vi, &self.title_en)
    }

    /// What is counted.
    pub fn about(&self) -> Label {
        Label::new(&self.about_vi, &self.about_en)
    }

    /// Where a dimension stands among its own.
    pub fn place(&self, dimension: Dimension) -> Option<usize> {
        self.dimensions.iter().position(|own| *own == dimension)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Catalogue {
    #[serde(rename = "dataSet")]
    data_sets: Vec<DataSet>,
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    toml::from_str(include_str!("../../rules/data_sets.toml"))
        .unwrap_or_else(|error| panic!("rules/data_sets.toml: {error}"))
});

/// Every data set.
pub fn all() -> &'static [DataSet] {
    &CATALOGUE.data_sets
}

/// The data set with this id.
pub fn find(id: &str) -> Option<&'static DataSet> {
    all().iter().find(|set| set.id == id)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Dimension, all};
    use crate::statistics::period::StatisticsPeriod;

    #[test]
    fn the_catalogue_is_sound() {
        let ids: BTreeSet<_> = all().iter().map(|set| &set.id).collect();
        assert_eq!(ids.len(), all().len());
        for set in all() {
            let dimensions: BTreeSet<_> = set.dimensions.iter().collect();
            assert_eq!(dimensions.len(), set.dimensions.len(), "{}", set.id);
            assert!(!set.measures.is_empty() && set.title_vi != set.title_en, "{}", set.id);
            // A cell has three numbers.
            assert_eq!(StatisticsPeriod::ALL.len(), 3);
            let is_of_period = set.place(Dimension::Period).is_some();
            assert!(set.measures.len() <= if is_of_period { 1 } else { 3 }, "{}", set.id);
            // What is shown exactly is told by where it lies, so every table has provinces.
            let tables: Vec<BTreeSet<_>> = set.levels.iter().map(|level| level.iter().collect()).collect();
            for (coarse, fine) in tables.iter().zip(tables.iter().skip(1).chain([&dimensions])) {
                assert!(coarse.is_subset(fine) && coarse.contains(&Dimension::Province), "{}", set.id);
            }
        }
    }
}
