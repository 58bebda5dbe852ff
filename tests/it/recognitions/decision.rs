//! The way of a dossier to its decision, told on both surfaces.

use serde_json::json;

use super::{appraised, decision, step, unit, unit_results, warned};
use crate::{
    on_both,
    support::{centre, province},
};

on_both!(
    async fn a_unit_is_recognised_for_three_years(s) {
        let (vendor, department) = (s.vendor().await, s.client("province_department", province("31")).await);
        let id = vendor.post("/v1/recognitions", unit("Chi cục Thử nghiệm", 2025, 1)).await.expect(201).id();
        let sent = step(&vendor, &id, "submit", json!({})).await.expect(200);
        assert!(warned(&sent).contains(&"indicator_conditional") && warned(&sent).contains(&"criterion_incomplete"));

        let appraisal = json!({
            "appraisedOn": "2026-01-20", "body": "Sở Giáo dục và Đào tạo", "proposesGrant": true, "level": 1,
            "conclusion": "Hồ sơ đủ, các chỉ tiêu đạt.",
        });
        let refused = step(&vendor.english(), &id, "appraise", appraisal.clone()).await.expect(403);
        assert!(refused.body["detail"].as_str().unwrap().contains("recognition_decide"));
        let seen = step(&department, &id, "appraise", appraisal).await.expect(200);
        assert_eq!((&seen.body["state"], &seen.body["appraisal"]["level"]), (&json!("appraised"), &json!(1)));

        let grant = decision("12/QĐ-UBND", "2026-02-10", Some(1));
        let rehearsed = department.post(&format!("/v1/recognitions/{id}/grant?dryRun=true"), grant.clone()).await.expect(200);
        assert_eq!(rehearsed.body["state"], "granted");
        assert_eq!(department.get(&format!("/v1/recognitions/{id}")).await.body["state"], "appraised");

        let once = department.with("idempotency-key", "grant-1");
        let granted = step(&once, &id, "grant", grant.clone()).await.expect(200);
        assert_eq!(granted.body["state"], "granted");
        assert_eq!((&granted.body["validFrom"], &granted.body["validTo"]), (&json!("2026-01-01"), &json!("2028-12-31")));
        assert_eq!((&granted.body["decisionNumber"], &granted.body["decisionLevel"]), (&json!("12/QĐ-UBND"), &json!(1)));
        assert_eq!(granted.body["verificationCode"].as_str().map(str::len), Some(23));
        assert_eq!(granted.body["previousRecognitionId"], json!(null));
        assert!(warned(&granted).contains(&"authority_unverified"));
        assert_eq!(granted.header("etag"), "\"4\"");
        let replayed = step(&once, &id, "grant", grant).await.expect(200);
        assert_eq!(replayed.body["verificationCode"], granted.body["verificationCode"]);
        assert_eq!(department.get("/v1/recognitions?decisionNumber=12%2FQ%C4%90-UBND&state=granted&count=exact").await.body["totalCount"], 1);
        assert_eq!(department.get("/v1/recognitions?search=12%2Fqd").await.body["items"][0]["id"], json!(id));
    }
);

on_both!(
    async fn graphql_tells_the_same_story(s) {
        let (vendor, department) = (s.vendor().await, s.client("province_department", province("31")).await);
        let centre_id = vendor.post("/v1/centres", centre("Trung tâm GDTX Thử nghiệm", "11407")).await.expect(201).id();
        let mut input = unit("Trung tâm GDTX Thử nghiệm", 2025, 2);
        input["centreId"] = json!(centre_id);
        let create = "mutation ($input: NewRecognition!) { createRecognition(input: $input) { created record { id state centre { id name } recognitionKind { labelEn } } } }";
        let made = vendor.data(create, json!({ "input": input })).await["createRecognition"].clone();
        assert_eq!((&made["record"]["state"], &made["record"]["centre"]["id"]), (&json!("draft"), &json!(centre_id)));
        assert_eq!(made["record"]["recognitionKind"]["labelEn"], "Learning unit, province level");
        let id = made["record"]["id"].clone();

        let submit = "mutation ($id: ID!) { submitRecognition(id: $id, expectedVersion: 1) { record { state version } warnings { code } } }";
        let sent = vendor.data(submit, json!({ "id": id })).await;
        assert_eq!(sent["submitRecognition"]["record"], json!({ "state": "submitted", "version": 2 }));
        let again = vendor.graphql(submit, json!({ "id": id })).await;
        assert_eq!(again.body["errors"][0]["extensions"]["code"], "stale_version");

        let back = "mutation ($id: ID!) { returnRecognition(id: $id, input: {reasons: [\"Thiếu báo cáo\"]}) { record { state returnReasons submittedOn } } }";
        let returned = department.data(back, json!({ "id": id })).await;
        assert_eq!(returned["returnRecognition"]["record"], json!({ "state": "draft", "returnReasons": ["Thiếu báo cáo"], "submittedOn": null }));
        let patch = "mutation ($id: ID!) { updateRecognition(id: $id, patch: {submittedOn: \"2026-01-12\"}) { record { version } } }";
        vendor.data(patch, json!({ "id": id })).await;
        vendor.data("mutation ($id: ID!) { submitRecognition(id: $id) { record { state } } }", json!({ "id": id })).await;

        let appraise = "mutation ($id: ID!, $input: AppraisalInput!) { appraiseRecognition(id: $id, input: $input) { record { appraisal { body level } } } }";
        let appraisal = json!({ "appraisedOn": "2026-01-20", "body": "Sở Giáo dục và Đào tạo", "proposesGrant": true, "level": 2 });
        department.data(appraise, json!({ "id": id, "input": appraisal })).await;
        let grant = "mutation ($id: ID!, $input: GrantRecognition!) { grantRecognition(id: $id, input: $input) { record { state decisionLevel decisionAuthorityKind validTo verificationCode } } }";
        let input = json!({ "number": "7/QĐ-UBND", "date": "2026-02-10", "authority": "Chủ tịch UBND", "authorityKind": "ubnd_tinh", "level": 2 });
        let granted = department.data(grant, json!({ "id": id, "input": input })).await["grantRecognition"]["record"].clone();
        assert_eq!((&granted["decisionLevel"], &granted["validTo"]), (&json!(2), &json!("2028-12-31")));
        assert_eq!(granted["decisionAuthorityKind"], "ubnd_tinh");
        let node = department.data("query ($id: ID!) { node(id: $id) { id ... on Recognition { state } } }", json!({ "id": id })).await;
        assert_eq!(node["node"], json!({ "id": id, "state": "granted" }));
        let withdraw = "mutation ($id: ID!) { withdrawRecognition(id: $id) { record { state } } }";
        let refused = vendor.graphql(withdraw, json!({ "id": id })).await;
        assert_eq!(refused.body["errors"][0]["extensions"]["code"], "impossible_transition");
    }
);

on_both!(
    async fn level_2_follows_level_1_after_twelve_months(s) {
        let department = s.client("province_department", province("31")).await;
        let first = department.post("/v1/recognitions", unit("Chi cục Thử nghiệm", 2024, 1)).await.expect(201).id();
        appraised(&department, &first, Some(1), "2025-01-20").await;
        step(&department, &first, "grant", decision("5/QĐ-UBND", "2025-02-15", Some(1))).await.expect(200);

        let second = department.post("/v1/recognitions", unit("Chi cục Thử nghiệm", 2025, 2)).await.expect(201).id();
        appraised(&department, &second, Some(2), "2026-01-20").await;
        let early = step(&department, &second, "grant", decision("6/QĐ-UBND", "2026-02-14", Some(2))).await;
        early.expect(422).refuses("/date", "upgrade_too_soon");
        let granted = step(&department, &second, "grant", decision("6/QĐ-UBND", "2026-02-15", Some(2))).await.expect(200);
        assert_eq!(granted.body["previousRecognitionId"], json!(first));
        let query = "query ($id: ID!) { getRecognition(id: $id) { previousRecognition { id decisionLevel } } }";
        let data = department.data(query, json!({ "id": second })).await;
        assert_eq!(data["getRecognition"]["previousRecognition"], json!({ "id": first, "decisionLevel": 1 }));
    }
);

on_both!(
    async fn a_refusal_has_reasons_and_leaves_room_for_another_dossier(s) {
        let department = s.client("province_department", province("31")).await;
        let id = department.post("/v1/recognitions", unit("Chi cục Thử nghiệm", 2025, 1)).await.expect(201).id();
        appraised(&department, &id, Some(1), "2026-01-20").await;
        step(&department, &id, "refuse", json!({ "reasons": [] })).await.expect(422).refuses("/reasons", "out_of_range");
        step(&department, &id, "refuse", json!({ "reasons": ["Thiếu", " "] })).await.expect(422).refuses("/reasons/1", "empty");
        let body = json!({ "reasons": ["Chỉ tiêu 3.1 không có minh chứng."], "date": "2026-01-19" });
        step(&department, &id, "refuse", body).await.expect(422).refuses("/date", "dates_out_of_order");
        let body = json!({ "reasons": ["Chỉ tiêu 3.1 không có minh chứng."], "date": "2026-02-01", "number": "40/SGDĐT" });
        let refused = step(&department, &id, "refuse", body).await.expect(200);
        assert_eq!((&refused.body["state"], &refused.body["decisionDate"]), (&json!("refused"), &json!("2026-02-01")));
        assert_eq!((&refused.body["verificationCode"], &refused.body["validTo"]), (&json!(null), &json!(null)));
        step(&department, &id, "grant", decision("6/QĐ-UBND", "2026-02-15", Some(1))).await.expect(409);
        let mut again = unit("Chi cục Thử nghiệm", 2025, 1);
        again["indicatorResults"] = unit_results(90.0);
        department.post("/v1/recognitions", again).await.expect(201);
    }
);
