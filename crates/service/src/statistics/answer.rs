//! The answer to a query: figures in rows, with the position of the journal that they are true at.

use std::collections::HashMap;

use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};
use gdtx_domain::{
    Lang,
    access::reach::{Keys, Reach},
    code_enum,
    statistics::{
        data_set::{self, DataSet, Measure},
        dimension::Dimension,
    },
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    cube::{Cube, cube},
    query::{MOST_FIGURES, StatisticsQuery, Test, refuse},
};
use crate::{Ctx, Error, Result, access::policy::Permission};

/// The member under which totals stand.
const TOTAL: &str = "_T";
/// Counts of people are shown to the public in multiples of this.
pub const ROUNDED_TO: i64 = 5;

code_enum! {
    /// What was done to a figure to protect people.
    FigureStatus {
        /// Rounded to the nearest multiple of five, so that no difference of figures tells of a few people.
        Rounded = "rounded" ("Làm tròn đến bội số của 5", "Rounded to a multiple of five"),
    }
}

/// A member of a dimension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "StatisticsMember")]
#[schema(as = StatisticsMember)]
pub struct Member {
    pub code: String,
    /// In the language of the request.
    pub label: String,
}

/// A dimension with the members that there are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "StatisticsDimension")]
#[schema(as = StatisticsDimension)]
pub struct AnswerDimension {
    pub code: Dimension,
    pub label: String,
    pub members: Vec<Member>,
}

/// Figures of one combination of members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "StatisticsRow")]
#[schema(as = StatisticsRow)]
pub struct Row {
    /// The members, in the order of `groupBy`; `_T` is the total.
    pub members: Vec<String>,
    /// The figures, in the order of `measures`.
    pub values: Vec<i64>,
    /// What was done to these figures; null where they are exact.
    pub status: Option<FigureStatus>,
}

/// The answer to a query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatisticsAnswer {
    pub data_set: String,
    /// The position of the journal that the figures are true at.
    pub position: i64,
    /// When they were counted.
    pub counted_at: DateTime<Utc>,
    pub measures: Vec<Measure>,
    pub dimensions: Vec<AnswerDimension>,
    /// Combinations that some cell has; those that are not here are zero.
    pub rows: Vec<Row>,
}

/// A data set as it can be asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatisticsDataSet {
    pub id: String,
    pub title: String,
    pub about: String,
    /// Where the figures come from.
    pub source: String,
    /// Whether it counts people; their numbers are rounded for who may not see full tables.
    pub personal: bool,
    pub measures: Vec<Measure>,
    pub dimensions: Vec<AnswerDimension>,
    /// Figures in one answer at most.
    pub most_figures: i32,
    /// The position of the journal that the members are true at.
    pub position: i64,
    /// When they were counted.
    pub counted_at: DateTime<Utc>,
}

/// Lists the data sets.
pub async fn list(ctx: &Ctx) -> Result<Vec<StatisticsDataSet>> {
    let mut sets = Vec::new();
    for set in data_set::all() {
        sets.push(get(ctx, &set.id).await?);
    }
    Ok(sets)
}

/// Reads a data set with its dimensions and their members.
///
/// # Errors
/// `not_found` for an id that is none.
pub async fn get(ctx: &Ctx, id: &str) -> Result<StatisticsDataSet> {
    let set = data_set::find(id).ok_or_else(Error::not_found)?;
    let tx = ctx.read().await?;
    let cube = cube(&tx, set).await?;
    let vi = ctx.lang == Lang::Vi;
    let told = StatisticsDataSet {
        id: set.id.clone(),
        title: if vi { set.title_vi.clone() } else { set.title_en.clone() },
        about: if vi { set.about_vi.clone() } else { set.about_en.clone() },
        source: set.source.clone(),
        personal: set.personal,
        measures: set.measures.clone(),
        dimensions: (0..set.dimensions.len()).map(|at| dimension(ctx, set, &cube, at)).collect(),
        most_figures: i32::try_from(MOST_FIGURES).unwrap_or(i32::MAX),
        position: cube.position,
        counted_at: cube.counted_at,
    };
    tx.end(told).await
}

/// Answers a query.
///
/// # Errors
/// `not_found` for a data set that is none; `invalid_parameter` for what it does not have, and for more figures
/// than [`MOST_FIGURES`].
pub async fn ask(ctx: &Ctx, id: &str, query: &StatisticsQuery) -> Result<StatisticsAnswer> {
    let set = data_set::find(id).ok_or_else(Error::not_found)?;
    let tx = ctx.read().await?;
    let reach = match tx.require(Permission::StatisticsRead) {
        Ok(scope) if set.personal => Some(scope.reach),
        // Nobody is protected from others' number of centres.
        _ if !set.personal => Some(Reach { country: true, ..Reach::default() }),
        _ => None,
    };
    let cube = cube(&tx, set).await?;
    let (measures, groups) = (query.measures_in(set)?, query.groups_in(set)?);
    let mut sums = grouped(set, &cube, query, (&measures, &groups), reach.as_ref())?;
    let dimensions: Vec<AnswerDimension> = groups.iter().map(|at| dimension(ctx, set, &cube, *at)).collect();
    sort(&mut sums, set, query, &groups, &measures)?;
    let answer = StatisticsAnswer {
        data_set: set.id.clone(),
        position: cube.position,
        counted_at: cube.counted_at,
        measures: measures.iter().map(|at| set.measures[*at].clone()).collect(),
        dimensions,
        rows: sums,
    };
    tx.end(answer).await
}

/// A dimension with the members that something is counted under, in the order of their codes.
fn dimension(ctx: &Ctx, set: &DataSet, cube: &Cube, at: usize) -> AnswerDimension {
    let (code, today) = (set.dimensions[at], ctx.clock.today());
    let member = |code_of: &String| Member {
        code: code_of.clone(),
        label: code
            .label_of(code_of, today)
            .map_or_else(|| code_of.clone(), |label| label.in_lang(ctx.lang).to_owned()),
    };
    AnswerDimension {
        code,
        label: code.label().in_lang(ctx.lang).to_owned(),
        members: cube.members(at).into_iter().map(member).collect(),
    }
}

/// The figures of each combination of members; cells outside of a reach are rounded.
fn grouped(
    set: &DataSet,
    cube: &Cube,
    query: &StatisticsQuery,
    (measures, groups): (&[usize], &[usize]),
    reach: Option<&Reach>,
) -> Result<Vec<Row>> {
    let each = |at: &usize| cube.columns[*at].codes.len() + usize::from(query.totals);
    let figures = groups.iter().map(each).fold(measures.len(), |most, some| most.saturating_mul(some.max(1)));
    if figures > MOST_FIGURES {
        return Err(refuse(
            "groupBy",
            "too_many_figures",
            format!("Câu hỏi có thể trả về {figures} số liệu, tối đa {MOST_FIGURES}: bớt chiều, hoặc hỏi từng phần."),
            format!(
                "The answer could hold {figures} figures, and {MOST_FIGURES} at most: fewer dimensions, or part by part."
            ),
        ));
    }
    let test = query.filter.as_ref().map(|filter| Test::of(filter, set, cube)).transpose()?;
    let measure_column = set.dimensions.len();
    let wanted: Vec<Option<usize>> = cube.columns[measure_column]
        .codes
        .iter()
        .map(|code| measures.iter().position(|at| set.measures[*at].code == *code))
        .collect();
    let inside = Inside::of(set, cube, reach);
    let mut sums: HashMap<Vec<Option<u32>>, Sum> = HashMap::new();
    for (row, value) in cube.cells().filter(|(_, value)| *value != 0) {
        let Some(measure) = wanted.get(row[measure_column] as usize).copied().flatten() else { continue };
        if test.as_ref().is_some_and(|test| !test.holds(row)) {
            continue;
        }
        let is_inside = inside.covers(row);
        let key: Vec<Option<u32>> = groups.iter().map(|at| Some(row[*at])).collect();
        let count = if query.totals { 1_usize << groups.len() } else { 1 };
        for subset in 0..count {
            let mut key = key.clone();
            for (at, member) in key.iter_mut().enumerate() {
                if subset & (1 << at) != 0 {
                    *member = None;
                }
            }
            let sum = sums.entry(key).or_insert_with(|| Sum::of(measures.len()));
            if is_inside {
                sum.inside[measure] += value;
            } else {
                sum.outside[measure] += value;
                sum.is_rounded = true;
            }
        }
    }
    let rows = sums.into_iter().map(|(key, sum)| {
        let members = key.iter().zip(groups).map(|(number, at)| match number {
            Some(number) => cube.columns[*at].codes[*number as usize].clone(),
            None => TOTAL.to_owned(),
        });
        let status = sum.is_rounded.then_some(FigureStatus::Rounded);
        Row { members: members.collect(), values: sum.shown(), status }
    });
    // A group that is rounded to nothing is not told from one that nobody is in.
    Ok(rows.filter(|row| row.status.is_none() || row.values.iter().any(|value| *value != 0)).collect())
}

/// The figures of a group, by what the caller may see exactly and what not.
struct Sum {
    inside: Vec<i64>,
    outside: Vec<i64>,
    is_rounded: bool,
}

impl Sum {
    fn of(measures: usize) -> Self {
        Self { inside: vec![0; measures], outside: vec![0; measures], is_rounded: false }
    }

    /// As the caller may see them. What lies outside is rounded by itself: beside figures that the caller knows,
    /// and can choose, the place where a sum jumps would tell the rest.
    fn shown(&self) -> Vec<i64> {
        let rounded = |value: i64| (value + ROUNDED_TO / 2).div_euclid(ROUNDED_TO) * ROUNDED_TO;
        self.inside.iter().zip(&self.outside).map(|(inside, outside)| inside + rounded(*outside)).collect()
    }
}

/// Which rows of numbers lie in a reach.
struct Inside {
    /// By the number of the province, and of the commune where the data set has them.
    provinces: Option<(usize, Vec<bool>)>,
    communes: Option<(usize, Vec<bool>)>,
    country: bool,
}

impl Inside {
    fn of(set: &DataSet, cube: &Cube, reach: Option<&Reach>) -> Self {
        let country = reach.is_some_and(|reach| reach.country);
        let column = |dimension: Dimension, keys: fn(String) -> Keys| {
            let (reach, at) = (reach?, set.dimensions.iter().position(|known| *known == dimension)?);
            Some((at, cube.columns[at].codes.iter().map(|code| reach.covers(&keys(code.clone()))).collect()))
        };
        Self {
            provinces: column(Dimension::Province, |code| Keys { province_code: Some(code), ..Keys::default() }),
            communes: column(Dimension::Commune, |code| Keys { commune_code: Some(code), ..Keys::default() }),
            country,
        }
    }

    fn covers(&self, row: &[u32]) -> bool {
        let lies = |column: &Option<(usize, Vec<bool>)>| {
            column.as_ref().is_some_and(|(at, inside)| inside.get(row[*at] as usize).copied().unwrap_or_default())
        };
        self.country || lies(&self.provinces) || lies(&self.communes)
    }
}

fn sort(
    rows: &mut Vec<Row>,
    set: &DataSet,
    query: &StatisticsQuery,
    groups: &[usize],
    measures: &[usize],
) -> Result<()> {
    rows.sort_unstable_by(|a, b| a.members.cmp(&b.members));
    if let Some(sort) = &query.sort {
        let (name, down) = sort.strip_prefix('-').map_or((sort.as_str(), false), |name| (name, true));
        let measure = measures.iter().position(|at| set.measures[*at].code == name);
        let group = groups.iter().position(|at| set.dimensions[*at].code() == name);
        match (measure, group) {
            (Some(at), _) => rows.sort_by_key(|row| row.values[at]),
            (None, Some(at)) => rows.sort_by(|a, b| a.members[at].cmp(&b.members[at])),
            (None, None) => {
                return Err(refuse(
                    "sort",
                    "unknown_code",
                    "Sắp xếp theo một chiều hoặc một số đo của câu hỏi.",
                    "Sort by a dimension or a measure of the query.",
                ));
            }
        }
        if down {
            rows.reverse();
        }
    }
    if let Some(top) = query.top {
        rows.truncate(usize::try_from(top).unwrap_or(usize::MAX));
    }
    Ok(())
}
