//! Learners: their story on both surfaces, what is refused, and retries.

use serde_json::json;

use super::people::{centre_of, person, person_with};
use crate::{
    on_both,
    support::{Client, province},
};

on_both!(
    async fn a_learner_is_kept_changed_found_and_retired_on_rest(s) {
        let vendor = s.vendor().await;
        let centre = centre_of(&vendor).await;
        let made = vendor.post("/v1/learners", person(&centre)).await.expect(201);
        let id = made.id();
        assert_eq!(made.header("location"), format!("/v1/learners/{id}"));
        assert_eq!(made.header("etag"), "\"1\"");
        assert_eq!(made.body["centreId"], json!(centre));
        assert!(made.body.get("warnings").is_none());

        let path = format!("/v1/learners/{id}");
        let changed = vendor.with("if-match", "\"1\"").patch(&path, json!({"contactPhone": "0225 111 111", "canSwim": true})).await.expect(200);
        assert_eq!((changed.body["version"].as_i64(), changed.body["canSwim"].as_bool()), (Some(2), Some(true)));
        vendor.with("if-match", "\"1\"").patch(&path, json!({"canSwim": false})).await.expect(412);
        assert_eq!(vendor.patch(&path, json!({"canSwim": null})).await.expect(200).body["canSwim"], json!(null));

        let listed = vendor.get(&format!("/v1/learners?centreId={centre}&count=exact")).await.expect(200).body;
        assert_eq!((&listed["totalCount"], &listed["items"][0]["id"]), (&json!(1), &json!(id)));
        let neighbour = s.client("province_department", province("01")).await;
        neighbour.get(&path).await.expect(404);
        neighbour.patch(&path, json!({"canSwim": true})).await.expect(404);
        neighbour.post("/v1/learners", person(&centre)).await.expect(422).refuses("/centreId", "unknown_record");

        assert!(vendor.delete(&path).await.expect(200).body["deletedAt"].is_string());
        assert_eq!(vendor.get("/v1/learners").await.body["items"], json!([]));
        vendor.patch(&path, json!({"canSwim": true})).await.expect(409);
    }
);

on_both!(
    async fn the_same_story_on_graphql_with_relations(s) {
        let vendor = s.vendor().await;
        let centre = centre_of(&vendor).await;
        let made = vendor
            .data(
                "mutation($input: NewLearner!) { createLearner(input: $input) { created warnings { code } record { id version fullName gender dateOfBirth { value precision } centre { id name } } } }",
                json!({"input": person(&centre)}),
            )
            .await;
        let record = &made["createLearner"]["record"];
        assert_eq!(made["createLearner"]["created"], true);
        assert_eq!(record["fullName"], "Nguyễn Thị Thử");
        assert_eq!(record["dateOfBirth"]["precision"], "day");
        assert_eq!(record["centre"]["id"], json!(centre));
        let id = record["id"].clone();
        let changed = vendor
            .data(
                "mutation($id: ID!) { updateLearner(id: $id, patch: {canSwim: true}, expectedVersion: 1) { record { version canSwim } } }",
                json!({"id": id}),
            )
            .await;
        assert_eq!(changed["updateLearner"]["record"], json!({"version": 2, "canSwim": true}));
        let seen = vendor
            .data(
                "query($centre: ID!, $id: ID!) { getCentre(id: $centre) { learners(first: 5) { nodes { id } } } node(id: $id) { id ... on Learner { fullName } } listLearners(filter: {search: \"thu\"}, sort: \"name\") { nodes { id } } }",
                json!({"centre": centre, "id": id}),
            )
            .await;
        assert_eq!(seen["getCentre"]["learners"]["nodes"][0]["id"], id);
        assert_eq!(seen["node"]["fullName"], "Nguyễn Thị Thử");
        assert_eq!(seen["listLearners"]["nodes"][0]["id"], id);
        vendor.data("mutation($id: ID!) { retireLearner(id: $id) { record { deletedAt } } }", json!({"id": id})).await;
        assert_eq!(vendor.data("{ listLearners { nodes { id } } }", json!({})).await["listLearners"]["nodes"], json!([]));
    }
);

on_both!(
    async fn name_birth_and_gender_are_required_and_stay(s) {
        let vendor = s.vendor().await;
        let centre = centre_of(&vendor).await;
        let refused = vendor.post("/v1/learners", json!({"centreId": centre})).await.expect(422);
        for pointer in ["/fullName", "/dateOfBirth", "/gender"] {
            assert!(refused.faults().contains(&(pointer.to_owned(), "required".to_owned())), "{pointer}: {}", refused.text);
        }
        let id = vendor.post("/v1/learners", person(&centre)).await.expect(201).id();
        let path = format!("/v1/learners/{id}");
        vendor.patch(&path, json!({"fullName": null})).await.expect(422).refuses("/fullName", "required");
        vendor.patch(&path, json!({"fullName": "  "})).await.expect(422).refuses("/fullName", "required");
        vendor.patch(&path, json!({"centreId": centre})).await.expect(400);
        assert_eq!(vendor.get(&path).await.body["version"], 1);
    }
);

on_both!(
    async fn wrong_values_are_refused_at_their_pointers(s) {
        let vendor = s.vendor().await;
        let centre = centre_of(&vendor).await;
        for (field, value, pointer, code) in [
            ("fullName", json!("Ầ".repeat(51)), "/fullName", "too_long"),
            ("fullName", json!("Nguyễn\u{7}"), "/fullName", "control_character"),
            ("dateOfBirth", json!({"value": "30/04/1985", "precision": "day"}), "/dateOfBirth/value", "invalid_date"),
            ("dateOfBirth", json!({"value": "1985-04", "precision": "day"}), "/dateOfBirth/value", "invalid_date"),
            ("dateOfBirth", json!({"value": "2999-01-01", "precision": "day"}), "/dateOfBirth/value", "date_in_future"),
            ("dateOfBirth", json!({"value": "1700", "precision": "year"}), "/dateOfBirth/value", "out_of_range"),
            ("ethnicGroup", json!("02"), "/ethnicGroup", "unknown_code"),
            ("area", json!("moon"), "/area", "unknown_code"),
            ("grade", json!("grade_1"), "/grade", "grade_of_other_level"),
            ("policyGroups", json!(["poor_household", "rich"]), "/policyGroups/1", "unknown_code"),
            ("policyGroups", json!(["other", "other"]), "/policyGroups/1", "duplicate"),
            ("nationality", json!("Việt Nam"), "/nationality", "invalid_country"),
            ("contactEmail", json!("thu"), "/contactEmail", "invalid_email"),
            ("heightCm", json!(15850), "/heightCm", "out_of_range"),
            ("idDocumentNumber", json!("X1"), "/idDocumentKind", "required"),
            ("idIssuedOn", json!("1980-01-01"), "/idIssuedOn", "dates_out_of_order"),
            ("rewards", json!([{"content": "x".repeat(256)}]), "/rewards/0/content", "too_long"),
            ("residence", json!({"code": "99999"}), "/residence/code", "unknown_place"),
            ("externalIds", json!([{"system": "Thử", "value": "1"}]), "/externalIds/0/system", "foreign_system"),
        ] {
            let body = person_with(&centre, json!({ field: value }));
            vendor.post("/v1/learners", body).await.expect(422).refuses(pointer, code);
        }
        for (field, value) in [("hasReward", json!("yes")), ("gender", json!("01")), ("heightCm", json!(158.555)), ("fullname", json!("x"))] {
            vendor.post("/v1/learners", person_with(&centre, json!({ field: value }))).await.expect(400);
        }
        let english = vendor.english().post("/v1/learners", json!({"centreId": centre})).await.expect(422);
        assert!(english.text.contains("This field is required."), "{}", english.text);
        assert_eq!(vendor.get("/v1/learners?count=exact").await.body["totalCount"], 0);
    }
);

on_both!(
    async fn a_child_needs_somebody_and_an_adult_nobody(s) {
        let vendor = s.vendor().await;
        let centre = centre_of(&vendor).await;
        let child = json!({"dateOfBirth": {"value": "2020-05", "precision": "month"}});
        vendor.post("/v1/learners", person_with(&centre, child.clone())).await.expect(422).refuses("/guardianName", "guardian_required");
        for who in ["fatherName", "motherName", "guardianName", "representativeName"] {
            let mut more = child.clone();
            more[who] = json!("Lê Thị Thử");
            let id = vendor.post("/v1/learners", person_with(&centre, more)).await.expect(201).id();
            vendor.patch(&format!("/v1/learners/{id}"), json!({ who: null })).await.expect(422).refuses("/guardianName", "guardian_required");
        }
        vendor.post("/v1/learners", person(&centre)).await.expect(201);
    }
);

on_both!(
    async fn names_are_kept_composed_and_found_without_accents(s) {
        let vendor = s.vendor().await;
        let centre = centre_of(&vendor).await;
        // “Đặng  Thị Thử” with combining marks, two blanks and outer blanks.
        let decomposed = " \u{0110}a\u{0323}\u{0306}ng  Thi\u{0323} Thu\u{031b}\u{0309} ";
        let made = vendor.post("/v1/learners", person_with(&centre, json!({"fullName": decomposed, "officialId": "HV-77"}))).await.expect(201);
        assert_eq!(made.body["fullName"], "\u{0110}\u{1eb7}ng Th\u{1ecb} Th\u{1eed}");
        for words in ["dang thi thu", "THU dang", "Đặng", "hv-77"] {
            let encoded: String = words.bytes().map(|b| format!("%{b:02X}")).collect();
            let found = vendor.get(&format!("/v1/learners?search={encoded}&sort=name")).await.expect(200);
            assert_eq!(found.body["items"][0]["id"], json!(made.id()), "{words}");
        }
        assert_eq!(vendor.get("/v1/learners?search=dung").await.expect(200).body["items"], json!([]));
    }
);

on_both!(
    async fn old_places_come_with_their_day(s) {
        let vendor = s.vendor().await;
        let centre = centre_of(&vendor).await;
        let old = json!({"residence": {"code": "11401", "asOf": "2025-06-30"}});
        let made = vendor.post("/v1/learners", person_with(&centre, old)).await.expect(201);
        assert_eq!(made.body["residence"]["communeCode"], "11407");
        assert_eq!(made.body["residence"]["sent"], json!({"code": "11401", "asOf": "2025-06-30"}));
        // 11407 of that day went into two communes of today.
        let split = json!({"birthPlace": {"code": "11407", "asOf": "2025-06-30"}});
        vendor.post("/v1/learners", person_with(&centre, split)).await.expect(422).refuses("/birthPlace/code", "ambiguous_place");
        // The learner's own commune is not where the record lies: that is the centre's.
        let far = vendor.post("/v1/learners", person_with(&centre, json!({"residence": {"code": "00004"}}))).await.expect(201);
        s.client("province_department", province("01")).await.get(&format!("/v1/learners/{}", far.id())).await.expect(404);
    }
);

on_both!(
    async fn retries_and_repeats_change_nothing(s) {
        let vendor = s.vendor().await;
        let centre = centre_of(&vendor).await;
        let retry = vendor.with("idempotency-key", "thu-1");
        let first = retry.post("/v1/learners", person(&centre)).await.expect(201);
        assert_eq!(retry.post("/v1/learners", person(&centre)).await.expect(201).id(), first.id());
        retry.post("/v1/learners", person_with(&centre, json!({"canSwim": true}))).await.expect(422);
        assert_eq!(vendor.get("/v1/learners?count=exact").await.body["totalCount"], 1);

        let path = "/v1/learners/by-external-id/HS%2F1";
        let made = vendor.put(path, person(&centre)).await.expect(201);
        let before = journalled(&vendor).await;
        let again = vendor.put(path, person(&centre)).await.expect(200);
        assert_eq!((again.id(), again.body["version"].as_i64()), (made.id(), Some(1)));
        assert_eq!(journalled(&vendor).await, before);
        assert_eq!(vendor.put(path, person_with(&centre, json!({"canSwim": true}))).await.expect(200).body["version"], 2);
        let other = centre_of(&vendor).await;
        vendor.put(path, person(&other)).await.expect(422).refuses("/centreId", "immutable");
    }
);

/// How many entries on learners the feed holds.
async fn journalled(client: &Client) -> usize {
    // Every position is given within a second of the commit; waiting for one more entry waits for all.
    let marker = centre_of(client).await;
    loop {
        let run = client.get("/v1/changes?after=0&first=1000&wait=5").await.expect(200).body;
        let items = run["items"].as_array().expect("a list").clone();
        if items.iter().any(|change| change["id"] == json!(marker)) {
            return items.iter().filter(|change| change["resource"] == "learners").count();
        }
    }
}
