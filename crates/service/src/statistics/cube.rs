//! The cells of a data set in memory: read once, then only what changed.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, OnceLock, PoisonError, RwLock, RwLockReadGuard},
};

use chrono::{DateTime, Utc};
use gdtx_domain::{
    access::reach::Reach,
    statistics::{
        cell::{self, BETWEEN, told},
        count,
        data_set::{self, DataSet},
        dimension::Dimension,
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use tokio::sync::Mutex;

use super::{
    ask::aside,
    counting::{changed, check_meaning, shown},
    disclosure::{Threshold, shown as shown_of, threshold},
    release::Kept,
    table::{Table, TableRow},
};
use crate::{Ctx, Error, Result, tx::Tx, vault::Vault};

/// Cells that are read at a time.
const RUN: u64 = 5_000;
/// Changed cells that are read in a statement.
const SOME: usize = 1_000;

/// The members of a dimension, or the measures, by the numbers that rows hold.
#[derive(Debug, Default)]
pub(super) struct Codes {
    pub all: Vec<String>,
    numbers: HashMap<String, u16>,
    /// How many cells each of them has that are not empty.
    used: Vec<u32>,
}

impl Codes {
    fn number(&mut self, code: &str) -> Result<u16> {
        if let Some(known) = self.numbers.get(code) {
            return Ok(*known);
        }
        let number = u16::try_from(self.all.len()).map_err(Error::internal)?;
        self.all.push(code.to_owned());
        self.used.push(0);
        self.numbers.insert(code.to_owned(), number);
        Ok(number)
    }

    /// The numbers that something is counted under.
    pub fn used(&self) -> impl Iterator<Item = u16> {
        (0..u16::MAX).zip(&self.used).filter(|(_, cells)| **cells > 0).map(|(number, _)| number)
    }

    pub fn of(&self, number: u16) -> &str {
        self.all.get(usize::from(number)).map_or("", String::as_str)
    }
}

/// A cell as it is read: key, numbers and the revision with which it changed.
type Cell = (String, i64, i64, i64, i64);

/// How far cells are counted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    generation: i64,
    pub position: i64,
    revision: i64,
    /// The revision with which a cell changed last.
    changed: i64,
    pub counted_at: DateTime<Utc>,
}

impl Head {
    /// What changes with the cells.
    pub fn version(&self) -> String {
        format!("{}.{}", self.generation, self.changed)
    }

    fn is_before(&self, count: &count::Model) -> bool {
        (self.generation, self.revision) < (count.generation, count.revision)
    }
}

/// The cells of a data set at a position.
#[derive(Debug)]
pub(super) struct Cube {
    pub set: &'static DataSet,
    /// The number of the release that they are of; none for those of today.
    release: Option<String>,
    pub head: Head,
    /// The dimensions in the order of the data set, and the measures behind them.
    pub columns: Vec<Codes>,
    /// The members of each dimension that something is shown under to everybody, once somebody asked.
    shown: Vec<OnceLock<BTreeSet<u16>>>,
    /// The coarsest first; the last one has every dimension.
    pub tables: Vec<Table>,
}

impl Cube {
    /// The cells of nothing.
    pub fn empty(set: &'static DataSet, generation: i64) -> Self {
        let width = set.dimensions.len();
        let columns = |level: &Vec<_>| {
            let has = |at: &usize| *at == width || level.contains(&set.dimensions[*at]);
            Table::of((0..=width).filter(has).collect())
        };
        Self {
            set,
            release: None,
            head: Head { generation, position: 0, revision: 0, changed: 0, counted_at: DateTime::UNIX_EPOCH },
            columns: (0..=width).map(|_| Codes::default()).collect(),
            shown: vec![OnceLock::new(); width],
            tables: set.levels.iter().chain([&set.dimensions]).map(columns).collect(),
        }
    }

    /// The cells of a release of a data set, true at a position since an instant.
    pub fn released(
        set: &'static DataSet,
        release: &str,
        (position, counted_at): (i64, DateTime<Utc>),
        cells: Vec<(String, i64)>,
        vault: &Vault,
    ) -> Result<Self> {
        let mut cube = Self { release: Some(release.to_owned()), ..Self::empty(set, 0) };
        (cube.head.position, cube.head.counted_at) = (position, counted_at);
        for (key, value) in cells {
            cube.put(&key.split(BETWEEN).collect::<Vec<_>>(), value, vault)?;
        }
        Ok(cube)
    }

    /// Every cell that is not empty, in the order of its members.
    pub fn cells(&self) -> Vec<(String, i64)> {
        let finest = self.tables.last().into_iter().flat_map(Table::rows);
        let mut cells: Vec<(Vec<&str>, i64)> = finest.map(|row| (self.codes(row).collect(), row.value)).collect();
        cells.sort_unstable();
        let between = BETWEEN.to_string();
        cells.into_iter().map(|(codes, value)| (codes.join(&between), value)).collect()
    }

    /// The members and the measure of a row of the finest table.
    pub fn codes<'a>(&'a self, row: TableRow<'a>) -> impl Iterator<Item = &'a str> {
        row.numbers.iter().zip(&self.columns).map(|(number, column)| column.of(*number))
    }

    /// What changes when the cells are those of another one.
    pub fn version(&self) -> String {
        match &self.release {
            Some(release) => format!("{}@{release}", self.set.id),
            None => self.head.version(),
        }
    }

    /// The members of a dimension that something is shown under: as it is within a reach, rounded elsewhere.
    pub fn members(&self, at: usize, reach: &Reach) -> Vec<String> {
        let column = &self.columns[at];
        let used: BTreeSet<u16> = if reach.country {
            column.used().collect()
        } else {
            let own = [(Dimension::Province, &reach.provinces), (Dimension::Commune, &reach.communes)];
            let own = own.into_iter().filter(|(_, codes)| !codes.is_empty());
            let within = own.filter_map(|(place, codes)| Some((self.set.place(place)?, codes.as_slice())));
            within.fold(self.shown_under(at).clone(), |used, within| &used | &self.counted_within(at, within))
        };
        let mut codes: Vec<String> = used.into_iter().map(|number| column.of(number).to_owned()).collect();
        let dimension = self.set.dimensions[at];
        codes.sort_by(|a, b| dimension.order(a).cmp(&dimension.order(b)));
        codes
    }

    /// The members of a dimension that something is shown under to everybody.
    fn shown_under(&self, at: usize) -> &BTreeSet<u16> {
        self.shown[at].get_or_init(|| {
            let (number, table) = self.smallest(&[at]);
            let place = table.place(at);
            table.rows().filter(|row| shown_of(self, number, *row) != 0).map(|row| row.numbers[place]).collect()
        })
    }

    /// The members of a dimension that something is counted under in these places.
    fn counted_within(&self, at: usize, (area, codes): (usize, &[String])) -> BTreeSet<u16> {
        let (_, table) = self.smallest(&[at, area]);
        let (place, area_place) = (table.place(at), table.place(area));
        let is_within =
            |row: &TableRow<'_>| codes.iter().any(|code| code == self.columns[area].of(row.numbers[area_place]));
        table.rows().filter(is_within).map(|row| row.numbers[place]).collect()
    }

    /// The smallest table that has these dimensions.
    fn smallest(&self, needed: &[usize]) -> (usize, &Table) {
        let has = |(_, table): &(usize, &Table)| needed.iter().all(|at| table.columns.contains(at));
        self.tables.iter().enumerate().find(has).unwrap_or((0, &self.tables[0]))
    }

    fn put_cell(&mut self, (key, first, second, third, revision): &Cell, vault: &Vault) -> Result<()> {
        self.head.changed = self.head.changed.max(*revision);
        told(self.set, key, [*first, *second, *third]).try_for_each(|(codes, value)| self.put(&codes, value, vault))
    }

    /// Puts the value of a row of the finest table, of its members and the measure.
    fn put(&mut self, codes: &[&str], value: i64, vault: &Vault) -> Result<()> {
        if codes.len() != self.columns.len() {
            let (own, other) = (self.columns.len(), codes.len());
            return Err(Error::internal(format!("a cell of {other} columns in the place of {own}")));
        }
        let finest = self.tables.len() - 1;
        let columns = self.columns.iter_mut().zip(codes);
        let cell: Vec<u16> = columns.map(|(column, code)| column.number(code)).collect::<Result<_>>()?;
        let before = self.tables[finest].find(&cell).map_or(0, |place| self.tables[finest].value(place));
        if before == value {
            return Ok(());
        }
        let mut above = None;
        for at in 0..self.tables.len() {
            let numbers = self.tables[at].numbers(&cell);
            let place = self.tables[at].find(&numbers).unwrap_or_else(|| {
                let threshold = self.threshold(at, &numbers, vault);
                self.tables[at].add(&numbers, threshold, above.unwrap_or_default())
            });
            self.tables[at].change(place, value - before);
            above = above.or(Some(place));
        }
        for (column, number) in self.columns.iter_mut().zip(cell).filter(|_| before == 0 || value == 0) {
            let used = &mut column.used[usize::from(number)];
            *used = if before == 0 { *used + 1 } else { used.saturating_sub(1) };
        }
        Ok(())
    }

    /// A number of a row that is the same in every process.
    pub fn print(&self, table: &Table, row: TableRow<'_>) -> usize {
        let codes = table.columns.iter().zip(row.numbers).map(|(at, number)| self.columns[*at].of(*number));
        let print = crc32fast::hash(codes.collect::<Vec<_>>().join("|").as_bytes());
        usize::try_from(print).unwrap_or_default()
    }

    /// The threshold of a row: of the same kind of record and the same members it is the same in every data set.
    fn threshold(&self, table: usize, numbers: &[u16], vault: &Vault) -> Threshold {
        if !self.set.personal {
            return 0;
        }
        let column = |(at, number): (&usize, &u16)| {
            let name = self.set.dimensions.get(*at).map_or("", |dimension| dimension.code());
            (name, self.columns[*at].of(*number))
        };
        let mut members: Vec<(&str, &str)> = self.tables[table].columns.iter().zip(numbers).map(column).collect();
        members.sort_unstable();
        threshold(&vault.print("statistics", &format!("{:?} {members:?}", self.set.of)))
    }
}

/// A data set's cube, how far it is counted, and the right to read what changed.
#[derive(Debug)]
pub(super) struct Held {
    reading: Mutex<()>,
    /// Beside the cube, so that nobody waits for it who asks for this alone.
    head: RwLock<Head>,
    cube: RwLock<Cube>,
}

impl Held {
    fn of(cube: Cube) -> Self {
        Self { reading: Mutex::default(), head: RwLock::new(cube.head), cube: RwLock::new(cube) }
    }

    pub fn head(&self) -> Head {
        *self.head.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The cube, for work beside the requests: it waits while the cube is changed.
    pub fn cube(&self) -> RwLockReadGuard<'_, Cube> {
        self.cube.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts cells that changed, into an empty cube where all of them are given.
    fn change(&self, anew: Option<Cube>, changes: &[Cell], to: &count::Model, vault: &Vault) -> Result<()> {
        let mut cube = self.cube.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(anew) = anew {
            *cube = anew;
        }
        if !changes.is_empty() {
            cube.shown.iter_mut().for_each(|shown| drop(shown.take()));
        }
        changes.iter().try_for_each(|cell| cube.put_cell(cell, vault))?;
        let head = &mut cube.head;
        (head.position, head.revision, head.counted_at) = (to.position, to.revision, to.counted_at);
        *self.head.write().unwrap_or_else(PoisonError::into_inner) = *head;
        Ok(())
    }
}

/// The cubes that a process holds of a database.
#[derive(Debug)]
pub(crate) struct Cubes {
    /// Of today, by their data sets.
    live: HashMap<&'static str, Arc<Held>>,
    /// Of releases.
    pub(super) released: Kept,
}

impl Default for Cubes {
    fn default() -> Self {
        let held = |set| Arc::new(Held::of(Cube::empty(set, 0)));
        let live = data_set::all().iter().map(|set| (set.id.as_str(), held(set))).collect();
        Self { live, released: Kept::default() }
    }
}

/// The cube of a data set, as it was read last.
pub(super) fn held(ctx: &Ctx, set: &DataSet) -> Result<Arc<Held>> {
    let held = ctx.db.cubes.live.get(set.id.as_str());
    held.map(Arc::clone).ok_or_else(|| Error::internal("no cube of a data set"))
}

/// The cube of a data set, as current as the count. What a replica does not show yet was seen elsewhere: no figure
/// goes back.
pub(super) async fn current(ctx: &Ctx, set: &'static DataSet, shown: &count::Model) -> Result<Arc<Held>> {
    check_meaning(shown)?;
    let held = held(ctx, set)?;
    if held.head().is_before(shown) {
        // One reads, the others wait for it and find it done.
        let _reading = held.reading.lock().await;
        if held.head().is_before(shown) {
            read_changes(ctx, set, &held).await?;
        }
    }
    Ok(held)
}

/// Reads the cells that changed since, all of one snapshot; every cell of another count, or when it is long ago.
async fn read_changes(ctx: &Ctx, set: &'static DataSet, held: &Arc<Held>) -> Result<()> {
    let tx = ctx.read().await?;
    let shown = shown(&tx.db).await?;
    let before = held.head();
    if !before.is_before(&shown) {
        return Ok(());
    }
    let is_same = before.generation == shown.generation;
    let keys = if is_same { changed(&tx, &shown, set, before.revision).await? } else { None };
    let mut anew = None;
    let mut changes = Vec::new();
    if let Some(keys) = keys {
        for keys in Vec::from_iter(keys).chunks(SOME) {
            let some = cell::Column::Key.is_in(keys.iter().map(String::as_str));
            changes.extend(cells(set, &shown).filter(some).into_tuple::<Cell>().all(&tx.db).await?);
        }
    } else {
        anew = Some(every_cell(&tx, set, &shown).await?);
    }
    tx.end(()).await?;
    let (held, db) = (Arc::clone(held), ctx.db.clone());
    aside(move || held.change(anew, &changes, &shown, db.vault())).await
}

/// A cube of every cell, read run by run.
async fn every_cell(tx: &Tx, set: &'static DataSet, shown: &count::Model) -> Result<Cube> {
    let mut cube = Cube::empty(set, shown.generation);
    let mut last = String::new();
    loop {
        let run =
            cells(set, shown).filter(cell::Column::Key.gt(last.as_str())).order_by_asc(cell::Column::Key).limit(RUN);
        let run: Vec<Cell> = run.into_tuple().all(&tx.db).await?;
        let Some((key, ..)) = run.last() else { return Ok(cube) };
        last.clone_from(key);
        let db = tx.ctx.db.clone();
        let put = move || run.iter().try_for_each(|cell| cube.put_cell(cell, db.vault())).map(|()| cube);
        cube = aside(put).await?;
    }
}

#[expect(clippy::disallowed_methods, reason = "cells belong to nobody; what is shown of them is decided by the query")]
fn cells(set: &DataSet, shown: &count::Model) -> Select<cell::Entity> {
    use cell::Column as C;
    cell::Entity::find()
        .select_only()
        .columns([C::Key, C::First, C::Second, C::Third, C::Revision])
        .filter(C::Generation.eq(shown.generation))
        .filter(C::DataSet.eq(set.id.as_str()))
}
