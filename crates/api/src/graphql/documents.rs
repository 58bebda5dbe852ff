//! Which documents may run, and the parsed form of those that ran lately.
//!
//! Trusted documents are those of a file or a folder that is read at the start. They are asked for
//! as the clients of GraphQL do: by `documentId` (GraphQL over HTTP, Relay) or by
//! `extensions.persistedQuery.sha256Hash` (Apollo), or by their very text.

use std::{
    collections::HashMap,
    num::NonZeroUsize,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use async_graphql::parser::parse_query;
use gdtx_domain::Label;
use gdtx_service::{Code, Error, Result};
use lru::LruCache;
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::document::Document;

/// Parsed documents that are kept, and the longest text of one, in bytes.
const KEPT: NonZeroUsize = NonZeroUsize::MIN.saturating_add(255);
const LONGEST: usize = 16 * 1024;

/// All documents of the service.
pub struct Documents {
    /// Text by id; absent when every document may run.
    trusted: Option<HashMap<String, Arc<str>>>,
    parsed: Mutex<LruCache<String, Arc<Document>>>,
}

/// The manifest of Apollo.
#[derive(Deserialize)]
struct Manifest {
    operations: Vec<Operation>,
}

#[derive(Deserialize)]
struct Operation {
    id: String,
    body: String,
}

impl Documents {
    /// Reads the trusted documents; an empty path lets every document run. The error is one line.
    pub fn load(path: &Path) -> std::result::Result<Self, String> {
        let wrong = |text: String| format!("configuration: graphql_trusted_documents: {text}");
        let trusted =
            if path.as_os_str().is_empty() { None } else { Some(by_id(read(path).map_err(wrong)?).map_err(wrong)?) };
        Ok(Self { trusted, parsed: Mutex::new(LruCache::new(KEPT)) })
    }

    /// The text that a request asks for: by id, by hash, or the text itself.
    pub fn text(&self, query: Option<&str>, id: Option<&str>) -> Result<String> {
        let given = query.filter(|text| !text.is_empty());
        match (&self.trusted, given, id) {
            (None, Some(text), _) => Ok(text.to_owned()),
            (None, None, Some(_)) => Err(refused(
                "no_stored_documents",
                "Dịch vụ không lưu tài liệu GraphQL; hãy gửi query.",
                "The service keeps no documents; send the query.",
            )),
            (Some(known), _, Some(id)) => {
                // The prefix of the hash's name stands in ids by the draft on persisted documents.
                let found = known.get(id.strip_prefix("sha256:").unwrap_or(id));
                found.map(ToString::to_string).ok_or_else(unknown)
            }
            (Some(known), Some(text), None) => known.get(&print(text)).map(ToString::to_string).ok_or_else(unknown),
            (_, None, None) => {
                Err(Error::field(Code::MalformedBody, "/query", "required", "Thiếu query.", "The query is missing."))
            }
        }
    }

    /// The document of a text, parsed now or before.
    pub fn of(&self, text: &str) -> std::result::Result<Arc<Document>, async_graphql::parser::Error> {
        let kept = || self.parsed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept().get(text) {
            return Ok(Arc::clone(known));
        }
        let document = Arc::new(Document::from(parse_query(text)?));
        if text.len() <= LONGEST {
            kept().put(text.to_owned(), Arc::clone(&document));
        }
        Ok(document)
    }
}

/// The hash by which Apollo asks for a document.
pub fn persisted(extensions: &Value) -> Option<&str> {
    extensions["persistedQuery"]["sha256Hash"].as_str()
}

fn unknown() -> Error {
    refused(
        "unknown_document",
        "Chỉ tài liệu GraphQL đã đăng ký được chạy; tài liệu này không có trong danh sách.",
        "Only documents that were registered run here; this one is not among them.",
    )
}

/// A refusal of the whole document.
pub fn refused(code: &'static str, vi: &str, en: &str) -> Error {
    Error { detail: Label::new(vi, en), ..Error::field(Code::MalformedBody, "", code, vi, en) }
}

fn hash(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

/// By which a text is known: blanks around it do not count.
fn print(text: &str) -> String {
    hash(text.trim())
}

/// Id and text of each document: a folder of `.graphql` files, a manifest of Apollo, or the map of
/// relay-compiler.
fn read(path: &Path) -> std::result::Result<Vec<(Option<String>, String)>, String> {
    let text = |path: &Path| std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()));
    if path.is_dir() {
        let entries = std::fs::read_dir(path).map_err(|e| format!("{}: {e}", path.display()))?;
        let files = entries.flatten().map(|entry| entry.path());
        let files = files.filter(|file| file.extension().is_some_and(|e| e == "graphql"));
        return files.map(|file| Ok((None, text(&file)?))).collect();
    }
    let json: Value = serde_json::from_str(&text(path)?).map_err(|e| format!("{}: {e}", path.display()))?;
    let form = |_| format!("{}: neither a manifest of Apollo nor a map of ids to documents", path.display());
    if json["operations"].is_array() {
        let manifest: Manifest = serde_json::from_value(json).map_err(form)?;
        return Ok(manifest.operations.into_iter().map(|o| (Some(o.id), o.body)).collect());
    }
    let map: HashMap<String, String> = serde_json::from_value(json).map_err(form)?;
    Ok(map.into_iter().map(|(id, text)| (Some(id), text)).collect())
}

/// Every document by its id and by its hash.
fn by_id(documents: Vec<(Option<String>, String)>) -> std::result::Result<HashMap<String, Arc<str>>, String> {
    let mut known = HashMap::new();
    for (id, text) in documents {
        let hash = hash(&text);
        let name = id.clone().unwrap_or_else(|| hash.clone());
        parse_query(&text).map_err(|e| format!("document {name}: {}", e.to_string().replace('\n', " ")))?;
        let text: Arc<str> = text.into();
        known.extend(id.into_iter().chain([print(&text), hash]).map(|id| (id, Arc::clone(&text))));
    }
    Ok(known)
}

#[cfg(test)]
mod tests {
    use std::{path::Path, sync::Arc};

    use super::Documents;

    #[test]
    fn the_same_text_is_parsed_once_and_a_long_one_is_not_kept() {
        let documents = Documents::load(Path::new("")).expect("no folder to read");
        let of = |query: &str| documents.of(query).expect("a document");
        assert!(Arc::ptr_eq(&of("{ a { b } }"), &of("{ a { b } }")));
        let long = format!("{{ {} }}", "a ".repeat(10_000));
        assert!(!Arc::ptr_eq(&of(&long), &of(&long)));
        assert!(documents.of("{").is_err());
    }
}
