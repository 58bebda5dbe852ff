//! Public keys that a client registers for `private_key_jwt`: what is accepted and what is not.
//!
//! A private key sent by mistake must not be kept: it is refused by name, and the client told to
//! replace it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use gdtx_domain::Checks;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// The most keys in a set.
const MAX_KEYS: usize = 10;
/// Members that only private or shared keys have (RFC 7518 section 6).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
/// Public members that are kept; others are dropped.
const KEPT: [&str; 8] = ["kty", "crv", "x", "y", "n", "e", "kid", "alg"];

/// A set of public keys (RFC 7517).
#[derive(ToSchema)]
#[expect(dead_code, reason = "read by the document only; a key is judged as the JSON that it is")]
pub(super) struct KeySet {
    /// Ed25519 (OKP), P-256 (EC) or RSA of 2048 to 8192 bits, each with its own `kid` where there are several.
    #[schema(min_items = 1, max_items = 10, value_type = Vec<Object>)]
    keys: Vec<Value>,
}

/// Checks a key set (RFC 7517) and returns what is kept of it.
pub(super) fn check_public(pointer: &str, set: &Value, checks: &mut Checks) -> Option<Value> {
    let keys = set.get("keys").and_then(Value::as_array).filter(|keys| (1..=MAX_KEYS).contains(&keys.len()));
    let Some(keys) = keys else {
        checks.refuse(
            &format!("{pointer}/keys"),
            "invalid_jwks",
            format!("Bộ khóa (RFC 7517) có “keys” gồm 1 đến {MAX_KEYS} khóa."),
            format!("A key set (RFC 7517) has “keys” with 1 to {MAX_KEYS} keys."),
        );
        return None;
    };
    let kept: Vec<Value> =
        keys.iter().enumerate().map(|(i, key)| check_key(&format!("{pointer}/keys/{i}"), key, checks)).collect();
    check_kids(pointer, &kept, checks);
    Some(json!({ "keys": kept }))
}

fn check_key(pointer: &str, key: &Value, checks: &mut Checks) -> Value {
    if let Some(member) = PRIVATE.iter().find(|member| key.get(**member).is_some()) {
        checks.refuse(
            &format!("{pointer}/{member}"),
            "private_key",
            "Đây là khóa riêng. Chỉ gửi khóa công khai, và thay khóa này vì nó đã bị lộ.",
            "This is a private key. Send public keys only, and replace this one: it has been given away.",
        );
    } else if !is_usable(key) {
        checks.refuse(
            pointer,
            "unsupported_key",
            "Chỉ nhận Ed25519 (OKP), P-256 (EC) hoặc RSA từ 2048 đến 8192 bit, dùng để ký.",
            "Only Ed25519 (OKP), P-256 (EC) or RSA of 2048 to 8192 bits, for signatures.",
        );
    }
    let public = |name: &&str| key.get(*name).map(|value| ((*name).to_owned(), value.clone()));
    Value::Object(KEPT.iter().filter_map(public).collect::<Map<_, _>>())
}

fn is_usable(key: &Value) -> bool {
    let text = |name: &str| key.get(name).and_then(Value::as_str);
    let bytes = |name: &str| text(name).and_then(|t| URL_SAFE_NO_PAD.decode(t).ok());
    let long = |name: &str, length: usize| bytes(name).is_some_and(|b| b.len() == length);
    let algorithm = match (text("kty"), text("crv")) {
        (Some("OKP"), Some("Ed25519")) if long("x", 32) => "EdDSA",
        (Some("EC"), Some("P-256")) if long("x", 32) && long("y", 32) => "ES256",
        (Some("RSA"), None)
            if bytes("n").is_some_and(|n| is_modulus(&n)) && bytes("e").is_some_and(|e| !e.is_empty()) =>
        {
            "RS256"
        }
        _ => return false,
    };
    text("alg").is_none_or(|alg| alg == algorithm) && text("use").is_none_or(|u| u == "sig")
}

/// Between 2048 and 8192 bits.
fn is_modulus(n: &[u8]) -> bool {
    let significant = n.iter().skip_while(|b| **b == 0).count();
    (256..=1024).contains(&significant)
}

/// Several keys are told apart by `kid`.
fn check_kids(pointer: &str, keys: &[Value], checks: &mut Checks) {
    let mut seen = Vec::new();
    for (i, key) in keys.iter().enumerate() {
        let kid = key.get("kid").and_then(Value::as_str).filter(|kid| !kid.is_empty() && kid.len() <= 200);
        let alone = keys.len() == 1 && key.get("kid").is_none();
        if !alone && kid.is_none_or(|kid| seen.contains(&kid)) {
            checks.refuse(
                &format!("{pointer}/keys/{i}/kid"),
                "invalid_kid",
                "Mỗi khóa có “kid” riêng, tối đa 200 ký tự.",
                "Each key has its own “kid” of at most 200 characters.",
            );
        }
        seen.extend(kid);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 8037 appendix A.
    const X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

    fn problem(set: &Value) -> Option<(String, &'static str)> {
        let mut checks = Checks::default();
        check_public("/jwks", set, &mut checks);
        checks.problems.first().map(|p| (p.pointer.clone(), p.code))
    }

    fn ed(kid: &str) -> Value {
        json!({ "kty": "OKP", "crv": "Ed25519", "x": X, "kid": kid, "use": "sig" })
    }

    #[test]
    fn public_keys_for_signatures_are_kept() {
        let mut checks = Checks::default();
        let kept = check_public("/jwks", &json!({ "keys": [ed("a")] }), &mut checks);
        assert_eq!(kept, Some(json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "x": X, "kid": "a" }] })));
        let ec = json!({ "kty": "EC", "crv": "P-256", "x": X, "y": X, "kid": "b", "alg": "ES256" });
        let rsa = json!({ "kty": "RSA", "n": URL_SAFE_NO_PAD.encode([255_u8; 256]), "e": "AQAB", "kid": "c" });
        assert_eq!(problem(&json!({ "keys": [ed("a"), ec, rsa] })), None);
        assert_eq!(problem(&json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "x": X }] })), None);
    }

    #[test]
    fn private_and_shared_keys_are_refused_by_name() {
        let mut private = ed("a");
        private["d"] = json!("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A");
        assert_eq!(problem(&json!({ "keys": [private] })), Some(("/jwks/keys/0/d".into(), "private_key")));
        let shared = json!({ "keys": [{ "kty": "oct", "k": "AAAA", "kid": "a" }] });
        assert_eq!(problem(&shared), Some(("/jwks/keys/0/k".into(), "private_key")));
    }

    #[test]
    fn weak_and_foreign_keys_are_refused() {
        let refused = Some(("/jwks/keys/0".to_owned(), "unsupported_key"));
        let short = json!({ "kty": "RSA", "n": URL_SAFE_NO_PAD.encode([255_u8; 128]), "e": "AQAB" });
        let other_curve = json!({ "kty": "EC", "crv": "secp256k1", "x": X, "y": X });
        let other_alg = json!({ "kty": "OKP", "crv": "Ed25519", "x": X, "alg": "HS256" });
        let encryption = json!({ "kty": "OKP", "crv": "Ed25519", "x": X, "use": "enc" });
        for key in [short, other_curve, other_alg, encryption, json!(1), json!({})] {
            assert_eq!(problem(&json!({ "keys": [key] })), refused);
        }
    }

    #[test]
    fn a_set_has_some_keys_each_with_its_own_kid() {
        assert_eq!(problem(&json!({})), Some(("/jwks/keys".into(), "invalid_jwks")));
        assert_eq!(problem(&json!({ "keys": [] })), Some(("/jwks/keys".into(), "invalid_jwks")));
        assert_eq!(problem(&json!({ "keys": [ed("a"), ed("a")] })), Some(("/jwks/keys/1/kid".into(), "invalid_kid")));
    }
}
