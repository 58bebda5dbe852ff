//! The cells of a data set in memory, column by column: read once, then only what changed.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use chrono::{DateTime, Utc};
use gdtx_domain::statistics::{
    cell::{self, BETWEEN},
    count,
    data_set::DataSet,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{Error, Result, tx::Tx};

/// Cells that are read at a time.
const RUN: u64 = 10_000;

/// The members of a dimension, or the measures, by the numbers that rows hold.
#[derive(Clone, Debug, Default)]
pub(super) struct Codes {
    pub codes: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Codes {
    fn number(&mut self, code: &str) -> u32 {
        if let Some(known) = self.numbers.get(code) {
            return *known;
        }
        let number = u32::try_from(self.codes.len()).unwrap_or(u32::MAX);
        self.codes.push(code.to_owned());
        self.numbers.insert(code.to_owned(), number);
        number
    }
}

/// The cells of a data set at a position.
#[derive(Clone, Debug, Default)]
pub(super) struct Cube {
    generation: i64,
    pub position: i64,
    pub counted_at: DateTime<Utc>,
    /// The dimensions in the order of the data set, and the measures behind them.
    pub columns: Vec<Codes>,
    /// Rows of numbers, one after the other.
    rows: Vec<u32>,
    values: Vec<i64>,
    places: HashMap<Box<[u32]>, usize>,
}

impl Cube {
    fn empty(set: &DataSet, generation: i64) -> Self {
        Self { generation, columns: vec![Codes::default(); set.dimensions.len() + 1], ..Self::default() }
    }

    fn put(&mut self, key: &str, value: i64) -> Result<()> {
        let width = self.columns.len();
        let parts = key.split(BETWEEN).count();
        if parts != width {
            return Err(Error::internal(format!("a cell of {parts} columns in the place of {width}")));
        }
        let row: Box<[u32]> =
            self.columns.iter_mut().zip(key.split(BETWEEN)).map(|(column, code)| column.number(code)).collect();
        if let Some(place) = self.places.get(&row) {
            self.values[*place] = value;
        } else if value != 0 {
            self.rows.extend_from_slice(&row);
            self.places.insert(row, self.values.len());
            self.values.push(value);
        }
        Ok(())
    }

    /// The codes of a column that something is counted under, in their order.
    pub fn members(&self, at: usize) -> Vec<&String> {
        let codes = &self.columns[at].codes;
        let mut used = vec![false; codes.len()];
        for (row, _) in self.cells().filter(|(_, value)| *value != 0) {
            used[row[at] as usize] = true;
        }
        let mut members: Vec<&String> =
            codes.iter().zip(used).filter(|(_, used)| *used).map(|(code, _)| code).collect();
        members.sort_unstable();
        members
    }

    /// Every row of numbers with its value.
    pub fn cells(&self) -> impl Iterator<Item = (&[u32], i64)> {
        self.rows.chunks_exact(self.columns.len().max(1)).zip(self.values.iter().copied())
    }
}

/// The cubes that a process has read.
#[derive(Debug, Default)]
pub(crate) struct Cubes(RwLock<HashMap<String, Arc<Cube>>>);

impl Cubes {
    fn known(&self, set: &str) -> Option<Arc<Cube>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(set).cloned()
    }

    fn keep(&self, set: &str, cube: Arc<Cube>) {
        let mut cubes = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let newer =
            cubes.get(set).is_none_or(|known| (known.generation, known.position) < (cube.generation, cube.position));
        if newer {
            cubes.insert(set.to_owned(), cube);
        }
    }
}

/// The cells of a data set as this transaction sees them.
#[expect(clippy::disallowed_methods, reason = "cells belong to nobody; what is shown of them is decided by the query")]
pub(super) async fn cube(tx: &Tx, set: &DataSet) -> Result<Arc<Cube>> {
    let shown = count::Entity::find().filter(count::Column::IsShown.eq(true)).one(&tx.db).await?;
    let shown = shown.ok_or_else(|| Error::internal("no count is shown"))?;
    let cubes = &tx.ctx.db.cubes;
    let known = cubes.known(&set.id).filter(|cube| cube.generation == shown.generation);
    if let Some(cube) = known.as_ref().filter(|cube| cube.position == shown.position) {
        return Ok(Arc::clone(cube));
    }
    // A replica may be behind what this process has read of another database: then it is read anew.
    let known = known.filter(|cube| cube.position < shown.position);
    let mut cube = known.map_or_else(|| Cube::empty(set, shown.generation), |cube| Cube::clone(&cube));
    let (after, mut last) = (cube.position, String::new());
    loop {
        let run: Vec<(String, i64)> = cell::Entity::find()
            .select_only()
            .columns([cell::Column::Key, cell::Column::Value])
            .filter(cell::Column::Generation.eq(shown.generation))
            .filter(cell::Column::DataSet.eq(set.id.as_str()))
            .filter(cell::Column::Position.gt(after))
            .filter(cell::Column::Key.gt(last.as_str()))
            .order_by_asc(cell::Column::Key)
            .limit(RUN)
            .into_tuple()
            .all(&tx.db)
            .await?;
        for (key, value) in &run {
            cube.put(key, *value)?;
        }
        match run.into_iter().last() {
            Some((key, _)) => last = key,
            None => break,
        }
    }
    (cube.position, cube.counted_at) = (shown.position, shown.counted_at);
    let cube = Arc::new(cube);
    cubes.keep(&set.id, Arc::clone(&cube));
    Ok(cube)
}
