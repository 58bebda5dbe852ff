//! What must be public before a course opens, and what publication then holds still.

use serde_json::json;

use super::{bare, complete, decide, operating, publication, published};
use crate::{on_both, support::Client};

on_both!(
    async fn nothing_is_published_before_everything_is_there(s) {
        let vendor = s.vendor().await;
        let centre_id = operating(&vendor, "gdtx_centre").await;
        let id = vendor.post("/v1/programmes", bare(&centre_id, "on_demand")).await.expect(201).id();
        let path = format!("/v1/programmes/{id}");
        let publish = format!("{path}/publish");
        // TT 01/2023/TT-BGDĐT art. 12; the content too, since the Ministry issues no text for it.
        let missing = ["/aims", "/materials", "/teachers", "/assessment", "/startsOn", "/feeVnd", "/content"];
        assert_eq!(pointers(&vendor, &publish).await, missing);
        vendor.patch(&path, json!({ "aims": "Biết sửa xe", "feeVnd": 0 })).await.expect(200);
        assert_eq!(pointers(&vendor, &publish).await, ["/materials", "/teachers", "/assessment", "/startsOn", "/content"]);
        assert_eq!(vendor.get(&path).await.body["state"], "draft");
        vendor.patch(&path, publication()).await.expect(200);
        let done = vendor.post(&publish, json!({})).await.expect(200);
        assert_eq!(done.body["state"], "published");
        assert!(done.body["publishedAt"].is_string());
        assert_eq!(done.header("etag"), "\"4\"");
    }
);

on_both!(
    async fn the_ministrys_own_text_needs_no_content(s) {
        let vendor = s.vendor().await;
        let centre_id = operating(&vendor, "community_learning_centre").await;
        let mut body = complete(&centre_id, "literacy_stage_1");
        body["content"] = json!(null);
        let id = vendor.post("/v1/programmes", body).await.expect(201).id();
        vendor.post(&format!("/v1/programmes/{id}/publish"), json!({})).await.expect(200);
    }
);

on_both!(
    async fn a_publication_stays_whole_until_it_is_taken_back(s) {
        let vendor = s.vendor().await;
        let centre_id = operating(&vendor, "gdtx_centre").await;
        let id = published(&vendor, &centre_id, "on_demand").await;
        let path = format!("/v1/programmes/{id}");
        vendor.patch(&path, json!({ "feeVnd": 500_000 })).await.expect(200);
        vendor.patch(&path, json!({ "aims": null })).await.expect(422).refuses("/aims", "required");
        vendor.patch(&path, json!({ "kind": "life_skills" })).await.expect(422).refuses("/kind", "immutable");
        let revise = "mutation($id: ID!) { reviseProgramme(id: $id) { record { state publishedAt } } }";
        let revised = vendor.data(revise, json!({ "id": id })).await["reviseProgramme"]["record"].clone();
        assert_eq!(revised, json!({ "state": "draft", "publishedAt": null }));
        vendor.patch(&path, json!({ "aims": null, "kind": "life_skills" })).await.expect(200);
        vendor.post(&format!("{path}/publish"), json!({})).await.expect(422).refuses("/aims", "required");
    }
);

on_both!(
    async fn steps_out_of_order_are_refused(s) {
        let vendor = s.vendor().await;
        let centre_id = operating(&vendor, "gdtx_centre").await;
        let id = published(&vendor, &centre_id, "on_demand").await;
        let step = |verb: &str| format!("/v1/programmes/{id}/{verb}");
        let refused = vendor.english().post(&step("publish"), json!({})).await.expect(409);
        assert_eq!(refused.body["code"], "impossible_transition");
        assert_eq!(refused.body["detail"], "\"Publish\" is not possible in the state \"Published\".");
        vendor.with("if-match", "\"1\"").post(&step("withdraw"), json!({})).await.expect(412);
        vendor.post(&step("withdraw?dryRun=true"), json!({})).await.expect(200);
        assert_eq!(vendor.get(&format!("/v1/programmes/{id}")).await.body["state"], "published");
        vendor.post(&step("withdraw"), json!({ "why": "?" })).await.expect(400).refuses("/why", "unknown_property");
        let withdrawn = vendor.send(reqwest::Method::POST, &step("withdraw"), None).await.expect(200);
        assert_eq!(withdrawn.body["state"], "withdrawn");
        for verb in ["publish", "revise", "withdraw"] {
            vendor.post(&step(verb), json!({})).await.expect(409);
        }
    }
);

on_both!(
    async fn a_retried_step_is_answered_again(s) {
        let vendor = s.vendor().await;
        let centre_id = operating(&vendor, "gdtx_centre").await;
        let id = vendor.post("/v1/programmes", complete(&centre_id, "on_demand")).await.expect(201).id();
        let caller = vendor.with("idempotency-key", "publish-once");
        let first = caller.post(&format!("/v1/programmes/{id}/publish"), json!({})).await.expect(200);
        let again = caller.post(&format!("/v1/programmes/{id}/publish"), json!({})).await.expect(200);
        assert_eq!(first.body, again.body);
        caller.post(&format!("/v1/programmes/{id}/withdraw"), json!({})).await.expect(422);
    }
);

on_both!(
    async fn a_centre_that_ended_publishes_nothing(s) {
        let vendor = s.vendor().await;
        let centre_id = operating(&vendor, "gdtx_centre").await;
        let id = vendor.post("/v1/programmes", complete(&centre_id, "on_demand")).await.expect(201).id();
        decide(s, &centre_id, "dissolve", json!({ "ground": "owner_request" })).await;
        let publish = format!("/v1/programmes/{id}/publish");
        vendor.post(&publish, json!({})).await.expect(422).refuses("/centreId", "centre_ended");
    }
);

async fn pointers(client: &Client, path: &str) -> Vec<String> {
    client.post(path, json!({})).await.expect(422).faults().into_iter().map(|(field, _)| field).collect()
}
