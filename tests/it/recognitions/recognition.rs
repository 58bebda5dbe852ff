//! The dossier: drafts, holders and their places, masks, lists and what cannot be sent.

use serde_json::json;

use super::{appraised, decision, family, step, unit};
use crate::{
    on_both,
    support::{Client, centre, province},
};

on_both!(
    async fn a_centre_lends_its_name_and_place(s) {
        let vendor = s.vendor().await;
        let centre_id = vendor.post("/v1/centres", centre("Trung tâm GDTX Thử nghiệm", "11407")).await.expect(201).id();
        let mut dossier = unit("", 2025, 1);
        dossier["centreId"] = json!(centre_id);
        dossier.as_object_mut().unwrap().retain(|key, _| key != "place" && key != "holderName");
        let made = vendor.post("/v1/recognitions", dossier.clone()).await.expect(201);
        assert_eq!(made.body["holderName"], "Trung tâm GDTX Thử nghiệm");
        assert_eq!((&made.body["centreId"], &made.body["state"]), (&json!(centre_id), &json!("draft")));
        assert_eq!(made.body["criteriaSet"], "tt_24_2023_province");
        assert!(made.body.get("holderKey").is_none());
        let path = format!("/v1/recognitions/{}", made.id());
        assert_eq!(made.header("location"), path);

        // The dossier goes where the centre goes.
        let neighbour = s.client("province_department", province("01")).await;
        neighbour.get(&path).await.expect(404);
        let ministry = s.client("ministry", gdtx_domain::access::reach::Reach::default()).await;
        ministry.patch(&format!("/v1/centres/{centre_id}"), json!({"place": {"code": "00004"}})).await.expect(200);
        vendor.get(&path).await.expect(404);
        neighbour.get(&path).await.expect(200);
    }
);

on_both!(
    async fn a_draft_is_edited_and_a_dossier_handed_in_is_not(s) {
        let vendor = s.vendor().await;
        let made = vendor.post("/v1/recognitions", unit("  Chi cục  Tha\u{309}o nghiê\u{323}m ", 2025, 1)).await.expect(201);
        assert_eq!(made.body["holderName"], "Chi cục Thảo nghiệm");
        let path = format!("/v1/recognitions/{}", made.id());
        let edited = vendor.patch(&path, json!({"selfAssessment": "Đạt.", "documents": ["Báo cáo tự đánh giá"]})).await.expect(200);
        assert_eq!((&edited.body["version"], &edited.body["documents"][0]), (&json!(2), &json!("Báo cáo tự đánh giá")));
        vendor.with("if-match", "\"1\"").patch(&path, json!({"selfAssessment": "x"})).await.expect(412);

        vendor.with("if-match", "\"1\"").post(&format!("{path}/submit"), json!({})).await.expect(412);
        let sent = vendor.with("if-match", "\"2\"").post(&format!("{path}/submit"), json!({})).await.expect(200);
        assert_eq!((&sent.body["state"], &sent.body["submittedOn"]), (&json!("submitted"), &json!("2026-01-10")));
        let refused = vendor.english().patch(&path, json!({"selfAssessment": "Khác."})).await.expect(409);
        assert_eq!(refused.body["code"], "impossible_transition");
        assert_eq!(refused.body["detail"], "A dossier in the state “Submitted” changes by its operations only.");
        vendor.delete(&path).await.expect(409);
        step(&vendor, &made.id(), "withdraw", json!({})).await.expect(200);
        assert!(vendor.delete(&path).await.expect(200).body["deletedAt"].is_string());
    }
);

on_both!(
    async fn the_same_upsert_twice_changes_nothing(s) {
        let vendor = s.vendor().await;
        let path = "/v1/recognitions/by-external-id/HS-2025-01";
        let made = vendor.put(path, unit("Trường Thử nghiệm", 2025, 1)).await.expect(201);
        let again = vendor.put(path, unit("Trường Thử nghiệm", 2025, 1)).await.expect(200);
        assert_eq!((again.id(), &again.body["version"]), (made.id(), &json!(1)));
        step(&vendor, &made.id(), "submit", json!({})).await.expect(200);
        let same = vendor.put(path, unit("Trường Thử nghiệm", 2025, 1)).await.expect(200);
        assert_eq!((&same.body["version"], &same.body["state"]), (&json!(2), &json!("submitted")));
        vendor.put(path, unit("Trường Thử nghiệm", 2025, 2)).await.expect(409);
        let mut moved = unit("Trường Thử nghiệm", 2025, 1);
        moved["place"] = json!({ "code": "10507" });
        vendor.put(path, moved).await.expect(409);
    }
);

on_both!(
    async fn names_of_persons_are_masked_and_names_of_units_are_not(s) {
        let department = s.client("province_department", province("31")).await;
        let home = department.post("/v1/recognitions", family("Gia đình Nguyễn Thử Nghiệm")).await.expect(201);
        assert_eq!(home.body["maskedFields"], json!([]));
        let office = department.post("/v1/recognitions", unit("Chi cục Thử Nghiệm", 2025, 1)).await.expect(201);

        let blind = Client::register(s, "vendor", province("31"), &[]).await;
        let seen = blind.get(&format!("/v1/recognitions/{}", home.id())).await.expect(200);
        assert_eq!((&seen.body["holderName"], &seen.body["selfAssessment"]), (&json!(null), &json!(null)));
        assert_eq!(seen.body["maskedFields"], json!(["holderName", "selfAssessment"]));
        assert_ne!(seen.header("etag"), department.get(&format!("/v1/recognitions/{}", home.id())).await.header("etag"));
        let seen = blind.get(&format!("/v1/recognitions/{}", office.id())).await.expect(200);
        assert_eq!((&seen.body["holderName"], &seen.body["maskedFields"]), (&json!("Chi cục Thử Nghiệm"), &json!([])));

        // Nobody finds a person by name, so a masked name cannot be guessed by searching.
        let found = department.get("/v1/recognitions?search=thu+nghiem").await.expect(200).body;
        let ids: Vec<_> = found["items"].as_array().unwrap().iter().map(|r| r["id"].as_str().unwrap()).collect();
        assert_eq!(ids, [office.id()]);

        let query = "query ($id: ID!) { getRecognition(id: $id) { holderName maskedFields } }";
        let data = blind.data(query, json!({ "id": home.id() })).await;
        assert_eq!(data["getRecognition"], json!({ "holderName": null, "maskedFields": ["holderName", "selfAssessment"] }));

        let unagreed = Client::register(s, "vendor", province("31"), &[]).await;
        let run = loop {
            let run = unagreed.get("/v1/changes?after=0&resource=recognitions&wait=10").await.expect(200).body;
            if run["items"].as_array().unwrap().len() == 2 {
                break run;
            }
        };
        assert_eq!(run["items"][0]["record"]["maskedFields"], json!(["holderName", "selfAssessment"]));
        assert_eq!(run["items"][1]["record"]["holderName"], "Chi cục Thử Nghiệm");
    }
);

on_both!(
    async fn a_grant_expires_by_its_day_in_lists_reads_and_feed(s) {
        let department = s.client("province_department", province("31")).await;
        let place = json!({
            "kind": "literacy_place", "holderKind": "commune", "place": { "code": "11341", "asOf": "2022-10-01" },
            "assessedYear": 2022, "requestedLevel": 2, "submittedOn": "2022-10-01",
        });
        let made = department.post("/v1/recognitions", place).await.expect(201);
        // The ward went into three wards of today, so only its province is known today.
        assert_eq!(made.body["holderName"], "Phường Gia Viên");
        assert_eq!((&made.body["place"]["provinceCode"], &made.body["place"]["communeCode"]), (&json!("31"), &json!(null)));
        appraised(&department, &made.id(), Some(2), "2022-11-01").await;
        let mut body = decision("99/QĐ-UBND", "2022-12-20", Some(2));
        body["authorityKind"] = json!("ubnd_huyen");
        let granted = step(&department, &made.id(), "grant", body).await.expect(200);
        assert_eq!((&granted.body["validFrom"], &granted.body["validTo"]), (&json!("2022-12-20"), &json!("2023-12-31")));
        assert_eq!(granted.body["state"], "expired");

        let live = department.post("/v1/recognitions", unit("Chi cục Thử nghiệm", 2025, 1)).await.expect(201);
        let listed = async |state: &str| {
            let page = department.get(&format!("/v1/recognitions?state={state}")).await.expect(200).body;
            page["items"].as_array().unwrap().iter().map(|r| r["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(listed("expired").await, [made.id()]);
        assert_eq!(listed("granted").await, [""; 0]);
        assert_eq!(listed("draft").await, [live.id()]);
        assert_eq!(department.get(&format!("/v1/recognitions/{}", made.id())).await.body["state"], "expired");
        let query = "{ listRecognitions(filter: {state: expired}) { nodes { id state } } }";
        let data = department.data(query, json!({})).await;
        assert_eq!(data["listRecognitions"]["nodes"], json!([{ "id": made.id(), "state": "expired" }]));
        step(&department, &made.id(), "withdraw", json!({})).await.expect(409);

        let told = loop {
            let run = department.get("/v1/changes?after=0&resource=recognitions&wait=10").await.expect(200).body;
            let items = run["items"].as_array().unwrap();
            if let Some(last) = items.iter().find(|c| c["id"] == json!(made.id()) && c["version"] == 4) {
                break last["record"]["state"].clone();
            }
        };
        assert_eq!(told, "expired");
    }
);

on_both!(
    async fn what_does_not_fit_is_named_by_its_field(s) {
        let vendor = s.vendor().await;
        let send = async |change: serde_json::Value| {
            let mut body = unit("Chi cục Thử nghiệm", 2025, 1);
            for (key, value) in change.as_object().unwrap() {
                body[key] = value.clone();
            }
            vendor.post("/v1/recognitions", body).await
        };
        send(json!({"kind": "learning_planet"})).await.expect(422).refuses("/kind", "unknown_code");
        send(json!({"kind": "learning_family"})).await.expect(422).refuses("/holderKind", "holder_not_allowed");
        send(json!({"requestedLevel": 3})).await.expect(422).refuses("/requestedLevel", "level_not_allowed");
        send(json!({"assessedYear": 2199})).await.expect(422).refuses("/assessedYear", "year_not_assessable");
        send(json!({"submittedOn": "2199-01-01"})).await.expect(422).refuses("/submittedOn", "future_date");
        send(json!({"holderName": " "})).await.expect(422).refuses("/holderName", "required");
        send(json!({"holderName": "a\u{7}"})).await.expect(422).refuses("/holderName", "control_character");
        send(json!({"place": null})).await.expect(422).refuses("/place", "required");
        send(json!({"place": {"code": "99999"}})).await.expect(422).refuses("/place/code", "unknown_place");
        send(json!({"centreId": "01990000-0000-7000-8000-000000000000"})).await.expect(422).refuses("/centreId", "unknown_record");
        send(json!({"place": {"code": "00004"}})).await.expect(403);
        let rows = json!([{"indicator": "c1_1"}, {"indicator": "c1_1"}, {"indicator": "x9"}, {"indicator": "c2_1", "value": 101}]);
        send(json!({"indicatorResults": rows})).await.expect(422)
            .refuses("/indicatorResults/1", "duplicate")
            .refuses("/indicatorResults/2/indicator", "unknown_code")
            .refuses("/indicatorResults/3/value", "out_of_range");
        send(json!({"state": "granted"})).await.expect(400).refuses("/state", "unknown_property");
        let commune = json!({"kind": "learning_community_commune", "holderKind": "commune", "place": {"code": "31"}});
        send(commune).await.expect(422).refuses("/place/code", "wrong_level");
        assert_eq!(vendor.get("/v1/recognitions?count=exact").await.body["totalCount"], 0);
    }
);
