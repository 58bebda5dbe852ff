//! Pages by key: stable while others write, as fast on the last page as on the first.

use async_graphql::{Enum, SimpleObject};
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
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
    /// The cursor of the first record on the page.
    #[serde(skip)]
    pub start_cursor: Option<String>,
    /// Whether a page was left behind with `after`.
    #[serde(skip)]
    pub has_previous_page: bool,
    /// Give it as `after` for the next page.
    pub end_cursor: Option<String>,
    /// Whether a next page exists.
    pub has_next_page: bool,
}

impl PageInfo {
    pub(crate) fn of(cursors: &[String], request: &PageRequest, has_next_page: bool) -> Self {
        Self {
            start_cursor: cursors.first().cloned(),
            has_previous_page: request.after.is_some(),
            end_cursor: cursors.last().cloned(),
            has_next_page,
        }
    }
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
    /// The page of these rows, of which one more was read than it holds where the list goes on; `cursor` tells
    /// what the cursor of one is.
    pub(crate) fn of(mut rows: Vec<T>, request: &PageRequest, cursor: impl Fn(&T) -> String) -> Result<Self> {
        let size = size(request.first)? as usize;
        let has_next_page = rows.len() > size;
        rows.truncate(size);
        let cursors: Vec<String> = rows.iter().map(cursor).collect();
        let page_info = PageInfo::of(&cursors, request, has_next_page);
        Ok(Self { items: rows, cursors, page_info, total_count: None })
    }

    /// The same page with other items, each of which may fail.
    pub(crate) fn try_map<U>(self, f: impl FnMut(T) -> Result<U>) -> Result<Page<U>> {
        Ok(Page {
            items: self.items.into_iter().map(f).collect::<Result<_>>()?,
            cursors: self.cursors,
            page_info: self.page_info,
            total_count: self.total_count,
        })
    }

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

/// The place after which a page starts. On the wire: the fingerprint, the id and the sort value,
/// each in a fixed place, in the letters of base64url.
#[derive(Debug, PartialEq)]
pub(crate) struct Cursor {
    /// Sort value of the last record.
    pub k: Vec<u8>,
    /// Its id.
    pub i: Uuid,
}

/// Length of a fingerprint in bytes.
const PRINT: usize = 9;

/// The fingerprint of a list, resource, filter and sort: a cursor fits one list only.
pub(crate) type Fingerprint = [u8; PRINT];

pub(crate) fn fingerprint(resource: &str, filter: &impl Serialize, sort: &str) -> Fingerprint {
    fingerprint_of(resource, &serde_json::to_string(filter).unwrap_or_default(), sort)
}

/// The same for a filter as its JSON.
pub(crate) fn fingerprint_of(resource: &str, json: &str, sort: &str) -> Fingerprint {
    let mut print = [0; PRINT];
    print.copy_from_slice(&Sha256::digest(format!("{resource}|{sort}|{json}"))[..PRINT]);
    print
}

impl Cursor {
    pub fn encode(print: Fingerprint, key: &[u8], id: Uuid) -> String {
        URL_SAFE_NO_PAD.encode([&print, id.as_bytes().as_slice(), key].concat())
    }

    /// Reads a cursor and refuses one of another list.
    pub fn decode(print: Fingerprint, text: &str) -> Result<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).unwrap_or_default();
        let parts = bytes.split_first_chunk().and_then(|(of, rest)| Some((of, rest.split_first_chunk()?)));
        match parts {
            None => Err(unreadable()),
            Some((of, _)) if *of != print => Err(foreign()),
            Some((_, (id, key))) => Ok(Self { k: key.to_vec(), i: Uuid::from_bytes(*id) }),
        }
    }
}

/// The refusal of what is no cursor of the service's making.
pub(crate) fn unreadable() -> Error {
    wrong("invalid_cursor", "Con trỏ trang không đọc được.", "The page cursor cannot be read.")
}

fn wrong(code: &'static str, vi: &str, en: &str) -> Error {
    Error::field(Code::InvalidParameter, "after", code, vi, en)
}

fn foreign() -> Error {
    wrong(
        "foreign_cursor",
        "Con trỏ trang thuộc một bộ lọc hoặc thứ tự khác.",
        "The page cursor belongs to another filter or order.",
    )
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

/// A sort key of a list in memory: its name on the wire and what it compares.
pub(crate) type SortBy<T> = (&'static str, fn(&T) -> String);

/// A page cut from a list in memory, in the order given unless a sort key is asked for.
///
/// `id` names an item for the cursor and must be unique in the list.
pub(crate) fn slice<T>(
    mut items: Vec<T>,
    id: impl Fn(&T) -> &str,
    sorts: &[SortBy<T>],
    request: &PageRequest,
    resource: &str,
    filter: &impl Serialize,
) -> Result<Page<T>> {
    let size = size(request.first)? as usize;
    let sort = request.sort.as_deref().unwrap_or_default();
    if request.sort.is_some() {
        order(&mut items, sort, sorts)?;
    }
    let (print, total) = (fingerprint(resource, filter, sort), items.len());
    let start = match request.after.as_deref() {
        None => 0,
        Some(text) => {
            let last = Cursor::decode(print, text)?.k;
            items.iter().position(|item| id(item).as_bytes() == last).ok_or_else(foreign)? + 1
        }
    };
    let items: Vec<T> = items.into_iter().skip(start).take(size).collect();
    let cursors: Vec<String> =
        items.iter().map(|item| Cursor::encode(print, id(item).as_bytes(), Uuid::nil())).collect();
    Ok(Page {
        page_info: PageInfo::of(&cursors, request, start + items.len() < total),
        items,
        cursors,
        total_count: request.count.map(|_| total as u64),
    })
}

/// Sorts by a key as the wire names it; `-` in front turns the order around.
fn order<T>(items: &mut [T], sort: &str, sorts: &[SortBy<T>]) -> Result<()> {
    let name = sort.strip_prefix('-').unwrap_or(sort);
    let Some((_, key)) = sorts.iter().find(|(known, _)| *known == name) else {
        return Err(unknown_sort(name, &sorts.iter().map(|(known, _)| *known).collect::<Vec<_>>()));
    };
    items.sort_by_cached_key(key);
    if sort.starts_with('-') {
        items.reverse();
    }
    Ok(())
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
    use proptest::prelude::*;

    use super::*;

    fn code<T>(read: Result<T>) -> Option<&'static str> {
        let refused = read.err()?;
        let [field] = refused.fields.as_slice() else { return Some("not one field") };
        assert!(field.pointer == "after" && field.detail.vi != field.detail.en);
        Some(field.code)
    }

    proptest! {
        #[test]
        fn a_cursor_is_read_again_by_its_own_list_only(
            key in prop::collection::vec(any::<u8>(), 0..80), id: u128, filter in ".{0,9}", sort in "-?[a-z]{1,5}",
        ) {
            let (id, print) = (Uuid::from_u128(id), fingerprint("centres", &filter, &sort));
            let text = Cursor::encode(print, &key, id);
            prop_assert_eq!(Cursor::decode(print, &text).ok(), Some(Cursor { k: key, i: id }));
            for other in [
                fingerprint("centres", &format!("{filter}!"), &sort),
                fingerprint("centres", &filter, &format!("{sort}x")),
                fingerprint("learners", &filter, &sort),
            ] {
                prop_assert_eq!(code(Cursor::decode(other, &text)), Some("foreign_cursor"));
            }
        }

        #[test]
        fn any_other_text_is_refused_where_it_stands(text in r"(?s).{0,60}|[A-Za-z0-9_-]{0,90}") {
            let refused = code(Cursor::decode(fingerprint("centres", &"", "name"), &text));
            prop_assert!(matches!(refused, Some("invalid_cursor" | "foreign_cursor")), "{} was taken", text);
        }
    }

    /// A page of three letters that stand out of order.
    fn letters(request: &PageRequest) -> Result<Page<&'static str>> {
        slice(vec!["b", "c", "a"], |s| s, &[("name", |s| (*s).to_owned())], request, "x", &"")
    }

    #[test]
    fn a_slice_pages_to_the_end_in_the_order_given() {
        let first = PageRequest { first: Some(2), ..PageRequest::default() };
        let page = letters(&first).ok();
        let end = page.as_ref().and_then(|p| p.page_info.end_cursor.clone());
        assert_eq!(page.map(|p| (p.items, p.page_info.has_next_page)), Some((vec!["b", "c"], true)));
        let rest = letters(&PageRequest { after: end, ..first }).ok();
        assert_eq!(rest.map(|p| (p.items, p.page_info.has_next_page)), Some((vec!["a"], false)));
    }

    #[test]
    fn a_slice_sorts_both_ways_by_its_own_keys_only() {
        let by = |sort: &str| letters(&PageRequest { sort: Some(sort.to_owned()), ..PageRequest::default() });
        assert_eq!(by("name").map(|p| p.items).ok(), Some(vec!["a", "b", "c"]));
        assert_eq!(by("-name").map(|p| p.items).ok(), Some(vec!["c", "b", "a"]));
        assert!(by("age").is_err());
    }
}
