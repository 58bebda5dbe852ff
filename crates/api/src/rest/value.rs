//! Says in our own words, in both languages, what kind of value was expected. The words of the
//! crates that read the value never leave the service: they are in one language and may change.

use gdtx_domain::Label;

/// What was found, where it is a whole number that its place cannot hold.
pub const TOO_LARGE: &str = "number too large";
pub const TOO_SMALL: &str = "number too small";

/// What a reader expected, by a sign in its message; the first sign that occurs decides.
const EXPECTED: [(&str, &str, &str); 16] = [
    (
        "UUID",
        "mã định danh UUID, ví dụ 0199a3f0-0000-7000-8000-000000000000",
        "a UUID such as 0199a3f0-0000-7000-8000-000000000000",
    ),
    ("enum Wire", "năm học, ví dụ 2026 hoặc 2026-2027", "a school year such as 2026 or 2026-2027"),
    ("school year", "năm học, ví dụ 2026 hoặc 2026-2027", "a school year such as 2026 or 2026-2027"),
    ("RFC 3339", "thời điểm (2026-09-05T08:00:00Z)", "an instant (2026-09-05T08:00:00Z)"),
    ("formatted date", "ngày (2026-09-05)", "a date (2026-09-05)"),
    ("decimal digit", "số có tối đa hai chữ số thập phân", "a number with at most two decimal digits"),
    ("`true` or `false`", "true hoặc false", "true or false"),
    ("boolean", "true hoặc false", "true or false"),
    ("cannot parse integer", "số nguyên", "a whole number"),
    ("invalid digit", "số nguyên", "a whole number"),
    ("number too", "số nguyên trong giới hạn của trường", "a whole number within the field's limits"),
    ("a string", "văn bản", "a text"),
    ("struct ", "đối tượng JSON", "a JSON object"),
    ("a sequence", "danh sách", "a list"),
    ("a map", "đối tượng JSON", "a JSON object"),
    ("invalid float", "số", "a number"),
];

/// Whether a message comes from the parsers of dates and instants, which do not say which is due.
pub fn is_date(message: &str) -> bool {
    ["input ", "premature end of input", "trailing input", "no possible date and time"]
        .iter()
        .any(|sign| message.starts_with(sign))
}

/// The refusal of a value that a reader could not read, by the reader's message.
pub fn unreadable(message: &str) -> Label {
    // Where a message tells both, what was found says nothing of what is due.
    let (found, due) = message.rsplit_once(", expected ").unwrap_or(("", message));
    let whole = |sign: char| due.strip_prefix(sign).is_some_and(|bits| bits.parse::<u8>().is_ok());
    let expected = if (whole('i') || whole('u')) && found == TOO_LARGE {
        Some(("số nguyên; số này quá lớn", "a whole number; this one is too large"))
    } else if whole('i') && found == TOO_SMALL {
        Some(("số nguyên; số này quá nhỏ", "a whole number; this one is too small"))
    } else if whole('i') {
        Some(("số nguyên", "a whole number"))
    } else if whole('u') {
        Some(("số nguyên không âm", "a whole number, 0 or more"))
    } else if whole('f') {
        Some(("số", "a number"))
    } else {
        EXPECTED.iter().find(|(sign, ..)| due.contains(sign)).map(|(_, vi, en)| (*vi, *en))
    };
    match expected {
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
            ("boolean, expected a string", "a text"),
            ("floating point, expected a string", "a text"),
            ("boolean, expected struct NewPlace", "a JSON object"),
            ("boolean, expected i32", "a whole number"),
            ("number too large, expected i32", "too large"),
            ("number too small, expected i64", "too small"),
            ("number too small, expected u32", "0 or more"),
            ("integer, expected a formatted date string", "a date (2026-09-05)"),
            ("integer, expected an RFC 3339 formatted date and time string", "an instant (2026-09-05T08:00:00Z)"),
            ("invalid digit found in string", "a whole number"),
            ("provided string was not `true` or `false`", "true or false"),
            ("something new", "wrong kind or form"),
        ] {
            let said = unreadable(theirs);
            assert!(said.en.contains(ours) && !said.en.contains(theirs), "{theirs}: {}", said.en);
        }
    }
}
