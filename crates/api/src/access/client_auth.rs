//! Reads who a client says it is from a request to an OAuth endpoint, and has it proved.
//!
//! Three ways: `client_secret_basic`, `client_secret_post` (RFC 6749 section 2.3.1) and
//! `private_key_jwt` (RFC 7523). A request uses exactly one.

use actix_web::http::header::{self, HeaderMap};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::DateTime;
use gdtx_domain::access::rate::RateClass;
use gdtx_service::{
    Ctx,
    access::{
        authenticate::{self, Authenticated, NotAuthenticated},
        quota::Quotas,
    },
};
use serde::Deserialize;

use super::{
    oauth::{Form, OAuthFailure},
    ring::{Audience, Fault, Ring, check_times},
    token::Tokens,
};
use crate::state::App;

/// `client_assertion_type` of RFC 7523.
const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// The longest life of an assertion, in seconds; its `jti` is remembered that long.
const MAX_ASSERTION_LIFE: i64 = 300;

#[derive(Deserialize)]
struct Assertion {
    iss: String,
    sub: String,
    aud: Audience,
    exp: Option<i64>,
    nbf: Option<i64>,
    iat: Option<i64>,
    jti: String,
}

/// Authenticates the client of a request.
pub async fn authenticate(
    ctx: &Ctx,
    app: &App,
    headers: &HeaderMap,
    form: &Form,
) -> Result<Authenticated, OAuthFailure> {
    let basic = headers.contains_key(header::AUTHORIZATION);
    let (secret, assertion) = (form.get("client_secret"), form.get("client_assertion"));
    if usize::from(basic) + usize::from(secret.is_some()) + usize::from(assertion.is_some()) > 1 {
        return Err(OAuthFailure::request("Use exactly one way of client authentication."));
    }
    let proved = if basic {
        let (id, secret) = credentials(headers).ok_or_else(OAuthFailure::client)?;
        if form.get("client_id").is_some_and(|named| named != id) {
            return Err(OAuthFailure::request("client_id differs from the one in the Authorization header."));
        }
        by_secret(ctx, &app.quotas, &id, &secret).await?
    } else if let Some(secret) = secret {
        by_secret(ctx, &app.quotas, form.get("client_id").unwrap_or_default(), secret).await?
    } else if let Some(assertion) = assertion {
        if form.get("client_assertion_type") != Some(ASSERTION) {
            return Err(OAuthFailure::request(&format!("client_assertion_type must be {ASSERTION}.")));
        }
        by_assertion(ctx, &app.tokens, form, assertion).await
    } else {
        Err(NotAuthenticated::InvalidClient)
    };
    proved.map_err(|why| match why {
        NotAuthenticated::InvalidClient => OAuthFailure::client(),
        NotAuthenticated::Failed(error) => OAuthFailure::internal(&error),
    })
}

/// A secret counts as a guess until it has proved right, so that nobody tries many for one client.
async fn by_secret(
    ctx: &Ctx,
    quotas: &Quotas,
    id: &str,
    secret: &str,
) -> Result<Result<Authenticated, NotAuthenticated>, OAuthFailure> {
    let guess = [(RateClass::Secret, 1)];
    let claimed = quotas.claimed(id);
    if let Err(standing) = quotas.take(&claimed, &guess).await {
        let wait = standing.resets_in_seconds;
        let told = format!("Too many wrong secrets for this client; try again in {wait} seconds.");
        return Err(OAuthFailure::too_many(&told).after(wait));
    }
    let proved = authenticate::by_secret(ctx, id, secret).await;
    if !matches!(proved, Err(NotAuthenticated::InvalidClient)) {
        quotas.give_back(&claimed, &guess).await;
    }
    Ok(proved)
}

/// Id and secret of `Authorization: Basic`; both are form-encoded inside (RFC 6749 section 2.3.1).
fn credentials(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((form_decoded(id)?, form_decoded(secret)?))
}

fn form_decoded(text: &str) -> Option<String> {
    let mut pairs: Vec<(String, String)> = serde_urlencoded::from_str(&format!("v={text}")).ok()?;
    (pairs.len() == 1).then(|| pairs.remove(0).1)
}

async fn by_assertion(
    ctx: &Ctx,
    tokens: &Tokens,
    form: &Form,
    assertion: &str,
) -> Result<Authenticated, NotAuthenticated> {
    // Whose keys to try is said by the assertion itself; the signature decides.
    let claimed = jsonwebtoken::dangerous::insecure_decode_claims::<Assertion>(assertion);
    let id = claimed.map_err(|_| NotAuthenticated::InvalidClient)?.sub;
    if form.get("client_id").is_some_and(|named| named != id) {
        return Err(NotAuthenticated::InvalidClient);
    }
    let ring = Ring::from_jwks(&authenticate::assertion_keys(ctx, &id).await?);
    let now = ctx.clock.now().timestamp();
    let claims = judge(&ring, assertion, tokens.issuer(), now).map_err(|_| NotAuthenticated::InvalidClient)?;
    let expires_at =
        DateTime::from_timestamp(claims.exp.unwrap_or_default(), 0).ok_or(NotAuthenticated::InvalidClient)?;
    authenticate::by_assertion(ctx, &id, &claims.jti, expires_at).await
}

/// Signature, issuer, receiver and times of an assertion.
fn judge(ring: &Ring, assertion: &str, issuer: &str, now: i64) -> Result<Assertion, Fault> {
    let (_, claims) = ring.open::<Assertion>(assertion)?;
    let token_endpoint = format!("{issuer}/oauth/token");
    if claims.iss != claims.sub || !claims.aud.names(&[issuer, &token_endpoint]) || claims.jti.is_empty() {
        return Err(Fault::Foreign);
    }
    check_times(now, claims.exp, claims.nbf, claims.iat)?;
    if claims
        .exp
        .is_some_and(|exp| exp > now + MAX_ASSERTION_LIFE + gdtx_service::access::keys::CLOCK_SKEW.num_seconds())
    {
        return Err(Fault::Foreign);
    }
    Ok(claims)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderMap, HeaderValue};

    use super::*;

    fn read(value: &str) -> Option<(String, String)> {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, HeaderValue::from_str(value).ok()?);
        credentials(&headers)
    }

    #[test]
    fn basic_credentials_are_form_encoded_inside_base64() {
        let encode = |text: &str| format!("Basic {}", STANDARD.encode(text));
        assert_eq!(read(&encode("id:se%3Acret+x")), Some(("id".into(), "se:cret x".into())));
        assert_eq!(read(&encode("id:a:b")), Some(("id".into(), "a:b".into())));
        assert_eq!(read(&encode("id")), None);
        assert_eq!(read("Bearer abc"), None);
        assert_eq!(read("Basic !"), None);
    }
}
