//! Tokens of an outside issuer that is trusted by configuration.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use gdtx_api::config::TrustedIssuer;
use gdtx_service::Clock;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::{administrator, bearing};
use crate::{on_both, support::Client};

const ISSUER: &str = "https://id.example.vn/realms/gdtx";

fn token(pair: &Ed25519KeyPair, changes: Value) -> String {
    let now = Clock::System.now().timestamp();
    let mut claims =
        json!({ "iss": ISSUER, "aud": ["account", "gdtx"], "sub": "service-account-1", "iat": now, "exp": now + 300 });
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    let mut header = Header::new(Algorithm::EdDSA);
    header.kid = Some("outside-1".to_owned());
    encode(&header, &claims, &EncodingKey::from_ed_der(pair.to_pkcs8().unwrap().as_ref())).unwrap()
}

on_both!(
    async fn an_outside_identity_acts_as_the_client_registered_for_it(s) {
        let pair = Ed25519KeyPair::generate().unwrap();
        let x = URL_SAFE_NO_PAD.encode(pair.public_key());
        let file = s.home().join("outside.json");
        let set = json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "x": x, "kid": "outside-1" }] });
        std::fs::write(&file, set.to_string()).unwrap();
        let mut settings = s.settings.clone();
        settings.trusted_issuers = vec![TrustedIssuer { issuer: ISSUER.into(), audience: "gdtx".into(), jwks_file: file }];
        let db = gdtx_api::server::open(&settings).await.unwrap();
        let running = gdtx_api::start(settings, db, Clock::System).unwrap();
        let there = Client::new(&format!("http://{}", running.address), None).english();

        let good = token(&pair, json!({}));
        let refused = bearing(&there, &good).get("/v1/centres").await.expect(401);
        assert_eq!(refused.body["detail"], "The client is not registered.");
        let input = json!({ "name": "Outside", "organisation": "Invented", "role": "province_department",
            "reach": { "provinces": ["31"] }, "externalIssuer": ISSUER, "externalSubject": "service-account-1" });
        let admin = administrator(s).await;
        let registered = admin.post("/v1/clients", input.clone()).await.expect(201).body;
        assert_eq!(registered["clientSecret"], json!(null));
        bearing(&there, &good).get("/v1/centres").await.expect(200);
        bearing(&s.public(), &good).get("/v1/centres").await.expect(401);

        let now = Clock::System.now().timestamp();
        for changes in [
            json!({ "aud": "account" }),
            json!({ "exp": now - 60 }),
            json!({ "nbf": now + 300 }),
            json!({ "sub": "service-account-2" }),
            json!({ "iss": s.settings.public_url }),
            json!({ "exp": null }),
        ] {
            bearing(&there, &token(&pair, changes)).get("/v1/centres").await.expect(401);
        }
        let stranger = Ed25519KeyPair::generate().unwrap();
        bearing(&there, &token(&stranger, json!({}))).get("/v1/centres").await.expect(401);

        let mut twin = input;
        twin["system"] = json!("twin");
        admin.post("/v1/clients", twin).await.expect(422).refuses("/externalSubject", "identity_taken");
        let id = registered["client"]["id"].as_str().unwrap();
        admin.post(&format!("/v1/clients/{id}/suspend"), json!(null)).await.expect(200);
        bearing(&there, &good).get("/v1/centres").await.expect(401);
        running.stop().await.unwrap();
    }
);

on_both!(
    async fn a_wrong_key_file_stops_the_start_with_one_line(s) {
        let file = s.home().join("none.json");
        for content in [None, Some("{"), Some(r#"{"keys":[]}"#)] {
            if let Some(content) = content {
                std::fs::write(&file, content).unwrap();
            }
            let mut settings = s.settings.clone();
            settings.trusted_issuers =
                vec![TrustedIssuer { issuer: ISSUER.into(), audience: "gdtx".into(), jwks_file: file.clone() }];
            let error = gdtx_api::start(settings, s.db.clone(), Clock::System).err().expect("no start");
            assert!(error.starts_with("configuration: trusted_issuers: ") && error.contains("none.json"), "{error}");
            assert_eq!(error.lines().count(), 1);
        }
    }
);
