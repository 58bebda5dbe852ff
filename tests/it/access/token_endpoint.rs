//! The token endpoint: the ways in, and every way in which it refuses.

use reqwest::Method;

use super::{CREDENTIALS, basic, bearing, form, with_secret};
use crate::{on_both, support::province};

on_both!(
    async fn a_client_gets_a_token_by_secret_in_both_ways(s) {
        let client = s.client("province_department", province("31")).await;
        let (id, secret) = (client.id.unwrap().to_string(), client.secret.clone().unwrap());
        let posted = form(&s.public(), "/oauth/token", &[CREDENTIALS, ("client_id", &id), ("client_secret", &secret)]).await;
        for answer in [posted, form(&basic(s, &client), "/oauth/token", &[CREDENTIALS]).await] {
            let answer = answer.expect(200);
            assert_eq!(answer.header("cache-control"), "no-store");
            assert_eq!(answer.body["token_type"], "Bearer");
            assert_eq!(answer.body["expires_in"], 900);
            let scope = answer.body["scope"].as_str().unwrap();
            assert!(scope.split(' ').any(|p| p == "learner_read") && !scope.contains("client_write"), "{scope}");
            let bearer = bearing(&client, answer.body["access_token"].as_str().unwrap());
            bearer.get("/v1/centres").await.expect(200);
        }
    }
);

on_both!(
    async fn every_failed_proof_looks_the_same(s) {
        let client = s.client("province_department", province("31")).await;
        let id = client.id.unwrap().to_string();
        let nobody = uuid::Uuid::nil().to_string();
        let by_post = |id: &str, secret: &str| {
            let pairs = [CREDENTIALS, ("client_id", id), ("client_secret", secret)].map(|(n, v)| (n.to_owned(), v.to_owned()));
            let public = s.public();
            async move {
                let pairs: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
                form(&public, "/oauth/token", &pairs).await
            }
        };
        let answers = [
            form(&with_secret(s, &client, "wrong"), "/oauth/token", &[CREDENTIALS]).await,
            by_post(&id, "wrong").await,
            by_post(&nobody, "wrong").await,
            by_post("not-an-id", "wrong").await,
            form(&s.public(), "/oauth/token", &[CREDENTIALS]).await,
            form(&s.public().with("authorization", "Basic !!"), "/oauth/token", &[CREDENTIALS]).await,
            form(&s.public().with("authorization", "Bearer x"), "/oauth/token", &[CREDENTIALS]).await,
        ];
        let first = answers[0].text.clone();
        for answer in answers {
            let answer = answer.expect(401);
            assert_eq!(answer.body["error"], "invalid_client");
            assert_eq!(answer.text, first);
            assert_eq!(answer.header("www-authenticate"), r#"Basic realm="gdtx""#);
            assert_eq!(answer.header("cache-control"), "no-store");
        }
    }
);

on_both!(
    async fn malformed_requests_are_named(s) {
        let client = s.client("province_department", province("31")).await;
        let known = basic(s, &client);
        let other = uuid::Uuid::nil().to_string();
        let refused = [
            (form(&known, "/oauth/token", &[]).await, "invalid_request"),
            (form(&known, "/oauth/token", &[("grant_type", "password")]).await, "unsupported_grant_type"),
            (form(&known, "/oauth/token", &[CREDENTIALS, CREDENTIALS]).await, "invalid_request"),
            (form(&known, "/oauth/token", &[CREDENTIALS, ("client_secret", "x")]).await, "invalid_request"),
            (form(&known, "/oauth/token", &[CREDENTIALS, ("client_id", &other)]).await, "invalid_request"),
            (form(&known, "/oauth/token", &[CREDENTIALS, ("scope", "client_write")]).await, "invalid_scope"),
            (known.raw(Method::POST, "/oauth/token", "application/json", Some("{}".into())).await, "invalid_request"),
        ];
        for (answer, error) in refused {
            assert_eq!(answer.expect(400).body["error"], error);
        }
        known.get("/oauth/token").await.expect(405);
        let narrowed = form(&known, "/oauth/token", &[CREDENTIALS, ("scope", "centre_read")]).await.expect(200);
        assert!(narrowed.body["scope"].as_str().unwrap().contains("learner_read"), "a token carries the whole role");
    }
);

on_both!(
    async fn a_library_finds_everything_from_the_metadata(s) {
        let metadata = s.public().get("/.well-known/oauth-authorization-server").await.expect(200).body;
        let issuer = metadata["issuer"].as_str().unwrap();
        assert_eq!(issuer, s.settings.public_url);
        for name in ["token_endpoint", "jwks_uri", "revocation_endpoint", "introspection_endpoint"] {
            let path = metadata[name].as_str().unwrap().strip_prefix(issuer).unwrap().to_owned();
            let answer = s.public().get(&path).await;
            assert_eq!(answer.status.as_u16(), if name == "jwks_uri" { 200 } else { 405 }, "{name}");
        }
        let keys = s.public().get("/oauth/jwks.json").await.expect(200);
        assert_eq!(keys.body, s.public().get("/.well-known/jwks.json").await.expect(200).body);
        let key = &keys.body["keys"][0];
        assert_eq!((key["kty"].as_str(), key["crv"].as_str(), key["alg"].as_str()), (Some("OKP"), Some("Ed25519"), Some("EdDSA")));
        assert!(key["d"].is_null(), "the private half stays at home");
    }
);
