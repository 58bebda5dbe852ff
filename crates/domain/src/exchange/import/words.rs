//! The words that sheets use for columns and codes, beside their names in the API: data, with their source.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::{territory::unit::UnitLevel, text};

#[derive(Deserialize)]
struct Row {
    list: String,
    word: String,
    code: String,
}

static WORDS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let text = include_str!("../../../codelists/sheet_words.csv");
    csv::Reader::from_reader(text.as_bytes()).deserialize().filter_map(Result::ok).collect()
});

/// The words for codes of a list, as [`text::key`] has them, with their codes.
pub fn of(list: &str) -> impl Iterator<Item = (String, &'static str)> {
    WORDS.iter().filter(move |row| row.list == list).map(|row| (text::key(&row.word), row.code.as_str()))
}

/// The level of the units whose names stand below a heading.
pub fn level(heading: &str) -> Option<UnitLevel> {
    let key = text::key(heading);
    of("heading").find(|(word, _)| *word == key).and_then(|(_, code)| UnitLevel::from_code(code))
}

#[cfg(test)]
mod tests {
    use super::{WORDS, level};
    use crate::{centres::kind::CentreKind, learners::result::ResultTerm, territory::unit::UnitLevel};

    #[test]
    fn every_word_has_a_code_of_its_list() {
        let lines = include_str!("../../../codelists/sheet_words.csv").lines().count();
        assert_eq!(WORDS.len() + 1, lines);
        for row in WORDS.iter() {
            let known = match row.list.as_str() {
                "heading" => UnitLevel::from_code(&row.code).is_some(),
                "result_term" => ResultTerm::from_code(&row.code).is_some(),
                "centre_kind" => CentreKind::from_code(&row.code).is_some(),
                _ => false,
            };
            assert!(known, "{} {}", row.list, row.word);
        }
    }

    #[test]
    fn headings_are_read_without_accents_and_signs() {
        for heading in ["Quận/Huyện", "QUẬN / HUYỆN", "quan huyen", "districtName"] {
            assert_eq!(level(heading), Some(UnitLevel::District), "{heading}");
        }
        assert_eq!(level("Địa chỉ"), None);
    }
}
