//! A change of reach is told as what was lost and then what was gained, so that a replica that
//! drops and lists in this order ends up right.

use gdtx_domain::access::reach::Reach;
use serde_json::{Value, json};

use super::administrator;
use crate::{
    on_both,
    support::{Client, Service, centre, province},
};

async fn told(s: &Service, client: &Client, after: &mut i64) -> Vec<(String, Value)> {
    s.sequenced().await;
    let run = client.get(&format!("/v1/changes?after={after}&resource=access")).await.expect(200).body;
    *after = run["nextAfter"].as_i64().unwrap();
    let entries = run["items"].as_array().unwrap().clone();
    entries.into_iter().map(|e| (e["operation"].as_str().unwrap().to_owned(), e["record"].clone())).collect()
}

fn part(provinces: &[&str], communes: &[&str], centres: &[&str]) -> Value {
    json!({ "country": false, "provinces": provinces, "communes": communes, "centres": centres })
}

on_both!(
    async fn lost_first_then_gained_and_kept_parts_again(s) {
        let admin = administrator(s).await;
        let id = s.vendor().await.post("/v1/centres", centre("Trung tâm Thử nghiệm A", "11407")).await.expect(201).id();
        let client = s.client("vendor", province("31")).await;
        let path = format!("/v1/clients/{}", client.id.unwrap());
        let mut after = 0;
        assert_eq!(told(s, &client, &mut after).await, [], "a new client starts from nothing and needs no notice");
        let lost = |r: Value| ("access_lost".to_owned(), r);
        let gained = |r: Value| ("access_gained".to_owned(), r);
        let set = async |reach: Value| admin.patch(&path, json!({ "reach": reach })).await.expect(200);

        // A centre inside the province adds nothing to see.
        set(json!({ "provinces": ["31"], "centres": [id] })).await;
        assert_eq!(told(s, &client, &mut after).await, []);
        // The province goes, the centre stays: dropped with the province, gained again.
        set(json!({ "provinces": ["01"], "centres": [id] })).await;
        assert_eq!(told(s, &client, &mut after).await, [lost(part(&["31"], &[], &[])), gained(part(&["01"], &[], &[&id]))]);
        client.get(&format!("/v1/centres/{id}")).await.expect(200);
        // The commune around the centre comes: the centre alone is no loss.
        set(json!({ "communes": ["11407"] })).await;
        assert_eq!(told(s, &client, &mut after).await, [lost(part(&["01"], &[], &[])), gained(part(&[], &["11407"], &[]))]);
        // The province around the commune comes, and goes again with everything.
        set(json!({ "provinces": ["31"] })).await;
        assert_eq!(told(s, &client, &mut after).await, [gained(part(&["31"], &[], &[]))]);
        set(json!({})).await;
        assert_eq!(told(s, &client, &mut after).await, [lost(part(&["31"], &[], &[]))]);
        client.get(&format!("/v1/centres/{id}")).await.expect(404);
        // Nothing else about a client is told.
        admin.patch(&path, json!({ "name": "Other" })).await.expect(200);
        assert_eq!(told(s, &client, &mut after).await, []);
        let found = gdtx_service::exchange::sequencer::verify(&s.db).await.unwrap();
        assert_eq!(found.faults, []);
    }
);

on_both!(
    async fn a_reach_is_kept_tidy(s) {
        let admin = administrator(s).await;
        let client = s.client("vendor", Reach::default()).await;
        let path = format!("/v1/clients/{}", client.id.unwrap());
        let changed = admin.patch(&path, json!({ "reach": { "provinces": ["31", "01", "31"] } })).await.expect(200);
        assert_eq!(changed.body["reach"], part(&["01", "31"], &[], &[]));
        let ministry = s.client("ministry", Reach::default()).await;
        let shown = admin.get(&format!("/v1/clients/{}", ministry.id.unwrap())).await.expect(200);
        assert_eq!(shown.body["reach"]["country"], true);
    }
);
