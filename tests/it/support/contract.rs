//! Holds every REST answer that any test receives against the OpenAPI document.
//!
//! An answer whose status or body the document does not allow fails the test that received it,
//! so document and service cannot drift apart.

use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex},
};

use jsonschema::Validator;
use serde_json::{Value, json};

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::to_value(gdtx_api::openapi::document()).expect("a document"));

type Key = (String, String, u16, String);
static VALIDATORS: LazyLock<Mutex<HashMap<Key, std::sync::Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// Every operation of the document: path, method, operation.
pub fn operations() -> Vec<(String, String, Value)> {
    let paths = DOCUMENT["paths"].as_object().expect("paths");
    paths
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().expect("a path item").iter();
            methods
                .filter(|(method, _)| ["get", "post", "put", "patch", "delete", "query"].contains(&method.as_str()))
                .map(|(method, operation)| (path.clone(), method.clone(), operation.clone()))
        })
        .collect()
}

/// The path of the document that a request path belongs to; literal segments win.
fn template(path: &str) -> Option<String> {
    let wanted: Vec<&str> = path.split('?').next()?.split('/').collect();
    let fits = |candidate: &&String| {
        let parts: Vec<&str> = candidate.split('/').collect();
        parts.len() == wanted.len()
            && parts.iter().zip(&wanted).all(|(p, w)| {
                let ending = p.strip_prefix('{').and_then(|p| p.split_once('}')).map(|(_, ending)| ending);
                p == w || ending.is_some_and(|ending| w.len() > ending.len() && w.ends_with(ending))
            })
    };
    let paths = DOCUMENT["paths"].as_object()?;
    paths.keys().filter(fits).min_by_key(|p| (p.matches('{').count(), usize::MAX - p.len())).cloned()
}

/// Fails unless the document allows this answer.
#[track_caller]
pub fn check(method: &str, path: &str, status: u16, media: &str, body: &Value, text: &str) {
    let Some(template) = template(path) else { return };
    // The document has no QUERY (RFC 10008), which reads as GET does.
    let method = if method == "QUERY" { "get".to_owned() } else { method.to_lowercase() };
    let operation = &DOCUMENT["paths"][&template][&method];
    if operation.is_null() || matches!(status, 304 | 405 | 406) {
        return;
    }
    // The caller asked to leave out what the document requires.
    let query = path.split_once('?').map_or("", |(_, query)| query);
    if status < 300 && query.split('&').any(|parameter| parameter.starts_with("fields=")) {
        return;
    }
    let response = &operation["responses"][status.to_string()];
    assert!(!response.is_null(), "{method} {template} answers {status}, which is not documented: {text}");
    let Some(contents) = response["content"].as_object() else { return };
    let found = contents.iter().find(|(documented, _)| media.starts_with(documented.as_str()));
    let Some((documented, content)) = found else {
        panic!("{method} {template} {status} answers {media}, not one of {:?}", contents.keys());
    };
    if !documented.ends_with("json") || documented.ends_with("ndjson") {
        return;
    }
    let key = (template.clone(), method.clone(), status, documented.clone());
    let validator =
        VALIDATORS.lock().expect("validators").entry(key).or_insert_with(|| compile(&content["schema"])).clone();
    let faults: Vec<String> =
        validator.iter_errors(body).map(|e| format!("{} at {}", e, e.instance_path)).take(5).collect();
    assert!(faults.is_empty(), "{method} {template} {status}: {faults:?}\n{text}");
}

fn compile(schema: &Value) -> std::sync::Arc<Validator> {
    let root = json!({ "allOf": [schema], "components": DOCUMENT["components"] });
    std::sync::Arc::new(jsonschema::draft202012::new(&root).expect("a schema"))
}
