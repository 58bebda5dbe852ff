//! Reads the embedded CSV files, so that every list of this room is parsed in the same way.

use serde::de::DeserializeOwned;

/// The rows of an embedded file. A row that does not fit is left out; the tests of this room
/// count the rows of every file, so that none goes missing unseen.
pub(super) fn rows<T: DeserializeOwned>(text: &str) -> Vec<T> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().filter_map(Result::ok).collect()
}

/// Text of a cell, absent when empty.
pub(super) fn filled(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}
