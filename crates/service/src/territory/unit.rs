//! Administrative units: list them, read one, walk up and down, and say what a code or name means.
//!
//! Every answer is as of a day, because most codes in force today meant other ground before.

use async_graphql::InputObject;
use chrono::NaiveDate;
use gdtx_domain::{
    Checks,
    territory::{
        find::{self, UnitFilter},
        resolution::{Resolution, ResolveQuery},
        resolve,
        search::search,
        unit::{LAST_LEGACY_DAY, REFORM, Unit, UnitKind, UnitLevel, as_of},
    },
    text::fold,
};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::{
    Code, Ctx, Error, Page, PageRequest, Result,
    filter::{MAX_SEARCH, check_search},
    page::{SortBy, slice},
};

/// Sort keys of lists of units. The codes of higher levels are shorter and come first.
const SORTS: &[SortBy<&'static Unit>] =
    &[("code", |unit| format!("{}{}", unit.code.len(), unit.code)), ("name", |unit| fold(&unit.name))];

/// Which administrative units to list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, InputObject, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct AdministrativeUnitFilter {
    /// The day whose units are wanted; today when absent. For every day before 2025-07-01 the
    /// list of 2025-06-30 is shown.
    pub as_of: Option<NaiveDate>,
    /// Provinces, legacy districts or communes only.
    pub level: Option<UnitLevel>,
    /// Units that were of this kind on the day.
    pub kind: Option<UnitKind>,
    /// Units of this province (2 digits, as valid on the day).
    pub province_code: Option<String>,
    /// Units directly below this one: a province, or a legacy district (3 digits).
    pub parent_code: Option<String>,
    /// A piece of a name, with or without accents and the word for the kind, or a code. The best
    /// answers come first. At most 200 characters.
    #[param(max_length = 200)]
    pub search: Option<String>,
}

/// Lists the units in force on a day: provinces, districts, communes, by code; or the answers to
/// a search, best first.
pub fn list(ctx: &Ctx, filter: &AdministrativeUnitFilter, request: &PageRequest) -> Result<Page<Unit>> {
    check_search(filter.search.as_deref())?;
    let on = filter.as_of.unwrap_or_else(|| ctx.clock.today());
    let wanted = UnitFilter {
        level: filter.level,
        kind: filter.kind,
        province_code: filter.province_code.as_deref(),
        parent_code: filter.parent_code.as_deref(),
    };
    let units = match filter.search.as_deref().map(str::trim) {
        None | Some("") => find::valid_on(on, &wanted),
        Some(text) => search(text, on, &wanted, usize::MAX),
    };
    page(units, request, "administrative-units", filter)
}

/// Reads one unit as it was on a day.
///
/// `code` is an official code, or a unit's id such as `00004@legacy`, which needs no day.
pub fn get(ctx: &Ctx, code: &str, level: Option<UnitLevel>, as_of: Option<NaiveDate>) -> Result<Unit> {
    lookup(ctx, code, level, as_of).map(|(unit, _)| unit.clone())
}

/// Lists the units above one, the nearest first.
pub fn ancestors(ctx: &Ctx, code: &str, as_of: Option<NaiveDate>, request: &PageRequest) -> Result<Page<Unit>> {
    let (unit, on) = lookup(ctx, code, None, as_of)?;
    page(find::ancestors(unit, on), request, "ancestors", &(&unit.id, as_of))
}

/// Lists all units below one, each followed by its own.
pub fn descendants(ctx: &Ctx, code: &str, as_of: Option<NaiveDate>, request: &PageRequest) -> Result<Page<Unit>> {
    let (unit, on) = lookup(ctx, code, None, as_of)?;
    page(find::descendants(unit, on), request, "descendants", &(&unit.id, as_of))
}

/// The unit directly above, as it was on a day.
pub fn parent(unit: &Unit, on: NaiveDate) -> Option<Unit> {
    find::parent(unit, on).cloned()
}

/// Says which unit of today a code or a name means. A code that no unit of any time could have is
/// refused: the sender's data or software spoils codes, mostly by dropping zeros in front.
pub fn resolve(ctx: &Ctx, query: &ResolveQuery) -> Result<Resolution> {
    let mut checks = Checks::default();
    for (parameter, code, level) in [
        ("code", &query.code, None),
        ("districtCode", &query.district_code, Some(UnitLevel::District)),
        ("provinceCode", &query.province_code, Some(UnitLevel::Province)),
    ] {
        find::check_code(parameter, code.as_deref(), level, &mut checks);
    }
    for (parameter, name) in [("name", &query.name), ("districtName", &query.district_name)] {
        if let Some(name) = name {
            checks.text(parameter, &mut name.clone(), MAX_SEARCH);
        }
    }
    if !checks.is_ok() {
        return Err(Error { fields: checks.problems, ..Error::of(Code::InvalidParameter) });
    }
    Ok(resolve::resolve(query, ctx.clock.today()))
}

fn page(units: Vec<&'static Unit>, request: &PageRequest, list: &str, filter: &impl Serialize) -> Result<Page<Unit>> {
    Ok(slice(units, |unit| &unit.id, SORTS, request, list, filter)?.map(Clone::clone))
}

/// The unit that a code or an id names, and the day on which it is looked at.
pub(super) fn lookup(
    ctx: &Ctx,
    code: &str,
    level: Option<UnitLevel>,
    day: Option<NaiveDate>,
) -> Result<(&'static Unit, NaiveDate)> {
    let today = ctx.clock.today();
    let found = if code.contains('@') {
        find::by_id(code).and_then(|unit| {
            let on = day.unwrap_or_else(|| day_in(unit, today));
            let fits = unit.in_force(on) && level.is_none_or(|level| level == unit.level);
            fits.then(|| (as_of(unit, on), on))
        })
    } else {
        let on = day.unwrap_or(today);
        find::find(code, level, on).map(|unit| (unit, on))
    };
    found.ok_or_else(|| missing(code, level, day.unwrap_or(today)))
}

/// The day itself, or the nearest one on which the unit was in force.
pub fn day_in(unit: &Unit, on: NaiveDate) -> NaiveDate {
    if unit.is_legacy() { on.min(LAST_LEGACY_DAY) } else { on.max(REFORM) }
}

/// Not found; tells when the code belongs to the other era.
fn missing(code: &str, level: Option<UnitLevel>, on: NaiveDate) -> Error {
    let code = code.split('@').next().unwrap_or(code);
    let in_era = |day| find::find(code, level, day).map(|unit| &unit.name_with_type);
    match (on >= REFORM, in_era(LAST_LEGACY_DAY), in_era(REFORM)) {
        (true, Some(name), _) => Error::new(
            Code::NotFound,
            format!(
                "Mã {code} ({name}) chỉ có hiệu lực đến 30/06/2025; gửi asOf=2025-06-30, hoặc hỏi /v1/administrative-units/resolve."
            ),
            format!(
                "The code {code} ({name}) was valid to 2025-06-30 only; send asOf=2025-06-30, or ask /v1/administrative-units/resolve."
            ),
        ),
        (false, _, Some(name)) => Error::new(
            Code::NotFound,
            format!("Mã {code} ({name}) chỉ có hiệu lực từ 01/07/2025."),
            format!("The code {code} ({name}) is valid from 2025-07-01 only."),
        ),
        _ => Error::not_found(),
    }
}
