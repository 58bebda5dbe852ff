//! Places that a file tells by their names: which unit of today they mean, and what is said of it.
//!
//! Lists as departments publish them name provinces that were merged, districts that are no more and
//! communes by their old names. What can mean one unit only is taken and said; nothing is guessed.

use chrono::NaiveDate;

use crate::{
    Label,
    territory::{
        find::find,
        place::PlaceInput,
        resolution::{Candidate, Resolution, ResolutionOutcome, ResolveQuery},
        resolve::resolve,
        unit::{LAST_LEGACY_DAY, Unit, UnitLevel},
    },
};

/// Units that a refusal lists at most.
const LISTED: usize = 12;

/// A place by the names in its columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlaceNames {
    pub province: Option<String>,
    pub district: Option<String>,
    pub commune: Option<String>,
}

/// What names were taken to mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Understood {
    pub input: PlaceInput,
    /// What was read as what, for the sender.
    pub said: Label,
}

/// Why names mean no unit of today, or several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unclear {
    pub level: UnitLevel,
    pub code: &'static str,
    pub said: Label,
}

impl PlaceNames {
    /// Whether nothing was named.
    pub fn is_empty(&self) -> bool {
        self.province.is_none() && self.district.is_none() && self.commune.is_none()
    }

    /// Puts the name of a level in its place.
    pub fn set(&mut self, level: UnitLevel, name: String) {
        let place = match level {
            UnitLevel::Province => &mut self.province,
            UnitLevel::District => &mut self.district,
            UnitLevel::Commune => &mut self.commune,
        };
        *place = Some(name);
    }

    /// The names as the sender wrote them, the closest first.
    fn written(&self) -> String {
        let names = [&self.commune, &self.district, &self.province];
        names.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(", ")
    }
}

/// The unit of today that names mean; names are those of the day `as_of`, or else today's before
/// older ones.
///
/// # Errors
/// `unknown_place`, `ambiguous_place`, or `district_not_enough` for an old district whose communes
/// went into several of today.
pub fn understand(names: &PlaceNames, as_of: Option<NaiveDate>, today: NaiveDate) -> Result<Understood, Unclear> {
    let asked = Asked { names, as_of, today };
    let province = names.province.as_deref().map(|name| asked.province(name)).transpose()?;
    match (&names.commune, &names.district) {
        (Some(commune), _) => asked.commune(commune, province.as_ref()),
        (None, Some(district)) => asked.district_alone(district, province.as_ref()),
        (None, None) => province
            .map(|province| asked.taken(&province.today, None))
            .ok_or_else(|| asked.unknown(UnitLevel::Province, "")),
    }
}

/// A province: its code in the time of its name, and what it is today.
struct Province {
    code: String,
    today: Unit,
}

struct Asked<'a> {
    names: &'a PlaceNames,
    as_of: Option<NaiveDate>,
    today: NaiveDate,
}

impl Asked<'_> {
    fn province(&self, name: &str) -> Result<Province, Unclear> {
        let query = self.query(name, UnitLevel::Province, None);
        let answer = resolve(&query, self.today);
        match (answer.outcome, answer.candidates.first(), answer.matched.first()) {
            (ResolutionOutcome::Unique, Some(candidate), Some(matched)) => {
                Ok(Province { code: matched.code.clone(), today: candidate.unit.clone() })
            }
            _ => Err(self.unclear(UnitLevel::Province, name, &answer)),
        }
    }

    fn commune(&self, name: &str, province: Option<&Province>) -> Result<Understood, Unclear> {
        let mut query = self.query(name, UnitLevel::Commune, province.map(|province| province.code.clone()));
        self.within_district(&mut query);
        let answer = resolve(&query, self.today);
        if answer.outcome == ResolutionOutcome::Unknown
            && self.as_of.is_none()
            && let Some(unit) = self.commune_of_today(name, province)
        {
            return Ok(self.taken(&unit, None));
        }
        match (answer.outcome, answer.candidates.first(), answer.matched.as_slice()) {
            (ResolutionOutcome::Unique, Some(candidate), [old]) if old.is_legacy() => {
                Ok(self.taken(&candidate.unit, Some(old)))
            }
            (ResolutionOutcome::Unique, Some(candidate), _) => Ok(self.taken(&candidate.unit, None)),
            _ => Err(self.unclear(UnitLevel::Commune, name, &answer)),
        }
    }

    /// A commune by its name of today beside a province or a district that is no more.
    fn commune_of_today(&self, name: &str, province: Option<&Province>) -> Option<Unit> {
        let query = self.query(name, UnitLevel::Commune, province.map(|province| province.today.code.clone()));
        let mut found = resolve(&query, self.today).candidates;
        found.retain(|candidate| candidate.area_extent.is_none());
        if self.names.district.is_some() {
            let whole = resolve(&self.district(province), self.today).candidates;
            found.retain(|candidate| whole.iter().any(|part| part.unit.id == candidate.unit.id));
        }
        match found.as_slice() {
            [one] => Some(one.unit.clone()),
            _ => None,
        }
    }

    fn district_alone(&self, name: &str, province: Option<&Province>) -> Result<Understood, Unclear> {
        let answer = resolve(&self.district(province), self.today);
        match (answer.outcome, answer.candidates.first()) {
            (ResolutionOutcome::Unique, Some(candidate)) => Ok(self.taken(&candidate.unit, None)),
            (ResolutionOutcome::Ambiguous, _) => Err(Unclear {
                level: UnitLevel::District,
                code: "district_not_enough",
                said: Label::new(
                    format!(
                        "Huyện cũ “{name}” nay thuộc nhiều đơn vị: {}. Hãy nêu xã, phường.",
                        listed(&answer.candidates)
                    ),
                    format!(
                        "The former district “{name}” is several units today: {}. Name the commune.",
                        listed(&answer.candidates)
                    ),
                ),
            }),
            _ => Err(self.unknown(UnitLevel::District, name)),
        }
    }

    /// The question for all that became of the district.
    fn district(&self, province: Option<&Province>) -> ResolveQuery {
        let mut query = ResolveQuery { province_code: province.map(|p| p.code.clone()), ..ResolveQuery::default() };
        self.within_district(&mut query);
        query
    }

    fn within_district(&self, query: &mut ResolveQuery) {
        if let Some(district) = &self.names.district {
            let code = is_code(district, 3).then(|| district.clone());
            query.district_name = Some(district.clone()).filter(|_| code.is_none());
            query.district_code = code;
        }
    }

    fn query(&self, name: &str, level: UnitLevel, province_code: Option<String>) -> ResolveQuery {
        let digits = if level == UnitLevel::Province { 2 } else { 5 };
        let code = is_code(name, digits).then(|| name.to_owned());
        ResolveQuery {
            name: Some(name.to_owned()).filter(|_| code.is_none()),
            code,
            as_of: self.as_of,
            province_code,
            level: Some(level),
            ..ResolveQuery::default()
        }
    }

    /// The unit that was meant; an old commune is kept as it was sent, with its code of that time.
    fn taken(&self, unit: &Unit, old: Option<&Unit>) -> Understood {
        let input = match old {
            Some(old) => PlaceInput { code: old.code.clone(), as_of: Some(LAST_LEGACY_DAY), district_code: None },
            None => PlaceInput { code: unit.code.clone(), ..PlaceInput::default() },
        };
        let (written, now) = (self.names.written(), self.named(unit));
        let (vi, en) = old.map_or_else(Default::default, |old| {
            (
                format!(", trước 01/07/2025 là {} (mã cũ {})", old.name_with_type, old.code),
                format!(", before 2025-07-01 {} (old code {})", old.name_with_type, old.code),
            )
        });
        let said = Label::new(
            format!("“{written}” được hiểu là {now}{vi}."),
            format!("“{written}” was taken to be {now}{en}."),
        );
        Understood { input, said }
    }

    /// A unit with its province and its code.
    fn named(&self, unit: &Unit) -> String {
        let province = find(&unit.province_code, Some(UnitLevel::Province), self.today);
        let province =
            province.filter(|_| unit.level != UnitLevel::Province).map(|p| format!(", {}", p.name_with_type));
        format!("{}{} ({})", unit.name_with_type, province.unwrap_or_default(), unit.code)
    }

    fn unclear(&self, level: UnitLevel, name: &str, answer: &Resolution) -> Unclear {
        if answer.candidates.is_empty() {
            return self.unknown(level, name);
        }
        let listed = listed(&answer.candidates);
        Unclear {
            level,
            code: "ambiguous_place",
            said: Label::new(
                format!("“{name}” có thể là: {listed}. Hãy nêu rõ tỉnh, huyện cũ, hoặc ghi mã."),
                format!("“{name}” can be: {listed}. Name the province and the former district, or write the code."),
            ),
        }
    }

    fn unknown(&self, level: UnitLevel, name: &str) -> Unclear {
        let written = self.names.written();
        Unclear {
            level,
            code: "unknown_place",
            said: Label::new(
                format!("Không có đơn vị nào tên “{name}” ở “{written}”, kể cả theo tên cũ."),
                format!("No unit is called “{name}” in “{written}”, by an older name either."),
            ),
        }
    }
}

fn is_code(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|b| b.is_ascii_digit())
}

/// Units with their codes, each once.
fn listed(candidates: &[Candidate]) -> String {
    let mut named: Vec<String> = Vec::new();
    for candidate in candidates {
        let one = format!("{} ({})", candidate.unit.name_with_type, candidate.unit.code);
        if !named.contains(&one) {
            named.push(one);
        }
    }
    let more = named.len().saturating_sub(LISTED);
    named.truncate(LISTED);
    let end = if more > 0 { format!(", … (+{more})") } else { String::new() };
    named.join(", ") + &end
}

#[cfg(test)]
#[path = "place_name_tests.rs"]
mod tests;
