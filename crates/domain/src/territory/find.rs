//! Looks up administrative units by code, level and day, and walks up and down the tree.

use chrono::NaiveDate;

use super::{
    data::DATA,
    unit::{Unit, UnitKind, UnitLevel, as_of},
};

/// Every unit of both eras, those in force since 2025-07-01 in their state of today.
pub fn units() -> impl Iterator<Item = &'static Unit> {
    DATA.today.units.iter().chain(DATA.legacy.units)
}

/// The unit that a code meant on a day, as it was on that day. One hash look-up.
pub fn find(code: &str, level: Option<UnitLevel>, on: NaiveDate) -> Option<&'static Unit> {
    let unit = DATA.era(on).get(code)?;
    level.is_none_or(|level| level == unit.level).then(|| as_of(unit, on))
}

/// The unit with an id such as `00004@2025-07-01`, `00004@legacy` or `d001@legacy`, in its
/// last state.
pub fn by_id(id: &str) -> Option<&'static Unit> {
    let (code, era) = id.split_once('@')?;
    let era = if era == "legacy" { &DATA.legacy } else { &DATA.today };
    era.get(code).filter(|unit| unit.id == id)
}

/// Which units to list; an absent condition lets everything pass.
#[derive(Clone, Copy, Debug, Default)]
pub struct UnitFilter<'a> {
    pub level: Option<UnitLevel>,
    pub kind: Option<UnitKind>,
    /// The province of the unit, in the era of the day asked for.
    pub province_code: Option<&'a str>,
    /// The unit directly above: a province, or a legacy district (`001` or `d001`).
    pub parent_code: Option<&'a str>,
}

/// The units in force on a day, as they were on it: provinces, districts, communes, by code.
pub fn valid_on(on: NaiveDate, filter: &UnitFilter<'_>) -> Vec<&'static Unit> {
    let parent = filter.parent_code.map(|code| DATA.era(on).get(code));
    let candidates: Vec<&'static Unit> = match parent {
        Some(None) => Vec::new(),
        Some(Some(parent)) => DATA.children(&parent.id).to_vec(),
        None => DATA.era(on).units.iter().collect(),
    };
    candidates
        .into_iter()
        .map(|unit| as_of(unit, on))
        .filter(|unit| {
            filter.level.is_none_or(|level| level == unit.level)
                && filter.kind.is_none_or(|kind| kind == unit.kind)
                && filter.province_code.is_none_or(|code| code == unit.province_code)
        })
        .collect()
}

/// The units above a unit, the nearest first, as they were on a day.
pub fn ancestors(unit: &Unit, on: NaiveDate) -> Vec<&'static Unit> {
    std::iter::successors(parent(unit, on), |above| parent(above, on)).collect()
}

/// The unit directly above, as it was on a day.
pub fn parent(unit: &Unit, on: NaiveDate) -> Option<&'static Unit> {
    by_id(&unit.parent_id()?).map(|above| as_of(above, on))
}

/// The units directly below, as they were on a day, by code.
pub fn children(unit: &Unit, on: NaiveDate) -> Vec<&'static Unit> {
    DATA.children(&unit.id).iter().map(|below| as_of(below, on)).collect()
}

/// All units below, as they were on a day: each child followed by its own descendants.
pub fn descendants(unit: &Unit, on: NaiveDate) -> Vec<&'static Unit> {
    children(unit, on).into_iter().flat_map(|below| std::iter::once(below).chain(descendants(below, on))).collect()
}

/// The legacy province whose three digits begin a citizen number.
///
/// Absent for numbers of people born abroad: those begin with a country code, so a missing
/// province is at most a warning.
pub fn citizen_number_province(digits: &str) -> Option<&'static Unit> {
    let unit = DATA.legacy.get(digits.get(1..3)?)?;
    (unit.citizen_id_code.as_deref() == digits.get(..3)).then_some(unit)
}
