//! What a query sees of a cube: its dimensions, and places on the boundaries of another day.
//!
//! Figures are kept by the communes of today, and each of those was made of legacy ones. A figure on the boundaries of
//! before 2025-07-01 is exact where all of them lie in the same place, or where the legacy unit itself was reported;
//! elsewhere each of them has an equal share of it, which is said to be an estimate.

use std::{collections::HashMap, slice, sync::LazyLock};

use chrono::NaiveDate;
use gdtx_domain::{
    access::reach::Reach,
    statistics::{
        area::Area,
        data_set::DataSet,
        dimension::{Dimension, LEGACY, NOT_TOLD},
    },
    territory::{
        find,
        successor::predecessors,
        unit::{LAST_LEGACY_DAY, REFORM, Unit, UnitLevel},
    },
};

use super::{
    cube::{Codes, Cube},
    query::{StatisticsQuery, refuse},
};
use crate::Result;

/// What is derived of the commune and the unit reported, in this order.
const DERIVED: [Dimension; 4] = [Dimension::Province, Dimension::District, Dimension::Commune, Dimension::Area];

/// Where something lay on the day, by the numbers of members.
pub(super) type Lay = [u16; DERIVED.len()];

/// One place that is none, where nothing is derived.
pub(super) const NOT_LAID: [Lay; 1] = [[0; DERIVED.len()]];

/// A cube as a query sees it.
pub(super) struct View<'a> {
    pub set: &'static DataSet,
    pub cube: &'a Cube,
    /// The day on whose boundaries places are.
    pub on: NaiveDate,
    today: NaiveDate,
    /// Where the caller sees figures as they are: everywhere in a data set that tells of nobody.
    pub reach: Reach,
    derived: Option<Derived>,
}

/// Columns that follow from others.
struct Derived {
    commune: usize,
    reported: Option<usize>,
    /// Behind one another as in [`DERIVED`].
    columns: [Vec<String>; DERIVED.len()],
    /// Where what lies in a commune of today may have lain, by the numbers of communes.
    by_commune: Vec<Vec<Lay>>,
    /// Where legacy units lay that were reported, by the numbers of units reported.
    by_reported: Vec<Option<Lay>>,
}

impl<'a> View<'a> {
    /// # Errors
    /// `invalid_parameter` for boundaries of before 2025-07-01 of a data set without communes.
    pub fn of(
        (set, cube): (&'static DataSet, &'a Cube),
        query: &StatisticsQuery,
        reach: Reach,
        today: NaiveDate,
    ) -> Result<Self> {
        // Of what changed before the reform no list is at hand: there is one map of the time before it.
        let on = query.boundaries.map_or(today, |day| day.clamp(LAST_LEGACY_DAY, today));
        let commune = set.place(Dimension::Commune);
        if on < REFORM && commune.is_none() {
            return Err(refuse(
                "boundaries",
                "not_allowed_here",
                "Bộ dữ liệu không có cấp xã, nên không quy về được địa giới trước ngày 1/7/2025.",
                "The data set has no communes, so it cannot be put on the boundaries of before 2025-07-01.",
            ));
        }
        let commune = commune.filter(|_| on < REFORM || query.names(Dimension::Area));
        let derived = commune.map(|commune| Derived::of(cube, (commune, set.place(Dimension::ReportedUnit)), on));
        Ok(Self { set, cube, on, today, reach, derived })
    }

    /// Whether places are those of before 2025-07-01.
    pub fn is_legacy(&self) -> bool {
        self.on < REFORM
    }

    /// The column of a dimension.
    pub fn find(&self, dimension: Dimension) -> Option<usize> {
        let own = || self.set.place(dimension);
        let derived = DERIVED.iter().position(|known| *known == dimension).filter(|_| self.derived.is_some());
        match dimension {
            Dimension::Province | Dimension::Commune if !self.is_legacy() => own(),
            Dimension::District if !self.is_legacy() => None,
            _ => derived.map(|at| self.cube.columns.len() + at).or_else(own),
        }
    }

    /// The dimension of a column.
    pub fn dimension(&self, at: usize) -> Dimension {
        match at.checked_sub(self.cube.columns.len()) {
            Some(derived) => DERIVED[derived],
            None => self.set.dimensions[at],
        }
    }

    /// The day on which a dimension's members are what they are called.
    pub fn day(&self, dimension: Dimension) -> NaiveDate {
        if DERIVED.contains(&dimension) { self.on } else { self.today }
    }

    /// The codes of a column by their numbers.
    pub fn codes(&self, at: usize) -> &[String] {
        let derived = at.checked_sub(self.cube.columns.len());
        match derived.and_then(|at| self.derived.as_ref()?.columns.get(at)) {
            Some(codes) => codes,
            None => &self.cube.columns[at].all,
        }
    }

    /// The codes of a column that something is counted under.
    pub fn used(&self, at: usize) -> Vec<String> {
        let own = |column: &Codes| column.used().map(|number| column.of(number).to_owned()).collect();
        self.cube.columns.get(at).map_or_else(|| self.codes(at).to_vec(), own)
    }

    /// Those that something is shown under to the caller: no refusal tells of others.
    pub fn shown(&self, at: usize) -> Vec<String> {
        if at < self.cube.columns.len() { self.cube.members(at, &self.reach) } else { self.codes(at).to_vec() }
    }

    /// The columns of the cube that a column follows from.
    pub fn sources(&self, at: usize) -> Vec<usize> {
        match &self.derived {
            Some(derived) if at >= self.cube.columns.len() => {
                derived.reported.into_iter().chain([derived.commune]).collect()
            }
            _ => vec![at],
        }
    }

    /// Where the records of a row may have lain.
    pub fn lays(&self, number: impl Fn(usize) -> u16) -> &[Lay] {
        let Some(derived) = &self.derived else { return &NOT_LAID };
        let reported = derived.reported.and_then(|at| derived.by_reported.get(usize::from(number(at)))?.as_ref());
        let by_commune =
            || derived.by_commune.get(usize::from(number(derived.commune))).map_or(&NOT_LAID[..], |lays| lays);
        reported.map_or_else(by_commune, slice::from_ref)
    }
}

impl Derived {
    fn of(cube: &Cube, (commune, reported): (usize, Option<usize>), on: NaiveDate) -> Self {
        let mut columns: [Vec<String>; DERIVED.len()] = Default::default();
        let mut numbers: [HashMap<String, u16>; DERIVED.len()] = Default::default();
        let mut lay = |place: &Place| {
            let mut at = 0;
            place.each_ref().map(|code| {
                let (column, known) = (&mut columns[at], &mut numbers[at]);
                at += 1;
                *known.entry(code.clone()).or_insert_with(|| {
                    column.push(code.clone());
                    u16::try_from(column.len() - 1).unwrap_or(u16::MAX)
                })
            })
        };
        let used = |at: usize| {
            let column: &Codes = &cube.columns[at];
            let mut is_used = vec![false; column.all.len()];
            column.used().for_each(|number| is_used[usize::from(number)] = true);
            column.all.iter().zip(is_used).map(|(code, is_used)| is_used.then_some(code.as_str()))
        };
        let places = |code: &str| if on < REFORM { before_reform(code) } else { vec![of_day(code, on)] };
        let mut lays = |code: Option<&str>| code.map(places).unwrap_or_default().iter().map(&mut lay).collect();
        let by_commune = used(commune).map(&mut lays).collect();
        let legacy = |code: &str| code.strip_suffix(LEGACY).filter(|_| on < REFORM).and_then(reported_legacy);
        let by_reported = reported.into_iter().flat_map(used).map(|code| code.and_then(legacy).as_ref().map(&mut lay));
        let by_reported = by_reported.collect();
        Self { commune, reported, columns, by_commune, by_reported }
    }
}

/// Codes of the dimensions that are derived.
type Place = [String; DERIVED.len()];

/// Where a legacy unit lay.
fn place_of(unit: &Unit) -> Place {
    let not_told = || NOT_TOLD.to_owned();
    let (district, commune) = match unit.level {
        UnitLevel::Province => (None, None),
        UnitLevel::District => (Some(unit.code.clone()), None),
        UnitLevel::Commune => (unit.district_code.clone(), Some(unit.code.clone())),
    };
    let area = commune.as_ref().and_then(|_| Area::of(unit.kind)).map_or_else(not_told, |area| area.code().to_owned());
    [unit.province_code.clone(), district.unwrap_or_else(not_told), commune.unwrap_or_else(not_told), area]
}

/// Where a legacy unit lay that was reported; none for one that is larger than a commune.
fn reported_legacy(code: &str) -> Option<Place> {
    find::find(code, Some(UnitLevel::Commune), LAST_LEGACY_DAY).map(place_of)
}

/// Where a commune of today lay, unit by unit that it was made of.
fn before_reform(code: &str) -> Vec<Place> {
    static PLACES: LazyLock<HashMap<&str, Vec<Place>>> = LazyLock::new(|| {
        let communes = find::units().filter(|unit| unit.level == UnitLevel::Commune && unit.valid_from.is_some());
        let legacy = |unit| {
            let links = predecessors(unit);
            links.iter().filter_map(|link| find::by_id(&link.from_id)).map(place_of).collect()
        };
        communes.map(|unit| (unit.code.as_str(), legacy(unit))).collect()
    });
    let known = PLACES.get(code).filter(|places| !places.is_empty()).cloned();
    known.unwrap_or_else(|| vec![nowhere()])
}

/// Where a commune lies on a day since the reform: what is derived of it is whether it is urban.
fn of_day(code: &str, on: NaiveDate) -> Place {
    let unit = find::find(code, Some(UnitLevel::Commune), on);
    unit.map_or_else(nowhere, place_of)
}

fn nowhere() -> Place {
    std::array::from_fn(|_| NOT_TOLD.to_owned())
}
