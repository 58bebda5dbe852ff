//! Centres: how they come on record, who sees what of them, and how they are found.

use serde_json::json;

use super::{decision, department, history, make, operating, told, with};
use crate::{
    on_both,
    support::{Client, centre, province},
};

on_both!(
    async fn a_proposal_begins_with_its_dossier(s) {
        let vendor = s.vendor().await;
        let created = vendor.post("/v1/centres", centre("Trung tâm Thử nghiệm", "11407")).await.expect(201);
        assert_eq!(created.body["status"], "proposed");
        assert_eq!(created.body["place"]["communeName"], "An Biên");
        let id = created.id();
        assert_eq!(created.header("location"), format!("/v1/centres/{id}"));
        assert_eq!(history(&vendor, &id).await, told(&[("apply", "proposed")]));
    }
);

on_both!(
    async fn an_old_centre_begins_with_its_decision(s) {
        let vendor = s.vendor().await;
        let created = vendor.post("/v1/centres", operating("Trung tâm Thử nghiệm", "11407")).await.expect(201);
        assert_eq!((&created.body["status"], &created.body["statusSince"]), (&json!("operating"), &json!("2016-09-05")));
        assert!(created.body["initialStatus"].is_null() && created.body["establishment"].is_null());
        let id = created.id();
        let events = vendor.get(&format!("/v1/centres/{id}/events")).await.expect(200).body["items"].clone();
        assert_eq!(history(&vendor, &id).await, told(&[("establish", "established"), ("start_operating", "operating")]));
        assert_eq!(events[0]["decisionNumber"], "1234/QĐ-UBND");
        assert_eq!(events[0]["effectiveOn"], "2016-05-20");
        assert_eq!((&events[1]["sequence"], &events[1]["effectiveOn"]), (&json!(2), &json!("2016-09-05")));
        assert_eq!(events[1]["centreId"], json!(id));
    }
);

on_both!(
    async fn a_beginning_without_a_lawful_decision_is_refused(s) {
        let vendor = s.vendor().await;
        let begin = |status: &str, more| {
            let mut body = operating("Trung tâm Thử nghiệm", "11407");
            body["initialStatus"] = json!(status);
            body["establishment"] = with(body["establishment"].clone(), more);
            body
        };
        let mut bare = operating("Trung tâm Thử nghiệm", "11407");
        bare["establishment"] = json!(null);
        for (body, pointer, code) in [
            (bare, "/establishment", "required"),
            (begin("suspended", json!({})), "/initialStatus", "not_an_initial_status"),
            (begin("proposed", json!({})), "/establishment", "not_allowed_here"),
            (begin("established", json!({})), "/establishment/operatingSince", "not_allowed_here"),
            (begin("operating", json!({"operatingSince": "2016-05-19"})), "/establishment/operatingSince", "before_earlier_event"),
            (begin("operating", json!({"effectiveOn": "2016-05-19"})), "/establishment/effectiveOn", "dates_out_of_order"),
            (begin("operating", json!({"decisionDate": "2999-01-01", "operatingSince": null})), "/establishment/decisionDate", "date_in_future"),
            (begin("operating", json!({"authorityKind": "ubnd_huyen", "decisionDate": "2025-07-01", "operatingSince": null})),
             "/establishment/authorityKind", "authority_not_in_force"),
            (begin("operating", json!({"decisionNumber": "x".repeat(51)})), "/establishment/decisionNumber", "too_long"),
        ] {
            vendor.post("/v1/centres", body).await.expect(422).refuses(pointer, code);
        }
        let typo = begin("operating", json!({"decisionNo": "1"}));
        vendor.post("/v1/centres", typo).await.expect(400).refuses("/establishment/decisionNo", "unknown_property");
        assert_eq!(vendor.get("/v1/centres?count=exact").await.body["totalCount"], 0);
    }
);

on_both!(
    async fn the_same_content_twice_changes_nothing_even_after_an_event(s) {
        let department = department(s).await;
        let path = "/v1/centres/by-external-id/tt-01";
        let body = operating("Trung tâm Thử nghiệm", "11407");
        let first = department.put(path, body.clone()).await.expect(201);
        let again = department.put(path, body.clone()).await.expect(200);
        assert_eq!((again.id(), &again.body["version"]), (first.id(), &json!(1)));
        let events = format!("/v1/centres/{}/events", first.id());
        let suspension = with(
            decision("suspend", "2026-03-01"),
            json!({"ground": "conditions_not_kept", "suspendedFrom": "2026-03-01", "suspendedTo": "2026-03-30"}),
        );
        department.post(&events, suspension).await.expect(201);
        let later = department.put(path, body).await.expect(200);
        assert_eq!((&later.body["version"], &later.body["status"]), (&json!(2), &json!("suspended")));
        assert_eq!(history(&department, &first.id()).await.len(), 3);
    }
);

on_both!(
    async fn personal_fields_are_masked_for_whoever_may_not_see_them(s) {
        let vendor = s.vendor().await;
        let body = with(
            operating("Trung tâm Thử nghiệm", "11407"),
            json!({"directorName": "Nguyễn Văn Thử (bịa)", "directorPhone": "0900 000 000", "phone": "0225 000 000"}),
        );
        let id = make(&vendor, "/v1/centres", body).await;
        let path = format!("/v1/centres/{id}");
        assert_eq!(vendor.get(&path).await.expect(200).body["directorName"], "Nguyễn Văn Thử (bịa)");
        let blind = Client::register(s, "vendor", province("31"), &[]).await;
        let seen = blind.get(&path).await.expect(200).body;
        assert_eq!((&seen["directorName"], &seen["phone"]), (&json!(null), &json!("0225 000 000")));
        assert_eq!(seen["maskedFields"], json!(["directorName", "directorPhone"]));
        let query = "query($id: ID!) { getCentre(id: $id) { directorName maskedFields } }";
        let answer = blind.data(query, json!({ "id": id })).await;
        assert_eq!(answer["getCentre"], json!({"directorName": null, "maskedFields": ["directorName", "directorPhone"]}));
    }
);

on_both!(
    async fn reach_and_role_decide(s) {
        let vendor = s.vendor().await;
        let id = make(&vendor, "/v1/centres", operating("Trung tâm Thử nghiệm", "11407")).await;
        let path = format!("/v1/centres/{id}");
        let neighbour = s.client("vendor", province("01")).await;
        neighbour.get(&path).await.expect(404);
        neighbour.patch(&path, json!({"phone": "113"})).await.expect(404);
        neighbour.post("/v1/centres", centre("Trung tâm Thử nghiệm", "11407")).await.expect(403);
        let portal = s.client("portal", province("31")).await;
        portal.get(&path).await.expect(403);
        portal.patch(&path, json!({"phone": "113"})).await.expect(403);
        s.client("administrator", province("31")).await.get(&path).await.expect(403);
        s.public().get(&path).await.expect(401);
        let stale = vendor.with("if-match", "\"7\"");
        stale.patch(&path, json!({"phone": "113"})).await.expect(412);
        assert_eq!(vendor.patch(&path, json!({"phone": "113"})).await.expect(200).body["version"], 2);
    }
);

on_both!(
    async fn a_centre_is_found_by_name_code_commune_and_address(s) {
        let vendor = s.vendor().await;
        let body = with(
            centre("Trung tâm GDTX Hoà Bình", "11407"),
            json!({"officialId": "31000801", "addressLine": "12 đường Thử Nghiệm"}),
        );
        let id = make(&vendor, "/v1/centres", body).await;
        for words in ["hoa%20binh", "H%C3%B2a%20B%C3%ACnh", "31000801", "an%20bien", "%C4%91%C6%B0%E1%BB%9Dng%20th%E1%BB%AD"] {
            let found = vendor.get(&format!("/v1/centres?search={words}")).await.expect(200).body;
            assert_eq!(found["items"][0]["id"], json!(id), "{words}");
        }
        assert_eq!(vendor.get("/v1/centres?search=le%20chan").await.body["items"], json!([]));
        let renamed = vendor.patch(&format!("/v1/centres/{id}"), json!({"place": {"code": "11383"}})).await.expect(200);
        assert_eq!(renamed.body["place"]["communeName"], "Lê Chân");
        assert_eq!(vendor.get("/v1/centres?search=le%20chan").await.body["items"][0]["id"], json!(id));
    }
);

on_both!(
    async fn a_centre_with_live_records_is_not_retired(s) {
        let vendor = s.vendor().await;
        let id = make(&vendor, "/v1/centres", centre("Trung tâm Thử nghiệm", "11407")).await;
        let room = make(&vendor, "/v1/rooms", json!({"centreId": id, "roomName": "Phòng học"})).await;
        vendor.delete(&format!("/v1/centres/{id}")).await.expect(409);
        vendor.delete(&format!("/v1/rooms/{room}")).await.expect(200);
        let retired = vendor.delete(&format!("/v1/centres/{id}")).await.expect(200);
        assert!(retired.body["deletedAt"].is_string());
        let late = json!({"centreId": id, "roomName": "Phòng học"});
        vendor.post("/v1/rooms", late).await.expect(422).refuses("/centreId", "retired");
    }
);
