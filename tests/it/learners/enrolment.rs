//! Enrolments: who enters which class, and what is refused.

use serde_json::json;

use super::{
    classes::{Setting, class_of, step},
    people::{centre_of, person},
};
use crate::{
    on_both,
    support::{Client, province},
};
use gdtx_domain::access::reach::Reach;

on_both!(
    async fn a_learner_enters_a_class_of_another_centre(s) {
        let vendor = s.vendor().await;
        let there = Setting::new(&vendor).await;
        let home = centre_of(&vendor).await;
        let learner = vendor.post("/v1/learners", person(&home)).await.expect(201).id();
        let made = vendor.post("/v1/enrolments", there.enrolment_with(json!({"learnerId": learner}))).await.expect(201);
        assert_eq!((&made.body["centreId"], &made.body["status"]), (&json!(there.centre), &json!("enrolled")));
        assert_eq!(made.header("location"), format!("/v1/enrolments/{}", made.id()));

        let only = |centre: &str| Reach { centres: vec![centre.parse().unwrap()], ..Reach::default() };
        let host = s.client("centre", only(&there.centre)).await;
        host.get(&format!("/v1/enrolments/{}", made.id())).await.expect(200);
        host.get(&format!("/v1/learners/{learner}")).await.expect(404);
        let seen = host
            .data("query($id: ID!) { getEnrolment(id: $id) { status learnerId learner { id } } }", json!({"id": made.id()}))
            .await;
        assert_eq!(seen["getEnrolment"], json!({"status": "enrolled", "learnerId": learner, "learner": null}));
        host.post("/v1/enrolments", there.enrolment_with(json!({"learnerId": learner}))).await.expect(422).refuses("/learnerId", "unknown_record");

        let keeper = s.client("centre", only(&home)).await;
        keeper.get(&format!("/v1/enrolments/{}", made.id())).await.expect(404);
        keeper.post("/v1/enrolments", there.enrolment_with(json!({"learnerId": learner}))).await.expect(422).refuses("/classId", "unknown_record");
    }
);

on_both!(
    async fn the_same_on_graphql_with_relations(s) {
        let vendor = s.vendor().await;
        let set = Setting::new(&vendor).await;
        let made = vendor
            .data(
                "mutation($input: NewEnrolment!) { createEnrolment(input: $input) { created record { id status learner { fullName } class { code enrolments { nodes { id } } } events { nodes { kind sequence statusAfter } } } } }",
                json!({"input": set.enrolment_with(json!({"entry": "repeat", "period": "term_1"}))}),
            )
            .await;
        let record = &made["createEnrolment"]["record"];
        assert_eq!((&record["status"], &record["learner"]["fullName"]), (&json!("repeated"), &json!("Nguyễn Thị Thử")));
        assert_eq!(record["events"]["nodes"], json!([{"kind": "repeat", "sequence": 1, "statusAfter": "repeated"}]));
        let id = record["id"].clone();
        assert_eq!(record["class"], json!({"code": "THU-1", "enrolments": {"nodes": [{"id": id}]}}));
        let moved = vendor
            .data(
                "mutation($id: ID!, $input: NewEnrolmentEvent!) { createEnrolmentEvent(id: $id, input: $input, expectedVersion: 1) { created record { sequence statusAfter enrolmentId } } }",
                json!({"id": id, "input": {"kind": "start", "effectiveOn": "2025-09-06"}}),
            )
            .await;
        assert_eq!(moved["createEnrolmentEvent"]["record"], json!({"sequence": 2, "statusAfter": "studying", "enrolmentId": id}));
        let seen = vendor
            .data(
                "query($id: ID!, $learner: ID!) { listEnrolmentEvents(id: $id, count: exact) { totalCount nodes { kind } } getLearner(id: $learner) { enrolments { nodes { id status } } } node(id: $id) { ... on Enrolment { version } } listEnrolments(filter: {status: studying}) { nodes { id } } }",
                json!({"id": id, "learner": set.learner}),
            )
            .await;
        assert_eq!(seen["listEnrolmentEvents"], json!({"totalCount": 2, "nodes": [{"kind": "repeat"}, {"kind": "start"}]}));
        assert_eq!(seen["getLearner"]["enrolments"]["nodes"], json!([{"id": id, "status": "studying"}]));
        assert_eq!(seen["node"]["version"], 2);
        assert_eq!(seen["listEnrolments"]["nodes"][0]["id"], id);
    }
);

on_both!(
    async fn a_wrong_entry_is_refused(s) {
        let vendor = s.vendor().await;
        let set = Setting::new(&vendor).await;
        let nobody = "01900000-0000-7000-8000-000000000000";
        for (more, pointer, code) in [
            (json!({"learnerId": nobody}), "/learnerId", "unknown_record"),
            (json!({"classId": nobody}), "/classId", "unknown_record"),
            (json!({"origin": "Trung tâm cũ"}), "/origin", "not_allowed_here"),
            (json!({"entry": "transfer_in"}), "/origin", "required"),
            (json!({"chosenSubjects": ["magic"]}), "/chosenSubjects/0", "unknown_code"),
            (json!({"topicClusters": [{"subject": "history", "periods": 0}]}), "/topicClusters/0/periods", "out_of_range"),
            (json!({"note": "x".repeat(1001)}), "/note", "too_long"),
        ] {
            vendor.post("/v1/enrolments", set.enrolment_with(more)).await.expect(422).refuses(pointer, code);
        }
        let refused = vendor.post("/v1/enrolments", set.enrolment_with(json!({"entry": "complete"}))).await.expect(409);
        assert_eq!(refused.body["code"], "impossible_transition");
        vendor.post("/v1/enrolments", set.enrolment_with(json!({"status": "studying"}))).await.expect(400).refuses("/status", "unknown_property");
        vendor.post(&format!("/v1/classes/{}/cancel", set.class), json!({})).await.expect(200);
        vendor.post("/v1/enrolments", set.enrolment()).await.expect(422).refuses("/classId", "class_not_open");
        assert_eq!(vendor.get("/v1/enrolments?count=exact").await.body["totalCount"], 0);
    }
);

on_both!(
    async fn nobody_sits_twice_in_a_class_and_a_full_one_is_told(s) {
        let vendor = s.vendor().await;
        let set = Setting::new(&vendor).await;
        vendor.patch(&format!("/v1/classes/{}", set.class), json!({"capacity": 1})).await.expect(200);
        let path = set.enrolled(&vendor).await;
        vendor.post("/v1/enrolments", set.enrolment()).await.expect(409).refuses("/learnerId", "already_enrolled");
        let second = vendor.post("/v1/learners", person(&set.centre)).await.expect(201).id();
        let full = vendor.post("/v1/enrolments", set.enrolment_with(json!({"learnerId": second}))).await.expect(201);
        assert_eq!(full.body["warnings"][0]["code"], "class_full");
        // A learner may be in several classes, and come again after leaving for elsewhere.
        let other = class_of(&vendor, &set.centre, "life_skills", None).await;
        vendor.post("/v1/enrolments", set.enrolment_with(json!({"classId": other}))).await.expect(201);
        step(&vendor, &path, "drop_out", "2025-10-01", json!({"dropoutReason": "distance"})).await.expect(201);
        vendor.post("/v1/enrolments", set.enrolment()).await.expect(409).refuses("/learnerId", "already_enrolled");
        step(&vendor, &path, "return", "2025-10-02", json!({})).await.expect(201);
        step(&vendor, &path, "transfer_out", "2025-10-03", json!({"destination": "abroad"})).await.expect(201);
        vendor.post("/v1/enrolments", set.enrolment()).await.expect(201);
        // One entered by mistake is retired and does not count.
        let listed = vendor.get(&format!("/v1/enrolments?learnerId={}&classId={}&status=enrolled", set.learner, set.class)).await.expect(200);
        let again = listed.body["items"][0]["id"].as_str().unwrap().to_owned();
        vendor.delete(&format!("/v1/enrolments/{again}")).await.expect(200);
        vendor.post("/v1/enrolments", set.enrolment()).await.expect(201);
    }
);

on_both!(
    async fn of_many_who_enrol_one_learner_at_once_one_succeeds(s) {
        let vendor = s.vendor().await;
        let set = Setting::new(&vendor).await;
        let answers = futures::future::join_all((0..6).map(|_| vendor.post("/v1/enrolments", set.enrolment()))).await;
        let mut outcomes: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
        outcomes.sort_unstable();
        assert_eq!(outcomes, [201, 409, 409, 409, 409, 409]);
        assert_eq!(vendor.get("/v1/enrolments?count=exact").await.body["totalCount"], 1);
    }
);

on_both!(
    async fn learner_class_and_origin_stay_and_the_first_day_can_be_mended(s) {
        let vendor = s.vendor().await;
        let set = Setting::new(&vendor).await;
        let body = set.enrolment_with(json!({"entry": "transfer_in", "origin": "Trung tâm Cũ"}));
        let key = "/v1/enrolments/by-external-id/G-1";
        let made = vendor.put(key, body.clone()).await.expect(201);
        assert_eq!((&made.body["status"], &made.body["origin"]), (&json!("transferred_in"), &json!("Trung tâm Cũ")));
        let path = format!("/v1/enrolments/{}", made.id());
        let second = vendor.post("/v1/learners", person(&set.centre)).await.expect(201).id();
        vendor.patch(&path, json!({"learnerId": second})).await.expect(422).refuses("/learnerId", "immutable");
        vendor.patch(&path, json!({"status": "completed"})).await.expect(400);

        assert_eq!(vendor.patch(&path, json!({"enrolledOn": "2025-09-08"})).await.expect(200).body["statusSince"], "2025-09-08");
        step(&vendor, &path, "start", "2025-09-10", json!({})).await.expect(201);
        vendor.patch(&path, json!({"enrolledOn": "2025-09-11"})).await.expect(422).refuses("/enrolledOn", "after_later_event");
        vendor.patch(&path, json!({"enrolledOn": "2025-09-09"})).await.expect(200);
        let history = vendor.get(&format!("{path}/events")).await.expect(200).body;
        assert_eq!((&history["items"][0]["effectiveOn"], &history["items"][0]["version"]), (&json!("2025-09-09"), &json!(3)));

        // The same content again keeps what events have made of the enrolment.
        let mut same = body.clone();
        same["enrolledOn"] = json!("2025-09-09");
        let before = vendor.get(&path).await.body;
        let put = vendor.put(key, same.clone()).await.expect(200).body;
        assert_eq!((&put["version"], &put["status"]), (&before["version"], &json!("studying")));
        same["origin"] = json!("Nơi khác");
        vendor.put(key, same).await.expect(422).refuses("/origin", "immutable");
    }
);

on_both!(
    async fn reach_and_role_hold_for_enrolments_and_their_learners(s) {
        let vendor = s.vendor().await;
        let set = Setting::new(&vendor).await;
        let path = set.enrolled(&vendor).await;
        let neighbour = s.client("vendor", province("01")).await;
        for answer in [neighbour.get(&path).await, neighbour.get(&format!("{path}/events")).await, neighbour.patch(&path, json!({"note": "x"})).await] {
            answer.expect(404);
        }
        step(&neighbour, &path, "start", "2025-09-06", json!({})).await.expect(404);
        let portal = s.client("portal", province("31")).await;
        portal.get(&format!("{path}/events")).await.expect(403);
        step(&portal, &path, "start", "2025-09-06", json!({})).await.expect(403);
        let ministry = s.client("ministry", Reach::whole_country()).await;
        ministry.get(&format!("{path}/events")).await.expect(200);
        step(&ministry, &path, "start", "2025-09-06", json!({})).await.expect(403);
        s.public().get(&format!("{path}/events")).await.expect(401);

        // A learner in a class is not retired.
        let learner = format!("/v1/learners/{}", set.learner);
        vendor.delete(&learner).await.expect(409);
        step(&vendor, &path, "drop_out", "2025-09-06", json!({"dropoutReason": "distance"})).await.expect(201);
        vendor.delete(&learner).await.expect(200);
        vendor.post("/v1/enrolments", set.enrolment()).await.expect(422).refuses("/learnerId", "retired");
    }
);

on_both!(
    async fn reasons_and_places_are_masked_everywhere(s) {
        let vendor = s.vendor().await;
        let set = Setting::new(&vendor).await;
        let path = set.enrolled(&vendor).await;
        step(&vendor, &path, "drop_out", "2025-10-01", json!({"dropoutReason": "illness", "note": "Ghi chú thử"})).await.expect(201);
        let blind = Client::register(s, "vendor", province("31"), &[]).await;
        let shown = blind.get(&path).await.expect(200).body;
        assert_eq!((&shown["status"], &shown["dropoutReason"], &shown["maskedFields"]), (&json!("dropped_out"), &json!(null), &json!(["dropoutReason"])));
        let id = shown["id"].clone();
        let events = blind.get(&format!("{path}/events?sort=-sequence")).await.expect(200).body;
        let asked = blind
            .data("query($id: ID!) { getEnrolment(id: $id) { dropoutReason maskedFields events(sort: \"-sequence\") { nodes { dropoutReason note maskedFields } } } }", json!({"id": id}))
            .await["getEnrolment"]
            .clone();
        assert_eq!(asked["maskedFields"], shown["maskedFields"]);
        let hidden = json!(["dropoutReason", "note"]);
        assert_eq!((&events["items"][0]["maskedFields"], &asked["events"]["nodes"][0]["maskedFields"]), (&hidden, &hidden));
        for resource in ["enrolments", "enrolment_events"] {
            let run = loop {
                let run = blind.get(&format!("/v1/changes?after=0&resource={resource}&wait=10")).await.expect(200).body;
                if run["items"].as_array().is_some_and(|items| items.len() == 2) {
                    break run;
                }
            };
            let last = &run["items"][1]["record"];
            assert_eq!(last["dropoutReason"], json!(null), "{last}");
            assert!(!run.to_string().contains("illness") && !run.to_string().contains("Ghi chú thử"));
        }
        blind.get("/v1/enrolments?dropoutReason=illness").await.expect(403).refuses("dropoutReason", "hidden_data");
        assert_eq!(vendor.get("/v1/enrolments?dropoutReason=illness&count=exact").await.expect(200).body["totalCount"], 1);
    }
);
