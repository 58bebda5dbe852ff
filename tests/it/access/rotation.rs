//! Secrets and signing keys are replaced while everything goes on.

use chrono::Duration;
use gdtx_service::{Clock, access::keys};
use serde_json::json;

use super::{CREDENTIALS, administrator, at, basic, bearing, form, with_secret};
use crate::{
    on_both,
    support::{Client, Service, province},
};

/// The same database as another process sees it some time later.
async fn later<F: AsyncFnOnce(Client)>(s: &Service, after: Duration, story: F) {
    let db = gdtx_api::server::open(&s.settings).await.unwrap();
    let clock = Clock::Fixed(Clock::System.now() + after);
    let running = gdtx_api::start(s.settings.clone(), db, clock).unwrap();
    story(Client::new(&format!("http://{}", running.address), None)).await;
    running.stop().await.unwrap();
}

on_both!(
    async fn the_old_secret_works_on_during_the_overlap_and_not_after(s) {
        let admin = administrator(s).await;
        let client = s.client("province_department", province("31")).await;
        let path = format!("/v1/clients/{}/rotate-secret", client.id.unwrap());
        let answer = admin.post(&path, json!({ "overlapHours": 2 })).await.expect(200);
        assert_eq!(answer.header("cache-control"), "no-store");
        let new = answer.body["clientSecret"].as_str().unwrap().to_owned();
        assert_ne!(Some(&new), client.secret.as_ref());
        assert!(answer.body["client"]["previousSecretUntil"].is_string());

        let (old, fresh) = (basic(s, &client), with_secret(s, &client, &new));
        form(&old, "/oauth/token", &[CREDENTIALS]).await.expect(200);
        form(&fresh, "/oauth/token", &[CREDENTIALS]).await.expect(200);
        later(s, Duration::hours(3), async |other| {
            form(&at(&other.base, &old), "/oauth/token", &[CREDENTIALS]).await.expect(401);
            form(&at(&other.base, &fresh), "/oauth/token", &[CREDENTIALS]).await.expect(200);
        })
        .await;

        let third = admin.post(&path, json!({ "overlapHours": 0 })).await.expect(200).body["clientSecret"].clone();
        form(&old, "/oauth/token", &[CREDENTIALS]).await.expect(401);
        form(&fresh, "/oauth/token", &[CREDENTIALS]).await.expect(401);
        form(&with_secret(s, &client, third.as_str().unwrap()), "/oauth/token", &[CREDENTIALS]).await.expect(200);

        admin.post(&path, json!({ "overlapHours": 721 })).await.expect(422).refuses("/overlapHours", "out_of_range");
        admin.post(&path, json!({ "overlap": 1 })).await.expect(400).refuses("/overlap", "unknown_property");
        client.send(reqwest::Method::POST, &path, None).await.expect(403);
    }
);

on_both!(
    async fn a_new_key_signs_at_once_and_the_old_one_verifies_on(s) {
        let client = s.client("province_department", province("31")).await;
        let lifetime = Duration::seconds(s.settings.token_lifetime_seconds);
        let before = client.token.clone().unwrap();
        let kid = keys::rotate(&s.system(), lifetime, None).await.unwrap();
        let after = client.fetch_token().await;
        assert_eq!(jsonwebtoken::decode_header(&after).unwrap().kid.as_ref(), Some(&kid));
        assert_ne!(jsonwebtoken::decode_header(&before).unwrap().kid.as_ref(), Some(&kid));
        for token in [&before, &after] {
            bearing(&client, token).get("/v1/centres").await.expect(200);
        }
        let published = s.public().get("/oauth/jwks.json").await.expect(200).body;
        assert_eq!(published["keys"].as_array().unwrap().len(), 2);
        assert_eq!(published["keys"][0]["kid"], json!(kid));

        later(s, Duration::minutes(31), async |other| {
            let keys = other.get("/oauth/jwks.json").await.expect(200).body;
            assert_eq!(keys["keys"].as_array().unwrap().len(), 1, "the old key is gone with its last token");
        })
        .await;
        let short = keys::rotate(&s.system(), lifetime, Some(lifetime)).await;
        assert!(short.is_err_and(|e| e.code == gdtx_service::Code::ValidationFailed));
    }
);

on_both!(
    async fn a_token_of_another_process_is_accepted_after_its_rotation(s) {
        let client = s.client("province_department", province("31")).await;
        client.get("/v1/centres").await.expect(200);
        let second = s.second().await;
        let there = at(&format!("http://{}", second.address), &client);
        keys::rotate(&s.system(), Duration::minutes(15), None).await.unwrap();
        let token = there.fetch_token().await;
        bearing(&client, &token).get("/v1/centres").await.expect(200);
        second.stop().await.unwrap();
    }
);
