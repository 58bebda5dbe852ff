//! The shapes of data sets and of the answers to queries.

use async_graphql::SimpleObject;
use chrono::{DateTime, NaiveDate, Utc};
use gdtx_domain::{
    code_enum,
    statistics::{data_set::Measure, dimension::Dimension},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

code_enum! {
    /// What a figure is, if it is not exact.
    FigureStatus {
        /// Rounded to a multiple of five, up or down, so that no figure and no difference tells of a few people; or
        /// with such a figure in it.
        Rounded = "rounded" ("Làm tròn đến bội số của 5", "Rounded to multiples of five"),
        /// Estimated in part: units of today were made of several that existed on the day whose boundaries were asked
        /// for, and each of those has an equal share.
        Estimated = "estimated" ("Ước tính một phần", "Estimated in part"),
        /// Not told, since rounding would say more of it than people: of indicators alone.
        Withheld = "withheld" ("Không công bố", "Withheld"),
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
    /// Whether figures of its members may be added up. Where not, a query names it in `groupBy` or asks for one of
    /// its members.
    pub adds_up: bool,
    pub members: Vec<Member>,
}

/// What figures are of in a dimension that they are not broken down by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "StatisticsSlice")]
#[schema(as = StatisticsSlice)]
pub struct Slice {
    pub code: Dimension,
    pub label: String,
    /// A member; `_T` for all of them, `_X` for some of them.
    pub member: Member,
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
    /// What these figures are, if they are not exact; null where they are.
    pub status: Option<FigureStatus>,
    /// What is exact of the figures of a row that is estimated in part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exact: Option<Vec<i64>>,
}

/// How much of the figures is exact on the boundaries that were asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "StatisticsCoverage")]
#[schema(as = StatisticsCoverage)]
pub struct Coverage {
    /// The day of the boundaries.
    pub boundaries: NaiveDate,
    /// What is exact of the sum of all figures, in the order of `measures`.
    pub exact: Vec<i64>,
    /// What is estimated of it.
    pub estimated: Vec<i64>,
}

/// The answer to a query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatisticsAnswer {
    pub data_set: String,
    pub title: String,
    /// Where the figures come from.
    pub source: String,
    /// What is counted, and what was done to protect people.
    pub notes: Vec<String>,
    /// The position of the journal that the figures are true at.
    pub position: i64,
    /// When they were counted.
    pub counted_at: DateTime<Utc>,
    /// Changes with the figures: who has the same version has the same figures.
    pub version: String,
    pub measures: Vec<Measure>,
    /// What figures are broken down by, with the members that there are figures of and those that were asked for; rows
    /// of totals have `_T` in the place of a member.
    pub dimensions: Vec<AnswerDimension>,
    /// The other dimensions of the data set.
    pub slice: Vec<Slice>,
    /// Combinations with a figure; those that are not here are zero.
    pub rows: Vec<Row>,
    /// What was done to the figures that are not here; null where there are truly none.
    pub status_of_zero: Option<FigureStatus>,
    /// How much is exact on the boundaries of before 2025-07-01; null where nothing had to be put on them.
    pub coverage: Option<Coverage>,
}

/// What there is to know of a data set before its members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatisticsDataSetHead {
    pub id: String,
    pub title: String,
    /// What is counted.
    pub about: String,
    /// Where the figures come from.
    pub source: String,
    /// Whether it counts people; their numbers are rounded for who may not see full tables.
    pub personal: bool,
    /// Codes of the dimensions.
    pub dimensions: Vec<Dimension>,
    pub measures: Vec<Measure>,
}

/// The data sets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatisticsDataSets {
    pub items: Vec<StatisticsDataSetHead>,
}

/// A data set as it can be asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatisticsDataSet {
    pub id: String,
    pub title: String,
    /// What is counted.
    pub about: String,
    /// Where the figures come from.
    pub source: String,
    /// What was done to protect people, and what does not add up.
    pub notes: Vec<String>,
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
    /// Changes with the figures, and with where they are shown as they are.
    pub version: String,
}
