//! What a release changes: the cells of two cubes side by side, each as its reader may see it.
//!
//! Both stand in the order of members, and so do the changes: a cell that is shown to nobody any more comes in the
//! same place whether it is small or gone.

use std::cmp::Ordering;

use async_graphql::SimpleObject;
use gdtx_domain::{access::reach::Reach, statistics::release::ReleaseStep};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    super::{
        answer::FigureStatus,
        ask::{aside, reach},
        cube::Cube,
        grid::{Inside, value},
        table::{Table, TableRow},
    },
    kept,
    parts::declared,
    read::find,
};
use crate::{
    Ctx, Page, PageRequest, Result,
    page::{Cursor, Fingerprint, fingerprint_of, size, unreadable},
    tx::Tx,
};

/// What a release does to a cell of the one before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatisticsReleaseChange {
    pub step: ReleaseStep,
    /// The members of the cell, one of each dimension: `schoolYear=2025-2026;province=46`.
    pub cell: String,
    /// The measure.
    pub measure: String,
    /// The figure of the release before; null where it has none.
    pub before: Option<i64>,
    /// The figure of this release; null where it has none.
    pub after: Option<i64>,
    /// What was done to both figures; null where they are exact.
    pub status: Option<FigureStatus>,
}

/// Lists what a release changes, cell by cell of the finest table in the order of members. Needs no token: whoever
/// applies it to the figures of the release before, as the caller sees them, has those of this one.
///
/// # Errors
/// `not_found` for a release that is none.
pub async fn changes(
    ctx: &Ctx,
    (id, release): (&str, &str),
    request: &PageRequest,
) -> Result<Page<StatisticsReleaseChange>> {
    let most = size(request.first)? as usize + 1;
    let tx = ctx.read_once().await?;
    let found = find(&tx, id, release).await?;
    let print = fingerprint_of("statistics_release_changes", &found.id.to_string(), "");
    let begin = request.after.as_deref().map(|after| begin(&tx, print, after)).transpose()?.unwrap_or_default();
    // Every dimension is told of a cell.
    let reach = reach(&tx, declared(&found.definition)?, |_| true);
    let previous = match &found.previous {
        Some(previous) => Some(find(&tx, id, previous).await?),
        None => None,
    };
    tx.end(()).await?;
    let after = kept::cube(ctx, &found).await?;
    let before = match &previous {
        Some(previous) => Some(kept::cube(ctx, previous).await?),
        None => None,
    };
    let db = ctx.db.clone();
    let rows = aside(move || {
        let nothing = Cube::empty(after.set, 0);
        let all = Changes::of(before.as_deref().unwrap_or(&nothing), &after, &reach, begin);
        let cursor = |(at, change): ((usize, usize), _)| {
            let sealed = db.vault().seal_cursor(&print, Uuid::nil(), format!("{} {}", at.0, at.1))?;
            Ok((change, Cursor::encode(print, &sealed, Uuid::nil())))
        };
        all.take(most).map(cursor).collect::<Result<Vec<_>>>()
    });
    Ok(Page::of(rows.await?, request, |(_, cursor)| cursor.clone())?.map(|(change, _)| change))
}

/// The places that a cursor stands at. They are sealed: how many cells there are between two is not for everybody.
fn begin(tx: &Tx, print: Fingerprint, after: &str) -> Result<(usize, usize)> {
    let cursor = Cursor::decode(print, after)?;
    let places = tx.ctx.db.vault().open_cursor(&print, cursor.i, cursor.k).ok_or_else(unreadable)?;
    let places = places.split_once(' ').and_then(|(before, after)| Some((before.parse().ok()?, after.parse().ok()?)));
    places.ok_or_else(unreadable)
}

/// The cells of a release as a reader sees them.
struct Side<'a> {
    cube: &'a Cube,
    table: &'a Table,
    inside: Inside,
}

impl<'a> Side<'a> {
    fn of(cube: &'a Cube, reach: &Reach) -> Self {
        let table = &cube.tables[cube.tables.len() - 1];
        Self { cube, table, inside: Inside::of(reach, cube.set, cube) }
    }

    fn row(&self, place: usize) -> Option<TableRow<'a>> {
        (place < self.table.len()).then(|| self.table.row(place))
    }

    fn is_exact(&self, row: TableRow<'_>) -> bool {
        self.inside.covers(&|column| row.numbers[column])
    }

    fn value(&self, row: TableRow<'_>) -> i64 {
        value(self.cube, self.cube.tables.len() - 1, row, self.is_exact(row))
    }

    fn name(&self, row: TableRow<'_>) -> (String, String) {
        let mut codes: Vec<&str> = self.cube.codes(row).collect();
        let measure = codes.pop().unwrap_or_default().to_owned();
        let named = self.cube.set.dimensions.iter().zip(codes).map(|(dimension, code)| format!("{dimension}={code}"));
        (named.collect::<Vec<_>>().join(";"), measure)
    }
}

/// The changes from one cube to another from some places on, each with the places behind it.
pub(super) struct Changes<'a> {
    before: Side<'a>,
    after: Side<'a>,
    at: (usize, usize),
    /// Whether a cell of one can be a cell of the other.
    have_same_cells: bool,
}

impl<'a> Changes<'a> {
    pub fn of(before: &'a Cube, after: &'a Cube, reach: &Reach, at: (usize, usize)) -> Self {
        let have_same_cells = before.set.dimensions == after.set.dimensions;
        Self { before: Side::of(before, reach), after: Side::of(after, reach), at, have_same_cells }
    }

    /// Which of two cells comes first.
    fn order(&self, before: Option<TableRow<'a>>, after: Option<TableRow<'a>>) -> Option<Ordering> {
        match (before, after) {
            (None, None) => None,
            (None, Some(_)) => Some(Ordering::Greater),
            (Some(before), Some(after)) if self.have_same_cells => {
                Some(self.before.cube.codes(before).cmp(self.after.cube.codes(after)))
            }
            (Some(_), _) => Some(Ordering::Less),
        }
    }
}

impl Iterator for Changes<'_> {
    type Item = ((usize, usize), StatisticsReleaseChange);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (before, after) = (self.before.row(self.at.0), self.after.row(self.at.1));
            let order = self.order(before, after)?;
            let (before, after) = (before.filter(|_| order.is_le()), after.filter(|_| order.is_ge()));
            self.at = (self.at.0 + usize::from(before.is_some()), self.at.1 + usize::from(after.is_some()));
            let old = before.map(|row| self.before.value(row)).filter(|value| *value != 0);
            let new = after.map(|row| self.after.value(row)).filter(|value| *value != 0);
            let step = match (old, new) {
                (None, Some(_)) => ReleaseStep::Added,
                (Some(_), None) => ReleaseStep::Removed,
                _ if old == new => continue,
                _ => ReleaseStep::Changed,
            };
            let (side, row) = if let Some(row) = after { (&self.after, row) } else { (&self.before, before?) };
            let (cell, measure) = side.name(row);
            let status = (!side.is_exact(row)).then_some(FigureStatus::Rounded);
            let change = StatisticsReleaseChange { step, cell, measure, before: old, after: new, status };
            return Some((self.at, change));
        }
    }
}
