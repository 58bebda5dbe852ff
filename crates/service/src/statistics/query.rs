//! What can be asked of a data set, on every surface alike.

use std::collections::HashSet;

use async_graphql::InputObject;
use gdtx_domain::statistics::{data_set::DataSet, dimension::Dimension};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::cube::Cube;
use crate::{Code, Error, Result};

/// Figures in one answer at most.
pub const MOST_FIGURES: usize = 100_000;
/// How deep conditions may stand in each other.
const DEEPEST: usize = 8;

/// A condition on the members of dimensions. Its parts hold together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, InputObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schema(no_recursion)]
pub struct StatisticsCondition {
    /// The dimension that `members` are of.
    pub dimension: Option<Dimension>,
    /// One of these members; for school years and years also `latest`, and `latest-1` for the one before.
    #[graphql(default)]
    pub members: Vec<String>,
    /// Each of these conditions.
    #[graphql(default)]
    pub all: Vec<StatisticsCondition>,
    /// One of these conditions at least; nothing is asked where there are none.
    #[graphql(default)]
    pub any: Vec<StatisticsCondition>,
    /// None of these conditions.
    #[graphql(default)]
    pub none: Vec<StatisticsCondition>,
}

/// What is asked of a data set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, InputObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct StatisticsQuery {
    /// Codes of the measures wanted; all of the data set when empty.
    #[graphql(default)]
    pub measures: Vec<String>,
    /// What figures are broken down by, in the order of the answer; one figure for all when empty.
    #[graphql(default)]
    pub group_by: Vec<Dimension>,
    /// Which cells are counted.
    pub filter: Option<StatisticsCondition>,
    /// Whether to add the totals of each dimension, under the member `_T`.
    #[graphql(default)]
    pub totals: bool,
    /// A dimension or measure, `-` in front for the largest first; by the members when absent.
    pub sort: Option<String>,
    /// So many rows at most, after sorting.
    pub top: Option<u32>,
}

impl StatisticsQuery {
    /// The places of the measures wanted in the data set.
    pub(super) fn measures_in(&self, set: &DataSet) -> Result<Vec<usize>> {
        if self.measures.is_empty() {
            return Ok((0..set.measures.len()).collect());
        }
        let place = |code: &String| set.measures.iter().position(|measure| measure.code == *code);
        let names = || set.measures.iter().map(|measure| measure.code.as_str()).collect::<Vec<_>>();
        let mut places = Vec::new();
        for code in &self.measures {
            let at = place(code).ok_or_else(|| unknown("measures", code, &names()))?;
            if places.contains(&at) {
                return Err(refuse("measures", "repeated", "Một số đo lặp lại.", "A measure is named twice."));
            }
            places.push(at);
        }
        Ok(places)
    }

    /// The places of the dimensions wanted in the data set, each once.
    pub(super) fn groups_in(&self, set: &DataSet) -> Result<Vec<usize>> {
        let mut places = Vec::new();
        for dimension in &self.group_by {
            let place = place_of(set, *dimension, "groupBy")?;
            if places.contains(&place) {
                return Err(refuse("groupBy", "repeated", "Một chiều lặp lại.", "A dimension is named twice."));
            }
            places.push(place);
        }
        Ok(places)
    }
}

/// Where a dimension stands in a data set.
fn place_of(set: &DataSet, dimension: Dimension, at: &'static str) -> Result<usize> {
    let names = || set.dimensions.iter().map(|known| known.code()).collect::<Vec<_>>();
    let place = set.dimensions.iter().position(|known| *known == dimension);
    place.ok_or_else(|| unknown(at, dimension.code(), &names()))
}

/// A condition that is ready to be asked of rows of numbers.
pub(super) enum Test {
    /// One of these numbers in a column.
    In(usize, Vec<bool>),
    All(Vec<Test>),
    Any(Vec<Test>),
    Not(Box<Test>),
}

impl Test {
    pub fn of(condition: &StatisticsCondition, set: &DataSet, cube: &Cube) -> Result<Self> {
        Self::at(condition, set, cube, 0)
    }

    fn at(condition: &StatisticsCondition, set: &DataSet, cube: &Cube, depth: usize) -> Result<Self> {
        if depth > DEEPEST {
            return Err(refuse(
                "filter",
                "too_deep",
                "Điều kiện lồng nhau quá sâu.",
                "Conditions stand too deep in each other.",
            ));
        }
        let inner = |list: &[StatisticsCondition]| {
            list.iter().map(|one| Self::at(one, set, cube, depth + 1)).collect::<Result<Vec<_>>>()
        };
        let mut tests = inner(&condition.all)?;
        if let Some(dimension) = condition.dimension {
            let place = place_of(set, dimension, "filter")?;
            tests.push(Self::In(place, chosen(dimension, &condition.members, cube, place)));
        } else if !condition.members.is_empty() {
            return Err(refuse(
                "filter",
                "required",
                "Nêu chiều của các giá trị.",
                "Name the dimension of the members.",
            ));
        }
        if !condition.any.is_empty() {
            tests.push(Self::Any(inner(&condition.any)?));
        }
        tests.extend(inner(&condition.none)?.into_iter().map(|test| Self::Not(Box::new(test))));
        Ok(Self::All(tests))
    }

    pub fn holds(&self, row: &[u32]) -> bool {
        match self {
            Self::In(column, chosen) => chosen.get(row[*column] as usize).copied().unwrap_or_default(),
            Self::All(tests) => tests.iter().all(|test| test.holds(row)),
            Self::Any(tests) => tests.iter().any(|test| test.holds(row)),
            Self::Not(test) => !test.holds(row),
        }
    }
}

/// Which codes of a column are among the members asked for. A member that no cell has is none of them.
fn chosen(dimension: Dimension, members: &[String], cube: &Cube, at: usize) -> Vec<bool> {
    let mut years: Vec<&String> = Vec::new();
    if matches!(dimension, Dimension::SchoolYear | Dimension::Year) {
        years = cube.members(at);
        years.retain(|code| code.starts_with(|c: char| c.is_ascii_digit()));
        years.reverse();
    }
    let meant = |member: &String| match member.strip_prefix("latest") {
        Some("") => years.first().map_or(member, |year| *year).clone(),
        Some(back) => {
            let back = back.strip_prefix('-').and_then(|back| back.parse::<usize>().ok());
            back.and_then(|back| years.get(back)).map_or(member, |year| *year).clone()
        }
        None => member.clone(),
    };
    let members: HashSet<String> = members.iter().map(meant).collect();
    cube.columns[at].codes.iter().map(|code| members.contains(code)).collect()
}

fn unknown(at: &'static str, code: &str, known: &[&str]) -> Error {
    let (code, known): (String, _) = (code.chars().take(60).collect(), known.join(", "));
    refuse(
        at,
        "unknown_code",
        format!("Bộ dữ liệu không có “{code}”; có: {known}."),
        format!("The data set has no “{code}”; it has: {known}."),
    )
}

pub(super) fn refuse(at: &'static str, code: &'static str, vi: impl Into<String>, en: impl Into<String>) -> Error {
    Error::field(Code::InvalidParameter, at, code, vi, en)
}
