//! Who may change what a decision laid down.

use serde_json::json;

use super::{make, operating};
use crate::{on_both, support::province};

on_both!(
    async fn what_a_decision_laid_down_changes_by_decision(s) {
        let vendor = s.vendor().await;
        let mut body = operating("Trung tâm Thử nghiệm", "11407");
        let made = vendor.put("/v1/centres/by-external-id/tt-1", body.clone()).await.expect(201);
        let path = format!("/v1/centres/{}", made.id());
        for (field, value) in [("name", json!("Tên khác")), ("kind", json!("vocational_gdtx_centre")), ("ownership", json!("private"))] {
            let refused = vendor.patch(&path, json!({ field: value.clone() })).await.expect(422);
            refused.refuses(&format!("/{field}"), "settled_by_decision");
            body[field] = value;
        }
        let refused = vendor.put("/v1/centres/by-external-id/tt-1", body).await.expect(422);
        assert_eq!(refused.faults().len(), 3);
        // What was never told may be told, and stays then.
        vendor.patch(&path, json!({ "managingBody": "Sở GDĐT (bịa)" })).await.expect(200);
        vendor.patch(&path, json!({ "managingBody": null })).await.expect(422).refuses("/managingBody", "settled_by_decision");
        vendor.delete(&path).await.expect(403);

        let department = s.client("province_department", province("31")).await;
        let mended = department.patch(&path, json!({ "name": "Trung tâm Thử nghiệm 2" })).await.expect(200);
        assert_eq!((&mended.body["name"], &mended.body["version"]), (&json!("Trung tâm Thử nghiệm 2"), &json!(3)));
        department.delete(&path).await.expect(200);
    }
);

on_both!(
    async fn a_proposal_belongs_to_who_proposes(s) {
        let vendor = s.vendor().await;
        let proposal = json!({ "name": "Trung tâm Thử", "kind": "gdtx_centre", "ownership": "public", "place": { "code": "11407" } });
        let path = format!("/v1/centres/{}", make(&vendor, "/v1/centres", proposal).await);
        vendor.patch(&path, json!({ "name": "Tên khác", "ownership": "private" })).await.expect(200);
        vendor.delete(&path).await.expect(200);
    }
);

on_both!(
    async fn a_commune_corrects_its_learning_centre_only(s) {
        let vendor = s.vendor().await;
        let reach = gdtx_domain::access::reach::Reach { communes: vec!["11407".into()], ..Default::default() };
        let office = s.client("commune_office", reach).await;
        let mut community = operating("Trung tâm học tập cộng đồng Thử", "11407");
        community["kind"] = json!("community_learning_centre");
        community["establishment"]["authorityKind"] = json!("ubnd_huyen");
        let community = format!("/v1/centres/{}", make(&vendor, "/v1/centres", community).await);
        office.patch(&community, json!({ "name": "Tên đúng" })).await.expect(200);
        let elsewhere = office.patch(&community, json!({ "kind": "vocational_gdtx_centre" })).await.expect(422);
        elsewhere.refuses("/kind", "settled_by_decision");
        let other = format!("/v1/centres/{}", make(&vendor, "/v1/centres", operating("Trung tâm Thử", "11407")).await);
        office.patch(&other, json!({ "name": "Tên khác" })).await.expect(422).refuses("/name", "settled_by_decision");
    }
);

on_both!(
    async fn the_history_says_from_whom_it_comes(s) {
        let vendor = s.vendor().await;
        let id = make(&vendor, "/v1/centres", operating("Trung tâm Thử nghiệm", "11407")).await;
        let events = format!("/v1/centres/{id}/events");
        let department = s.client("province_department", province("31")).await;
        let renamed = json!({ "kind": "rename", "effectiveOn": "2026-03-01", "newName": "Tên mới" });
        department.post(&events, renamed).await.expect(201);
        let history = vendor.get(&events).await.expect(200).body;
        let by: Vec<_> = history["items"].as_array().unwrap().iter().map(|e| e["recordedBy"].as_str().unwrap()).collect();
        assert_eq!(by, ["vendor", "vendor", "province_department"]);
    }
);
