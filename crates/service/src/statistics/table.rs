//! A table of figures in memory, by some of the dimensions of a data set: rows of numbers, each once.

use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

use super::disclosure::Threshold;

/// A table.
#[derive(Debug)]
pub(super) struct Table {
    /// Which columns of the cells it has: dimensions in the order of the data set, and the measure at the end.
    pub columns: Vec<usize>,
    rows: Vec<u16>,
    values: Vec<i64>,
    thresholds: Vec<Threshold>,
    /// Where the same row of the coarsest table stands.
    above: Vec<u32>,
    places: HashTable<u32>,
    hasher: RandomState,
}

/// A row: its numbers, what is counted there, and from where on it is shown.
#[derive(Clone, Copy)]
pub(super) struct TableRow<'a> {
    pub numbers: &'a [u16],
    pub value: i64,
    pub threshold: Threshold,
    pub above: usize,
}

impl Table {
    pub fn of(columns: Vec<usize>) -> Self {
        Self {
            columns,
            rows: Vec::new(),
            values: Vec::new(),
            thresholds: Vec::new(),
            above: Vec::new(),
            places: HashTable::new(),
            hasher: RandomState::new(),
        }
    }

    /// Where a column of it stands in a row.
    pub fn place(&self, column: usize) -> usize {
        self.columns.iter().position(|own| *own == column).unwrap_or_default()
    }

    /// The numbers of a cell that this table has.
    pub fn numbers(&self, cell: &[u16]) -> Vec<u16> {
        self.columns.iter().map(|column| cell[*column]).collect()
    }

    /// Where a row stands.
    pub fn find(&self, numbers: &[u16]) -> Option<usize> {
        let same = |place: &u32| self.row_numbers(*place as usize) == numbers;
        self.places.find(self.hasher.hash_one(numbers), same).map(|place| *place as usize)
    }

    /// Adds an empty row; tells where it stands.
    pub fn add(&mut self, numbers: &[u16], threshold: Threshold, above: usize) -> usize {
        let place = self.values.len();
        self.rows.extend_from_slice(numbers);
        self.values.push(0);
        self.thresholds.push(threshold);
        self.above.push(u32::try_from(above).unwrap_or(u32::MAX));
        let (width, rows, hasher) = (self.columns.len(), &self.rows, &self.hasher);
        let hash = |place: &u32| hasher.hash_one(&rows[*place as usize * width..][..width]);
        let number = u32::try_from(place).unwrap_or(u32::MAX);
        self.places.insert_unique(hasher.hash_one(numbers), number, hash);
        place
    }

    pub fn value(&self, place: usize) -> i64 {
        self.values[place]
    }

    pub fn change(&mut self, place: usize, by: i64) {
        self.values[place] += by;
    }

    pub fn row(&self, place: usize) -> TableRow<'_> {
        TableRow {
            numbers: self.row_numbers(place),
            value: self.values[place],
            threshold: self.thresholds[place],
            above: self.above[place] as usize,
        }
    }

    fn row_numbers(&self, place: usize) -> &[u16] {
        let width = self.columns.len();
        &self.rows[place * width..][..width]
    }

    /// How many rows there are, empty ones too.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// The rows that something is counted in.
    pub fn rows(&self) -> impl Iterator<Item = TableRow<'_>> {
        (0..self.len()).map(|place| self.row(place)).filter(|row| row.value != 0)
    }
}
