//! How figures of people are shown to those who have no duty that needs them: in multiples of five, so that no
//! figure, no difference of figures and no mean of many tells of a few people.
//!
//! Each row of a table is rounded once, up or down by a threshold that only the service knows and that never
//! changes; whatever is asked is a sum of such rows. The same row has the same threshold in every data set. Rows of
//! a small group are not shown at all where a finer table splits it: many splittings of it would tell its size.

use super::{cube::Cube, table::TableRow};

/// Counts of people are shown in multiples of this.
pub const ROUNDED_TO: i64 = 5;

/// How far below a multiple a row may stay to be rounded up to it.
pub(super) type Threshold = u8;

/// The threshold of a print.
pub(super) fn threshold(print: &str) -> Threshold {
    let number = print.get(..8).and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or_default();
    u8::try_from(i64::from(number) % ROUNDED_TO).unwrap_or_default()
}

/// What is shown of a row of a table, the coarsest of which is the first.
pub(super) fn shown(cube: &Cube, table: usize, row: TableRow<'_>) -> i64 {
    if table > 0 {
        let group = cube.tables[0].row(row.above);
        if group.value - i64::from(group.threshold) < ROUNDED_TO {
            return 0;
        }
    }
    (row.value + i64::from(row.threshold)).div_euclid(ROUNDED_TO) * ROUNDED_TO
}
