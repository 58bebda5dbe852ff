//! Refuses codes that a list does not have, and tells the sender which code was probably meant.
//!
//! Senders mostly know the official numbers, so the refusal of `10` names the code that the
//! Ministry's `10` has here.

use super::{CodeItem, CodeScheme, contains, items, list};
use crate::{Checks, territory::name::plain};

/// Codes less alike than this are not proposed (normalised Damerau-Levenshtein).
const ALIKE: f64 = 0.6;

/// Refuses a value that is not an accepted code of a list (`unknown_code`). Absent values pass.
///
/// The detail names the address of the list and, where there is one, the code that the value
/// has in another scheme, or the code nearest to it. A list that does not exist is refused too
/// (`unknown_list`): a check must not pass because of a misspelt list.
pub fn check(checks: &mut Checks, pointer: &str, list_id: &str, value: Option<&str>) {
    let Some(value) = value else { return };
    let Some(list) = list(list_id) else {
        let (vi, en) = (format!("Không có danh mục {list_id}."), format!("There is no list {list_id}."));
        checks.refuse(pointer, "unknown_list", vi, en);
        return;
    };
    if contains(&list.id, value) {
        return;
    }
    let (hint_vi, hint_en) = hint(&list.id, value).unwrap_or_default();
    let id = &list.id;
    checks.refuse(
        pointer,
        "unknown_code",
        format!("Mã “{value}” không được dùng trong danh mục này; xem /v1/code-lists/{id}.{hint_vi}"),
        format!("The code “{value}” is not accepted in this list; see /v1/code-lists/{id}.{hint_en}"),
    );
}

fn hint(list: &str, value: &str) -> Option<(String, String)> {
    misuse(list, value).or_else(|| elsewhere(list, value)).or_else(|| nearest(list, value))
}

/// The note of a known misuse.
fn misuse(list: &str, value: &str) -> Option<(String, String)> {
    let item = items(list).iter().find(|item| !item.accepted && item.code == value)?;
    Some((format!(" {}.", item.label_vi), format!(" {}.", item.label_en)))
}

/// The codes here of a value that is an official code elsewhere.
fn elsewhere(list: &str, value: &str) -> Option<(String, String)> {
    let schemes = CodeScheme::ALL.iter().filter(|scheme| **scheme != CodeScheme::Api);
    let found: Vec<(CodeScheme, &CodeItem)> = schemes
        .flat_map(|scheme| items(list).iter().map(move |item| (*scheme, item)))
        .filter(|(scheme, item)| item.accepted && item.codes_in(*scheme).contains(&value))
        .collect();
    let named = found.iter().map(|(scheme, item)| format!("{scheme}: {}", item.code)).collect::<Vec<_>>().join("; ");
    (!found.is_empty()).then(|| {
        (
            format!(" Mã này ở hệ khác tương ứng ở đây ({named})."),
            format!(" As a code of another scheme it is here ({named})."),
        )
    })
}

/// The code whose label was sent, or the one spelt most alike.
fn nearest(list: &str, value: &str) -> Option<(String, String)> {
    let (lower, words) = (value.to_lowercase(), plain(value));
    let accepted = || items(list).iter().filter(|item| item.accepted);
    let labelled = accepted().find(|item| plain(&item.label_vi) == words || plain(&item.label_en) == words);
    let alike = || {
        accepted()
            .map(|item| (strsim::normalized_damerau_levenshtein(&item.code, &lower), item))
            .filter(|(score, _)| *score >= ALIKE)
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, item)| item)
    };
    let code = &labelled.or_else(alike)?.code;
    Some((format!(" Có phải ý bạn là “{code}”?"), format!(" Did you mean “{code}”?")))
}
