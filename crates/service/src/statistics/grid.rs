//! The figures of a query in memory: one place for each combination of members, totals beside them.

use std::collections::{BTreeSet, HashMap};

use gdtx_domain::{
    access::reach::Reach,
    statistics::{data_set::DataSet, dimension::Dimension},
};

use super::{
    cube::Cube,
    disclosure::shown,
    query::{MOST_FIGURES, Members, StatisticsQuery, Test, refuse},
    table::{Table, TableRow},
};
use crate::Result;

/// The member under which totals stand.
pub(super) const TOTAL: &str = "_T";
/// The place of a member that is not asked for.
const NOWHERE: usize = usize::MAX;

/// What is asked, in the places of a data set.
pub(super) struct Asked<'a> {
    pub set: &'static DataSet,
    pub query: &'a StatisticsQuery,
    pub measures: Vec<usize>,
    pub groups: Vec<usize>,
    pub test: Option<Test>,
    /// Where the caller sees figures as they are: everywhere in a data set that tells of nobody.
    pub reach: Reach,
}

impl Asked<'_> {
    /// The members of a dimension that are named, if nothing beside them is asked for.
    pub fn only(&self, at: usize) -> Option<&Members> {
        self.test.as_ref().and_then(|test| test.only(at))
    }
}

/// A dimension of a grid.
pub(super) struct Axis {
    /// Where it stands in the data set.
    pub at: usize,
    /// The codes of its members in their order, with the total behind them.
    pub members: Vec<String>,
    has_total: bool,
    /// The places of members by their numbers.
    places: Vec<usize>,
}

impl Axis {
    fn of(asked: &Asked<'_>, cube: &Cube, at: usize) -> Self {
        let (dimension, column) = (asked.set.dimensions[at], &cube.columns[at]);
        let mut members: Vec<String> = match asked.only(at) {
            Some(members) => members.codes.clone(),
            None => column.used().map(|number| column.of(number).to_owned()).collect(),
        };
        members.sort_by(|a, b| dimension.order(a).cmp(&dimension.order(b)));
        let order: HashMap<&str, usize> =
            members.iter().enumerate().map(|(place, code)| (code.as_str(), place)).collect();
        let places = column.all.iter().map(|code| order.get(code.as_str()).copied().unwrap_or(NOWHERE)).collect();
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
}

impl Grid {
    /// Answers a query.
    pub fn of(asked: &Asked<'_>, cube: &Cube) -> Result<Self> {
        let axes: Vec<Axis> = asked.groups.iter().map(|at| Axis::of(asked, cube, *at)).collect();
        let width = asked.measures.len();
        check_size(axes.iter().fold(width, |size, axis| size.saturating_mul(axis.members.len().max(1))))?;
        let size: usize = axes.iter().map(|axis| axis.members.len()).product();
        let mut grid = Self { axes, width, hides: false, values: vec![0; size * width], rounded: vec![false; size] };
        grid.count(asked, cube);
        grid.add_totals();
        Ok(grid)
    }

    fn count(&mut self, asked: &Asked<'_>, cube: &Cube) {
        let inside = Inside::of(asked, cube);
        let (number, table) = smallest(asked, cube, &inside);
        let measures: Vec<Option<usize>> = {
            let column = &cube.columns[asked.set.dimensions.len()];
            let wanted = |code: &String| asked.measures.iter().position(|at| asked.set.measures[*at].code == *code);
            column.all.iter().map(wanted).collect()
        };
        let at: Vec<usize> = (0..cube.columns.len())
            .map(|column| table.columns.iter().position(|own| *own == column).unwrap_or(NOWHERE))
            .collect();
        let steps = self.steps();
        self.rounded = self.hidden(asked, &inside, &steps);
        self.hides = !inside.is_all(asked);
        for row in table.rows() {
            let of = |column: usize| row.numbers[at[column]];
            let Some(Some(measure)) = row.numbers.last().and_then(|number| measures.get(usize::from(*number))) else {
                continue;
            };
            let Some(place) = self.place(&steps, &of) else { continue };
            if asked.test.as_ref().is_some_and(|test| !test.holds(&of)) {
                continue;
            }
            self.add(place, *measure, value(cube, number, row, inside.covers(&of)));
            self.rounded[place] |= !inside.covers(&of);
        }
    }

    fn add(&mut self, place: usize, measure: usize, value: i64) {
        self.values[place * self.width + measure] += value;
    }

    /// How far apart the members of each axis stand.
    fn steps(&self) -> Vec<usize> {
        let mut steps = vec![1; self.axes.len()];
        for at in (1..self.axes.len()).rev() {
            steps[at - 1] = steps[at] * self.axes[at].members.len();
        }
        steps
    }

    fn place(&self, steps: &[usize], of: &impl Fn(usize) -> u16) -> Option<usize> {
        self.axes.iter().zip(steps).try_fold(0, |place, (axis, step)| {
            let own = *axis.places.get(usize::from(of(axis.at)))?;
            (own != NOWHERE).then(|| place + own * step)
        })
    }

    /// Which places are not shown as they are whatever is counted there: those outside of the reach. Whether a
    /// group is empty or small must not be told by it.
    fn hidden(&self, asked: &Asked<'_>, inside: &Inside, steps: &[usize]) -> Vec<bool> {
        let size = self.rounded.len();
        if inside.is_all(asked) {
            return vec![false; size];
        }
        let lies_inside = |place: usize| {
            self.axes.iter().zip(steps).any(|(axis, step)| {
                let member = &axis.members[place / step % axis.members.len()];
                inside.places.iter().any(|places| places.at == axis.at && places.codes.contains(member))
            })
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
                    self.add(total, measure, self.values[place * self.width + measure]);
                }
                self.rounded[total] |= self.rounded[place];
            }
        }
    }

    /// The places with their figures and whether these are rounded, in the order of members.
    pub fn places(&self) -> impl Iterator<Item = (usize, &[i64], bool)> {
        let figures = self.values.chunks_exact(self.width.max(1)).zip(&self.rounded);
        figures.enumerate().map(|(place, (values, rounded))| (place, values, *rounded))
    }

    /// The members of a place.
    pub fn members(&self, place: usize) -> Vec<String> {
        let member = |(axis, step): (&Axis, usize)| axis.members[place / step % axis.members.len()].clone();
        self.axes.iter().zip(self.steps()).map(member).collect()
    }
}

fn check_size(figures: usize) -> Result<()> {
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

fn value(cube: &Cube, table: usize, row: TableRow<'_>, is_inside: bool) -> i64 {
    if is_inside { row.value } else { shown(cube, table, row) }
}

/// The smallest table that has all that is asked of.
fn smallest<'a>(asked: &Asked<'_>, cube: &'a Cube, inside: &Inside) -> (usize, &'a Table) {
    let mut needed: BTreeSet<usize> = asked.groups.iter().copied().collect();
    if let Some(test) = &asked.test {
        test.columns(&mut needed);
    }
    needed.extend(inside.places.iter().map(|places| places.at));
    let has_all = |table: &Table| needed.iter().all(|column| table.columns.contains(column));
    let last = cube.tables.len() - 1;
    let number = cube.tables.iter().position(has_all).unwrap_or(last);
    (number, &cube.tables[number])
}

/// Where figures are shown as they are.
struct Inside {
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
    fn of(asked: &Asked<'_>, cube: &Cube) -> Self {
        let Reach { country, provinces, communes, .. } = &asked.reach;
        let inside = [(Dimension::Province, provinces), (Dimension::Commune, communes)];
        let places = inside.into_iter().filter(|(_, codes)| !codes.is_empty() && !country);
        let places = places.filter_map(|(dimension, codes)| {
            let at = asked.set.dimensions.iter().position(|known| *known == dimension)?;
            let numbers = cube.columns[at].all.iter().map(|code| codes.contains(code)).collect();
            Some(Places { at, codes: codes.clone(), numbers })
        });
        Self { country: *country, places: places.collect() }
    }

    fn covers(&self, of: &impl Fn(usize) -> u16) -> bool {
        let lies = |places: &Places| places.numbers.get(usize::from(of(places.at))).copied().unwrap_or_default();
        self.country || self.places.iter().any(lies)
    }

    /// Whether nothing outside is asked for.
    fn is_all(&self, asked: &Asked<'_>) -> bool {
        let only_inside = |places: &Places| {
            asked.only(places.at).is_some_and(|members| members.codes.iter().all(|code| places.codes.contains(code)))
        };
        self.country || self.places.iter().any(only_inside)
    }
}
