//! The states of a class, and what must stand before one opens.

use chrono::{Duration, NaiveDate};
use serde_json::{Value, json};

use super::{bare, class, complete, decide, operating, proposed, published};
use crate::{on_both, support::Client};

on_both!(
    async fn from_plan_to_end(s) {
        let vendor = s.vendor().await;
        let centre_id = operating(&vendor, "gdtx_centre").await;
        let programme = published(&vendor, &centre_id, "on_demand").await;
        let mut body = class(&programme, "A1");
        body["opensOn"] = json!("2025-09-08");
        let id = vendor.post("/v1/classes", body).await.expect(201).id();
        assert_eq!(step(&vendor, &id, "approve", json!({})).await["state"], "approved");
        let open = step(&vendor, &id, "open", json!({ "opensOn": "2025-09-15" })).await;
        assert_eq!((open["state"].clone(), open["opensOn"].clone()), (json!("open"), json!("2025-09-15")));
        vendor.delete(&format!("/v1/classes/{id}")).await.expect(409);
        let early = vendor.post(&format!("/v1/classes/{id}/close"), json!({ "closesOn": "2025-09-01" })).await;
        early.expect(422).refuses("/closesOn", "dates_out_of_order");
        let closed = step(&vendor, &id, "close", json!({ "closesOn": "2025-12-20" })).await;
        assert_eq!((closed["state"].clone(), closed["closesOn"].clone()), (json!("closed"), json!("2025-12-20")));
        assert_eq!(closed["version"], 4);
        for verb in ["approve", "open", "close", "cancel"] {
            let refused = vendor.post(&format!("/v1/classes/{id}/{verb}"), json!({})).await.expect(409);
            assert_eq!(refused.body["code"], "impossible_transition");
        }
    }
);

on_both!(
    async fn a_class_is_approved_before_it_opens_and_cancelled_for_good(s) {
        let vendor = s.vendor().await;
        let centre_id = operating(&vendor, "gdtx_centre").await;
        let programme = published(&vendor, &centre_id, "on_demand").await;
        let id = vendor.post("/v1/classes", class(&programme, "A1")).await.expect(201).id();
        let refused = vendor.english().post(&format!("/v1/classes/{id}/open"), json!({})).await.expect(409);
        assert_eq!(refused.body["detail"], "\"Open\" is not possible in the state \"Planned\".");
        vendor.post(&format!("/v1/classes/{id}/close"), json!({})).await.expect(409);
        assert_eq!(step(&vendor, &id, "cancel", json!({})).await["state"], "cancelled");
        vendor.post(&format!("/v1/classes/{id}/approve"), json!({})).await.expect(409);
    }
);

on_both!(
    async fn no_class_opens_on_a_programme_that_is_not_public(s) {
        let vendor = s.vendor().await;
        let centre_id = operating(&vendor, "gdtx_centre").await;
        let programme = vendor.post("/v1/programmes", complete(&centre_id, "on_demand")).await.expect(201).id();
        let id = vendor.post("/v1/classes", class(&programme, "A1")).await.expect(201).id();
        step(&vendor, &id, "approve", json!({})).await;
        let open = format!("/v1/classes/{id}/open");
        let refused = vendor.post(&open, json!({})).await.expect(409).refuses("/programmeId", "programme_not_published");
        assert!(refused.text.contains("TT 01/2023/TT-BGDĐT"), "{}", refused.text);
        vendor.post(&format!("/v1/programmes/{programme}/publish"), json!({})).await.expect(200);
        step(&vendor, &id, "open", json!({})).await;
        // An open class outlives the offer; the next one does not begin.
        let next = vendor.post("/v1/classes", class(&programme, "A2")).await.expect(201).id();
        step(&vendor, &next, "approve", json!({})).await;
        vendor.post(&format!("/v1/programmes/{programme}/withdraw"), json!({})).await.expect(200);
        vendor.post(&format!("/v1/classes/{next}/open"), json!({})).await.expect(409);
        step(&vendor, &id, "close", json!({})).await;
    }
);

on_both!(
    async fn no_class_opens_in_a_centre_that_does_not_operate(s) {
        let vendor = s.vendor().await;
        let centre_id = proposed(&vendor, "gdtx_centre").await;
        let programme = published(&vendor, &centre_id, "on_demand").await;
        let id = vendor.post("/v1/classes", class(&programme, "A1")).await.expect(201).id();
        step(&vendor, &id, "approve", json!({})).await;
        let open = format!("/v1/classes/{id}/open");
        let today = gdtx_service::Clock::System.today();
        let suspension = json!({ "ground": "conditions_not_kept", "suspendedFrom": today, "suspendedTo": "2999-01-01" });
        vendor.post(&open, json!({})).await.expect(409).refuses("/centreId", "centre_not_operating");
        decide(s, &centre_id, "establish", json!({})).await;
        vendor.post(&open, json!({})).await.expect(409).refuses("/centreId", "centre_not_operating");
        decide(s, &centre_id, "start_operating", json!({})).await;
        decide(s, &centre_id, "suspend", suspension).await;
        vendor.post(&open, json!({})).await.expect(409).refuses("/centreId", "centre_not_operating");
        decide(s, &centre_id, "resume", json!({})).await;
        step(&vendor, &id, "open", json!({})).await;
    }
);

on_both!(
    async fn the_day_is_told_planned_or_today(s) {
        let vendor = s.vendor().await;
        let centre_id = operating(&vendor, "gdtx_centre").await;
        let programme = published(&vendor, &centre_id, "on_demand").await;
        let today = gdtx_service::Clock::System.today();
        let tomorrow = today + Duration::days(1);
        let past = NaiveDate::from_ymd_opt(2025, 9, 8).unwrap();
        for (planned, opened) in [(None, today), (Some(past), past), (Some(tomorrow), today)] {
            let mut body = class(&programme, "A");
            body["opensOn"] = json!(planned);
            let id = vendor.post("/v1/classes", body).await.expect(201).id();
            step(&vendor, &id, "approve", json!({})).await;
            let far = json!({ "opensOn": today + Duration::days(40) });
            vendor.post(&format!("/v1/classes/{id}/open"), far).await.expect(422).refuses("/opensOn", "in_future");
            let open = step(&vendor, &id, "open", json!({})).await;
            // The day may turn between two readings of the clock.
            assert!(open["opensOn"] == json!(opened) || open["opensOn"] == json!(tomorrow), "{open}");
        }
    }
);

on_both!(
    async fn a_step_on_graphql_is_the_same_step(s) {
        let vendor = s.vendor().await;
        let centre_id = operating(&vendor, "gdtx_centre").await;
        let programme = vendor.post("/v1/programmes", bare(&centre_id, "on_demand")).await.expect(201).id();
        let id = vendor.post("/v1/classes", class(&programme, "A1")).await.expect(201).id();
        let stale = "mutation($id: ID!) { approveClass(id: $id, expectedVersion: 9) { record { state } } }";
        let refused = vendor.graphql(stale, json!({ "id": id })).await.body;
        assert_eq!(refused["errors"][0]["extensions"]["code"], "stale_version");
        let approve = "mutation($id: ID!) { approveClass(id: $id, expectedVersion: 1) { record { state version } } }";
        let done = vendor.data(approve, json!({ "id": id })).await["approveClass"]["record"].clone();
        assert_eq!(done, json!({ "state": "approved", "version": 2 }));
        let open = "mutation($id: ID!) { openClass(id: $id, input: {opensOn: \"2025-09-15\"}) { record { state } } }";
        let refused = vendor.graphql(open, json!({ "id": id })).await.body["errors"][0]["extensions"].clone();
        assert_eq!(refused["code"], "impossible_transition");
        assert_eq!(refused["status"], 409);
        assert_eq!(refused["errors"][0]["code"], "programme_not_published");
        let cancel = "mutation($id: ID!) { cancelClass(id: $id) { record { state programme { name } centre { id } } } }";
        let done = vendor.data(cancel, json!({ "id": id })).await["cancelClass"]["record"].clone();
        assert_eq!(done["state"], "cancelled");
        assert_eq!(done["centre"]["id"], json!(centre_id));
    }
);

async fn step(client: &Client, id: &str, verb: &str, body: Value) -> Value {
    client.post(&format!("/v1/classes/{id}/{verb}"), body).await.expect(200).body
}
