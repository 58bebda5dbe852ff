//! All administrative units of both eras in static memory, parsed once from the embedded files.
//!
//! Nothing here comes from a database, so a code is checked with one look into a hash table.

use std::{collections::HashMap, sync::LazyLock};

use chrono::NaiveDate;

use super::{
    rows::rows,
    source::{CurrentRow, LegacyRow},
    unit::{Unit, UnitLevel},
};

/// The units in force since 2025-07-01, or those in force to 2025-06-30.
pub(super) struct Era {
    /// Provinces, then districts, then communes, each by code.
    pub units: &'static [Unit],
    by_code: HashMap<&'static str, &'static Unit>,
}

impl Era {
    fn new(mut units: Vec<Unit>) -> Self {
        units.sort_by(|a, b| (a.level, &a.code).cmp(&(b.level, &b.code)));
        let units: &'static [Unit] = Vec::leak(units);
        Self { units, by_code: units.iter().map(|u| (u.code.as_str(), u)).collect() }
    }

    /// The unit with a code. The codes of the levels differ in length, so they never clash;
    /// `d318` is accepted for the district 318.
    pub fn get(&self, code: &str) -> Option<&'static Unit> {
        let bare = code.strip_prefix('d').filter(|rest| rest.len() == 3).unwrap_or(code);
        self.by_code.get(bare).copied()
    }
}

/// Both eras, and what was read with them.
pub(super) struct Data {
    pub today: Era,
    pub legacy: Era,
    /// Legacy province → province of today.
    pub province_successor: HashMap<String, String>,
    /// Parent id → children by code.
    children: HashMap<String, Vec<&'static Unit>>,
    /// Unit id → its earlier states, each with the first day of the next one; oldest first.
    earlier: HashMap<&'static str, Vec<(NaiveDate, &'static Unit)>>,
}

pub(super) static DATA: LazyLock<Data> = LazyLock::new(load);

fn load() -> Data {
    let provinces = rows::<LegacyRow>(include_str!("../../codelists/admin_provinces_legacy.csv"));
    let province_successor =
        provinces.iter().filter_map(|p| Some((p.code().to_owned(), p.successor_code.clone()?))).collect();
    let legacy = Era::new(
        units(provinces, UnitLevel::Province)
            .chain(units(rows(include_str!("../../codelists/admin_districts_legacy.csv")), UnitLevel::District))
            .chain(units(rows(include_str!("../../codelists/admin_wards_legacy.csv")), UnitLevel::Commune))
            .collect(),
    );
    let current = |text: &str, level| rows::<CurrentRow>(text).into_iter().map(move |row| row.unit(level));
    let today = Era::new(
        current(include_str!("../../codelists/admin_provinces_current.csv"), UnitLevel::Province)
            .chain(current(include_str!("../../codelists/admin_wards_current.csv"), UnitLevel::Commune))
            .collect(),
    );
    let mut children: HashMap<String, Vec<&'static Unit>> = HashMap::new();
    for unit in today.units.iter().chain(legacy.units) {
        if let Some(parent) = unit.parent_id() {
            children.entry(parent).or_default().push(unit);
        }
    }
    let earlier = today.units.iter().filter(|u| !u.changes.is_empty()).map(|u| (u.id.as_str(), states(u))).collect();
    Data { today, legacy, province_successor, children, earlier }
}

fn units(rows: Vec<LegacyRow>, level: UnitLevel) -> impl Iterator<Item = Unit> {
    rows.into_iter().map(move |row| row.unit(level))
}

/// The states of a unit before each of its changes.
fn states(unit: &Unit) -> Vec<(NaiveDate, &'static Unit)> {
    unit.changes
        .iter()
        .map(|change| {
            let name_with_type = format!("{} {}", change.from_kind.prefix(), unit.name);
            let state = Unit { kind: change.from_kind, name_with_type, ..unit.clone() };
            (change.on, &*Box::leak(Box::new(state)))
        })
        .collect()
}

impl Data {
    /// The units in force on a day belong to one era.
    pub fn era(&self, on: NaiveDate) -> &Era {
        if on >= super::unit::REFORM { &self.today } else { &self.legacy }
    }

    pub fn children(&self, parent_id: &str) -> &[&'static Unit] {
        self.children.get(parent_id).map_or(&[], Vec::as_slice)
    }
}

/// The unit with an id as it was on a day, when its kind has ever changed.
pub(super) fn version(id: &str, on: NaiveDate) -> Option<&'static Unit> {
    let states = DATA.earlier.get(id)?;
    let earlier = states.iter().find(|(until, _)| on < *until).map(|(_, unit)| *unit);
    earlier.or_else(|| DATA.today.get(id.split_once('@')?.0))
}
