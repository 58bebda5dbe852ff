//! What can be asked of a data set, on every surface alike.

use std::collections::{BTreeSet, HashSet};

use async_graphql::InputObject;
use chrono::{Datelike, NaiveDate};
use gdtx_domain::{
    SchoolYear,
    statistics::{
        data_set::{self, DataSet},
        dimension::Dimension,
    },
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::View;
use crate::{Code, Error, Result};

/// Figures in one answer at most.
pub const MOST_FIGURES: usize = 100_000;
/// How deep conditions may stand in each other.
const DEEPEST: usize = 8;
/// Conditions in one query at most, and the members that they name.
const MOST_CONDITIONS: usize = 100;
const MOST_MEMBERS: usize = 50_000;

/// A condition on the members of dimensions. Its parts hold together. A query has 100 of them at most, with 50,000
/// members altogether.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, InputObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schema(no_recursion)]
pub struct StatisticsCondition {
    /// The dimension that `members` are of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dimension: Option<Dimension>,
    /// One of these members; for school years and years also `latest`, and `latest-1` for the one before.
    #[graphql(default)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<String>,
    /// Each of these conditions.
    #[graphql(default)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub all: Vec<StatisticsCondition>,
    /// One of these conditions at least; nothing is asked where there are none.
    #[graphql(default)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub any: Vec<StatisticsCondition>,
    /// None of these conditions.
    #[graphql(default)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
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
    /// Places on the boundaries of this day; as they are today when absent. Before 2025-07-01 there were other
    /// provinces and communes, and districts between them, as they stood on 2025-06-30: what is not exact there is told
    /// to be estimated.
    pub boundaries: Option<NaiveDate>,
    /// A dimension or measure, `-` in front for the largest first; by the members when absent.
    pub sort: Option<String>,
    /// So many rows at most, after sorting; 1 or more.
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

    /// The columns of the dimensions wanted, each once.
    pub(super) fn groups_in(&self, view: &View<'_>) -> Result<Vec<usize>> {
        let mut places = Vec::new();
        for dimension in &self.group_by {
            let place = column_of(view, *dimension, "groupBy")?;
            if places.contains(&place) {
                return Err(refuse("groupBy", "repeated", "Một chiều lặp lại.", "A dimension is named twice."));
            }
            places.push(place);
        }
        Ok(places)
    }

    /// Whether a school year is named by the latest one.
    pub(super) fn names_latest(&self) -> bool {
        self.filter.as_ref().is_some_and(StatisticsCondition::names_latest)
    }

    /// Names the school years that are meant when this is the latest one.
    pub(super) fn of_latest(&mut self, latest: SchoolYear) {
        self.filter.iter_mut().for_each(|filter| filter.of_latest(latest));
    }

    /// Whether a dimension is named anywhere.
    pub(super) fn names(&self, dimension: Dimension) -> bool {
        self.group_by.contains(&dimension) || self.filter.as_ref().is_some_and(|filter| filter.names(dimension))
    }
}

impl StatisticsCondition {
    /// That a dimension has one of these members.
    pub fn of(dimension: Dimension, members: Vec<String>) -> Self {
        Self { dimension: Some(dimension), members, ..Self::default() }
    }

    fn parts(&self) -> impl Iterator<Item = &Self> {
        [&self.all, &self.any, &self.none].into_iter().flatten()
    }

    /// How many conditions and members there are.
    fn size(&self) -> (usize, usize) {
        self.parts().map(Self::size).fold((1, self.members.len()), |sum, part| (sum.0 + part.0, sum.1 + part.1))
    }

    fn names_latest(&self) -> bool {
        let is_latest = |member: &String| back_of(member).is_some();
        (self.dimension == Some(Dimension::SchoolYear) && self.members.iter().any(is_latest))
            || self.parts().any(Self::names_latest)
    }

    fn of_latest(&mut self, latest: SchoolYear) {
        let Self { dimension, members, all, any, none } = self;
        for member in members.iter_mut().filter(|_| *dimension == Some(Dimension::SchoolYear)) {
            if let Some(back) = back_of(member) {
                *member = SchoolYear(latest.0 - i32::from(back)).to_string();
            }
        }
        all.iter_mut().chain(any).chain(none).for_each(|part| part.of_latest(latest));
    }

    /// Whether it says anything of a dimension.
    pub(super) fn names(&self, dimension: Dimension) -> bool {
        self.dimension == Some(dimension) || self.parts().any(|part| part.names(dimension))
    }
}

/// The column of a dimension.
fn column_of(view: &View<'_>, dimension: Dimension, at: &str) -> Result<usize> {
    let names = || view.set.dimensions.iter().map(|known| known.code()).collect::<Vec<_>>();
    view.find(dimension).ok_or_else(|| match dimension {
        Dimension::District => refuse(
            at,
            "not_of_today",
            "Cấp huyện có đến ngày 30/6/2025: nêu boundaries là một ngày trước 1/7/2025, của bộ dữ liệu có cấp xã.",
            "There were districts until 2025-06-30: name a day before 2025-07-01 as boundaries, of a data set with communes.",
        ),
        _ => unknown(at, dimension.code(), &names()),
    })
}

/// A condition on the cells of a data set.
pub(super) enum Test {
    /// One of these members of a dimension.
    In(usize, Members),
    All(Vec<Test>),
    Any(Vec<Test>),
    Not(Box<Test>),
}

/// Members by their numbers.
#[derive(Clone)]
pub(super) struct Members {
    /// As they were asked for, years by their names.
    pub codes: Vec<String>,
    /// Whether any was asked for, also where the latest year of none is no member.
    pub names: bool,
    numbers: Vec<bool>,
}

impl Members {
    pub fn has(&self, number: u16) -> bool {
        self.numbers.get(usize::from(number)).copied().unwrap_or_default()
    }
}

impl Test {
    /// What a condition asks of the cells of a cube.
    pub fn of(condition: &StatisticsCondition, view: &View<'_>) -> Result<Self> {
        let (conditions, members) = condition.size();
        if conditions > MOST_CONDITIONS || members > MOST_MEMBERS {
            return Err(refuse(
                "filter",
                "too_long",
                format!("Tối đa {MOST_CONDITIONS} điều kiện với {MOST_MEMBERS} giá trị."),
                format!("{MOST_CONDITIONS} conditions with {MOST_MEMBERS} members at most."),
            ));
        }
        Self::at(condition, view, "filter", 0)
    }

    fn at(condition: &StatisticsCondition, view: &View<'_>, at: &str, depth: usize) -> Result<Self> {
        if depth > DEEPEST {
            return Err(refuse(
                at,
                "too_deep",
                "Điều kiện lồng nhau quá sâu.",
                "Conditions stand too deep in each other.",
            ));
        }
        let inner = |name: &str, list: &[StatisticsCondition]| {
            let part = |(nth, one)| Self::at(one, view, &format!("{at}/{name}/{nth}"), depth + 1);
            list.iter().enumerate().map(part).collect::<Result<Vec<Self>>>()
        };
        let mut tests = inner("all", &condition.all)?;
        if let Some(dimension) = condition.dimension {
            let place = column_of(view, dimension, &format!("{at}/dimension"))?;
            let members = members(dimension, &condition.members, (view, place));
            tests.push(Self::In(place, members.map_err(|wrong| unknown_member(dimension, at, &wrong))?));
        } else if !condition.members.is_empty() {
            return Err(refuse(
                &format!("{at}/dimension"),
                "required",
                "Nêu chiều của các giá trị.",
                "Name the dimension of the members.",
            ));
        }
        if !condition.any.is_empty() {
            tests.push(Self::Any(inner("any", &condition.any)?));
        }
        tests.extend(inner("none", &condition.none)?.into_iter().map(|test| Self::Not(Box::new(test))));
        Ok(Self::All(tests))
    }

    /// The dimensions that it looks at.
    pub fn columns(&self, into: &mut BTreeSet<usize>) {
        match self {
            Self::In(at, _) => {
                into.insert(*at);
            }
            Self::All(tests) | Self::Any(tests) => tests.iter().for_each(|test| test.columns(into)),
            Self::Not(test) => test.columns(into),
        }
    }

    /// The members of a dimension beside which nothing is left, if it names some for itself.
    pub fn only(&self, at: usize) -> Option<&Members> {
        match self {
            Self::In(column, members) if *column == at => Some(members),
            Self::All(tests) => tests.iter().find_map(|test| test.only(at)),
            Self::Any(tests) if tests.len() == 1 => tests[0].only(at),
            _ => None,
        }
    }

    /// Whether it holds for a cell, whose number of a dimension is told.
    pub fn holds(&self, number: &impl Fn(usize) -> u16) -> bool {
        match self {
            Self::In(column, members) => members.has(number(*column)),
            Self::All(tests) => tests.iter().all(|test| test.holds(number)),
            Self::Any(tests) => tests.iter().any(|test| test.holds(number)),
            Self::Not(test) => !test.holds(number),
        }
    }
}

/// The members asked for. One that no cell has is none of them; one that cannot be is refused.
fn members(
    dimension: Dimension,
    asked: &[String],
    (view, at): (&View<'_>, usize),
) -> std::result::Result<Members, String> {
    let (mut codes, mut known, day) = (Vec::new(), HashSet::new(), view.day(dimension));
    for member in asked {
        let code = match back_of(member).filter(|_| dimension.is_time()) {
            Some(back) => written_year(dimension, latest(dimension, view.shown(at), day) - i32::from(back)),
            None => named(dimension, member, day).ok_or_else(|| member.clone())?,
        };
        if known.insert(code.clone()) {
            codes.push(code);
        }
    }
    let numbers = view.codes(at).iter().map(|code| known.contains(code)).collect();
    Ok(Members { codes, names: !asked.is_empty(), numbers })
}

/// How many years before the latest one: `latest`, `latest-1`.
fn back_of(member: &str) -> Option<u8> {
    match member.strip_prefix("latest")? {
        "" => Some(0),
        back => back.strip_prefix('-')?.parse().ok(),
    }
}

/// The code of a member: school years may be named by their first year.
pub(super) fn named(dimension: Dimension, member: &str, today: NaiveDate) -> Option<String> {
    let code = match (dimension, member.parse::<SchoolYear>()) {
        (Dimension::SchoolYear, Ok(year)) => year.to_string(),
        _ => member.to_owned(),
    };
    dimension.label_of(&code, today).map(|_| code)
}

/// The latest year that something is counted under and that has begun by a day; the year of the day when there is
/// none.
pub(super) fn latest(dimension: Dimension, used: Vec<String>, day: NaiveDate) -> i32 {
    let begun = if dimension == Dimension::SchoolYear { SchoolYear::of(day).0 } else { day.year() };
    let years = used.into_iter().filter_map(|code| code.get(..4)?.parse::<i32>().ok());
    years.filter(|year| *year <= begun).max().unwrap_or(begun)
}

/// A year as a member: a school year by the year in which it begins.
pub(super) fn written_year(dimension: Dimension, year: i32) -> String {
    if dimension == Dimension::SchoolYear { SchoolYear(year).to_string() } else { year.to_string() }
}

fn unknown_member(dimension: Dimension, at: &str, member: &str) -> Error {
    let (member, name): (String, _) = (member.chars().take(60).collect(), dimension.code());
    refuse(
        &format!("{at}/members"),
        "unknown_code",
        format!("“{member}” không phải giá trị của chiều {name}."),
        format!("“{member}” is no member of {name}."),
    )
}

fn unknown(at: &str, code: &str, known: &[&str]) -> Error {
    let (code, known): (String, _) = (code.chars().take(60).collect(), known.join(", "));
    refuse(
        at,
        "unknown_code",
        format!("Bộ dữ liệu không có “{code}”; có: {known}."),
        format!("The data set has no “{code}”; it has: {known}."),
    )
}

/// The data set of an id.
pub(super) fn known(id: &str) -> Result<&'static DataSet> {
    data_set::find(id).ok_or_else(no_such_data_set)
}

pub(super) fn no_such_data_set() -> Error {
    Error::new(
        Code::NotFound,
        "Không có bộ dữ liệu này; danh sách ở /v1/statistics/datasets.",
        "There is no such data set: /v1/statistics/datasets lists them.",
    )
}

pub(super) fn refuse(at: &str, code: &'static str, vi: impl Into<String>, en: impl Into<String>) -> Error {
    Error::field(Code::InvalidParameter, at, code, vi, en)
}
