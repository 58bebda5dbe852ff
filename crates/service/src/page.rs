//! Pages by key: stable while others write, as fast on the last page as on the first.

use async_graphql::{Enum, InputObject, SimpleObject};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Code, Error, Result};

/// The most records on one page.
pub const MAX_FIRST: u32 = 200;
/// The records on a page when nothing is asked.
pub const DEFAULT_FIRST: u32 = 50;

/// Whether to count all records that match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Enum, ToSchema)]
#[serde(rename_all = "snake_case")]
#[graphql(rename_items = "snake_case")]
pub enum Count {
    /// The exact number; costs a count of all that match.
    Exact,
    /// A number that stops counting at 10,001.
    Estimated,
}

/// Which page of a list is wanted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, InputObject)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PageRequest {
    /// Records on the page, 1 to 200; 50 when absent.
    pub first: Option<u32>,
    /// The `endCursor` of the page before.
    pub after: Option<String>,
    /// Sort key; `-` in front turns the order around.
    pub sort: Option<String>,
    /// Ask for `totalCount`.
    pub count: Option<Count>,
}

/// Where a page ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PageInfo {
    /// Give it as `after` for the next page.
    pub end_cursor: Option<String>,
    /// Whether a next page exists.
    pub has_next_page: bool,
}

/// A page of records.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Page<T> {
    pub items: Vec<T>,
    /// One cursor an item, for GraphQL edges.
    #[serde(skip)]
    pub cursors: Vec<String>,
    pub page_info: PageInfo,
    /// Only with `count=`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_count: Option<u64>,
}

impl<T> Page<T> {
    /// The same page with other items.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(f).collect(),
            cursors: self.cursors,
            page_info: self.page_info,
            total_count: self.total_count,
        }
    }
}

/// The place after which a page starts.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Cursor {
    /// Fingerprint of filter and sort: a cursor fits one list only.
    h: String,
    /// Sort value of the last record.
    pub k: String,
    /// Its id.
    pub i: Uuid,
}

/// The fingerprint of a list: resource, filter and sort.
pub(crate) fn fingerprint(resource: &str, filter: &impl Serialize, sort: &str) -> String {
    let json = serde_json::to_string(filter).unwrap_or_default();
    let hash = Sha256::digest(format!("{resource}|{sort}|{json}"));
    URL_SAFE_NO_PAD.encode(&hash[..9])
}

impl Cursor {
    pub fn encode(fingerprint: &str, key: String, id: Uuid) -> String {
        let cursor = Self { h: fingerprint.to_owned(), k: key, i: id };
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(&cursor).unwrap_or_default())
    }

    /// Reads a cursor and refuses one of another list.
    pub fn decode(fingerprint: &str, text: &str) -> Result<Self> {
        let cursor: Option<Self> =
            URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        match cursor {
            None => Err(wrong("invalid_cursor", "Con trỏ trang không đọc được.", "The page cursor cannot be read.")),
            Some(c) if c.h != fingerprint => Err(wrong(
                "foreign_cursor",
                "Con trỏ trang thuộc một bộ lọc hoặc thứ tự khác.",
                "The page cursor belongs to another filter or order.",
            )),
            Some(c) => Ok(c),
        }
    }
}

fn wrong(code: &'static str, vi: &str, en: &str) -> Error {
    Error::field(Code::InvalidParameter, "after", code, vi, en)
}

/// The size of a page, checked.
pub(crate) fn size(first: Option<u32>) -> Result<u32> {
    let first = first.unwrap_or(DEFAULT_FIRST);
    if (1..=MAX_FIRST).contains(&first) {
        Ok(first)
    } else {
        Err(Error::field(
            Code::InvalidParameter,
            "first",
            "out_of_range",
            format!("Mỗi trang từ 1 đến {MAX_FIRST} bản ghi."),
            format!("A page holds 1 to {MAX_FIRST} records."),
        ))
    }
}

/// A page cut from a list in memory that is sorted by its key.
pub fn slice<T: Clone>(
    items: &[(String, T)],
    request: &PageRequest,
    resource: &str,
    filter: &impl Serialize,
) -> Result<Page<T>> {
    let print = fingerprint(resource, filter, "key");
    let size = size(request.first)? as usize;
    if let Some(sort) = request.sort.as_deref().filter(|s| *s != "code") {
        return Err(unknown_sort(sort, &["code"]));
    }
    let start = match request.after.as_deref() {
        None => 0,
        Some(text) => {
            let cursor = Cursor::decode(&print, text)?;
            items.partition_point(|(key, _)| *key <= cursor.k)
        }
    };
    let end = (start + size).min(items.len());
    let part = items.get(start..end).unwrap_or_default();
    let cursors: Vec<String> = part.iter().map(|(k, _)| Cursor::encode(&print, k.clone(), Uuid::nil())).collect();
    Ok(Page {
        items: part.iter().map(|(_, item)| item.clone()).collect(),
        page_info: PageInfo { end_cursor: cursors.last().cloned(), has_next_page: end < items.len() },
        cursors,
        total_count: request.count.map(|_| items.len() as u64),
    })
}

/// The refusal of a sort key that a list does not have.
pub(crate) fn unknown_sort(sort: &str, known: &[&str]) -> Error {
    Error::field(
        Code::InvalidParameter,
        "sort",
        "unknown_sort",
        format!("Không sắp xếp được theo “{sort}”; dùng {}.", known.join(", ")),
        format!("Cannot sort by “{sort}”; use {}.", known.join(", ")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_fits_its_own_list_only() {
        let print = fingerprint("centres", &"a", "name");
        let text = Cursor::encode(&print, "k".to_owned(), Uuid::nil());
        assert_eq!(Cursor::decode(&print, &text).map(|c| c.k).ok().as_deref(), Some("k"));
        assert!(Cursor::decode(&fingerprint("centres", &"b", "name"), &text).is_err());
        assert!(Cursor::decode(&print, "not a cursor").is_err());
    }

    #[test]
    fn a_slice_pages_to_the_end() {
        let items: Vec<_> = ["a", "b", "c"].iter().map(|s| ((*s).to_owned(), *s)).collect();
        let first = PageRequest { first: Some(2), ..PageRequest::default() };
        let page = slice(&items, &first, "x", &"").ok();
        let end = page.as_ref().and_then(|p| p.page_info.end_cursor.clone());
        assert_eq!(page.map(|p| p.items), Some(vec!["a", "b"]));
        let rest = slice(&items, &PageRequest { after: end, ..first }, "x", &"").ok();
        assert_eq!(rest.map(|p| (p.items, p.page_info.has_next_page)), Some((vec!["c"], false)));
    }
}
