//! The figures of a query in memory: one place for each combination of members, totals beside them.

use std::collections::{BTreeSet, HashMap};

use gdtx_domain::{
    access::reach::Reach,
    statistics::{data_set::DataSet, dimension::Dimension},
    territory::{find, unit::UnitLevel},
};

use super::{
    cube::Cube,
    disclosure::{ROUNDED_TO, shown},
    query::{MOST_FIGURES, Members, StatisticsQuery, Test, refuse},
    table::{Table, TableRow},
    view::{Lay, NOT_LAID, View},
};
use crate::Result;

/// The member under which totals stand.
pub const TOTAL: &str = "_T";
/// What stands for several members that are not told apart.
pub(super) const SOME: &str = "_X";
/// The place of a member that is not asked for.
const NOWHERE: usize = usize::MAX;

/// What is asked, in the columns of a view.
pub(super) struct Asked<'a> {
    pub view: View<'a>,
    pub query: &'a StatisticsQuery,
    pub measures: Vec<usize>,
    pub groups: Vec<usize>,
    pub test: Option<Test>,
}

impl Asked<'_> {
    /// The members of a dimension that are named, if nothing beside them is asked for.
    pub fn only(&self, at: usize) -> Option<&Members> {
        self.test.as_ref().and_then(|test| test.only(at))
    }
}

/// A dimension of a grid.
pub(super) struct Axis {
    /// Its column.
    pub at: usize,
    /// The codes of its members in their order, with the total behind them.
    pub members: Vec<String>,
    has_total: bool,
    /// The places of members by their numbers.
    places: Vec<usize>,
}

impl Axis {
    fn of(asked: &Asked<'_>, at: usize) -> Self {
        let (dimension, codes) = (asked.view.dimension(at), asked.view.codes(at));
        let mut members = match asked.only(at) {
            Some(members) => members.codes.clone(),
            None => asked.view.used(at),
        };
        members.sort_by(|a, b| dimension.order(a).cmp(&dimension.order(b)));
        let order: HashMap<&str, usize> =
            members.iter().enumerate().map(|(place, code)| (code.as_str(), place)).collect();
        let places = codes.iter().map(|code| order.get(code.as_str()).copied().unwrap_or(NOWHERE)).collect();
        let has_total = asked.query.totals && dimension.adds_up();
        members.extend(has_total.then(|| TOTAL.to_owned()));
        Self { at, members, has_total, places }
    }
}

/// The figures of a query.
pub(super) struct Grid {
    pub axes: Vec<Axis>,
    /// Measures of each place.
    pub width: usize,
    /// Whether places outside of the reach are asked for. It goes by the question alone: an answer must not tell by
    /// it whether anybody is there.
    pub hides: bool,
    values: Vec<i64>,
    rounded: Vec<bool>,
    /// What is estimated of the figures; none where everything is exact.
    estimates: Vec<i64>,
}

impl Grid {
    /// Answers a query.
    pub fn of(asked: &Asked<'_>) -> Result<Self> {
        let axes: Vec<Axis> = asked.groups.iter().map(|at| Axis::of(asked, *at)).collect();
        let width = asked.measures.len();
        check_size(asked, &axes)?;
        let size: usize = axes.iter().map(|axis| axis.members.len()).product();
        let estimates = if asked.view.is_legacy() { vec![0; size * width] } else { Vec::new() };
        let (values, rounded) = (vec![0; size * width], vec![false; size]);
        let mut grid = Self { axes, width, hides: false, values, rounded, estimates };
        grid.count(asked);
        grid.add_totals();
        Ok(grid)
    }

    fn count(&mut self, asked: &Asked<'_>) {
        let cube = asked.view.cube;
        let inside = Inside::of(&asked.view.reach, asked.view.set, cube);
        let named = named(asked);
        // Whoever asks for no place of another day needs none to be looked up, and the table may not hold any.
        let is_laid = named.iter().any(|at| *at >= cube.columns.len());
        let (number, table) = smallest(asked, &inside, &named);
        let measures: Vec<Option<usize>> = {
            let set = asked.view.set;
            let wanted = |code: &String| asked.measures.iter().position(|at| set.measures[*at].code == *code);
            cube.columns[set.dimensions.len()].all.iter().map(wanted).collect()
        };
        let own = 0..cube.columns.len();
        let at: Vec<usize> =
            own.map(|column| table.columns.iter().position(|own| *own == column).unwrap_or(NOWHERE)).collect();
        let steps = self.steps();
        self.rounded = self.hidden(asked, &inside, &steps);
        self.hides = !inside.is_all(asked);
        let Self { axes, width, values, rounded, estimates, .. } = self;
        for row in table.rows() {
            let of = |column: usize| row.numbers[at[column]];
            let Some(&Some(measure)) = row.numbers.last().and_then(|number| measures.get(usize::from(*number))) else {
                continue;
            };
            let place_in = |lay: &Lay| {
                let of =
                    |column: usize| column.checked_sub(at.len()).map_or_else(|| of(column), |derived| lay[derived]);
                let holds = asked.test.as_ref().is_none_or(|test| test.holds(&of));
                if holds { place(axes, &steps, &of) } else { None }
            };
            let lays = if is_laid { asked.view.lays(of) } else { &NOT_LAID };
            let Some((first, others)) = lays.split_first() else { continue };
            let is_inside = inside.covers(&of);
            let value = value(cube, number, row, is_inside);
            let only = place_in(first);
            if others.iter().all(|lay| place_in(lay) == only) {
                let Some(place) = only else { continue };
                values[place * *width + measure] += value;
                rounded[place] |= !is_inside;
                continue;
            }
            // Dealt out one by one, so that whatever the figures are broken down by, they add up to the same. Who
            // is dealt to first differs from row to row, and is the same in every answer.
            let unit = if is_inside { 1 } else { ROUNDED_TO };
            let (count, begin) = (others.len() + 1, cube.print(table, row));
            for (nth, lay) in [first].into_iter().chain(others).enumerate() {
                if let Some(place) = place_in(lay) {
                    estimates[place * *width + measure] += unit * dealt(value / unit, (nth + begin) % count, count);
                    rounded[place] |= !is_inside;
                }
            }
        }
    }

    /// How far apart the members of each axis stand.
    fn steps(&self) -> Vec<usize> {
        let mut steps = vec![1; self.axes.len()];
        for at in (1..self.axes.len()).rev() {
            steps[at - 1] = steps[at] * self.axes[at].members.len();
        }
        steps
    }

    /// Which places are not shown as they are whatever is counted there: those outside of the reach. Whether a
    /// group is empty or small must not be told by it.
    fn hidden(&self, asked: &Asked<'_>, inside: &Inside, steps: &[usize]) -> Vec<bool> {
        let size = self.rounded.len();
        if inside.is_all(asked) {
            return vec![false; size];
        }
        let inside: Vec<Vec<bool>> = self
            .axes
            .iter()
            .map(|axis| axis.members.iter().map(|member| inside.has(&asked.view, axis.at, member)).collect())
            .collect();
        let lies_inside = |place: usize| {
            let mut members = inside.iter().zip(steps);
            members.any(|(members, step)| members[place / step % members.len()])
        };
        (0..size).map(|place| !lies_inside(place)).collect()
    }

    /// Adds up each axis in turn, those before with their totals.
    fn add_totals(&mut self) {
        let totals = self.axes.iter().zip(self.steps()).filter(|(axis, _)| axis.has_total);
        let totals: Vec<(usize, usize)> = totals.map(|(axis, step)| (axis.members.len(), step)).collect();
        for (count, step) in totals {
            for place in 0..self.rounded.len() {
                let own = place / step % count;
                if own + 1 == count {
                    continue;
                }
                let total = place + (count - 1 - own) * step;
                for measure in 0..self.width {
                    let (from, to) = (place * self.width + measure, total * self.width + measure);
                    self.values[to] += self.values[from];
                    if let Some(share) = self.estimates.get(from).copied() {
                        self.estimates[to] += share;
                    }
                }
                self.rounded[total] |= self.rounded[place];
            }
        }
    }

    /// The places with their figures, in the order of members.
    pub fn places(&self) -> impl Iterator<Item = Figures<'_>> {
        let width = self.width.max(1);
        let estimates = self.estimates.chunks_exact(width).map(Some).chain(std::iter::repeat(None));
        let figures = self.values.chunks_exact(width).zip(estimates).zip(&self.rounded);
        figures.enumerate().map(|(place, ((exact, estimated), is_rounded))| Figures {
            place,
            exact,
            estimated: estimated.filter(|shares| shares.iter().any(|share| *share != 0)),
            is_rounded: *is_rounded,
        })
    }

    /// Whether a place holds a total of others.
    pub fn is_total(&self, place: usize) -> bool {
        let is_last = |(axis, step): (&Axis, usize)| {
            axis.has_total && place / step % axis.members.len() + 1 == axis.members.len()
        };
        self.axes.iter().zip(self.steps()).any(is_last)
    }

    /// The members of a place.
    pub fn members(&self, place: usize) -> Vec<String> {
        let member = |(axis, step): (&Axis, usize)| axis.members[place / step % axis.members.len()].clone();
        self.axes.iter().zip(self.steps()).map(member).collect()
    }
}

/// The figures of a place.
pub(super) struct Figures<'a> {
    pub place: usize,
    /// What is exact of them.
    pub exact: &'a [i64],
    /// What is estimated beside it.
    estimated: Option<&'a [i64]>,
    pub is_rounded: bool,
}

impl Figures<'_> {
    pub fn is_estimated(&self) -> bool {
        self.estimated.is_some()
    }

    /// The figures, exact or not.
    pub fn values(&self) -> Vec<i64> {
        let estimated = self.estimated.unwrap_or_default().iter().copied().chain(std::iter::repeat(0));
        self.exact.iter().zip(estimated).map(|(exact, estimated)| exact + estimated).collect()
    }
}

/// What one of so many gets in turn when a number is dealt out.
fn dealt(number: i64, turn: usize, among: usize) -> i64 {
    let (turn, among) = (i64::try_from(turn).unwrap_or_default(), i64::try_from(among).unwrap_or(1));
    number / among + i64::from(turn < number % among)
}

/// Where a row stands, whose numbers are told; nowhere when a member of it is not asked for.
fn place(axes: &[Axis], steps: &[usize], of: &impl Fn(usize) -> u16) -> Option<usize> {
    axes.iter().zip(steps).try_fold(0, |place, (axis, step)| {
        let own = *axis.places.get(usize::from(of(axis.at)))?;
        (own != NOWHERE).then(|| place + own * step)
    })
}

/// Refuses what could hold too many figures, by what the caller sees of them: no refusal tells of hidden members.
fn check_size(asked: &Asked<'_>, axes: &[Axis]) -> Result<()> {
    let product = |members: &dyn Fn(&Axis) -> usize| {
        axes.iter().fold(asked.measures.len(), |size, axis| size.saturating_mul(members(axis).max(1)))
    };
    // Mostly it is few whoever asks, and nothing has to be looked up.
    if product(&|axis| axis.members.len()) <= MOST_FIGURES {
        return Ok(());
    }
    let figures = product(&|axis| {
        let members = asked.only(axis.at).map_or_else(|| asked.view.shown(axis.at).len(), |named| named.codes.len());
        members + usize::from(axis.has_total)
    });
    if figures <= MOST_FIGURES {
        return Ok(());
    }
    Err(refuse(
        "groupBy",
        "too_many_figures",
        format!("Câu hỏi có thể trả về {figures} số liệu, tối đa {MOST_FIGURES}: bớt chiều, hoặc hỏi từng phần."),
        format!(
            "The answer could hold {figures} figures, and {MOST_FIGURES} at most: fewer dimensions, or part by part."
        ),
    ))
}

/// What is shown of a row: it as it is inside of a reach.
pub(super) fn value(cube: &Cube, table: usize, row: TableRow<'_>, is_inside: bool) -> i64 {
    if is_inside { row.value } else { shown(cube, table, row) }
}

/// The columns that are asked for, also those that follow from others.
fn named(asked: &Asked<'_>) -> BTreeSet<usize> {
    let mut named = asked.groups.iter().copied().collect();
    if let Some(test) = &asked.test {
        test.columns(&mut named);
    }
    named
}

/// The smallest table that has all that is asked of.
fn smallest<'a>(asked: &Asked<'a>, inside: &Inside, named: &BTreeSet<usize>) -> (usize, &'a Table) {
    let cube = asked.view.cube;
    let mut needed: BTreeSet<usize> = named.iter().flat_map(|at| asked.view.sources(*at)).collect();
    needed.extend(inside.places.iter().map(|places| places.at));
    let has_all = |table: &Table| needed.iter().all(|column| table.columns.contains(column));
    let last = cube.tables.len() - 1;
    let number = cube.tables.iter().position(has_all).unwrap_or(last);
    (number, &cube.tables[number])
}

/// Where figures are shown as they are.
pub(super) struct Inside {
    country: bool,
    places: Vec<Places>,
}

/// The provinces, or communes, that lie inside.
struct Places {
    at: usize,
    codes: Vec<String>,
    numbers: Vec<bool>,
}

impl Inside {
    /// What a reach covers of the cells of a data set.
    pub fn of(reach: &Reach, set: &DataSet, cube: &Cube) -> Self {
        let Reach { country, provinces, communes, .. } = reach;
        let inside = [(Dimension::Province, provinces), (Dimension::Commune, communes)];
        let places = inside.into_iter().filter(|(_, codes)| !codes.is_empty() && !country);
        let places = places.filter_map(|(dimension, codes)| {
            let at = set.place(dimension)?;
            let numbers = cube.columns[at].all.iter().map(|code| codes.contains(code)).collect();
            Some(Places { at, codes: codes.clone(), numbers })
        });
        Self { country: *country, places: places.collect() }
    }

    /// Whether a cell lies inside, whose number of a dimension is told.
    pub fn covers(&self, of: &impl Fn(usize) -> u16) -> bool {
        let lies = |places: &Places| places.numbers.get(usize::from(of(places.at))).copied().unwrap_or_default();
        self.country || self.places.iter().any(lies)
    }

    /// Whether nothing outside is asked for.
    fn is_all(&self, asked: &Asked<'_>) -> bool {
        let view = &asked.view;
        let places = [Dimension::Province, Dimension::Commune].into_iter().filter_map(|place| view.find(place));
        let only_inside =
            |at: usize| asked.only(at).is_some_and(|named| named.codes.iter().all(|code| self.has(view, at, code)));
        self.country || places.into_iter().any(only_inside)
    }

    /// Whether everything of a member lies inside; a commune does with its province.
    fn has(&self, view: &View<'_>, at: usize, member: &str) -> bool {
        let province = || {
            let commune =
                Some(UnitLevel::Commune).filter(|_| view.dimension(at) == Dimension::Commune && !view.is_legacy());
            find::find(member, Some(commune?), view.on).map(|unit| unit.province_code.as_str())
        };
        self.places.iter().any(|places| {
            let of_province = |code: &str| {
                view.set.dimensions[places.at] == Dimension::Province && places.codes.iter().any(|own| own == code)
            };
            (places.at == at && places.codes.iter().any(|own| own == member)) || province().is_some_and(of_province)
        })
    }
}
