//! What the command line says, in the language of its user: one language for its own words and for those of
//! the service, which is asked in the same.

use std::{fmt::Write, sync::LazyLock};

use gdtx_domain::Lang;
use serde_json::Value;

/// The language of the user's environment.
static LANG: LazyLock<Lang> = LazyLock::new(|| {
    let mut told = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(|name| std::env::var(name).ok());
    lang_of(told.find(|value| !value.is_empty()).unwrap_or_default().as_str())
});

fn lang_of(locale: &str) -> Lang {
    let name = locale.split(['_', '.', '@', '-']).next().unwrap_or_default();
    if name.eq_ignore_ascii_case("vi") { Lang::Vi } else { Lang::En }
}

/// The language of the user.
pub fn lang() -> Lang {
    *LANG
}

/// Of two wordings the one in the language of the user.
pub fn say<T>(vi: T, en: T) -> T {
    match lang() {
        Lang::Vi => vi,
        Lang::En => en,
    }
}

/// So many rows.
pub fn rows(count: u64) -> String {
    match (lang(), count) {
        (Lang::Vi, 0) => "không có dòng nào".to_owned(),
        (Lang::Vi, _) => format!("{count} dòng"),
        (Lang::En, 0) => "no rows".to_owned(),
        (Lang::En, 1) => "1 row".to_owned(),
        (Lang::En, _) => format!("{count} rows"),
    }
}

/// What a problem of the service says: its detail or its title, and every fault at its place.
pub fn problem(body: &Value) -> String {
    let text = |name: &str| body[name].as_str().filter(|text| !text.is_empty());
    let said = text("detail").or_else(|| text("title")).or_else(|| text("error_description")).unwrap_or_default();
    let faults = body["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    faults.iter().fold(said.to_owned(), |mut said, fault| {
        let place = ["pointer", "parameter", "header"].into_iter().find_map(|name| fault[name].as_str());
        let place = place.filter(|place| !place.is_empty()).map(|place| format!("{place}: ")).unwrap_or_default();
        let _ = write!(said, "\n  {place}{}", fault_text(fault));
        said
    })
}

/// What a fault says; receipts and jobs say it in both languages.
pub fn fault_text(fault: &Value) -> &str {
    let both = fault[say("detailVi", "detailEn")].as_str();
    both.or_else(|| fault["detail"].as_str()).or_else(|| fault["code"].as_str()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_environment_tells_the_language() {
        for (locale, lang) in [
            ("vi_VN.UTF-8", Lang::Vi),
            ("vi", Lang::Vi),
            ("VI_VN", Lang::Vi),
            ("en_GB.UTF-8", Lang::En),
            ("C", Lang::En),
            ("", Lang::En),
            ("vie_X", Lang::En),
        ] {
            assert_eq!(lang_of(locale), lang, "{locale}");
        }
    }

    #[test]
    fn a_problem_is_told_with_every_fault_at_its_place() {
        let body = json!({ "title": "T", "detail": "D", "errors": [
            { "pointer": "/name", "code": "required", "detail": "One" }, { "parameter": "key", "detail": "Two" }, { "pointer": "", "code": "three" },
        ] });
        assert_eq!(problem(&body), "D\n  /name: One\n  key: Two\n  three");
        assert_eq!(problem(&json!({ "title": "T" })), "T");
        assert_eq!(problem(&Value::Null), "");
    }
}
