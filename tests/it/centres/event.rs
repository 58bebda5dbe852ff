//! Events in the life of a centre: the lawful steps, the refused ones, and who may record them.

use serde_json::json;

use super::{decision, department, history, make, operating, told, with};
use crate::{
    on_both,
    support::{centre, province},
};

on_both!(
    async fn a_life_from_dossier_to_dissolution(s) {
        let department = department(s).await;
        let id = make(&department, "/v1/centres", centre("Trung tâm cũ", "11407")).await;
        let today = department.get(&format!("/v1/centres/{id}")).await.body["statusSince"].as_str().unwrap().to_owned();
        let suspension = json!({"ground": "conditions_not_kept", "suspendedFrom": today, "suspendedTo": "2999-01-01"});
        let transfer = json!({"newManagingBody": "Sở Giáo dục và Đào tạo", "newAuthorityKind": "so_gddt"});
        for (kind, more) in [
            ("establish", json!({})),
            ("start_operating", json!({})),
            ("suspend", suspension),
            ("resume", json!({})),
            ("rename", json!({"newName": "Trung tâm mới"})),
            ("transfer_authority", transfer),
            ("dissolve", json!({"ground": "owner_request", "note": "Sự kiện thử nghiệm."})),
        ] {
            department.post(&format!("/v1/centres/{id}/events"), with(decision(kind, &today), more)).await.expect(201);
        }
        let lived = [
            ("apply", "proposed"), ("establish", "established"), ("start_operating", "operating"), ("suspend", "suspended"),
            ("resume", "operating"), ("rename", "operating"), ("transfer_authority", "operating"), ("dissolve", "dissolved"),
        ];
        assert_eq!(history(&department, &id).await, told(&lived));
        let centre = department.get(&format!("/v1/centres/{id}")).await.body;
        assert_eq!((&centre["status"], &centre["version"]), (&json!("dissolved"), &json!(8)));
        assert_eq!((&centre["name"], &centre["managingBody"]), (&json!("Trung tâm mới"), &json!("Sở Giáo dục và Đào tạo")));
        assert_eq!(centre["authorityKind"], "so_gddt");
        assert_eq!(department.get("/v1/centres?search=trung%20tam%20moi").await.body["items"][0]["id"], json!(id));
        let renamed = department.get(&format!("/v1/centres/{id}/events?kind=rename")).await.expect(200).body;
        assert_eq!((&renamed["items"][0]["oldName"], &renamed["items"][0]["newName"]), (&json!("Trung tâm cũ"), &json!("Trung tâm mới")));
    }
);

on_both!(
    async fn steps_that_the_status_rules_out_are_conflicts(s) {
        let department = department(s).await;
        let id = make(&department, "/v1/centres", centre("Trung tâm Thử nghiệm", "11407")).await;
        let events = format!("/v1/centres/{id}/events");
        for kind in ["apply", "start_operating", "suspend", "resume", "merge", "divide", "separate", "dissolve", "convert", "rename"] {
            let refused = department.post(&events, decision(kind, "2026-03-01")).await.expect(409);
            assert_eq!(refused.body["code"], "impossible_transition", "{kind}");
        }
        let vi = department.post(&events, decision("resume", "2026-03-01")).await;
        assert_eq!(vi.body["detail"], "Trung tâm ở trạng thái “Đang đề nghị thành lập” không thể “Cho phép hoạt động trở lại”.");
        let en = department.english().post(&events, decision("resume", "2026-03-01")).await;
        assert_eq!(en.body["detail"], "A centre in the state “Proposed” cannot pass through “Resume”.");
        assert_eq!(history(&department, &id).await.len(), 1);

        let old = make(&department, "/v1/centres", operating("Trung tâm Thử nghiệm", "11407")).await;
        let end = with(decision("dissolve", "2026-03-01"), json!({"ground": "owner_request"}));
        let events = format!("/v1/centres/{old}/events");
        department.post(&events, end.clone()).await.expect(201);
        department.post(&events, end).await.expect(409);
    }
);

on_both!(
    async fn an_event_tells_what_its_kind_needs(s) {
        let department = department(s).await;
        let id = make(&department, "/v1/centres", operating("Trung tâm Thử nghiệm", "11407")).await;
        let events = format!("/v1/centres/{id}/events");
        let bare = json!({"kind": "suspend", "effectiveOn": "2026-03-01"});
        let refused = department.post(&events, bare).await.expect(422);
        let pointers: Vec<_> = refused.faults().into_iter().map(|(pointer, _)| pointer).collect();
        assert_eq!(pointers, ["/decisionNumber", "/decisionDate", "/authorityKind", "/ground", "/suspendedFrom", "/suspendedTo"]);
        for (event, pointer, code) in [
            (with(decision("dissolve", "2026-03-01"), json!({"ground": "administrative_sanction"})), "/ground", "unknown_code"),
            (decision("rename", "2026-03-01"), "/newName", "required"),
            (with(decision("rename", "2026-03-01"), json!({"newName": "x".repeat(201)})), "/newName", "too_long"),
            (with(decision("rename", "2016-09-04"), json!({"newName": "Tên"})), "/effectiveOn", "before_earlier_event"),
            (with(decision("rename", "2026-03-01"), json!({"newName": "Tên", "ground": "owner_request"})), "/ground", "not_allowed_here"),
            (with(decision("rename", "2026-03-01"), json!({"newName": "Tên", "authorityKind": "phong_gddt"})), "/authorityKind", "authority_not_in_force"),
            (with(decision("dissolve", "2026-03-01"), json!({"ground": "owner_request", "decisionDate": "2999-01-01"})), "/decisionDate", "date_in_future"),
            (with(decision("transfer_authority", "2026-03-01"), json!({"newManagingBody": "UBND quận", "newAuthorityKind": "ubnd_huyen"})), "/newAuthorityKind", "authority_not_in_force"),
        ] {
            department.post(&events, event).await.expect(422).refuses(pointer, code);
        }
        department.post(&events, json!({"kind": "rename"})).await.expect(400).refuses("/effectiveOn", "required");
        department.post(&events, json!({"kind": "renamed", "effectiveOn": "2026-03-01"})).await.expect(400).refuses("/kind", "unknown_code");
        assert_eq!(department.get(&format!("/v1/centres/{id}")).await.body["version"], 1);
    }
);

on_both!(
    async fn the_department_decides_and_a_commune_on_its_learning_centres_only(s) {
        let vendor = s.vendor().await;
        let id = make(&vendor, "/v1/centres", operating("Trung tâm Thử nghiệm", "11407")).await;
        let learning = with(operating("TTHTCĐ Thử nghiệm", "11407"), json!({"kind": "community_learning_centre"}));
        let learning = make(&vendor, "/v1/centres", learning).await;
        let rename = with(decision("rename", "2026-03-01"), json!({"newName": "Tên mới"}));
        let path = |id: &str| format!("/v1/centres/{id}/events");
        s.public().post(&path(&id), rename.clone()).await.expect(401);
        vendor.post(&path(&id), rename.clone()).await.expect(403);
        vendor.get(&path(&id)).await.expect(200);
        let neighbour = s.client("province_department", province("01")).await;
        neighbour.post(&path(&id), rename.clone()).await.expect(404);
        neighbour.get(&path(&id)).await.expect(404);
        let reach = gdtx_domain::access::reach::Reach { communes: vec!["11407".to_owned()], ..Default::default() };
        let commune = s.client("commune_office", reach).await;
        let refused = commune.post(&path(&id), rename.clone()).await.expect(403);
        assert!(refused.body["detail"].as_str().unwrap().contains("NĐ 142/2025/NĐ-CP"), "{}", refused.text);
        commune.post(&path(&learning), rename).await.expect(201);
        commune.post(&path("0"), decision("resume", "2026-03-01")).await.expect(404);
    }
);

on_both!(
    async fn retries_rehearsals_and_stale_decisions(s) {
        let department = department(s).await;
        let id = make(&department, "/v1/centres", operating("Trung tâm Thử nghiệm", "11407")).await;
        let events = format!("/v1/centres/{id}/events");
        let rename = |name: &str| with(decision("rename", "2026-03-01"), json!({ "newName": name }));
        department.post(&format!("{events}?dryRun=true"), rename("Tên thử")).await.expect(201);
        assert_eq!(department.get(&format!("/v1/centres/{id}")).await.body["name"], "Trung tâm Thử nghiệm");
        let keyed = department.with("idempotency-key", "event-1");
        let first = keyed.post(&events, rename("Tên mới")).await.expect(201);
        let again = keyed.post(&events, rename("Tên mới")).await.expect(201);
        assert_eq!(first.id(), again.id());
        keyed.post(&events, rename("Tên khác")).await.expect(422);
        assert_eq!(history(&department, &id).await.len(), 3);
        department.with("if-match", "\"1\"").post(&events, rename("Tên khác")).await.expect(412);
        department.with("if-match", "\"2\"").post(&events, rename("Tên khác")).await.expect(201);
        department.delete(&format!("/v1/centres/{id}")).await.expect(200);
        department.post(&events, rename("Tên khác")).await.expect(409);
    }
);

on_both!(
    async fn graphql_records_and_reads_the_same_history(s) {
        let department = department(s).await;
        let id = make(&department, "/v1/centres", operating("Trung tâm Thử nghiệm", "11407")).await;
        let mutation = "mutation($id: ID!, $input: NewCentreEvent!, $v: Int) {
            createCentreEvent(centreId: $id, input: $input, expectedVersion: $v) { created record { id sequence centre { name } } } }";
        let input = with(decision("rename", "2026-03-01"), json!({"newName": "Tên mới"}));
        let done = department.data(mutation, json!({"id": id, "input": input, "v": 1})).await["createCentreEvent"].clone();
        assert_eq!((&done["created"], &done["record"]["sequence"]), (&json!(true), &json!(3)));
        assert_eq!(done["record"]["centre"]["name"], "Tên mới");
        let event = done["record"]["id"].clone();
        let refused = department.graphql(mutation, json!({"id": id, "input": decision("resume", "2026-03-01")})).await;
        assert_eq!(refused.body["errors"][0]["extensions"]["code"], "impossible_transition");
        let query = "query($id: ID!, $event: ID!) {
            listCentreEvents(centreId: $id, filter: {kind: rename}, first: 1) { nodes { oldName statusAfter } }
            node(id: $event) { ... on CentreEvent { newName } } }";
        let read = department.data(query, json!({"id": id, "event": event})).await;
        assert_eq!(read["listCentreEvents"]["nodes"], json!([{"oldName": "Trung tâm Thử nghiệm", "statusAfter": "operating"}]));
        assert_eq!(read["node"], json!({"newName": "Tên mới"}));
    }
);
