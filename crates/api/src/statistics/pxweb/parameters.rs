//! Parameters as clients of the protocol write them: names in any case, `True` beside `true`, lists within brackets.

use actix_web::HttpRequest;
use gdtx_service::Result;
use serde::de::DeserializeOwned;

use super::refuse;
use crate::rest::query;

/// Languages of the figures.
const LANGUAGES: [&str; 2] = ["vi", "en"];

/// Names in lower case, and values as they came.
pub type Pairs = Vec<(String, String)>;

/// The parameters of a request beside its language, which must be one of ours.
pub fn read(req: &HttpRequest) -> Result<Pairs> {
    let pairs: Pairs = serde_urlencoded::from_str(req.query_string()).map_err(|_| {
        refuse("query", "unreadable", "Chuỗi truy vấn không đọc được.", "The query string cannot be read.")
    })?;
    if let Some((name, _)) = pairs.iter().find(|(_, value)| value.chars().any(char::is_control)) {
        return Err(refuse(
            name,
            "control_character",
            "Giá trị chứa ký tự điều khiển.",
            "The value contains a control character.",
        ));
    }
    let (languages, rest): (Pairs, Pairs) = pairs.into_iter().partition(|(name, _)| name.eq_ignore_ascii_case("lang"));
    if languages.iter().any(|(_, lang)| !LANGUAGES.contains(&lang.as_str())) {
        return Err(refuse("lang", "unknown_code", "Ngôn ngữ là vi hoặc en.", "The language is vi or en."));
    }
    Ok(rest.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect())
}

/// Parameters as a shape whose names are in lower case.
pub fn typed<T: DeserializeOwned>(req: &HttpRequest) -> Result<T> {
    let mut pairs = read(req)?;
    for (_, value) in &mut pairs {
        if value.eq_ignore_ascii_case("true") || value.eq_ignore_ascii_case("false") {
            value.make_ascii_lowercase();
        }
    }
    let text = serde_urlencoded::to_string(&pairs).map_err(gdtx_service::Error::internal)?;
    query::typed_query(&text).map_err(super::told)
}

/// Refuses whatever stands beside the language.
pub fn none(req: &HttpRequest) -> Result<()> {
    typed::<query::NoParameters>(req).map(|_| ())
}

/// The parts of a list; a comma within brackets belongs to its part.
pub fn list(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0_usize;
    for letter in text.chars() {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        match parts.last_mut() {
            Some(part) if letter != ',' || depth > 0 => part.push(letter),
            _ => parts.push(String::new()),
        }
    }
    parts.iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::list;

    #[test]
    fn commas_within_brackets_part_nothing() {
        assert_eq!(list("a, b,RANGE(1,3),TOP(2)"), ["a", "b", "RANGE(1,3)", "TOP(2)"]);
        assert_eq!(list("),a,(b,c"), [")", "a", "(b,c"]);
        assert!(list(" , ").is_empty());
    }
}
