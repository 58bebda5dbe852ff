//! Writes answers: ETags, conditional reads, links to the next page, and narrowed records.

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    http::{StatusCode, header},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use gdtx_service::{Error, Page, Record, Result};
use serde::Serialize;
use serde_json::{Map, Value};

use super::query::unknown_field;

/// The strong ETag of a version; what the caller may not see is part of the representation.
fn etag(version: i64, masked: &[String], fields: Option<&[String]>) -> String {
    use sha2::{Digest, Sha256};
    if masked.is_empty() && fields.is_none() {
        return format!("\"{version}\"");
    }
    let print = Sha256::digest(format!("{}|{}", masked.join(","), fields.unwrap_or_default().join(",")));
    format!("\"{version}-{:02x}{:02x}{:02x}{:02x}\"", print[0], print[1], print[2], print[3])
}

/// What the ETag of a record is made of: its version, and the fields that its reader may not see.
pub fn seen<R: Record>(record: &R) -> (i64, &[String]) {
    (record.version(), record.masked())
}

/// Whether the caller has the representation with this ETag (weak comparison, RFC 9110 13.1.2).
pub fn known(req: &HttpRequest, tag: &str) -> bool {
    names(req, "*") || names(req, tag)
}

/// Whether the caller names this ETag: who has any answer (`*`) may have none to what cannot be asked.
pub fn names(req: &HttpRequest, tag: &str) -> bool {
    let given = req.headers().get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok()).unwrap_or_default();
    given.split(',').map(str::trim).any(|t| t.strip_prefix("W/").unwrap_or(t) == tag)
}

/// Tells of a version without the fields `masked` whether the caller has it, when it names one.
pub fn has(req: &HttpRequest, fields: Option<&[String]>) -> Option<impl Fn(i64, &[String]) -> bool> {
    let named = req.headers().contains_key(header::IF_NONE_MATCH);
    named.then_some(move |version, masked: &[String]| known(req, &etag(version, masked, fields)))
}

/// The answer to a caller who has this representation already.
pub fn unchanged((version, masked): (i64, &[String]), fields: Option<&[String]>) -> HttpResponse {
    not_modified(etag(version, masked, fields))
}

fn not_modified(tag: String) -> HttpResponse {
    HttpResponse::NotModified().insert_header((header::ETAG, tag)).finish()
}

/// One record of a version, without the fields `masked`; with `ETag`, answering 304 when the caller
/// has it already.
pub fn record(
    req: &HttpRequest,
    status: StatusCode,
    (version, masked): (i64, &[String]),
    body: &impl Serialize,
    fields: Option<&[String]>,
) -> Result<HttpResponse> {
    let tag = etag(version, masked, fields);
    if status == StatusCode::OK && req.method().is_safe() && known(req, &tag) {
        return Ok(not_modified(tag));
    }
    let mut response = HttpResponseBuilder::new(status);
    response
        .insert_header((header::ETAG, tag))
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .insert_header((header::VARY, "Authorization, Accept-Language, Data-Purpose"));
    let Some(fields) = fields else { return Ok(response.json(body)) };
    let value = serde_json::to_value(body).map_err(Error::internal)?;
    let warnings = value.get("warnings").cloned();
    // A write has happened: it is answered, though a part was asked for that is not there.
    let mut narrowed = match narrow(&value, fields) {
        Err(error) if req.method().is_safe() => return Err(error),
        Err(_) => narrow(&value, &["id".to_owned(), "version".to_owned()])?,
        Ok(narrowed) => narrowed,
    };
    // What a write warns of is told whatever was asked for.
    if let (Some(warnings), Some(map)) = (warnings, narrowed.as_object_mut()) {
        map.insert("warnings".to_owned(), warnings);
    }
    Ok(response.json(narrowed))
}

/// The way to another record, for as long as the two are one: a merge can be undone.
pub fn moved(req: &HttpRequest, path: &str) -> HttpResponse {
    let query = req.query_string();
    let mark = if query.is_empty() { "" } else { "?" };
    HttpResponse::TemporaryRedirect()
        .insert_header((header::LOCATION, format!("{path}{mark}{query}")))
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .finish()
}

/// A page, with `Link: rel="next"`.
pub fn page<T: Serialize>(req: &HttpRequest, page: &Page<T>, fields: Option<&[String]>) -> Result<HttpResponse> {
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .insert_header((header::VARY, "Authorization, Accept-Language, Data-Purpose"));
    if let Some(link) = next(req, page) {
        response.insert_header((header::LINK, link));
    }
    Ok(match fields {
        None => response.json(page),
        Some(_) => response.json(narrowed_page(page, fields)?),
    })
}

fn narrowed_page<T: Serialize>(page: &Page<T>, fields: Option<&[String]>) -> Result<Value> {
    let mut value = serde_json::to_value(page).map_err(Error::internal)?;
    if let (Some(fields), Some(Value::Array(items))) = (fields, value.get_mut("items")) {
        for item in items {
            *item = narrow(item, fields)?;
        }
    }
    Ok(value)
}

/// The link to the page after this one.
fn next<T>(req: &HttpRequest, page: &Page<T>) -> Option<String> {
    let cursor = page.page_info.end_cursor.as_ref().filter(|_| page.page_info.has_next_page)?;
    let rest: Vec<&str> = req.query_string().split('&').filter(|p| !p.is_empty() && !p.starts_with("after=")).collect();
    let join = if rest.is_empty() { "" } else { "&" };
    Some(format!("<{}?{}{join}after={cursor}>; rel=\"next\"", req.path(), rest.join("&")))
}

/// Public reference data: anyone may keep the answer for an hour, and then ask by its ETag.
///
/// An hour, because an answer without a day means today, and new data come with a new release.
pub fn reference(req: &HttpRequest, body: &impl Serialize, fields: Option<&[String]>) -> Result<HttpResponse> {
    let value = serde_json::to_value(body).map_err(Error::internal)?;
    let value = match fields {
        None => value,
        Some(fields) => narrow(&value, fields)?,
    };
    Ok(kept(req, &value, None))
}

/// A page of public reference data.
pub fn reference_page<T: Serialize>(
    req: &HttpRequest,
    page: &Page<T>,
    fields: Option<&[String]>,
) -> Result<HttpResponse> {
    Ok(kept(req, &narrowed_page(page, fields)?, next(req, page)))
}

/// The ETag is a fingerprint of the answer itself: it holds as long as data, day and language do.
fn kept(req: &HttpRequest, value: &Value, link: Option<String>) -> HttpResponse {
    use sha2::{Digest, Sha256};
    let body = value.to_string();
    let tag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(&Sha256::digest(&body)[..12]));
    let fresh = !(req.method().is_safe() && known(req, &tag));
    let mut response = HttpResponseBuilder::new(if fresh { StatusCode::OK } else { StatusCode::NOT_MODIFIED });
    response
        .insert_header((header::ETAG, tag))
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .insert_header((header::VARY, "Accept-Language"));
    if let Some(link) = link {
        response.insert_header((header::LINK, link));
    }
    if fresh { response.content_type("application/json").body(body) } else { response.finish() }
}

/// A JSON answer without a version.
pub fn json(body: &impl Serialize) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "private, no-cache")).json(body)
}

/// A JSON answer with a version that is never 304: it tells more than its version does.
pub fn tagged(version: i64, body: &impl Serialize) -> HttpResponse {
    let tag = etag(version, &[], None);
    HttpResponse::Ok().insert_header((header::ETAG, tag)).insert_header((header::CACHE_CONTROL, "no-store")).json(body)
}

/// A JSON answer without a version, narrowed to the named fields.
pub fn narrowed(body: &impl Serialize, fields: Option<&[String]>) -> Result<HttpResponse> {
    let value = serde_json::to_value(body).map_err(Error::internal)?;
    Ok(json(&match fields {
        None => value,
        Some(fields) => narrow(&value, fields)?,
    }))
}

/// Keeps only the named fields; `a.b` keeps `b` inside `a`.
pub fn narrow(value: &Value, fields: &[String]) -> Result<Value> {
    let Value::Object(source) = value else { return Ok(value.clone()) };
    let mut out = Map::new();
    for field in fields {
        let mut at = source;
        let parts: Vec<&str> = field.split('.').collect();
        let mut target = &mut out;
        for (i, part) in parts.iter().enumerate() {
            let found = at.get(*part).ok_or_else(|| unknown_in(field, at))?;
            match found {
                Value::Object(inner) if i + 1 < parts.len() => {
                    at = inner;
                    let slot = target.entry((*part).to_owned()).or_insert_with(|| Value::Object(Map::new()));
                    let Value::Object(map) = slot else { break };
                    target = map;
                }
                Value::Null if i + 1 < parts.len() => {
                    target.insert((*part).to_owned(), Value::Null);
                    break;
                }
                _ if i + 1 < parts.len() => return Err(unknown_in(field, at)),
                found => {
                    target.insert((*part).to_owned(), found.clone());
                }
            }
        }
    }
    Ok(Value::Object(out))
}

fn unknown_in(field: &str, at: &Map<String, Value>) -> Error {
    unknown_field(field, &at.keys().map(String::as_str).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::narrow;
    use serde_json::json;

    #[test]
    fn fields_narrow_an_answer() {
        let value = json!({"id": 1, "place": {"communeName": "A", "provinceName": "B"}, "phone": null});
        let fields = ["id", "place.communeName", "phone"].map(str::to_owned);
        assert_eq!(narrow(&value, &fields).ok(), Some(json!({"id": 1, "place": {"communeName": "A"}, "phone": null})));
        assert!(narrow(&value, &["plase.x".to_owned()]).is_err());
    }
}
