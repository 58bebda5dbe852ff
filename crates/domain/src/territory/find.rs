//! Looks up administrative units by code, level and day, and walks up and down the tree.

use chrono::NaiveDate;

use super::{
    data::DATA,
    unit::{Unit, UnitKind, UnitLevel, as_of},
};
use crate::Checks;

/// Every unit of both eras, those in force since 2025-07-01 in their state of today.
pub fn units() -> impl Iterator<Item = &'static Unit> {
    DATA.today.units.iter().chain(DATA.legacy.units)
}

/// The unit that a code meant on a day, as it was on that day. One hash look-up.
pub fn find(code: &str, level: Option<UnitLevel>, on: NaiveDate) -> Option<&'static Unit> {
    let unit = DATA.era(on).get(code)?;
    level.is_none_or(|level| level == unit.level).then(|| as_of(unit, on))
}

/// Whether a text has the form of a code: 2 digits for a province, 3 for a legacy district (also
/// with `d` in front), 5 for a commune.
pub fn has_form(code: &str, level: Option<UnitLevel>) -> bool {
    let digits = code.strip_prefix('d').filter(|rest| rest.len() == 3).unwrap_or(code);
    let fits = match level {
        Some(UnitLevel::Province) => code.len() == 2,
        Some(UnitLevel::District) => digits.len() == 3,
        Some(UnitLevel::Commune) => code.len() == 5,
        None => matches!(digits.len(), 2 | 3 | 5),
    };
    fits && digits.bytes().all(|b| b.is_ascii_digit())
}

/// Refuses a text that no unit of a level could have as its code, whatever the day.
pub fn check_code(pointer: &str, code: Option<&str>, level: Option<UnitLevel>, checks: &mut Checks) {
    let Some(code) = code.map(str::trim) else { return };
    if has_form(code, level) {
        return;
    }
    let (vi, en) = match level {
        Some(UnitLevel::Province) => ("mã tỉnh gồm 2 chữ số", "a province has 2 digits"),
        Some(UnitLevel::District) => ("mã huyện cũ gồm 3 chữ số", "a legacy district has 3 digits"),
        Some(UnitLevel::Commune) => ("mã xã gồm 5 chữ số", "a commune has 5 digits"),
        None => ("mã tỉnh gồm 2 chữ số, huyện cũ 3, xã 5", "a province has 2 digits, a legacy district 3, a commune 5"),
    };
    checks.refuse(
        pointer,
        "invalid_code",
        format!("Sai dạng mã: {vi}, kể cả số 0 ở đầu."),
        format!("Not the form of a code: {en}, zeros in front included."),
    );
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
