//! An answer as a whole table: a place for each combination of members, the last dimension running fastest; and
//! the labels of its members.

use std::collections::HashMap;

use gdtx_service::statistics::{FigureStatus, StatisticsAnswer};

/// The labels of the members of each dimension.
pub fn labels(answer: &StatisticsAnswer) -> Vec<HashMap<&str, &str>> {
    let members = answer.dimensions.iter().map(|dimension| dimension.members.iter());
    members.map(|all| all.map(|member| (member.code.as_str(), member.label.as_str())).collect()).collect()
}

/// A table with every cell.
pub struct Table {
    /// How many members each dimension has, and how many measures there are.
    pub size: Vec<usize>,
    pub values: Vec<i64>,
    pub status: Vec<Option<FigureStatus>>,
}

impl Table {
    pub fn of(answer: &StatisticsAnswer) -> Self {
        let measures = answer.measures.len();
        let size: Vec<usize> =
            answer.dimensions.iter().map(|dimension| dimension.members.len()).chain([measures]).collect();
        let count = size.iter().product();
        let mut table = Self { size, values: vec![0; count], status: vec![answer.status_of_zero; count] };
        let places: Vec<HashMap<&str, usize>> = answer
            .dimensions
            .iter()
            .map(|dimension| (0..).zip(&dimension.members).map(|(at, member)| (member.code.as_str(), at)).collect())
            .collect();
        for row in &answer.rows {
            let place = row
                .members
                .iter()
                .zip(&places)
                .zip(&table.size)
                .try_fold(0, |at, ((code, places), size)| places.get(code.as_str()).map(|place| at * size + place));
            let Some(start) = place.map(|place| place * measures) else { continue };
            for (at, value) in (start..).zip(&row.values) {
                table.values[at] = *value;
                table.status[at] = row.status;
            }
        }
        table
    }
}
