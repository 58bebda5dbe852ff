//! Code lists: our code for a value, its labels, and its official codes in other systems.
//!
//! One model serves every list, so that the answer to "which codes may stand here, and what
//! does the Ministry call them" is data, not code.

use async_graphql::SimpleObject;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use self::data::LISTS;
use crate::{Label, code_enum};

mod check;
mod data;
mod ethnic;
mod source;
mod translate;

pub use check::check;
pub use ethnic::is_minority;
pub use translate::{Translation, translate};

code_enum! {
    /// A coding of one and the same list.
    CodeScheme {
        /// Our own codes.
        Api = "api" ("Mã của dịch vụ này", "Codes of this service"),
        /// The Ministry's shared lists (DM_*), state of 2020-10-26.
        Moet2020 = "moet_2020" ("Danh mục của Bộ GDĐT 2020", "Ministry lists 2020"),
        /// The education schema of the national data centre, 2025.
        Ndc2025 = "ndc_2025" ("Trung tâm dữ liệu quốc gia 2025", "National data centre 2025"),
        /// School software in use.
        Vendor = "vendor" ("Phần mềm nhà trường", "School software"),
        /// Ethnic groups by QĐ 121-TCTK/PPCĐ (1979), used by the sector database.
        Gso1979 = "gso_1979" ("Tổng cục Thống kê 1979", "Statistics office 1979"),
        /// Ethnic groups by QĐ 1019/QĐ-TCTK (2008), used by QCVN 109:2017.
        Gso2008 = "gso_2008" ("Tổng cục Thống kê 2008", "Statistics office 2008"),
    }
}

/// A list of codes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "CodeListFields")]
#[schema(as = CodeListFields)]
pub struct CodeList {
    /// Our name for the list, e.g. `dropout_reason`.
    pub id: String,
    /// The Ministry's name, e.g. `DM_LY_DO_THOI_HOC`.
    pub official_name: Option<String>,
    pub title_vi: String,
    pub title_en: String,
    /// Where the values come from.
    pub source: String,
    /// The day whose state the list shows, where the source tells one.
    pub valid_from: Option<NaiveDate>,
    pub valid_to: Option<NaiveDate>,
    /// How well the values are proven: `verified` or `unverified`.
    pub mark: String,
    /// The list in which the parents of the items stand.
    pub parent_list: Option<String>,
    /// The schemes that have codes for items of this list; `api` always.
    pub schemes: Vec<CodeScheme>,
}

impl CodeList {
    pub fn title(&self) -> Label {
        Label::new(&self.title_vi, &self.title_en)
    }
}

/// The code of an item in one scheme. An item may have several codes in a scheme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SchemeCode {
    pub scheme: CodeScheme,
    pub code: String,
}

/// A value of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "CodeItemFields")]
#[schema(as = CodeItemFields)]
pub struct CodeItem {
    /// The id of the list.
    pub list: String,
    /// Our code, unique in the list.
    pub code: String,
    pub label_vi: String,
    pub label_en: String,
    /// Our codes of the parents, in the list's `parentList`.
    pub parents: Vec<String>,
    /// The codes in other schemes.
    pub codes: Vec<SchemeCode>,
    /// Whether continuing education uses the value, where the Ministry's list tells.
    pub used_by_gdtx: Option<bool>,
    /// Whether the value may be sent. False for a known misuse, which is listed with its note
    /// only so that it can be recognised.
    pub accepted: bool,
    pub valid_from: Option<NaiveDate>,
    pub valid_to: Option<NaiveDate>,
    pub note: Option<String>,
}

impl CodeItem {
    pub fn label(&self) -> Label {
        Label::new(&self.label_vi, &self.label_en)
    }

    /// The item's codes in a scheme.
    pub fn codes_in(&self, scheme: CodeScheme) -> Vec<&str> {
        match scheme {
            CodeScheme::Api => vec![&self.code],
            _ => self.codes.iter().filter(|c| c.scheme == scheme).map(|c| c.code.as_str()).collect(),
        }
    }
}

/// Every list, by id.
pub fn lists() -> &'static [CodeList] {
    LISTS.lists()
}

/// The list with an id (`dropout_reason`) or an official name (`DM_LY_DO_THOI_HOC`).
pub fn list(id_or_official_name: &str) -> Option<&'static CodeList> {
    LISTS.find(id_or_official_name).map(|entry| entry.list)
}

/// The items of a list in the order of their source; empty for an unknown list.
pub fn items(list: &str) -> &'static [CodeItem] {
    LISTS.find(list).map_or(&[], |entry| entry.items)
}

/// The item with our code.
pub fn item(list: &str, code: &str) -> Option<&'static CodeItem> {
    LISTS.find(list)?.item(code)
}

/// Whether a list has our code and accepts it. Misuses are known but not accepted.
pub fn contains(list: &str, code: &str) -> bool {
    item(list, code).is_some_and(|item| item.accepted)
}

/// The label of our code.
pub fn label(list: &str, code: &str) -> Option<Label> {
    item(list, code).map(CodeItem::label)
}
