//! People of the past: masked for today's reader, traced, and forgotten where they were erased.

use serde_json::{Value, json};

use super::values;
use crate::{
    learners::{
        classes::Setting,
        people::{NUMBER, centre_of, person, person_with, whole},
    },
    on_both,
    support::{Client, province},
};

on_both!(
    async fn masks_and_traces_are_those_of_the_present(s) {
        let vendor = s.vendor().await;
        let id = vendor.post("/v1/learners", whole(&centre_of(&vendor).await)).await.expect(201).id();
        let path = format!("/v1/learners/{id}");
        let then = s.sequenced().await;
        vendor.patch(&path, json!({ "fullName": "Nguyễn Thị Khác", "bloodGroup": "AB" })).await.expect(200);

        let whole = vendor.get(&format!("{path}?asOf={then}")).await.expect(200).body;
        assert_eq!((&whole["fullName"], &whole["bloodGroup"], &whole["personalNumber"]), (&json!("Nguyễn Thị Thử"), &json!("O"), &json!(NUMBER)));
        let listed = vendor.get(&format!("/v1/learners?asOf={then}")).await.expect(200).body["items"][0].clone();
        assert_eq!((&listed["fullName"], &listed["bloodGroup"]), (&json!("Nguyễn Thị Thử"), &Value::Null));
        for blind in [vendor.without_purpose(), Client::register(s, "vendor", province("31"), &[]).await] {
            for shown in [
                blind.get(&format!("{path}?asOf={then}")).await.expect(200).body,
                blind.get(&format!("/v1/learners?asOf={then}")).await.expect(200).body["items"][0].clone(),
                blind.get(&format!("{path}/history")).await.expect(200).body["items"][1]["record"].clone(),
            ] {
                assert_eq!((&shown["fullName"], &shown["personalNumber"], &shown["grade"]), (&Value::Null, &Value::Null, &json!("gdtx_grade_10")));
                assert!(shown["maskedFields"].as_array().expect("names").contains(&json!("fullName")));
            }
            // What nobody sees is not told to have changed.
            let versions = blind.get(&format!("{path}/history")).await.expect(200).body;
            assert_eq!(versions["items"][0]["changedFields"], json!([]));
        }
        let neighbour = s.client("vendor", province("01")).await;
        neighbour.get(&format!("{path}?asOf={then}")).await.expect(404);
        neighbour.get(&format!("{path}/history")).await.expect(404);
        assert_eq!(values(&neighbour, &format!("/v1/learners?asOf={then}"), "id").await, [json!(null); 0]);

        let auditor = s.client("auditor", Default::default()).await;
        let log = format!("/v1/access-log?learnerId={id}&clientId={}", vendor.id.expect("a client"));
        let before = values(&auditor, &log, "fields").await.len();
        vendor.get(&format!("{path}?asOf={then}&fields=id,fullName")).await.expect(200);
        vendor.get(&format!("{path}/history?first=1")).await.expect(200);
        let traces = values(&auditor, &log, "fields").await;
        assert_eq!(traces.len(), before + 2);
        assert!(traces.contains(&json!(["fullName"])), "{traces:?}");
    }
);

on_both!(
    /// Luật 91/2025/QH15 art. 24: whoever is known to be a child today is one, whatever was written before.
    async fn a_wrong_date_of_birth_of_the_past_shows_no_more_of_a_child(s) {
        let vendor = s.vendor().await;
        let body = person_with(&centre_of(&vendor).await, json!({
            "dateOfBirth": { "value": "1985-04-30", "precision": "day" }, "ethnicGroup": "tay", "motherName": "Trần Thị Thử",
        }));
        let id = vendor.post("/v1/learners", body).await.expect(201).id();
        let (path, then) = (format!("/v1/learners/{id}"), s.sequenced().await);
        let inspector = vendor.with("data-purpose", "inspection");
        let seen = async || {
            let feed = inspector.get("/v1/changes?resource=learners").await.expect(200).body;
            let list = inspector.get(&format!("/v1/learners?asOf={then}")).await.expect(200).body;
            let versions = inspector.get(&format!("{path}/history")).await.expect(200).body;
            let first = versions["items"].as_array().and_then(|items| items.last()).expect("a version").clone();
            [
                inspector.get(&format!("{path}?asOf={then}")).await.expect(200).body["ethnicGroup"].clone(),
                first["record"]["ethnicGroup"].clone(),
                feed["items"][0]["record"]["ethnicGroup"].clone(),
                list["items"][0]["motherName"].clone(),
            ]
        };
        assert_eq!(seen().await, [json!("tay"), json!("tay"), json!("tay"), json!("Trần Thị Thử")]);
        vendor.patch(&path, json!({ "dateOfBirth": { "value": "2016-03-01", "precision": "day" } })).await.expect(200);
        assert_eq!(seen().await, [Value::Null, Value::Null, Value::Null, Value::Null]);
    }
);

on_both!(
    async fn sealed_data_answer_no_question_about_the_past(s) {
        let vendor = s.vendor().await;
        let centre = centre_of(&vendor).await;
        vendor.post("/v1/learners", whole(&centre)).await.expect(201);
        let then = s.sequenced().await;
        for (parameter, value) in [
            ("search", "thu"), ("sort", "name"), ("sort", "-name"), ("officialId", "HV-THU-0001"), ("birthYear", "1985"),
            ("birthYearFrom", "1985"), ("birthYearTo", "1985"), ("gender", "female"), ("studyForm", "in_service"), ("literacyLevel", "level_2"),
        ] {
            vendor.get(&format!("/v1/learners?{parameter}={value}")).await.expect(200);
            let told = vendor.get(&format!("/v1/learners?{parameter}={value}&asOf={then}")).await.expect(400);
            told.refuses(parameter, "not_of_the_past");
        }
        let clear = format!("centreId={centre}&provinceCode=31&communeCode=11407&grade=gdtx_grade_10&classCode=10-THU&sort=-createdAt");
        assert_eq!(values(&vendor, &format!("/v1/learners?{clear}&asOf={then}"), "fullName").await, ["Nguyễn Thị Thử"]);
        // Who may not ask is told that first.
        let blind = vendor.without_purpose();
        blind.get(&format!("/v1/learners?gender=female&asOf={then}")).await.expect(403);
    }
);

on_both!(
    async fn what_was_erased_is_gone_from_the_past(s) {
        let vendor = s.vendor().await;
        let id = vendor.post("/v1/learners", whole(&centre_of(&vendor).await)).await.expect(201).id();
        let path = format!("/v1/learners/{id}");
        let then = s.sequenced().await;
        let request = json!({ "learnerId": id, "kind": "erase", "receivedOn": "2026-11-02", "requestedBy": "data_subject" });
        let asked = vendor.post("/v1/data-subject-requests", request).await.expect(201).id();
        vendor.post(&format!("/v1/data-subject-requests/{asked}/fulfil"), json!({})).await.expect(200);
        let past = vendor.get(&format!("{path}?asOf={then}")).await.expect(200).body;
        assert_eq!((&past["fullName"], &past["motherName"], &past["personalNumber"]), (&Value::Null, &Value::Null, &Value::Null));
        assert_eq!((&past["version"], &past["grade"], &past["maskedFields"]), (&json!(1), &json!("gdtx_grade_10"), &json!([])));
        let now = s.sequenced().await;
        assert_eq!(vendor.get(&format!("{path}?asOf={now}")).await.expect(200).body, vendor.get(&path).await.body);
        let versions = vendor.get(&format!("{path}/history")).await.expect(200).body;
        let told: Vec<_> = versions["items"].as_array().expect("items").iter().map(|v| (v["operation"].clone(), v["record"]["fullName"].clone())).collect();
        assert_eq!(told, [(json!("erased"), json!("Nguyễn Thị Thử")), (json!("created"), Value::Null)]);
    }
);

on_both!(
    async fn a_merged_record_stood_alone_before(s) {
        let vendor = s.vendor().await;
        let setting = Setting::new(&vendor).await;
        let old = vendor.put("/v1/learners/by-external-id/twin", person(&setting.centre)).await.expect(201).id();
        let body = json!({ "learnerId": old, "classId": setting.class, "enrolledOn": "2025-09-05" });
        let place = vendor.post("/v1/enrolments", body).await.expect(201).id();
        let (stays, goes) = (format!("/v1/learners/{}", setting.learner), format!("/v1/learners/{old}"));
        let apart = s.sequenced().await;
        vendor.post(&format!("{stays}/merge"), json!({ "duplicateId": old })).await.expect(200);
        let one = s.sequenced().await;
        vendor.post(&format!("{goes}/unmerge"), json!({})).await.expect(200);

        assert_eq!(vendor.get(&format!("{goes}?asOf={apart}")).await.expect(200).id(), old);
        let moved = vendor.get(&format!("{goes}?asOf={one}")).await.expect(307);
        assert_eq!(moved.header("location"), format!("{stays}?asOf={one}"));
        let told = vendor.data("query($id: ID!, $at: AsOf) { getLearner(id: $id, asOf: $at) { id enrolments { nodes { id } } } }", json!({ "id": old, "at": one })).await;
        assert_eq!(told["getLearner"], json!({ "id": setting.learner, "enrolments": { "nodes": [{ "id": place }] } }));
        for (learner, at, found) in [(&old, apart, 1), (&setting.learner, apart, 0), (&old, one, 0), (&setting.learner, one, 1)] {
            let list = format!("/v1/enrolments?learnerId={learner}&asOf={at}");
            assert_eq!(values(&vendor, &list, "id").await.len(), found, "{list}");
        }
        for (at, found) in [(apart, 2), (one, 1)] {
            assert_eq!(vendor.get(&format!("/v1/learners?count=exact&asOf={at}")).await.expect(200).body["totalCount"], found);
        }
        let versions = values(&vendor, &format!("{goes}/history"), "operation").await;
        assert_eq!(versions, ["unmerged", "merged", "created"]);
        // A key leads to the record that had it.
        assert_eq!(values(&vendor, &format!("/v1/learners?externalId=twin&asOf={apart}"), "id").await, [json!(old)]);
        assert_eq!(values(&vendor, &format!("/v1/learners?externalId=twin&asOf={one}"), "id").await, [json!(setting.learner)]);
    }
);

on_both!(
    async fn steps_of_an_enrolment_are_read_as_they_were(s) {
        let vendor = s.vendor().await;
        let setting = Setting::new(&vendor).await;
        let body = json!({ "learnerId": setting.learner, "classId": setting.class, "enrolledOn": "2025-09-05" });
        let place = vendor.post("/v1/enrolments", body).await.expect(201).id();
        let then = s.sequenced().await;
        let events = format!("/v1/enrolments/{place}/events");
        vendor.post(&events, json!({ "kind": "start", "effectiveOn": "2025-09-06" })).await.expect(201);
        assert_eq!(values(&vendor, &format!("{events}?asOf={then}"), "kind").await, ["enrol"]);
        assert_eq!(values(&vendor, &format!("{events}?sort=-sequence"), "kind").await, ["start", "enrol"]);
        for (at, status) in [(then, "enrolled"), (s.sequenced().await, "studying")] {
            let list = format!("/v1/enrolments?status={status}&classId={}&enrolledFrom=2025-09-05&enrolledTo=2025-09-05&asOf={at}", setting.class);
            assert_eq!(values(&vendor, &list, "id").await, [json!(place)], "{list}");
        }
        let class = vendor.get(&format!("/v1/classes?schoolYear=2025-2026&asOf={then}")).await.expect(200).body;
        assert_eq!(class["items"][0]["id"], json!(setting.class));
        let twin = person_with(&setting.centre, json!({}));
        assert!(twin["fullName"].is_string());
    }
);
