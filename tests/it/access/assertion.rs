//! `private_key_jwt`: a client proves itself with a key that never leaves its house.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use gdtx_service::Clock;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::{CREDENTIALS, administrator, bearing, form};
use crate::{
    on_both,
    support::{Service, client::Answer},
};

const KIND: (&str, &str) = ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");

struct Key(Ed25519KeyPair);

impl Key {
    fn new() -> Self {
        Self(Ed25519KeyPair::generate().unwrap())
    }

    fn jwks(&self) -> Value {
        let x = URL_SAFE_NO_PAD.encode(self.0.public_key());
        json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "x": x, "kid": "own-1", "use": "sig" }] })
    }

    fn sign(&self, claims: &Value) -> String {
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some("own-1".to_owned());
        encode(&header, claims, &EncodingKey::from_ed_der(self.0.to_pkcs8().unwrap().as_ref())).unwrap()
    }
}

fn claims(s: &Service, id: &str, jti: &str) -> Value {
    let now = Clock::System.now().timestamp();
    json!({ "iss": id, "sub": id, "aud": format!("{}/oauth/token", s.settings.public_url), "iat": now, "exp": now + 120, "jti": jti })
}

fn with(mut claims: Value, name: &str, value: impl Into<Value>) -> Value {
    claims[name] = value.into();
    claims
}

async fn ask(s: &Service, assertion: &str) -> Answer {
    form(&s.public(), "/oauth/token", &[CREDENTIALS, KIND, ("client_assertion", assertion)]).await
}

/// A vendor that registered a public key and therefore got no secret.
async fn keyed(s: &Service, key: &Key) -> String {
    let admin = administrator(s).await;
    let answer = admin
        .post(
            "/v1/clients",
            json!({ "name": "Invented keyed vendor", "organisation": "Invented", "role": "vendor",
            "reach": { "provinces": ["31"] }, "jwks": key.jwks() }),
        )
        .await
        .expect(201);
    assert_eq!(answer.body["clientSecret"], json!(null));
    answer.body["client"]["id"].as_str().unwrap().to_owned()
}

on_both!(
    async fn an_assertion_is_good_once(s) {
        let key = Key::new();
        let id = keyed(s, &key).await;
        let assertion = key.sign(&claims(s, &id, "1"));
        let token = ask(s, &assertion).await.expect(200).body["access_token"].as_str().unwrap().to_owned();
        bearing(&s.public(), &token).get("/v1/centres").await.expect(200);
        assert_eq!(ask(s, &assertion).await.expect(401).body["error"], "invalid_client");
        let same_name = key.sign(&with(claims(s, &id, "1"), "nbf", 0));
        ask(s, &same_name).await.expect(401);
        let to_issuer = with(claims(s, &id, "2"), "aud", json!([s.settings.public_url]));
        ask(s, &key.sign(&to_issuer)).await.expect(200);
        // Another client may use the same identifier.
        let other = Key::new();
        let other_id = keyed_again(s, &other).await;
        ask(s, &other.sign(&claims(s, &other_id, "1"))).await.expect(200);
    }
);

async fn keyed_again(s: &Service, key: &Key) -> String {
    let input =
        json!({ "name": "Invented second vendor", "organisation": "Invented", "role": "vendor", "jwks": key.jwks() });
    administrator(s).await.post("/v1/clients", input).await.expect(201).body["client"]["id"]
        .as_str()
        .unwrap()
        .to_owned()
}

on_both!(
    async fn wrong_assertions_are_refused_alike(s) {
        let key = Key::new();
        let id = keyed(s, &key).await;
        let base = || claims(s, &id, &s.system().new_id().to_string());
        let now = Clock::System.now().timestamp();
        let wrong = [
            key.sign(&with(base(), "aud", "https://elsewhere.example/token")),
            key.sign(&with(base(), "iss", "somebody")),
            key.sign(&with(base(), "sub", uuid::Uuid::nil().to_string())),
            key.sign(&with(base(), "exp", now - 60)),
            key.sign(&with(base(), "exp", now + 3600)),
            key.sign(&with(base(), "nbf", now + 600)),
            key.sign(&with(base(), "jti", "")),
            key.sign(&with(base(), "jti", json!(null))),
            key.sign(&with(base(), "exp", json!(null))),
            Key::new().sign(&base()),
            "x.y.z".to_owned(),
        ];
        for assertion in wrong {
            assert_eq!(ask(s, &assertion).await.expect(401).body["error"], "invalid_client", "{assertion}");
        }
        let good = key.sign(&base());
        let twice = [CREDENTIALS, KIND, ("client_assertion", good.as_str()), ("client_secret", "x")];
        assert_eq!(form(&s.public(), "/oauth/token", &twice).await.expect(400).body["error"], "invalid_request");
        let untyped = [CREDENTIALS, ("client_assertion", good.as_str())];
        assert_eq!(form(&s.public(), "/oauth/token", &untyped).await.expect(400).body["error"], "invalid_request");
        let other = uuid::Uuid::nil().to_string();
        form(&s.public(), "/oauth/token", &[CREDENTIALS, KIND, ("client_assertion", &good), ("client_id", &other)]).await.expect(401);
        ask(s, &good).await.expect(200);

        let path = format!("/v1/clients/{id}/suspend");
        administrator(s).await.post(&path, json!(null)).await.expect(200);
        ask(s, &key.sign(&base())).await.expect(401);
    }
);

on_both!(
    async fn private_keys_are_not_taken(s) {
        let admin = administrator(s).await;
        let client = |jwks: Value| json!({ "name": "K", "organisation": "O", "role": "vendor", "jwks": jwks });
        let mut set = Key::new().jwks();
        set["keys"][0]["d"] = json!("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A");
        admin.post("/v1/clients", client(set)).await.expect(422).refuses("/jwks/keys/0/d", "private_key");
        let shared = json!({ "keys": [{ "kty": "oct", "k": "AAAA" }] });
        admin.post("/v1/clients", client(shared)).await.expect(422).refuses("/jwks/keys/0/k", "private_key");
        admin.post("/v1/clients", client(json!({}))).await.expect(422).refuses("/jwks/keys", "invalid_jwks");
    }
);
