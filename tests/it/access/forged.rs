//! Tokens that were made up, altered or meant for somebody else are refused, each for its reason.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use gdtx_service::{Clock, access::keys};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::bearing;
use crate::{
    on_both,
    support::{Client, Service, province},
};

/// A token signed with the service's own key, with some claims and header members changed.
async fn signed(s: &Service, client: &Client, claims: Value, header: impl FnOnce(&mut Header)) -> String {
    let keys = keys::ensure_current(&s.db, Clock::System).await.unwrap();
    let mut head = Header::new(Algorithm::EdDSA);
    head.typ = Some("at+jwt".to_owned());
    head.kid = Some(keys.signing.kid.clone());
    header(&mut head);
    encode(&head, &body(s, client, claims), &EncodingKey::from_ed_der(&keys.signing.pkcs8)).unwrap()
}

fn body(s: &Service, client: &Client, changes: Value) -> Value {
    let now = Clock::System.now().timestamp();
    let mut claims = json!({
        "iss": s.settings.public_url, "aud": s.settings.public_url, "sub": client.id, "client_id": client.id,
        "iat": now, "nbf": now, "exp": now + 900, "jti": "forged", "scope": "",
    });
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}

async fn refused(client: &Client, token: &str, why: &str) {
    let answer = bearing(client, token).english().get("/v1/centres").await.expect(401);
    assert_eq!(answer.body["code"], "unauthenticated");
    assert!(answer.body["detail"].as_str().unwrap().contains(why), "{why}: {}", answer.text);
    assert!(answer.header("www-authenticate").starts_with("Bearer "));
    let answer = bearing(client, token).graphql("{ listCentres { nodes { id } } }", json!({})).await;
    let code = if answer.status.as_u16() == 401 {
        &answer.body["code"]
    } else {
        &answer.body["errors"][0]["extensions"]["code"]
    };
    assert_eq!(code, "unauthenticated", "{}", answer.text);
    assert!(answer.body["data"].is_null());
}

on_both!(
    async fn claims_are_judged(s) {
        let client = s.client("province_department", province("31")).await;
        let now = Clock::System.now().timestamp();
        let good = signed(s, &client, json!({}), |_| {}).await;
        bearing(&client, &good).get("/v1/centres").await.expect(200);
        for (claims, why) in [
            (json!({ "exp": now - 60, "nbf": now - 900, "iat": now - 900 }), "expired"),
            (json!({ "nbf": now + 300 }), "not valid yet"),
            (json!({ "iat": now + 300 }), "not valid yet"),
            (json!({ "aud": "https://elsewhere.example" }), "not meant for this service"),
            (json!({ "iss": "https://elsewhere.example" }), "not meant for this service"),
            (json!({ "sub": uuid::Uuid::nil() }), "not meant for this service"),
            (json!({ "exp": "tomorrow" }), "cannot be read"),
            (json!({ "client_id": "x", "sub": "x" }), "cannot be read"),
        ] {
            let token = signed(s, &client, claims, |_| {}).await;
            refused(&client, &token, why).await;
        }
        let stranger = json!({ "client_id": uuid::Uuid::nil(), "sub": uuid::Uuid::nil() });
        refused(&client, &signed(s, &client, stranger, |_| {}).await, "not registered").await;
    }
);

on_both!(
    async fn headers_are_judged(s) {
        let client = s.client("province_department", province("31")).await;
        let other_type = signed(s, &client, json!({}), |h| h.typ = Some("JWT".to_owned())).await;
        refused(&client, &other_type, "not meant for this service").await;
        let no_type = signed(s, &client, json!({}), |h| h.typ = None).await;
        refused(&client, &no_type, "not meant for this service").await;
        let other_key = signed(s, &client, json!({}), |h| h.kid = Some("x".repeat(43))).await;
        refused(&client, &other_key, "unknown key").await;
        let no_key = signed(s, &client, json!({}), |h| h.kid = None).await;
        refused(&client, &no_key, "not meant for this service").await;
        let critical = signed(s, &client, json!({}), |h| h.crit = Some(vec!["b64".to_owned()])).await;
        refused(&client, &critical, "cannot be read").await;
    }
);

on_both!(
    async fn signatures_are_judged(s) {
        let client = s.client("province_department", province("31")).await;
        let good = client.token.clone().unwrap();
        let parts: Vec<&str> = good.split('.').collect();
        let encoded = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let claims = encoded(&body(s, &client, json!({ "scope": "client_write" })));

        refused(&client, &format!("{}.{claims}.{}", parts[0], parts[2]), "signature").await;
        for none in ["none", "None", "NONE"] {
            let head = encoded(&json!({ "alg": none, "typ": "at+jwt" }));
            refused(&client, &format!("{head}.{}.", parts[1]), "cannot be read").await;
        }
        refused(&client, &format!("{}.{}.", parts[0], parts[1]), "signature").await;

        // The public key used as if it were a shared secret.
        let key = s.public().get("/oauth/jwks.json").await.expect(200).body["keys"][0].clone();
        let mut head = Header::new(Algorithm::HS256);
        head.typ = Some("at+jwt".to_owned());
        head.kid = key["kid"].as_str().map(str::to_owned);
        let x = URL_SAFE_NO_PAD.decode(key["x"].as_str().unwrap()).unwrap();
        let confused = encode(&head, &body(s, &client, json!({})), &EncodingKey::from_secret(&x)).unwrap();
        refused(&client, &confused, "unknown key").await;

        // A key of the attacker's own, under the service's name.
        let pair = aws_lc_rs::signature::Ed25519KeyPair::generate().unwrap();
        head.alg = Algorithm::EdDSA;
        let own = EncodingKey::from_ed_der(pair.to_pkcs8().unwrap().as_ref());
        refused(&client, &encode(&head, &body(s, &client, json!({})), &own).unwrap(), "signature").await;

        for nonsense in ["x", "a.b.c", "..", &"a".repeat(7000)] {
            refused(&client, nonsense, "cannot be read").await;
        }
        for header in ["Bearer", "Token x", "Basic eDp5"] {
            s.public().with("authorization", header).get("/v1/centres").await.expect(401);
        }
    }
);
