//! Reads what a request says about itself: token, language, retries, expected version.

use std::{future::Future, pin::Pin, sync::atomic::Ordering};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    body::MessageBody,
    dev::{Payload, ServiceRequest, ServiceResponse},
    http::{
        ConnectionType,
        header::{self, HeaderName},
    },
    middleware::Next,
    web,
};
use gdtx_domain::{Lang, access::purpose::Purpose};
use gdtx_service::{Actor, Code, Ctx, Error, Seen};
use tracing_actix_web::RequestId;

use crate::{problem::Failure, state::App};

/// The context of a request, token verified.
pub struct Caller(pub Ctx);

impl FromRequest for Caller {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        Box::pin(async move { context(&req).await.map(Self).map_err(Failure) })
    }
}

/// Builds the context of a request.
pub async fn context(req: &HttpRequest) -> gdtx_service::Result<Ctx> {
    let app = req.app_data::<web::Data<App>>().ok_or_else(|| Error::internal("no application state"))?;
    let actor = match bearer(req)? {
        None => Actor::Public,
        Some(token) => app.tokens.actor(&app.db, app.clock, token).await?,
    };
    let mut ctx = Ctx::new(app.db.clone(), actor, app.clock, language(req), request_id(req));
    ctx.idempotency_key = idempotency_key(req)?;
    ctx.purpose = purpose(req.headers().get("data-purpose").map(header::HeaderValue::as_bytes))?;
    ctx.min_position = min_position(req)?;
    req.extensions_mut().insert(ctx.position.clone());
    Ok(ctx)
}

/// The token of a request.
pub fn bearer(req: &HttpRequest) -> gdtx_service::Result<Option<&str>> {
    let Some(value) = req.headers().get(header::AUTHORIZATION) else { return Ok(None) };
    value
        .to_str()
        .ok()
        .and_then(|v| v.split_once(' '))
        .filter(|(scheme, token)| scheme.eq_ignore_ascii_case("bearer") && !token.is_empty())
        .map(|(_, token)| Some(token.trim()))
        .ok_or_else(|| Error::of(Code::Unauthenticated))
}

/// Vietnamese, unless the caller prefers English. `?lang=` wins, for links in pages.
pub fn language(req: &HttpRequest) -> Lang {
    let mut query = req.query_string().split('&').filter_map(|p| p.split_once('='));
    if let Some((_, lang)) = query.find(|(name, _)| name.eq_ignore_ascii_case("lang")) {
        return if lang == "en" { Lang::En } else { Lang::Vi };
    }
    let accepted = req.headers().get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let quality = |wanted: &str| {
        accepted
            .split(',')
            .filter_map(|part| {
                let mut pieces = part.trim().split(';');
                let tag = pieces.next()?.trim().to_ascii_lowercase();
                let q = pieces.find_map(|p| p.trim().strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0);
                (tag == wanted || tag.starts_with(&format!("{wanted}-"))).then_some(q)
            })
            .fold(0.0_f32, f32::max)
    };
    if quality("en") > quality("vi") { Lang::En } else { Lang::Vi }
}

/// The id under which the log knows this request.
pub fn request_id(req: &HttpRequest) -> String {
    req.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default()
}

fn idempotency_key(req: &HttpRequest) -> gdtx_service::Result<Option<String>> {
    let Some(value) = req.headers().get("idempotency-key") else { return Ok(None) };
    let text = value.to_str().unwrap_or_default();
    let key = text.strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or(text);
    if !(1..=255).contains(&key.len()) || key.bytes().any(|b| !matches!(b, b' '..=b'~') || matches!(b, b'"' | b'\\')) {
        return Err(Error::field(
            Code::InvalidHeader,
            "Idempotency-Key",
            "invalid_header",
            "Idempotency-Key gồm 1 đến 255 ký tự ASCII, không có dấu ngoặc kép và dấu gạch chéo ngược.",
            "An Idempotency-Key has 1 to 255 ASCII characters, without quotation marks and backslashes.",
        ));
    }
    Ok(Some(key.to_owned()))
}

/// What personal data are read for, as `Data-Purpose` names it.
pub fn purpose(named: Option<&[u8]>) -> gdtx_service::Result<Option<Purpose>> {
    let Some(bytes) = named else { return Ok(None) };
    let code = std::str::from_utf8(bytes).unwrap_or_default().trim();
    if let Some(purpose) = Purpose::from_code(code) {
        return Ok(Some(purpose));
    }
    let codes = Purpose::ALL.iter().map(|p| p.code()).collect::<Vec<_>>().join(", ");
    Err(Error::field(
        Code::InvalidHeader,
        "Data-Purpose",
        "unknown_code",
        format!("Data-Purpose là một trong: {codes}."),
        format!("Data-Purpose is one of: {codes}."),
    ))
}

/// The position up to which the caller has seen the journal.
fn min_position(req: &HttpRequest) -> gdtx_service::Result<Option<i64>> {
    let Some(value) = req.headers().get("min-position") else { return Ok(None) };
    let number = value.to_str().ok().and_then(|v| v.trim().parse::<i64>().ok()).filter(|n| *n >= 0);
    number.map(Some).ok_or_else(|| {
        Error::field(
            Code::InvalidHeader,
            "Min-Position",
            "invalid_header",
            "Min-Position là một số nguyên không âm.",
            "Min-Position is a whole number, 0 or more.",
        )
    })
}

/// Tells how far the journal was read or written, and asks for another connection when the process
/// is about to end.
pub async fn tell(
    req: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let app = req.app_data::<web::Data<App>>().cloned();
    let mut response = next.call(req).await?;
    let position = response.request().extensions().get::<Seen>().and_then(Seen::get);
    if let Some(position) = position {
        response.headers_mut().insert(HeaderName::from_static("position"), position.into());
    }
    if app.is_some_and(|app| app.draining.load(Ordering::Relaxed)) {
        response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
    Ok(response)
}

/// The version in `If-Match`; `*` and absence expect nothing.
///
/// What is no entity tag at all is a malformed header (400). A tag that this service did not issue,
/// a weak one among them, matches no record: the change is refused as stale (RFC 9110, 13.1.1).
pub fn expected_version(req: &HttpRequest) -> gdtx_service::Result<Option<i64>> {
    let Some(value) = req.headers().get(header::IF_MATCH) else { return Ok(None) };
    let tag = value.to_str().unwrap_or_default().trim();
    if tag == "*" {
        return Ok(None);
    }
    let strong = tag.strip_prefix("W/").unwrap_or(tag);
    let Some(inner) = strong
        .strip_prefix('"')
        .and_then(|t| t.strip_suffix('"'))
        .filter(|t| t.bytes().all(|b| b.is_ascii_graphic() && b != b'"'))
    else {
        return Err(Error::field(
            Code::InvalidHeader,
            "If-Match",
            "invalid_header",
            "If-Match phải là một ETag của bản ghi này, trong dấu ngoặc kép, hoặc *.",
            "If-Match must be one ETag of this record, in quotation marks, or *.",
        ));
    };
    Ok(Some(issued(inner).filter(|_| strong == tag).unwrap_or(NO_VERSION)))
}

/// The version that is expected where a record may be made: with `If-None-Match: *`, none yet.
pub fn expected_or_none(req: &HttpRequest) -> gdtx_service::Result<Option<i64>> {
    let expected = expected_version(req)?;
    let is_new = req.headers().get(header::IF_NONE_MATCH).is_some_and(|tag| tag.as_bytes().trim_ascii() == b"*");
    Ok(expected.or(is_new.then_some(NOT_YET)))
}

/// What is expected of a record that is not there yet.
const NOT_YET: i64 = 0;
/// Nothing has this version: whoever expects it is refused as stale, once the record is found or not.
const NO_VERSION: i64 = -1;

/// The version in a tag as `rest::respond` makes them: `3`, or `3-0123abcd` for a part of a record.
fn issued(tag: &str) -> Option<i64> {
    let (version, part) = tag.split_once('-').map_or((tag, None), |(version, part)| (version, Some(part)));
    let is_hex = |part: &str| part.len() == 8 && part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let plain = version.bytes().all(|b| b.is_ascii_digit()) && !version.starts_with('0');
    (plain && part.is_none_or(is_hex)).then(|| version.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use actix_web::{HttpRequest, http::header::HeaderValue, test::TestRequest};
    use gdtx_domain::{FieldProblem, Lang, access::purpose::Purpose};
    use gdtx_service::{Code, Result};
    use proptest::prelude::*;

    use super::{NO_VERSION, expected_version, idempotency_key, issued, language, purpose};

    /// A request with one header; none when bytes make no value of a header.
    fn with(name: &'static str, bytes: &[u8]) -> Option<HttpRequest> {
        HeaderValue::from_bytes(bytes)
            .ok()
            .map(|value| TestRequest::default().insert_header((name, value)).to_http_request())
    }

    /// The one fault of a refused header.
    fn fault<T>(read: Result<T>) -> Option<FieldProblem> {
        let error = read.err()?;
        assert_eq!(error.code, Code::InvalidHeader);
        let [field] = error.fields.as_slice() else { panic!("{} faults", error.fields.len()) };
        assert!(field.detail.vi != field.detail.en && !field.detail.en.is_empty());
        Some(field.clone())
    }

    proptest! {
        #[test]
        fn any_header_is_read_or_refused_by_its_name(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let name = |refused: Option<FieldProblem>| refused.map(|field| field.pointer);
            if let Some(req) = with("if-match", &bytes) {
                prop_assert!(matches!(name(fault(expected_version(&req))).as_deref(), None | Some("If-Match")));
            }
            if let Some(req) = with("idempotency-key", &bytes) {
                prop_assert!(matches!(name(fault(idempotency_key(&req))).as_deref(), None | Some("Idempotency-Key")));
            }
            if let Some(req) = with("accept-language", &bytes) {
                language(&req);
            }
            prop_assert_eq!(name(fault(purpose(Some(&bytes)))), Some("Data-Purpose".to_owned()));
        }

        #[test]
        fn tags_of_ours_name_their_version(version in 1..=i64::MAX, part in prop::option::of(any::<u32>())) {
            let tag = part.map_or(format!("\"{version}\""), |part| format!("\"{version}-{part:08x}\""));
            let read = |text: String| expected_version(&with("if-match", text.as_bytes()).unwrap()).ok().flatten();
            prop_assert_eq!(read(tag.clone()), Some(version));
            prop_assert_eq!(read(format!("W/{tag}")), Some(NO_VERSION));
        }

        #[test]
        fn a_tag_that_is_not_ours_is_no_version(text in "[!#-~]{0,20}") {
            let req = with("if-match", format!("\"{text}\"").as_bytes()).unwrap();
            let version = expected_version(&req).ok().flatten().unwrap();
            let ours = text.split('-').next() == Some(version.to_string().as_str());
            prop_assert!(version == NO_VERSION || ours, "{} is {}", text, version);
        }

        #[test]
        fn a_key_is_the_same_bare_and_quoted(key in r"[!#-\[\]-~]([ !#-\[\]-~]{0,253}[!#-\[\]-~])?") {
            for text in [key.clone(), format!("\"{key}\"")] {
                prop_assert_eq!(idempotency_key(&with("idempotency-key", text.as_bytes()).unwrap()).ok(), Some(Some(key.clone())));
            }
        }

        #[test]
        fn the_better_quality_wins(vi in 0..=1000_u32, en in 0..=1000_u32, region in "(-[A-Z]{2})?") {
            let quality = |q: u32| format!("{}.{:03}", q / 1000, q % 1000);
            let text = format!("en{region};q={}, vi;q={}, fr", quality(en), quality(vi));
            let lang = language(&with("accept-language", text.as_bytes()).unwrap());
            prop_assert_eq!(lang, if en > vi { Lang::En } else { Lang::Vi }, "{}", text);
        }
    }

    #[test]
    fn a_purpose_is_one_of_the_list() {
        for known in Purpose::ALL {
            assert_eq!(purpose(Some(known.code().as_bytes())).ok(), Some(Some(*known)));
        }
        for wrong in ["", "everything", "inspection,credentials", "INSPECTION"] {
            assert_eq!(fault(purpose(Some(wrong.as_bytes()))).map(|f| f.code), Some("unknown_code"), "{wrong}");
        }
    }

    #[test]
    fn only_tags_of_the_service_name_a_version() {
        assert_eq!((issued("3"), issued("3-0123abcd")), (Some(3), Some(3)));
        for foreign in ["3-xyz", "3-", "3-0123ABCD", "+3", "03", "", "3-0123abcd-1", "three"] {
            assert_eq!(issued(foreign), None, "{foreign}");
        }
    }
}
