//! The shapes of the embedded code-list files, and how a row becomes an item.

use chrono::NaiveDate;
use serde::Deserialize;

use super::{CodeItem, CodeList, CodeScheme, SchemeCode};
use crate::territory::rows::filled;

pub(super) const ETHNIC_GROUP: &str = "ethnic_group";
pub(super) const RELIGION: &str = "religion";

/// A row of `code_lists.csv`: the head of one list.
#[derive(Deserialize)]
pub(super) struct ListRow {
    pub id: String,
    pub official_name: String,
    pub crosswalk_domain: String,
    pub parent_list: String,
    title_vi: String,
    title_en: String,
    source: String,
    pub valid_from: Option<NaiveDate>,
    pub valid_to: Option<NaiveDate>,
    mark: String,
}

impl ListRow {
    pub fn list(self, schemes: Vec<CodeScheme>) -> CodeList {
        CodeList {
            id: self.id,
            official_name: filled(self.official_name),
            title_vi: self.title_vi,
            title_en: self.title_en,
            source: self.source,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
            mark: self.mark,
            parent_list: filled(self.parent_list),
            schemes,
        }
    }
}

/// A row of `code_labels_en.csv`.
#[derive(Deserialize)]
pub(super) struct LabelRow {
    pub list: String,
    pub code: String,
    pub label_en: String,
}

/// A row of the Ministry's shared lists.
#[derive(Deserialize)]
pub(super) struct MinistryRow {
    pub list: String,
    official_code: String,
    code: String,
    label_vi: String,
    parent_code: String,
    used_by_gdtx: Option<bool>,
}

impl MinistryRow {
    /// The item, with the official codes of its parents until these are resolved.
    pub fn item(self, list: &str) -> CodeItem {
        CodeItem {
            codes: codes(&[(CodeScheme::Moet2020, &self.official_code)]),
            parents: several(&self.parent_code).map(str::to_owned).collect(),
            used_by_gdtx: self.used_by_gdtx,
            ..plain(list, self.code, self.label_vi)
        }
    }
}

/// A row of the ethnic groups.
#[derive(Deserialize)]
pub(super) struct EthnicRow {
    pub code: String,
    label_vi: String,
    gso_2008_code: String,
    gso_1979_code: String,
    other_names_vi: String,
    pub is_minority: Option<bool>,
}

impl EthnicRow {
    /// The item. The Ministry's database uses the codes of 1979.
    pub fn item(self) -> CodeItem {
        CodeItem {
            codes: codes(&[
                (CodeScheme::Moet2020, &self.gso_1979_code),
                (CodeScheme::Gso1979, &self.gso_1979_code),
                (CodeScheme::Gso2008, &self.gso_2008_code),
            ]),
            note: filled(self.other_names_vi).map(|names| format!("Tên khác: {names}")),
            ..plain(ETHNIC_GROUP, self.code, self.label_vi)
        }
    }
}

/// A row of the religions.
#[derive(Deserialize)]
pub(super) struct ReligionRow {
    code: String,
    label_vi: String,
    moet_code: String,
}

impl ReligionRow {
    pub fn item(self) -> CodeItem {
        CodeItem {
            codes: codes(&[(CodeScheme::Moet2020, &self.moet_code)]),
            ..plain(RELIGION, self.code, self.label_vi)
        }
    }
}

/// A row of the crosswalk between systems.
#[derive(Deserialize)]
pub(super) struct CrosswalkRow {
    pub domain: String,
    code: String,
    label_vi: String,
    moet_2020_code: String,
    ndc_2025_code: String,
    vendor_code: String,
    misuse: bool,
    note: String,
}

impl CrosswalkRow {
    pub fn item(self, list: &str) -> CodeItem {
        CodeItem {
            codes: codes(&[
                (CodeScheme::Moet2020, &self.moet_2020_code),
                (CodeScheme::Ndc2025, &self.ndc_2025_code),
                (CodeScheme::Vendor, &self.vendor_code),
            ]),
            accepted: !self.misuse,
            note: filled(self.note),
            ..plain(list, self.code, self.label_vi)
        }
    }
}

fn plain(list: &str, code: String, label_vi: String) -> CodeItem {
    CodeItem {
        list: list.to_owned(),
        code,
        label_vi,
        label_en: String::new(),
        parents: Vec::new(),
        codes: Vec::new(),
        used_by_gdtx: None,
        accepted: true,
        valid_from: None,
        valid_to: None,
        note: None,
    }
}

/// The codes of a cell, which are separated by semicolons.
fn several(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(';').filter(|code| !code.is_empty())
}

fn codes(cells: &[(CodeScheme, &String)]) -> Vec<SchemeCode> {
    let of_cell = |(scheme, cell): &(CodeScheme, &String)| {
        let scheme = *scheme;
        several(cell).map(|code| SchemeCode { scheme, code: code.to_owned() }).collect::<Vec<_>>()
    };
    cells.iter().flat_map(of_cell).collect()
}

/// A code as words: `child_of_martyr` becomes `Child of martyr`.
pub(super) fn humanise(code: &str) -> String {
    let words = code.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
