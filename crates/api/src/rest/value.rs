//! Says in our own words, in both languages, what kind of value was expected. The words of the
//! crates that read the value never leave the service: they are in one language and may change.

use gdtx_domain::Label;

/// What a reader expected, by a sign in its message; the first sign that occurs decides.
const EXPECTED: [(&str, &str, &str); 22] = [
    (
        "UUID",
        "mã định danh UUID, ví dụ 0199a3f0-0000-7000-8000-000000000000",
        "a UUID such as 0199a3f0-0000-7000-8000-000000000000",
    ),
    ("school year", "năm học, ví dụ 2026 hoặc 2026-2027", "a school year such as 2026 or 2026-2027"),
    (
        "date and time",
        "thời điểm theo RFC 3339, ví dụ 2026-09-05T08:00:00Z",
        "an instant by RFC 3339 such as 2026-09-05T08:00:00Z",
    ),
    (
        "RFC 3339",
        "thời điểm theo RFC 3339, ví dụ 2026-09-05T08:00:00Z",
        "an instant by RFC 3339 such as 2026-09-05T08:00:00Z",
    ),
    ("formatted date", "ngày theo ISO 8601, ví dụ 2026-09-05", "a date by ISO 8601 such as 2026-09-05"),
    ("decimal digit", "số có tối đa hai chữ số thập phân", "a number with at most two decimal digits"),
    ("`true` or `false`", "true hoặc false", "true or false"),
    ("boolean", "true hoặc false", "true or false"),
    ("cannot parse integer", "số nguyên", "a whole number"),
    ("invalid digit", "số nguyên", "a whole number"),
    ("number too", "số nguyên trong giới hạn của trường", "a whole number within the field's limits"),
    ("expected i", "số nguyên", "a whole number"),
    ("expected u", "số nguyên không âm", "a whole number, 0 or more"),
    ("expected f", "số", "a number"),
    ("float", "số", "a number"),
    ("a sequence", "danh sách", "a list"),
    ("a map", "đối tượng JSON", "a JSON object"),
    ("expected struct", "đối tượng JSON", "a JSON object"),
    (
        "invalid characters",
        "ngày (2026-09-05) hoặc thời điểm (2026-09-05T08:00:00Z)",
        "a date (2026-09-05) or an instant (2026-09-05T08:00:00Z)",
    ),
    (
        "premature end",
        "ngày (2026-09-05) hoặc thời điểm (2026-09-05T08:00:00Z)",
        "a date (2026-09-05) or an instant (2026-09-05T08:00:00Z)",
    ),
    (
        "out of range",
        "ngày (2026-09-05) hoặc thời điểm (2026-09-05T08:00:00Z)",
        "a date (2026-09-05) or an instant (2026-09-05T08:00:00Z)",
    ),
    (
        "trailing input",
        "ngày (2026-09-05) hoặc thời điểm (2026-09-05T08:00:00Z)",
        "a date (2026-09-05) or an instant (2026-09-05T08:00:00Z)",
    ),
];

/// The refusal of a value that a reader could not read, by the reader's message.
pub fn unreadable(message: &str) -> Label {
    let unit = message.contains("string") && message.contains("expected a string");
    let known = EXPECTED.iter().find(|(sign, ..)| message.contains(sign)).map(|(_, vi, en)| (*vi, *en));
    match known.or_else(|| unit.then_some(("văn bản", "a text"))) {
        Some((vi, en)) => {
            Label::new(format!("Giá trị sai kiểu; cần {vi}."), format!("A value of the wrong kind; expected {en}."))
        }
        None => Label::new("Giá trị sai kiểu hoặc sai dạng.", "A value of the wrong kind or form."),
    }
}

#[cfg(test)]
mod tests {
    use super::unreadable;

    #[test]
    fn the_words_of_parsers_are_never_repeated() {
        for (theirs, ours) in [
            ("UUID parsing failed: invalid length: expected length 32 for simple format, found 3", "a UUID such as"),
            ("invalid type: integer, expected a string", "a text"),
            ("invalid type: string, expected i32", "a whole number"),
            ("invalid digit found in string", "a whole number"),
            ("provided string was not `true` or `false`", "true or false"),
            ("input contains invalid characters", "a date"),
            ("something new", "wrong kind or form"),
        ] {
            let said = unreadable(theirs);
            assert!(said.en.contains(ours) && !said.en.contains(theirs), "{theirs}: {}", said.en);
        }
    }
}
