//! Names of administrative units as people write them: accents, spellings and kinds in front.
//!
//! `Hoà`/`Hòa`, `’`/`'`, `Phường 01`/`P.1` must meet, yet `Xà Phiên` must not lose its first
//! syllable for looking like `xã` without accents.

use std::{collections::HashMap, sync::LazyLock};

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::{
    data::{DATA, Era},
    unit::{Unit, UnitKind},
};
use crate::text::fold;

/// The words for a kind that may stand before a name, without accents.
const PREFIXES: &[(&str, &str, &[UnitKind])] = &[
    ("thanh pho", "thành phố", &[UnitKind::CentrallyRunCity, UnitKind::ThanhPho]),
    ("tp", "tp", &[UnitKind::CentrallyRunCity, UnitKind::ThanhPho]),
    ("thi xa", "thị xã", &[UnitKind::ThiXa]),
    ("tx", "tx", &[UnitKind::ThiXa]),
    ("thi tran", "thị trấn", &[UnitKind::ThiTran]),
    ("tt", "tt", &[UnitKind::ThiTran]),
    ("dac khu", "đặc khu", &[UnitKind::DacKhu]),
    ("tinh", "tỉnh", &[UnitKind::Province]),
    ("quan", "quận", &[UnitKind::Quan]),
    ("q", "q", &[UnitKind::Quan]),
    ("huyen", "huyện", &[UnitKind::Huyen]),
    ("h", "h", &[UnitKind::Huyen]),
    ("phuong", "phường", &[UnitKind::Phuong]),
    ("p", "p", &[UnitKind::Phuong]),
    ("xa", "xã", &[UnitKind::Xa]),
    ("x", "x", &[UnitKind::Xa]),
];

/// The name without accents: folded, apostrophes dropped, other signs as blanks, `01` as `1`.
pub(super) fn plain(text: &str) -> String {
    words(&fold(text))
}

/// The name with accents, the tone moved to the end of each word: `Hoà` and `Hòa` are one.
pub(super) fn toned(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for (index, word) in words(&text.to_lowercase().replace(['’', '‘', 'ʼ'], "'")).split(' ').enumerate() {
        if index > 0 {
            out.push(' ');
        }
        let tone = |c: &char| matches!(*c, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}');
        out.extend(word.nfd().filter(|c| !tone(c)));
        out.extend(word.nfd().filter(tone));
    }
    out
}

fn words(text: &str) -> String {
    let spaced: String = text
        .chars()
        .filter(|c| *c != '\'')
        .map(|c| if c.is_alphanumeric() || is_combining_mark(c) { c } else { ' ' })
        .collect();
    let short = |word: &str| match word.strip_prefix(['p', 'q']) {
        Some(number) if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) => {
            format!("{} {}", &word[..1], unpadded(number))
        }
        _ => unpadded(word).to_owned(),
    };
    spaced.split_whitespace().map(short).collect::<Vec<_>>().join(" ")
}

/// `01` as `1`, so that both spellings of numbered wards meet.
fn unpadded(word: &str) -> &str {
    let bare = word.trim_start_matches('0');
    if !bare.is_empty() && bare.bytes().all(|b| b.is_ascii_digit()) { bare } else { word }
}

/// The name without the word for its kind, and the kinds this word can mean.
fn split(text: &str) -> Option<(String, &'static [UnitKind])> {
    let (plain, toned) = (plain(text), toned(text));
    PREFIXES.iter().find_map(|(bare, accented, kinds)| {
        let rest = plain.strip_prefix(bare)?.strip_prefix(' ')?;
        let written = [*bare, *accented]
            .iter()
            .any(|word| toned.strip_prefix(self::toned(word).as_str()).is_some_and(|rest| rest.starts_with(' ')));
        (written && !rest.is_empty()).then(|| (rest.to_owned(), *kinds))
    })
}

/// The name without the word for its kind, without accents: for search.
pub(super) fn bare(text: &str) -> String {
    split(text).map_or_else(|| plain(text), |(rest, _)| rest)
}

/// Units by their name without accents.
type Names = HashMap<String, Vec<&'static Unit>>;

fn index(era: &Era) -> Names {
    let mut names = Names::new();
    for unit in era.units {
        names.entry(unit.plain_name.clone()).or_default().push(unit);
    }
    names
}

pub(super) static TODAY: LazyLock<Names> = LazyLock::new(|| index(&DATA.today));
pub(super) static LEGACY: LazyLock<Names> = LazyLock::new(|| index(&DATA.legacy));

/// The units of an era that a written name can mean.
///
/// A name that is itself a unit's whole name wins over a reading with a kind in front. A written
/// kind must be one that the unit has or had. Accents narrow the answer only if a unit bears
/// exactly these accents; without accents every spelling counts.
pub(super) fn named(names: &Names, text: &str) -> Vec<&'static Unit> {
    if let Some(whole) = names.get(&plain(text)) {
        return accented(whole.clone(), &toned(text), text);
    }
    let Some((rest, kinds)) = split(text) else { return Vec::new() };
    let of_kind = |unit: &&&Unit| unit.kinds().any(|kind| kinds.contains(&kind));
    let found: Vec<_> = names.get(&rest).into_iter().flatten().filter(of_kind).copied().collect();
    accented(found, &toned(text), text)
}

fn accented(found: Vec<&'static Unit>, toned: &str, text: &str) -> Vec<&'static Unit> {
    let same = |unit: &&Unit| {
        toned.strip_suffix(self::toned(&unit.name).as_str()).is_some_and(|head| head.is_empty() || head.ends_with(' '))
    };
    let exact: Vec<_> = found.iter().copied().filter(same).collect();
    let unaccented = plain(text) == toned;
    if unaccented || exact.is_empty() { found } else { exact }
}

/// Whether a written name can mean this unit.
pub(super) fn means(text: &str, unit: &Unit) -> bool {
    plain(text) == unit.plain_name
        || split(text)
            .is_some_and(|(rest, kinds)| rest == unit.plain_name && unit.kinds().any(|kind| kinds.contains(&kind)))
}
