//! Finds units by a piece of their name, for people who type without accents.
//!
//! The list is small enough to be read through for each search, which keeps one ranking for
//! all surfaces and both databases.

use chrono::NaiveDate;

use super::{
    find::{UnitFilter, valid_on},
    name::{bare, plain, toned},
    unit::Unit,
};

/// How well a name answers a search, best first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    SameWithAccents,
    Same,
    Begins,
    WordBegins,
    Contains,
}

/// The units in force on a day whose name or code answers a text, best first, at most `limit`.
///
/// Accents, `Hoà`/`Hòa`, apostrophes and the word for the kind make no difference to what is
/// found; the exact spelling comes first. A code finds its unit.
pub fn search(text: &str, on: NaiveDate, filter: &UnitFilter<'_>, limit: usize) -> Vec<&'static Unit> {
    let (wanted, whole, accents) = (bare(text), plain(text), toned(text));
    if whole.is_empty() {
        return Vec::new();
    }
    let code = text.trim();
    // No name holds five digits, so these can only be the code of a commune.
    let is_code = code.len() == 5 && code.bytes().all(|b| b.is_ascii_digit());
    let mut found: Vec<(Rank, &'static Unit)> = valid_on(on, filter)
        .into_iter()
        .filter_map(|unit| {
            let rank = match unit.code == code {
                true => Rank::SameWithAccents,
                false if is_code => return None,
                false => rank(unit, &wanted, &whole, &accents)?,
            };
            Some((rank, unit))
        })
        .collect();
    found.sort_by(|a, b| (&a.0, a.1.level, &a.1.code).cmp(&(&b.0, b.1.level, &b.1.code)));
    found.into_iter().take(limit).map(|(_, unit)| unit).collect()
}

fn rank(unit: &Unit, wanted: &str, whole: &str, accents: &str) -> Option<Rank> {
    let name = unit.plain_name.as_str();
    let written_out = || whole.ends_with(name) && plain(&unit.name_with_type) == whole;
    if name == wanted || name == whole || written_out() {
        let same = accents == toned(&unit.name) || accents == toned(&unit.name_with_type);
        return Some(if same { Rank::SameWithAccents } else { Rank::Same });
    }
    let begins = |text: &str| name.starts_with(text);
    let word_begins = |text: &str| name.match_indices(text).any(|(at, _)| name[..at].ends_with(' '));
    if begins(wanted) || begins(whole) {
        Some(Rank::Begins)
    } else if word_begins(wanted) {
        Some(Rank::WordBegins)
    } else {
        name.contains(wanted).then_some(Rank::Contains)
    }
}
