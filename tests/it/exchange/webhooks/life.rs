//! Webhooks as their owner keeps them, on both surfaces.

use gdtx_api::Settings;
use serde_json::json;

use super::{deliver, path, some_centres, subscribe};
use crate::{
    on_both,
    support::{province, receiver::Receiver},
};

on_both!(
    async fn a_webhook_is_its_owners_alone(s) {
        let (vendor, receiver) = (s.vendor().await, Receiver::start());
        let other = s.client("vendor", province("31")).await;
        let made = subscribe(&vendor, &receiver, json!({})).await;
        let path = path(&made);
        assert_eq!(made.header("location"), path);
        let read = vendor.get(&path).await.expect(200);
        assert!(read.body.get("secret").is_none() && !read.text.contains("whsec_"));
        other.get(&path).await.expect(404);
        other.patch(&path, json!({ "name": "Khác" })).await.expect(404);
        other.delete(&path).await.expect(404);
        other.post(&format!("{path}/replay"), json!({ "after": 0 })).await.expect(404);
        other.post(&format!("{path}/test"), json!({})).await.expect(404);
        other.get(&format!("{path}/deliveries")).await.expect(404);
        assert_eq!(other.get("/v1/webhooks").await.expect(200).body["items"], json!([]));
        s.client("portal", province("31")).await.post("/v1/webhooks", json!({ "name": "x", "url": receiver.url })).await.expect(403);

        let stale = vendor.with("if-match", "\"7\"").patch(&path, json!({ "name": "Mới" })).await;
        stale.expect(412);
        let changed = vendor.with("if-match", made.header("etag")).patch(&path, json!({ "name": "Mới", "state": "paused" })).await.expect(200);
        assert_eq!((&changed.body["name"], &changed.body["state"], &changed.body["version"]), (&json!("Mới"), &json!("paused"), &json!(2)));
        some_centres(&vendor, 1).await;
        deliver(s).await;
        assert!(receiver.messages().is_empty());
        vendor.patch(&path, json!({ "state": "gone" })).await.expect(422).refuses("/state", "not_settable");
        vendor.delete(&path).await.expect(200);
        vendor.get(&path).await.expect(404);
    }
);

on_both!(
    async fn the_same_on_graphql(s) {
        let (vendor, receiver) = (s.vendor().await, Receiver::start());
        let made = vendor
            .data(
                "mutation($input: NewWebhook!) { createWebhook(input: $input) { secret webhook { id state position } } }",
                json!({ "input": { "name": "Thử", "url": receiver.url, "resources": ["centres"] } }),
            )
            .await;
        let id = made["createWebhook"]["webhook"]["id"].as_str().unwrap().to_owned();
        assert!(made["createWebhook"]["secret"].as_str().unwrap().starts_with("whsec_"));
        some_centres(&vendor, 2).await;
        deliver(s).await;
        let read = vendor
            .data(
                "query($id: ID!) { getWebhook(id: $id) { failures } listWebhooks { nodes { id } } listWebhookDeliveries(id: $id, first: 1) { nodes { state operation } pageInfo { hasNextPage } } }",
                json!({ "id": id }),
            )
            .await;
        assert_eq!(read["listWebhookDeliveries"]["nodes"], json!([{ "state": "delivered", "operation": "created" }]));
        assert_eq!(read["listWebhookDeliveries"]["pageInfo"]["hasNextPage"], true);
        assert_eq!(read["listWebhooks"]["nodes"], json!([{ "id": id }]));
        let tried = vendor.data("mutation($id: ID!) { testWebhook(id: $id) { accepted status } }", json!({ "id": id })).await;
        assert_eq!(tried["testWebhook"], json!({ "accepted": true, "status": 204 }));
        vendor.data("mutation($id: ID!) { replayWebhook(id: $id, after: 0) { position } }", json!({ "id": id })).await;
        vendor.data("mutation($id: ID!) { updateWebhook(id: $id, patch: { name: \"Mới\" }) { version } }", json!({ "id": id })).await;
        vendor.data("mutation($id: ID!) { rotateWebhookSecret(id: $id) { secret } }", json!({ "id": id })).await;
        vendor.data("mutation($id: ID!) { deleteWebhook(id: $id) { id } }", json!({ "id": id })).await;
    }
);

on_both!(
    async fn a_test_message_tells_what_the_receiver_said(s) {
        let (vendor, receiver) = (s.vendor().await, Receiver::start());
        let made = subscribe(&vendor, &receiver, json!({})).await;
        let test = format!("{}/test", path(&made));
        let tried = vendor.post(&test, json!({})).await.expect(200);
        assert_eq!((&tried.body["accepted"], &tried.body["status"]), (&json!(true), &json!(204)));
        let message = receiver.accepted().remove(0);
        assert_eq!((message.kind(), message.id.as_str()), ("webhook.test", tried.body["messageId"].as_str().unwrap()));
        receiver.answers(|_| 401);
        let tried = vendor.post(&test, json!({})).await.expect(200);
        assert_eq!((&tried.body["accepted"], &tried.body["status"], &tried.body["fault"]), (&json!(false), &json!(401), &json!("refused")));
        receiver.stop().await;
        let tried = vendor.post(&test, json!({})).await.expect(200);
        assert_eq!((&tried.body["accepted"], &tried.body["status"], &tried.body["fault"]), (&json!(false), &json!(null), &json!("unreachable")));
    }
);

on_both!(
    async fn a_retry_makes_no_second_webhook_and_shows_no_secret(s) {
        let (vendor, receiver) = (s.vendor().await, Receiver::start());
        let careful = vendor.with("idempotency-key", "webhook-1");
        let first = subscribe(&careful, &receiver, json!({})).await;
        let second = subscribe(&careful, &receiver, json!({})).await;
        assert_eq!(first.body["webhook"]["id"], second.body["webhook"]["id"]);
        assert!(first.body["secret"].is_string() && second.body["secret"].is_null());
        vendor.post("/v1/webhooks?dryRun=true", json!({ "name": "Thử", "url": receiver.url })).await.expect(201);
        assert_eq!(vendor.get("/v1/webhooks").await.expect(200).body["items"].as_array().unwrap().len(), 1);
        for _ in 1..20 {
            subscribe(&vendor, &receiver, json!({})).await;
        }
        vendor.post("/v1/webhooks", json!({ "name": "Thử", "url": receiver.url })).await.expect(409);
    }
);

on_both!(
    async fn what_makes_no_sense_is_refused_by_field(s) {
        let vendor = s.vendor().await;
        let url = "https://sis.example.vn/hook";
        for (input, field, code) in [
            (json!({ "name": "", "url": url }), "/name", "empty"),
            (json!({ "name": "Thử", "url": "ftp://sis.example.vn" }), "/url", "https_required"),
            (json!({ "name": "Thử", "url": "https://10.0.0.1/" }), "/url", "private_address"),
            (json!({ "name": "Thử", "url": url, "within": {} }), "/within", "required"),
            (json!({ "name": "Thử", "url": url, "within": { "provinces": ["99"] } }), "/within/provinces/0", "unknown_province"),
            (json!({ "name": "Thử", "url": url, "within": { "centres": ["00000000-0000-7000-8000-000000000000"] } }), "/within/centres/0", "unknown_centre"),
            (json!({ "name": "Thử", "url": url, "purpose": "social_policy" }), "/purpose", "purpose_not_agreed"),
            (json!({ "name": "Thử", "url": url, "resources": ["reports"], "operations": ["updated", "report_due"] }), "/operations/1", "never_happens"),
            (json!({ "name": "Thử", "url": url, "resources": ["access"], "operations": ["created"] }), "/operations/0", "never_happens"),
            (json!({ "name": "Thử", "url": url, "after": 1_000_000 }), "/after", "out_of_range"),
        ] {
            vendor.post("/v1/webhooks", input).await.expect(422).refuses(field, code);
        }
        vendor.post("/v1/webhooks", json!({ "name": "Thử", "url": url, "resources": ["cats"] })).await.expect(400);
        let made = vendor.post("/v1/webhooks", json!({ "name": "Thử", "url": url, "resources": ["learners"], "operations": ["merged"] })).await.expect(201);
        vendor.patch(&path(&made), json!({ "resources": ["rooms"] })).await.expect(422).refuses("/operations/0", "never_happens");
        // Unless the operator says otherwise, webhooks point to the open internet and over TLS.
        let open = Settings { webhook_http: false, webhook_networks: String::new(), ..s.settings.clone() };
        let strict = s.restarted(open).await;
        let outside = vendor.at(&strict);
        outside.post("/v1/webhooks", json!({ "name": "Thử", "url": "http://sis.example.vn/" })).await.expect(422).refuses("/url", "https_required");
        outside.post("/v1/webhooks", json!({ "name": "Thử", "url": "https://127.0.0.1:9/" })).await.expect(422).refuses("/url", "private_address");
        strict.stop().await.expect("a clean stop");
    }
);

on_both!(
    async fn a_name_that_leads_inside_is_not_followed(s) {
        let (vendor, receiver) = (s.vendor().await, Receiver::start());
        let made = subscribe(&vendor, &receiver, json!({})).await;
        // Another process, whose operator allows no private address, sends none of what was allowed before.
        let open = Settings { webhook_networks: String::new(), ..s.settings.clone() };
        let strict = s.restarted(open).await;
        let tried = vendor.at(&strict).post(&format!("{}/test", path(&made)), json!({})).await.expect(200);
        assert_eq!((&tried.body["accepted"], &tried.body["fault"]), (&json!(false), &json!("forbidden_address")));
        assert!(receiver.messages().is_empty());
        strict.stop().await.expect("a clean stop");
    }
);
