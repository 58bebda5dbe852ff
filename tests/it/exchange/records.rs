//! Some records of any kinds in one call.

use serde_json::{Value, json};

use super::imports::count;
use crate::{on_both, support::province};

fn centre(key: &str) -> Value {
    json!({ "resource": "centres", "externalId": key, "name": format!("Trung tâm {key}"), "kind": "gdtx_centre",
        "ownership": "public", "place": { "code": "11407" } })
}

fn learner(key: &str, centre: &str) -> Value {
    json!({ "resource": "learners", "externalId": key, "centreExternalId": centre, "fullName": "Nguyễn Văn Thử",
        "gender": "male", "dateOfBirth": { "value": "1990", "precision": "year" } })
}

on_both!(
    async fn each_record_has_its_answer_in_the_order_sent(s) {
        let vendor = s.vendor().await;
        let mut wrong = learner("h2", "c1");
        wrong["gender"] = json!("other");
        let records = json!([learner("h1", "c1"), centre("c1"), wrong, { "resource": "teachers" }, centre("c1")]);
        let done = vendor.post("/v1/batch", json!({ "records": records })).await.expect(200);
        let told: Vec<_> = done.body["items"].as_array().unwrap().iter().map(|i| i["outcome"].as_str().unwrap()).collect();
        assert_eq!(told, ["created", "created", "rejected", "rejected", "unchanged"], "{}", done.text);
        assert_eq!(done.body["items"][2]["errors"][0]["pointer"], "/gender");
        assert_eq!((&done.body["created"], &done.body["rejected"]), (&json!(2), &json!(2)));
        assert_eq!(count(&vendor, "/v1/learners").await, 1);
        let neighbour = s.client("vendor", province("01")).await;
        let far = neighbour.post("/v1/batch", json!({ "records": [centre("c1")] })).await.expect(200);
        assert_eq!(far.body["items"][0]["errors"][0]["code"], "forbidden", "{}", far.text);
    }
);

on_both!(
    async fn all_or_none_rehearsals_and_retries(s) {
        let vendor = s.vendor().await;
        let mut wrong = centre("c2");
        wrong["ownership"] = json!("nobody");
        let broken = json!({ "mode": "atomic", "records": [centre("c1"), wrong] });
        let done = vendor.post("/v1/batch", broken).await.expect(200);
        assert_eq!((&done.body["rejected"], &done.body["items"][0]["errors"][0]["code"]), (&json!(2), &json!("other_rows_refused")));
        let good = json!({ "records": [centre("c1")] });
        let rehearsed = vendor.post("/v1/batch?dryRun=true", good.clone()).await.expect(200);
        assert_eq!((&rehearsed.body["created"], &rehearsed.body["items"][0]["id"]), (&json!(1), &Value::Null));
        assert_eq!(count(&vendor, "/v1/centres").await, 0);
        let keyed = vendor.with("idempotency-key", "batch-1");
        let first = keyed.post("/v1/batch", good.clone()).await.expect(200);
        let again = keyed.post("/v1/batch", good.clone()).await.expect(200);
        assert_eq!((&first.body["created"], &first.body), (&json!(1), &again.body));
        keyed.post("/v1/batch", json!({ "records": [] })).await.expect(422);
        let plain = vendor.post("/v1/batch", good).await.expect(200);
        assert_eq!(plain.body["unchanged"], 1);
        let many = vec![centre("c1"); 501];
        vendor.post("/v1/batch", json!({ "records": many })).await.expect(422).refuses("/records", "too_many");
        for wrong in [json!(5), Value::Null] {
            vendor.post("/v1/batch", json!({ "records": [wrong] })).await.expect(400);
        }
    }
);

on_both!(
    async fn graphql_answers_the_same(s) {
        let vendor = s.vendor().await;
        let put = "mutation($records: [JSON!]!) { putBatch(records: $records) { created items { index outcome errors { pointer } } } }";
        let done = vendor.data(put, json!({ "records": [centre("c1"), learner("h1", "c9")] })).await;
        assert_eq!(done["putBatch"]["created"], 1);
        assert_eq!(done["putBatch"]["items"][1], json!({ "index": 1, "outcome": "rejected", "errors": [{ "pointer": "/centreExternalId" }] }));
    }
);
