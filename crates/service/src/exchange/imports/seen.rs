//! Rows that name one record twice: the second is written over the first, which its sender should know.

use std::collections::HashSet;

use gdtx_domain::exchange::import::receipt::RowOutcome;
use uuid::Uuid;

use super::{reader::problem, write::Judged};

/// Records that are remembered; in a longer file a row may go without the warning.
const MOST: usize = 500_000;

/// Records that rows of an import were written to.
#[derive(Default)]
pub(super) struct Seen(HashSet<u64>);

impl Seen {
    /// Warns of rows that were written to a record of an earlier row; tells the records of these rows.
    pub fn warn(&self, judged: &mut [Judged]) -> Self {
        let mut here = Self::default();
        for row in judged.iter_mut().filter(|row| row.outcome != RowOutcome::Rejected) {
            let Some(record) = row.record.map(|(id, _)| short(id)) else { continue };
            if self.0.contains(&record) || !here.0.insert(record) {
                row.problems.push(problem(
                    "",
                    "repeated_record",
                    "Một dòng trước trong tệp đã ghi chính bản ghi này; dòng này ghi đè lên.",
                    "An earlier row of the file was written to this very record; this one is written over it.",
                ));
            }
        }
        here
    }

    pub fn add(&mut self, others: Self) {
        if self.0.len() < MOST {
            self.0.extend(others.0);
        }
    }
}

/// The random end of an id.
fn short(id: Uuid) -> u64 {
    id.as_u64_pair().1
}
