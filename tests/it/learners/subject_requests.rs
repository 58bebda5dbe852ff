//! What learners ask for as data subjects: by when it is due, and what an erasure leaves.

use gdtx_domain::access::reach::Reach;
use gdtx_service::exchange::sequencer;
use serde_json::{Value, json};

use super::people::{NUMBER, centre_of, person_with, whole};
use crate::{
    on_both,
    support::{Client, province},
};

const PATH: &str = "/v1/data-subject-requests";

async fn learner(client: &Client) -> String {
    let centre = centre_of(client).await;
    client.post("/v1/learners", whole(&centre)).await.expect(201).id()
}

fn request(learner: &str, kind: &str, received: &str) -> Value {
    json!({ "learnerId": learner, "kind": kind, "receivedOn": received, "requestedBy": "data_subject" })
}

on_both!(
    async fn a_request_has_its_days_and_its_steps(s) {
        let vendor = s.vendor().await;
        let learner = learner(&vendor).await;
        // Received on Friday 2 October 2026: 2 working days, and 15 days (NĐ 356/2025 art. 5).
        let made = vendor.post(PATH, request(&learner, "object", "2026-10-02")).await.expect(201);
        assert_eq!((&made.body["state"], &made.body["acknowledgeBy"], &made.body["dueOn"]), (&json!("received"), &json!("2026-10-06"), &json!("2026-10-17")));
        let path = format!("{PATH}/{}", made.id());
        // A processor has to act too: 20 days.
        let mut longer = request(&learner, "object", "2026-10-02");
        longer["withProcessor"] = json!(true);
        assert_eq!(vendor.post(PATH, longer).await.expect(201).body["dueOn"], "2026-10-22");
        // A term that is over is no longer made longer.
        vendor.patch(&path, json!({ "withProcessor": true })).await.expect(422).refuses("/withProcessor", "immutable");
        let told = vendor.post(&format!("{path}/acknowledge"), json!({})).await.expect(200);
        assert_eq!((&told.body["state"], told.body["acknowledgedOn"].is_string()), (&json!("acknowledged"), true));
        vendor.patch(&path, json!({ "receivedOn": "2026-10-05" })).await.expect(422).refuses("/receivedOn", "immutable");
        vendor.post(&format!("{path}/acknowledge"), json!({})).await.expect(409);
        vendor.post(&format!("{path}/extend"), json!({ "reason": "" })).await.expect(422).refuses("/reason", "empty");
        let refusal = json!({ "outcome": "Dữ liệu phải lưu giữ", "legalBasis": "Luật 91/2025/QH15, Điều 14" });
        let refused = vendor.post(&format!("{path}/refuse"), refusal).await.expect(200);
        assert_eq!((&refused.body["state"], &refused.body["legalBasis"]), (&json!("refused"), &json!("Luật 91/2025/QH15, Điều 14")));
        for step in ["acknowledge", "fulfil", "withdraw"] {
            vendor.post(&format!("{path}/{step}"), json!({})).await.expect(409);
        }
        vendor.patch(&path, json!({ "details": "Thử" })).await.expect(409);
        vendor.delete(&path).await.expect(409);
    }
);

on_both!(
    async fn a_term_is_extended_once_and_in_time(s) {
        let vendor = s.vendor().await;
        let learner = learner(&vendor).await;
        let today = gdtx_service::Clock::System.today();
        let made = vendor.post(PATH, request(&learner, "erase", &today.to_string())).await.expect(201);
        let path = format!("{PATH}/{}", made.id());
        assert_eq!(made.body["dueOn"], json!(today + chrono::Days::new(20)));
        let extended = vendor.post(&format!("{path}/extend"), json!({ "reason": "Hồ sơ giấy ở nhiều nơi" })).await.expect(200);
        assert_eq!(extended.body["dueOn"], json!(today + chrono::Days::new(40)));
        vendor.post(&format!("{path}/extend"), json!({ "reason": "Thử" })).await.expect(409);
        let late = vendor.post(PATH, request(&learner, "view", "2026-03-01")).await.expect(201).id();
        vendor.post(&format!("{PATH}/{late}/extend"), json!({ "reason": "Thử" })).await.expect(409);
    }
);

on_both!(
    async fn what_is_late_is_listed_first_due_first(s) {
        let vendor = s.vendor().await;
        let learner = learner(&vendor).await;
        let today = gdtx_service::Clock::System.today();
        let new = async |kind: &str, received: &str| vendor.post(PATH, request(&learner, kind, received)).await.expect(201).id();
        let later = new("view", "2026-05-04").await;
        let earlier = new("view", "2026-03-02").await;
        let answered = new("view", "2026-02-02").await;
        vendor.post(&format!("{PATH}/{answered}/fulfil"), json!({ "outcome": "Đã gửi bản in" })).await.expect(200);
        let fresh = new("erase", &today.to_string()).await;
        // Told late, though the answer itself is not due yet.
        let untold = new("erase", &(today - chrono::Days::new(10)).to_string()).await;
        let ids = async |query: &str| {
            let found = vendor.get(&format!("{PATH}?{query}")).await.expect(200).body;
            found["items"].as_array().expect("items").iter().map(|i| i["id"].as_str().expect("an id").to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(ids("overdue=true").await, [earlier.clone(), later.clone(), untold.clone()]);
        assert_eq!(ids("overdue=false").await, [answered.clone(), fresh.clone()]);
        vendor.post(&format!("{PATH}/{untold}/acknowledge"), json!({})).await.expect(200);
        assert_eq!(ids("overdue=true&dueTo=2026-04-01").await, [earlier]);
        assert_eq!(ids("overdue=true&sort=-dueOn").await[0], later);
        let listed = vendor.data("{ listDataSubjectRequests(filter: {overdue: true}) { nodes { id learner { id } } } }", json!({})).await;
        assert_eq!(listed["listDataSubjectRequests"]["nodes"][0]["learner"]["id"], json!(learner));
    }
);

on_both!(
    async fn for_a_child_a_representative_asks(s) {
        let vendor = s.vendor().await;
        let centre = centre_of(&vendor).await;
        let born = json!({ "dateOfBirth": { "value": "2016-03-01", "precision": "day" }, "motherName": "Trần Thị Thử" });
        let child = vendor.post("/v1/learners", person_with(&centre, born)).await.expect(201).id();
        let mut body = request(&child, "view", "2026-10-02");
        vendor.post(PATH, body.clone()).await.expect(422).refuses("/requestedBy", "representative_required");
        body["requestedBy"] = json!("representative");
        vendor.post(PATH, body.clone()).await.expect(422).refuses("/representativeName", "required");
        body["representativeName"] = json!("Trần Thị Thử");
        let made = vendor.post(PATH, body).await.expect(201).id();
        vendor.patch(&format!("{PATH}/{made}"), json!({ "kind": "erase" })).await.expect(422).refuses("/kind", "immutable");
        let by_itself = vendor.patch(&format!("{PATH}/{made}"), json!({ "requestedBy": "data_subject" })).await;
        by_itself.expect(422).refuses("/requestedBy", "representative_required");
        vendor.post(PATH, request(&child, "view", "2999-01-01")).await.expect(422).refuses("/receivedOn", "date_in_future");
        let neighbour = s.client("province_department", province("01")).await;
        neighbour.get(&format!("{PATH}/{made}")).await.expect(404);
        assert_eq!(neighbour.get(&format!("{PATH}?count=exact")).await.body["totalCount"], 0);
        s.client("auditor", Reach::default()).await.get(PATH).await.expect(403);
    }
);

on_both!(
    async fn an_erasure_keeps_the_core_and_shreds_the_rest_for_ever(s) {
        let vendor = s.vendor().await;
        let id = learner(&vendor).await;
        let path = format!("/v1/learners/{id}");
        vendor.patch(&path, json!({ "contactPhone": "0225 111 111", "bloodGroup": "AB" })).await.expect(200);
        let asked = vendor.post(PATH, request(&id, "erase", "2026-11-02")).await.expect(201).id();
        let rehearsed = vendor.post(&format!("{PATH}/{asked}/fulfil?dryRun=true"), json!({})).await.expect(200);
        assert_eq!(rehearsed.body["state"], "partly_fulfilled");
        assert_eq!(vendor.get(&path).await.expect(200).body["contactPhone"], "0225 111 111");

        let done = vendor.post(&format!("{PATH}/{asked}/fulfil"), json!({})).await.expect(200).body;
        assert_eq!(done["state"], "partly_fulfilled");
        assert!(done["legalBasis"].as_str().is_some_and(|b| b.contains("88/2026/NĐ-CP, Điều 8") && b.contains("91/2025/QH15, Điều 14")));
        let names = |field: &str| done[field].as_array().expect("names").clone();
        for gone in ["contactPhone", "ethnicGroup", "bloodGroup", "motherName", "residence", "idDocumentNumber", "policyGroups", "representativeName", "rewards"] {
            assert!(names("erasedFields").contains(&json!(gone)), "{gone}");
        }
        for kept in ["fullName", "dateOfBirth", "gender", "personalNumber", "officialId"] {
            assert!(names("keptFields").contains(&json!(kept)), "{kept}");
        }
        let left = vendor.get(&path).await.expect(200).body;
        assert_eq!((&left["fullName"], &left["personalNumber"], &left["grade"]), (&json!("Nguyễn Thị Thử"), &json!(NUMBER), &json!("gdtx_grade_10")));
        for gone in names("erasedFields") {
            let value = &left[gone.as_str().expect("a name")];
            assert!(value.is_null() || *value == json!([]), "{gone}: {value}");
        }
        // The past is gone with the key: old entries show nobody, the last one the core.
        s.sequenced().await;
        let run = vendor.get("/v1/changes?after=0&resource=learners").await.expect(200).body;
        let entries = run["items"].as_array().expect("entries");
        assert_eq!(entries.iter().map(|e| e["operation"].as_str().expect("an operation")).collect::<Vec<_>>(), ["created", "updated", "erased"]);
        for entry in &entries[..2] {
            assert_eq!((&entry["record"]["fullName"], &entry["record"]["contactPhone"], &entry["record"]["grade"]), (&Value::Null, &Value::Null, &json!("gdtx_grade_10")));
        }
        assert_eq!(entries[2]["record"]["fullName"], "Nguyễn Thị Thử");
        let whole = sequencer::verify(s.system().database()).await.expect("a verification");
        assert_eq!(whole.faults, []);
        // It is found by its number and goes on as a record.
        assert_eq!(vendor.post("/v1/learners/find", json!({ "personalNumber": NUMBER })).await.expect(200).body["items"][0]["id"], json!(id));
        vendor.patch(&path, json!({ "contactPhone": "0225 222 222" })).await.expect(200);
    }
);

on_both!(
    async fn retired_and_merged_records_are_erased_too(s) {
        let vendor = s.vendor().await;
        let centre = centre_of(&vendor).await;
        let new = async |phone: &str| {
            let more = json!({ "contactPhone": phone });
            vendor.post("/v1/learners", person_with(&centre, more)).await.expect(201).id()
        };
        let phone = async |id: &str| {
            let all = vendor.get("/v1/learners?withRetired=true&first=200&fields=id,contactPhone").await.expect(200).body["items"].as_array().expect("items").clone();
            all.into_iter().find(|item| item["id"] == id).expect("the record")["contactPhone"].clone()
        };
        let (stays, goes) = (new("0225 000 001").await, new("0225 000 002").await);
        let asked = vendor.post(PATH, request(&goes, "erase", "2026-11-02")).await.expect(201).id();
        vendor.post(&format!("/v1/learners/{stays}/merge"), json!({ "duplicateId": goes })).await.expect(200);
        assert_eq!((phone(&stays).await, phone(&goes).await), (json!("0225 000 001"), json!("0225 000 002")));
        vendor.post(&format!("{PATH}/{asked}/fulfil"), json!({})).await.expect(200);
        assert_eq!((phone(&stays).await, phone(&goes).await), (Value::Null, Value::Null));

        let retired = new("0225 000 003").await;
        vendor.delete(&format!("/v1/learners/{retired}")).await.expect(200);
        let asked = vendor.post(PATH, request(&retired, "erase", "2026-11-02")).await.expect(201).id();
        vendor.post(&format!("{PATH}/{asked}/fulfil"), json!({})).await.expect(200);
        assert_eq!(phone(&retired).await, Value::Null);
    }
);

on_both!(
    async fn a_kept_answer_tells_nothing_that_was_erased(s) {
        let vendor = s.vendor().await;
        let centre = centre_of(&vendor).await;
        let body = person_with(&centre, json!({ "contactPhone": "0225 000 004" }));
        let keyed = vendor.with("idempotency-key", "erased-later");
        let made = keyed.post("/v1/learners", body.clone()).await.expect(201);
        assert_eq!(made.body["contactPhone"], "0225 000 004");
        let asked = vendor.post(PATH, request(&made.id(), "erase", "2026-11-02")).await.expect(201).id();
        vendor.post(&format!("{PATH}/{asked}/fulfil"), json!({})).await.expect(200);
        let again = keyed.post("/v1/learners", body).await.expect(201);
        assert_eq!((again.id(), &again.body["contactPhone"]), (made.id(), &Value::Null));
    }
);

on_both!(
    async fn requests_follow_their_centre(s) {
        let ministry = s.client("ministry", Reach::default()).await;
        let vendor = s.vendor().await;
        let learner = learner(&vendor).await;
        let made = vendor.post(PATH, request(&learner, "view", "2026-11-02")).await.expect(201);
        let (old, new) = (s.client("province_department", province("31")).await, s.client("province_department", province("01")).await);
        let path = format!("{PATH}/{}", made.id());
        old.get(&path).await.expect(200);
        let centre = made.body["centreId"].as_str().expect("a centre").to_owned();
        ministry.patch(&format!("/v1/centres/{centre}"), json!({ "place": { "code": "00004" } })).await.expect(200);
        old.get(&path).await.expect(404);
        new.get(&path).await.expect(200);
    }
);
