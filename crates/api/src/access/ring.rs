//! Public keys of somebody, by name: which key and which algorithm verify a signature.
//!
//! The key decides the algorithm, never the token: that closes the door to `none` and to a public
//! key used as a shared secret.

use gdtx_service::access::keys::CLOCK_SKEW;
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, decode, decode_header};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

/// The longest token that is looked at, in bytes.
const MAX_TOKEN: usize = 8 * 1024;

/// Why a token is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Not a signed JWT.
    Malformed,
    /// Signed by a key that is not known, or with another algorithm than the key's.
    UnknownKey,
    /// The signature does not fit.
    Signature,
    /// `exp` has passed.
    Expired,
    /// `nbf` or `iat` lies ahead.
    NotYetValid,
    /// Made by or for somebody else, or of another type.
    Foreign,
}

/// Public keys with their names.
#[derive(Clone, Default)]
pub struct Ring(Vec<Entry>);

#[derive(Clone)]
struct Entry {
    kid: Option<String>,
    algorithm: Algorithm,
    key: DecodingKey,
}

impl Ring {
    /// Reads a key set (RFC 7517); keys of other kinds are passed over.
    pub fn from_jwks(set: &Value) -> Self {
        let keys = set.get("keys").and_then(Value::as_array);
        Self(keys.into_iter().flatten().filter_map(entry).collect())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Verifies the signature of a token and reads its claims. The claims are not judged here.
    pub fn open<T: DeserializeOwned>(&self, token: &str) -> Result<(Header, T), Fault> {
        let header = header(token)?;
        let entry = self.find(&header).ok_or(Fault::UnknownKey)?;
        let mut validation = Validation::new(entry.algorithm);
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_aud = false;
        let data = decode::<T>(token, &entry.key, &validation).map_err(|e| match e.kind() {
            jsonwebtoken::errors::ErrorKind::Json(_) => Fault::Malformed,
            _ => Fault::Signature,
        })?;
        Ok((data.header, data.claims))
    }

    /// The key that the header names; a header without a name fits a ring of one.
    fn find(&self, header: &Header) -> Option<&Entry> {
        let entry = match &header.kid {
            Some(kid) => self.0.iter().find(|e| e.kid.as_ref() == Some(kid))?,
            None if self.0.len() == 1 => self.0.first()?,
            None => return None,
        };
        (entry.algorithm == header.alg).then_some(entry)
    }
}

fn entry(jwk: &Value) -> Option<Entry> {
    let text = |name: &str| jwk.get(name).and_then(Value::as_str);
    let (algorithm, key) = match (text("kty")?, text("crv")) {
        ("OKP", Some("Ed25519")) => (Algorithm::EdDSA, DecodingKey::from_ed_components(text("x")?)),
        ("EC", Some("P-256")) => (Algorithm::ES256, DecodingKey::from_ec_components(text("x")?, text("y")?)),
        ("RSA", _) => (Algorithm::RS256, DecodingKey::from_rsa_components(text("n")?, text("e")?)),
        _ => return None,
    };
    Some(Entry { kid: text("kid").map(str::to_owned), algorithm, key: key.ok()? })
}

/// The header of a token; extensions that must be understood are not.
pub fn header(token: &str) -> Result<Header, Fault> {
    if token.len() > MAX_TOKEN {
        return Err(Fault::Malformed);
    }
    let header = decode_header(token).map_err(|_| Fault::Malformed)?;
    if header.crit.is_some() { Err(Fault::Malformed) } else { Ok(header) }
}

/// One receiver or several (RFC 7519 section 4.1.3).
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Audience {
    /// Whether one of these receivers is meant.
    pub fn names(&self, receivers: &[&str]) -> bool {
        match self {
            Self::One(one) => receivers.contains(&one.as_str()),
            Self::Many(many) => many.iter().any(|one| receivers.contains(&one.as_str())),
        }
    }
}

/// Judges the times of a token, in seconds of Unix time. `exp` must be there.
pub fn check_times(now: i64, exp: Option<i64>, nbf: Option<i64>, iat: Option<i64>) -> Result<(), Fault> {
    let skew = CLOCK_SKEW.num_seconds();
    match exp {
        None => Err(Fault::Malformed),
        Some(exp) if exp.saturating_add(skew) <= now => Err(Fault::Expired),
        Some(_) if [nbf, iat].into_iter().flatten().any(|t| t > now.saturating_add(skew)) => Err(Fault::NotYetValid),
        Some(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    use serde_json::json;

    use super::*;

    /// The signed example of RFC 8037 appendix A.4 has no JSON inside, so its key alone is used.
    const X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

    fn ring() -> Ring {
        Ring::from_jwks(
            &json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "x": X, "kid": "a" }, { "kty": "oct", "k": "AA" }] }),
        )
    }

    fn token(header: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}.{}", part(header), part(&json!({})), URL_SAFE_NO_PAD.encode([0_u8; 64]))
    }

    fn fault(header: &Value) -> Option<Fault> {
        ring().open::<Value>(&token(header)).err()
    }

    #[test]
    fn the_key_decides_the_algorithm() {
        assert_eq!(fault(&json!({ "alg": "none" })), Some(Fault::Malformed));
        assert_eq!(fault(&json!({ "alg": "HS256", "kid": "a" })), Some(Fault::UnknownKey));
        assert_eq!(fault(&json!({ "alg": "EdDSA", "kid": "b" })), Some(Fault::UnknownKey));
        assert_eq!(fault(&json!({ "alg": "EdDSA", "kid": "a" })), Some(Fault::Signature));
        assert_eq!(fault(&json!({ "alg": "EdDSA" })), Some(Fault::Signature), "the only key needs no name");
        assert_eq!(fault(&json!({ "alg": "EdDSA", "kid": "a", "crit": ["b64"] })), Some(Fault::Malformed));
        assert_eq!(ring().open::<Value>("a.b").err(), Some(Fault::Malformed));
        assert_eq!(ring().open::<Value>(&"a".repeat(9000)).err(), Some(Fault::Malformed));
    }

    #[test]
    fn times_are_judged_with_half_a_minute_of_patience() {
        assert_eq!(check_times(1000, Some(971), None, None), Ok(()));
        assert_eq!(check_times(1000, Some(970), None, None), Err(Fault::Expired));
        assert_eq!(check_times(1000, None, None, None), Err(Fault::Malformed));
        assert_eq!(check_times(1000, Some(2000), Some(1030), Some(1030)), Ok(()));
        assert_eq!(check_times(1000, Some(2000), Some(1031), None), Err(Fault::NotYetValid));
        assert_eq!(check_times(1000, Some(2000), None, Some(1031)), Err(Fault::NotYetValid));
        assert_eq!(check_times(1000, Some(i64::MAX), None, None), Ok(()));
    }
}
