//! Says what the GraphQL engine refuses in the language of the request, with the same extensions as
//! our own refusals. The engine speaks English and repeats values, which may be personal data.

use async_graphql::{PathSegment, Response, ServerError, Value};
use gdtx_domain::{Checks, Label};
use gdtx_service::{Code, Ctx, Error};

use super::{inputs::Faults, messages::MESSAGES};
use crate::problem::field_errors;

/// What exceeds a limit: `deep` or `complex`, counted and allowed.
pub fn exceeded(what: &str, counted: usize, limit: usize) -> ServerError {
    ServerError::new(format!("Query is too {what}: \"{counted}\" of \"{limit}\""), None)
}

/// Gives each error of the engine words, code and request id; our own errors get the request id.
pub fn explain(response: &mut Response, ctx: &Ctx) {
    for error in &mut response.errors {
        if error.extensions.as_ref().and_then(|e| e.get("code")).is_none() {
            let said = say(error);
            put(error, &said, ctx);
        }
        let extensions = error.extensions.get_or_insert_with(Default::default);
        extensions.set("requestId", ctx.request_id.as_str());
    }
}

/// Puts what was found in the input in the place of what the engine said of it: one error for each
/// field of the root, though the engine may have stopped at the first.
pub fn replace(response: &mut Response, found: Vec<Faults>, ctx: &Ctx) {
    let about_input = |error: &ServerError| {
        let own = error.extensions.as_ref().is_some_and(|e| e.get("code").is_some());
        !own && is_about_input(&error.message)
    };
    for faults in found {
        let Some(first) = faults.checks.problems.first().cloned() else { continue };
        let said = Error { fields: faults.checks.problems, detail: first.detail, ..Error::of(Code::MalformedBody) };
        let mut told = None;
        response.errors.retain(|error| {
            let mine = match error.path.first() {
                Some(PathSegment::Field(key)) => *key == faults.key,
                Some(PathSegment::Index(_)) => false,
                None => {
                    error.locations.first().is_some_and(|at| faults.from <= *at && faults.to.is_none_or(|to| *at < to))
                }
            };
            if mine && about_input(error) {
                told.get_or_insert_with(|| error.clone());
            }
            !(mine && about_input(error))
        });
        // Where an answer has data, what the engine took stands.
        let untold = || (response.data == Value::Null).then(|| ServerError::new("", Some(faults.from)));
        let Some(mut error) = told.or_else(untold) else { continue };
        put(&mut error, &said, ctx);
        response.errors.push(error);
    }
}

/// Whether the engine complains of a value that was sent.
pub fn is_about_input(message: &str) -> bool {
    ["Invalid value for argument", "Failed to parse", "Expected input type", "Invalid input value"]
        .iter()
        .any(|start| message.starts_with(start))
}

fn put(error: &mut ServerError, said: &Error, ctx: &Ctx) {
    let fields = serde_json::to_value(field_errors(said, ctx.lang)).unwrap_or_default();
    said.detail.in_lang(ctx.lang).clone_into(&mut error.message);
    let extensions = error.extensions.get_or_insert_with(Default::default);
    extensions.set("code", said.code.as_str());
    extensions.set("status", said.code.status());
    extensions.set("errors", Value::from_json(fields).unwrap_or_default());
}

/// What the engine means, in our words.
fn say(error: &ServerError) -> Error {
    let message = &error.message;
    let (skeleton, names) = outline(message);
    let known = MESSAGES.iter().find(|(start, ..)| skeleton.starts_with(start));
    let (code, detail) = if let Some((start, code, vi, en)) = known {
        let used = start.matches("{}").count();
        let near: Vec<&str> = if message.contains("Did you mean") { names[used..].to_vec() } else { Vec::new() };
        (*code, Label::new(told(vi, &names, "Ý bạn là", &near), told(en, &names, "Did you mean", &near)))
    } else {
        unlisted(error, &names)
    };
    let mut checks = Checks::default();
    let pointer = pointer(message, &names);
    checks.refuse(&pointer, code, detail.vi.clone(), detail.en.clone());
    Error { fields: checks.problems, detail, ..Error::of(Code::MalformedBody) }
}

/// Limits and syntax carry numbers instead of names; a variable without a value stands unquoted.
fn unlisted(error: &ServerError, names: &[&str]) -> (&'static str, Label) {
    let message = &error.message;
    let number = |i: usize| names.get(i).copied().unwrap_or("?");
    let position = error.locations.first().map_or((0, 0), |at| (at.line, at.column));
    if message.starts_with("Query is too complex") {
        let (counted, limit) = (number(0), number(1));
        let vi = format!("Yêu cầu quá phức tạp: {counted}, tối đa {limit}. Hãy giảm first hoặc số trường.");
        (
            "too_complex",
            Label::new(
                vi,
                format!("The request is too complex: {counted}, at most {limit}. Ask for fewer records or fields."),
            ),
        )
    } else if message.starts_with("Query is too deep") {
        let (counted, limit) = (number(0), number(1));
        let vi = format!("Yêu cầu lồng quá sâu: {counted} tầng, tối đa {limit}.");
        ("too_deep", Label::new(vi, format!("The request is nested too deep: {counted} levels, at most {limit}.")))
    } else if message.starts_with("The recursion depth") || message.starts_with("The number of directives") {
        let limit = message.rsplit('`').nth(1).unwrap_or("?");
        let vi = format!("Yêu cầu lồng quá sâu hoặc quá nhiều chỉ thị; tối đa {limit}.");
        (
            "too_deep",
            Label::new(vi, format!("The request is nested too deep or has too many directives; at most {limit}.")),
        )
    } else if message.contains("-->") {
        let (line, column) = position;
        let vi = format!("Cú pháp GraphQL sai ở dòng {line}, cột {column}.");
        ("syntax_error", Label::new(vi, format!("Not well-formed GraphQL at line {line}, column {column}.")))
    } else if let Some(name) = message.strip_prefix("Variable ").and_then(|m| m.strip_suffix(" is not defined.")) {
        let vi = format!("Biến ${name} chưa có giá trị; hãy gửi trong variables.");
        ("required", Label::new(vi, format!("The variable ${name} has no value; send it in variables.")))
    } else if is_about_input(message) {
        (
            "invalid_value",
            Label::new(
                "Một giá trị gửi lên sai kiểu hoặc sai dạng.",
                "A value that was sent is of the wrong kind or form.",
            ),
        )
    } else {
        tracing::warn!(message, "an error of the GraphQL engine without words of our own");
        ("invalid_request", Label::new("Yêu cầu GraphQL không hợp lệ.", "Not a valid GraphQL request."))
    }
}

/// A message with its quoted names taken out.
fn outline(message: &str) -> (String, Vec<&str>) {
    let mut pieces = message.split('"');
    let mut skeleton = pieces.next().unwrap_or_default().to_owned();
    let mut names = Vec::new();
    while let Some(name) = pieces.next() {
        names.push(name);
        skeleton.push_str("{}");
        skeleton.push_str(pieces.next().unwrap_or_default());
    }
    (skeleton, names)
}

fn told(words: &str, names: &[&str], question: &str, near: &[&str]) -> String {
    let said =
        names.iter().enumerate().fold(words.to_owned(), |said, (i, name)| said.replace(&format!("{{{i}}}"), name));
    if near.is_empty() { said } else { format!("{said} {question} “{}”?", near.join("”, “")) }
}

/// Where the engine names a place in the input: `input.place.code` is `/place/code`.
fn pointer(message: &str, names: &[&str]) -> String {
    let Some(path) = names.first().filter(|_| message.starts_with("Invalid value for argument")) else {
        return String::new();
    };
    let mut steps: Vec<&str> = path.split('.').collect();
    if matches!(steps.first(), Some(&("input" | "patch"))) {
        steps.remove(0);
    }
    if message.contains("is required but not provided") || message.contains("unknown field") {
        steps.extend(names.get(1));
    }
    steps.iter().flat_map(|step| ["/", *step]).collect()
}

#[cfg(test)]
mod tests {
    use async_graphql::ServerError;

    use super::say;

    #[test]
    fn messages_are_said_in_both_languages_with_their_names() {
        for (theirs, code, vi, en) in [
            (
                r#"Unknown field "nam" on type "Centre". Did you mean "name"?"#,
                "unknown_field",
                "Kiểu Centre không có trường “nam”. Ý bạn là “name”?",
                "The type Centre has no field “nam”. Did you mean “name”?",
            ),
            (
                r#"Query is too complex: "12" of "10""#,
                "too_complex",
                "Yêu cầu quá phức tạp: 12, tối đa 10. Hãy giảm first hoặc số trường.",
                "The request is too complex: 12, at most 10. Ask for fewer records or fields.",
            ),
            (
                "Variable id is not defined.",
                "required",
                "Biến $id chưa có giá trị; hãy gửi trong variables.",
                "The variable $id has no value; send it in variables.",
            ),
            (
                "Failed to parse \"UUID\": invalid character: found `N`",
                "invalid_value",
                "Một giá trị gửi lên sai kiểu hoặc sai dạng.",
                "A value that was sent is of the wrong kind or form.",
            ),
        ] {
            let said = say(&ServerError::new(theirs, None));
            assert_eq!((said.fields[0].code, said.detail.vi.as_str(), said.detail.en.as_str()), (code, vi, en));
        }
    }

    #[test]
    fn a_place_in_the_input_becomes_a_pointer() {
        let at = |message: &str| say(&ServerError::new(message, None)).fields[0].pointer.clone();
        assert_eq!(at(r#"Invalid value for argument "input.place.code", expected type "String""#), "/place/code");
        assert_eq!(
            at(r#"Invalid value for argument "page", unknown field "firts" of type "PageRequest""#),
            "/page/firts"
        );
    }
}
