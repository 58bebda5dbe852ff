//! A cell: how many there are of one combination of members, at each point of a school year or by each measure. An
//! enrolment is mostly counted at several points, so one row holds them all.

use sea_orm::entity::prelude::*;

use crate::statistics::{data_set::DataSet, dimension::Dimension, period::StatisticsPeriod};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "statistics_cell")]
pub struct Model {
    /// The count that it belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub generation: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub data_set: String,
    /// The members, in the order of the data set's dimensions without the period.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// The first of its numbers: the start of the school year, or the first measure.
    pub first: i64,
    /// The second: the end of the school year, or the second measure.
    pub second: i64,
    /// The third: as it is now.
    pub third: i64,
    /// The revision of the count with which it changed last.
    pub revision: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The numbers of a cell; those that a data set does not have are zero.
pub type Numbers = [i64; 3];

/// What stands between the members of a key.
pub const BETWEEN: char = '|';

/// The members of a cell with the measure behind them, for each of its numbers.
pub fn told<'a>(set: &'a DataSet, key: &'a str, numbers: Numbers) -> impl Iterator<Item = (Vec<&'a str>, i64)> {
    let period = set.place(Dimension::Period);
    let points = period.map_or(0, |_| StatisticsPeriod::ALL.len());
    (0..points.max(set.measures.len())).zip(numbers).map(move |(at, number)| {
        let mut members: Vec<&str> = key.split(BETWEEN).collect();
        if let Some(place) = period.filter(|place| *place <= members.len()) {
            members.insert(place, StatisticsPeriod::ALL[at].code());
        }
        members.push(&set.measures[if period.is_some() { 0 } else { at }].code);
        (members, number)
    })
}

#[cfg(test)]
mod tests {
    use super::told;
    use crate::statistics::data_set;

    #[test]
    fn numbers_are_points_of_a_year_or_measures() {
        let set = |id| data_set::find(id).expect("a data set");
        let policy = set("enrolments_by_policy_group");
        let all: Vec<_> = told(policy, "2025-2026|01|literacy|none", [3, 2, 0]).collect();
        let of = |period| vec!["2025-2026", period, "01", "literacy", "none", "enrolments"];
        assert_eq!(all, [(of("start"), 3), (of("end"), 2), (of("live"), 0)]);
        let facilities: Vec<_> = told(set("centre_facilities"), "01|gdtx|active|internet|yes", [7, 0, 0]).collect();
        assert_eq!(facilities, [(vec!["01", "gdtx", "active", "internet", "yes", "centres"], 7)]);
        let classes: Vec<_> =
            told(set("classes"), "2025-2026", [2, 90, 0]).map(|(m, n)| (m.last().copied(), n)).collect();
        assert_eq!(classes, [(Some("classes"), 2), (Some("capacity"), 90)]);
    }
}
