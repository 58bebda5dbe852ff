//! Reads a JSON body and points at what is wrong in it.

use actix_web::{HttpRequest, http::header, web::Bytes};
use gdtx_domain::{Checks, Label};
use gdtx_service::{Code, Error, Result};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use serde_path_to_error::{Path, Segment};

use super::{
    strict::Strict,
    value::{TOO_LARGE, TOO_SMALL, is_date, unreadable},
};

/// Parses a JSON body into a shape. Unknown properties, wrong types and missing fields are
/// refused with a pointer and, where one is near, the right name.
pub fn parse<T: DeserializeOwned>(req: &HttpRequest, bytes: &Bytes) -> Result<T> {
    check_media_type(req)?;
    read(bytes)
}

/// The same for JSON whose media type needs no look.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(Strict(&mut reader)).map_err(|e| {
        let place = pointer(e.path());
        let (error, text) = (e.inner(), without_position(e.inner()));
        if error.is_data() && !bytes.trim_ascii_start().starts_with(b"{") {
            let (vi, en) = ("Cần một đối tượng JSON.", "A JSON object is needed.");
            return Error::field(Code::MalformedBody, "", "invalid_value", vi, en);
        }
        // Well-formed, but no text where a code is due: the reader only says that it expected another.
        if error.is_syntax() && serde_json::from_slice::<Value>(bytes).is_ok() {
            return refuse_other(&place, &expected_at::<T>(e.path(), ""));
        }
        // A text that is no date and no instant is told without saying which of the two was due.
        if error.is_data() && is_date(&text) {
            return refuse_other(&place, &expected_at::<T>(e.path(), true));
        }
        refusal(&place, &text, error)
    })?;
    reader.end().map_err(|e| refusal("", &without_position(&e), &e))?;
    Ok(value)
}

fn check_media_type(req: &HttpRequest) -> Result<()> {
    let value = req.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let mime = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    // A JSON Patch (RFC 6902) is a list of steps and means another thing than the properties it holds.
    let is_shaped = |mime: &str| {
        mime.starts_with("application/") && mime.ends_with("+json") && mime != "application/json-patch+json"
    };
    if mime == "application/json" || is_shaped(&mime) { Ok(()) } else { Err(Error::of(Code::UnsupportedMediaType)) }
}

/// What a reader says of a value at a place, with nothing else around it; empty when it takes it.
fn expected_at<T: DeserializeOwned>(path: &Path, sample: impl Into<Value>) -> String {
    let segments: Vec<&Segment> = path.iter().collect();
    let document = segments.into_iter().rev().fold(sample.into(), |inner, segment| match segment {
        Segment::Seq { .. } => json!([inner]),
        Segment::Map { key } => json!({ key: inner }),
        Segment::Enum { .. } | Segment::Unknown => inner,
    });
    T::deserialize(document).err().map(|e| e.to_string()).unwrap_or_default()
}

/// The refusal of a value of another kind than the place takes.
fn refuse_other(path: &str, expected: &str) -> Error {
    let said = match expected.strip_prefix("unknown variant") {
        Some(codes) => {
            let list = between_backticks(codes).split_off(1).join(", ");
            Label::new(format!("Cần một mã, là một trong: {list}."), format!("A code is needed, one of: {list}."))
        }
        None => unreadable(&without_value(expected)),
    };
    Error::field(Code::MalformedBody, path, "invalid_value", said.vi, said.en)
}

fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.as_str(), |(head, _)| head).to_owned()
}

/// A name as a part of a JSON Pointer (RFC 6901, 3).
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn pointer(path: &Path) -> String {
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(format!("/{index}")),
            Segment::Map { key } => Some(format!("/{}", escaped(key))),
            Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect()
}

fn refusal(path: &str, text: &str, error: &serde_json::Error) -> Error {
    let mut checks = Checks::default();
    let named = between_backticks(text);
    if text.starts_with("unknown field") {
        let (wrong, known) = unknown(text);
        let last = format!("/{}", escaped(wrong));
        let path = if path.ends_with(&last) { path.to_owned() } else { format!("{path}{last}") };
        let (vi, en) = suggestion(nearest(wrong, &known));
        checks.refuse(
            &path,
            "unknown_property",
            format!("Không có trường “{wrong}”.{vi}"),
            format!("There is no property “{wrong}”.{en}"),
        );
    } else if text.starts_with("missing field") {
        let path = format!("{path}/{}", named.first().copied().unwrap_or_default());
        checks.refuse(&path, "required", "Trường này là bắt buộc.", "This field is required.");
    } else if text.starts_with("duplicate field") {
        let path = format!("{path}/{}", named.first().copied().unwrap_or_default());
        checks.refuse(&path, "repeated", "Trường này xuất hiện hai lần.", "This property stands twice.");
    } else if text.starts_with("unknown variant") {
        let (wrong, known) = unknown(text);
        let list = known.join(", ");
        let (vi, en) = suggestion(nearest(wrong, &known));
        checks.refuse(
            path,
            "unknown_code",
            format!("Mã không có trong danh sách: {list}.{vi}"),
            format!("Not one of: {list}.{en}"),
        );
    } else if error.is_data() {
        let said = unreadable(&without_value(text));
        checks.refuse(path, "invalid_value", said.vi, said.en);
    } else {
        let (line, column) = (error.line(), error.column());
        checks.refuse(
            path,
            "invalid_json",
            format!("JSON không đọc được ở dòng {line}, cột {column}."),
            format!("Not well-formed JSON at line {line}, column {column}."),
        );
    }
    Error { fields: checks.problems, ..Error::of(Code::MalformedBody) }
}

/// What was found and expected, without the value itself: it may be somebody's name or number.
fn without_value(text: &str) -> String {
    let Some(rest) = text.strip_prefix("invalid type: ").or_else(|| text.strip_prefix("invalid value: ")) else {
        return text.to_owned();
    };
    let (found, expected) = rest.rsplit_once(", expected ").unwrap_or((rest, "another"));
    let kind = found.split(['`', '"']).next().unwrap_or_default().trim_end();
    // The reader takes a whole number of more than 64 bits for a fraction.
    let number = found.split('`').nth(1).and_then(|n| n.parse::<f64>().ok()).unwrap_or_default();
    let kind = match kind {
        "integer" | "floating point" if number >= f64::from(i32::MAX) => TOO_LARGE,
        "integer" | "floating point" if number <= f64::from(i32::MIN) => TOO_SMALL,
        other => other,
    };
    format!("{kind}, expected {expected}")
}

/// The name that a reader does not know, whatever signs it holds, and the names that it knows.
pub fn unknown(text: &str) -> (&str, Vec<&str>) {
    let split = ["`, expected ", "`, there are no "].iter().find_map(|sign| text.rsplit_once(sign));
    let (before, after) = split.unwrap_or((text, ""));
    (before.split_once('`').map_or("", |(_, wrong)| wrong), between_backticks(after))
}

fn between_backticks(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// The question whether a near name was meant, in both languages; empty when none is near.
pub fn suggestion(near: Option<&str>) -> (String, String) {
    near.map_or_else(Default::default, |n| (format!(" Ý bạn là “{n}”?"), format!(" Did you mean “{n}”?")))
}

/// The known name nearest to a wrong one, when it is near enough to be meant.
pub fn nearest<'a>(wrong: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|k| (strsim::jaro_winkler(&wrong.to_lowercase(), &k.to_lowercase()), *k))
        .filter(|(score, _)| *score > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

#[cfg(test)]
#[path = "body_tests.rs"]
mod tests;
