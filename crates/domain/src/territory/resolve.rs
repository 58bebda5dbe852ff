//! Says which unit of today a code or a name means, and never guesses silently.
//!
//! The rule of the wire: no date and no district means today. A code is read as a legacy code
//! only if the sender says so, by a day up to 2025-06-30 or by a legacy district, because most
//! codes in force were codes of other ground before.

use chrono::NaiveDate;

use super::{
    data::DATA,
    find::{by_id, find},
    name::{self, means, named},
    resolution::{
        Candidate, FUTURE, LEGACY_CODE, LEGACY_NAME, LEGACY_STATE, NAME_DIFFERS, NO_DISTRICTS, NOTHING_GIVEN, Note,
        Resolution, ResolutionOutcome, ResolveQuery,
    },
    successor::{PopulationExtent, successors},
    unit::{LAST_LEGACY_DAY, REFORM, Unit, UnitLevel, as_of},
};

/// Resolves what is known of a unit to units of today, as seen on the day `today`.
pub fn resolve(query: &ResolveQuery, today: NaiveDate) -> Resolution {
    let district_given = query.district_code.is_some() || query.district_name.is_some();
    let nothing = query.code.is_none() && query.name.is_none() && query.province_code.is_none() && !district_given;
    match query.as_of {
        _ if nothing => unknown(NOTHING_GIVEN),
        Some(on) if on > today => unknown(FUTURE),
        Some(on) if on >= REFORM && district_given => unknown(NO_DISTRICTS),
        Some(on) if on >= REFORM => current(query, on, today),
        Some(on) => {
            let mut answer = conclude(matches(query, LAST_LEGACY_DAY), today);
            answer.notes.extend((on < LAST_LEGACY_DAY).then_some(LEGACY_STATE));
            answer
        }
        None if district_given => conclude(matches(query, LAST_LEGACY_DAY), today),
        None => current(query, today, today),
    }
}

/// Reads the query as one about units in force since 2025-07-01.
fn current(query: &ResolveQuery, on: NaiveDate, today: NaiveDate) -> Resolution {
    let answer = conclude(matches(query, on), today);
    if !answer.matched.is_empty() {
        return answer;
    }
    let legacy = |query: &ResolveQuery| conclude(matches(query, LAST_LEGACY_DAY), today);
    let by_code = query.code.as_ref().and_then(|code| find(code.trim(), None, on));
    match (&query.code, by_code) {
        (Some(_), Some(_)) if query.name.is_some() => contradiction(query, on, today),
        (Some(_), None) => {
            let answer = legacy(query);
            let notes = if answer.matched.is_empty() { Vec::new() } else { vec![LEGACY_CODE] };
            Resolution { outcome: ResolutionOutcome::Unknown, default_for_people: None, notes, ..answer }
        }
        (None, _) if query.name.is_some() && query.as_of.is_none() => {
            let mut answer = legacy(query);
            answer.notes.extend((!answer.matched.is_empty()).then_some(LEGACY_NAME));
            answer
        }
        _ => answer,
    }
}

/// Code and name disagree: both readings are offered, neither is taken.
fn contradiction(query: &ResolveQuery, on: NaiveDate, today: NaiveDate) -> Resolution {
    let by_code = conclude(matches(&ResolveQuery { name: None, ..query.clone() }, on), today);
    let then = conclude(matches(query, LAST_LEGACY_DAY), today);
    let matched: Vec<Unit> = by_code.matched.into_iter().chain(then.matched).collect();
    let candidates: Vec<Candidate> = by_code.candidates.into_iter().chain(then.candidates).collect();
    let outcome = if candidates.is_empty() { ResolutionOutcome::Unknown } else { ResolutionOutcome::Ambiguous };
    Resolution { outcome, matched, candidates, default_for_people: None, notes: vec![NAME_DIFFERS] }
}

/// The units in force on a day that the query can mean.
fn matches(query: &ResolveQuery, on: NaiveDate) -> Vec<&'static Unit> {
    let by_code = |code: &str| find(code.trim(), None, on).into_iter().collect::<Vec<_>>();
    let (mut found, by_name) = match (&query.code, &query.name) {
        (Some(code), _) => (by_code(code), query.name.as_deref()),
        (None, Some(name)) => (called(name, on), None),
        (None, None) => match (districts(query, on), &query.province_code) {
            (Some(districts), _) => (districts, None),
            (None, Some(code)) => (by_code(code), None),
            (None, None) => (Vec::new(), None),
        },
    };
    let districts = districts(query, on);
    found.retain(|unit| {
        query.level.is_none_or(|level| level == unit.level)
            && by_name.is_none_or(|name| means(name, unit))
            && query.province_code.as_deref().is_none_or(|code| in_province(unit, code.trim(), query))
            && districts.as_ref().is_none_or(|districts| districts.iter().any(|district| belongs(unit, district)))
    });
    found
}

fn called(text: &str, on: NaiveDate) -> Vec<&'static Unit> {
    let names = if on >= REFORM { &*name::TODAY } else { &*name::LEGACY };
    named(names, text).into_iter().map(|unit| as_of(unit, on)).collect()
}

/// The legacy districts that the query names, when it names any.
fn districts(query: &ResolveQuery, on: NaiveDate) -> Option<Vec<&'static Unit>> {
    let is_district = |unit: &&'static Unit| unit.level == UnitLevel::District;
    match (&query.district_code, &query.district_name) {
        (Some(code), name) => {
            let district = find(code.trim(), Some(UnitLevel::District), on);
            Some(district.filter(|unit| name.as_deref().is_none_or(|name| means(name, unit))).into_iter().collect())
        }
        (None, Some(name)) => Some(called(name, on).into_iter().filter(is_district).collect()),
        (None, None) => None,
    }
}

/// Whether a unit lies in a province. For a legacy unit without a day both the legacy code and
/// today's code of the province count: that can widen the answer, never narrow it wrongly.
fn in_province(unit: &Unit, code: &str, query: &ResolveQuery) -> bool {
    let merged_into = || DATA.province_successor.get(&unit.province_code).is_some_and(|today| today == code);
    unit.province_code == code || (unit.is_legacy() && query.as_of.is_none() && merged_into())
}

fn belongs(unit: &Unit, district: &Unit) -> bool {
    unit.id == district.id || unit.district_code.as_deref() == Some(district.code.as_str())
}

/// Turns the units meant in their time into candidates of today, and counts them.
fn conclude(matched: Vec<&'static Unit>, today: NaiveDate) -> Resolution {
    let candidates: Vec<Candidate> = matched.iter().flat_map(|unit| candidates(unit, today)).collect();
    let mut goals: Vec<&str> = candidates.iter().map(|c| c.unit.id.as_str()).collect();
    goals.sort_unstable();
    goals.dedup();
    let outcome = match goals.len() {
        0 => ResolutionOutcome::Unknown,
        1 => ResolutionOutcome::Unique,
        _ => ResolutionOutcome::Ambiguous,
    };
    let everyone: Vec<&Candidate> =
        candidates.iter().filter(|c| c.population_extent == Some(PopulationExtent::All)).collect();
    let default_for_people = match everyone.as_slice() {
        [one] if matched.len() == 1 && goals.len() > 1 => Some(one.unit.code.clone()),
        _ => None,
    };
    let matched = matched.into_iter().cloned().collect();
    Resolution { outcome, matched, candidates, default_for_people, notes: Vec::new() }
}

fn candidates(unit: &'static Unit, today: NaiveDate) -> Vec<Candidate> {
    if !unit.is_legacy() {
        let unit = as_of(unit, today).clone();
        return vec![Candidate { area_extent: None, population_extent: None, from_code: unit.code.clone(), unit }];
    }
    let candidate = |link: super::successor::UnitLink| {
        Some(Candidate {
            unit: as_of(by_id(&link.to_id)?, today).clone(),
            area_extent: Some(link.area_extent),
            population_extent: Some(link.population_extent),
            from_code: link.from_code,
        })
    };
    successors(unit).into_iter().filter_map(candidate).collect()
}

fn unknown(note: Note) -> Resolution {
    let outcome = ResolutionOutcome::Unknown;
    Resolution { outcome, matched: Vec::new(), candidates: Vec::new(), default_for_people: None, notes: vec![note] }
}
