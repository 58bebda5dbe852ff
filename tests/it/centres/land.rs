//! Land: all fields of its form, ranges and warnings.

use serde_json::json;

use super::{make, operating};
use crate::on_both;

on_both!(
    async fn every_field_of_the_form_comes_back(s) {
        let vendor = s.vendor().await;
        let centre = make(&vendor, "/v1/centres", operating("Trung tâm Thử nghiệm", "11407")).await;
        let body = json!({
            "centreId": centre, "location": "Tổ dân phố Thử Nghiệm", "institutionName": "Cơ sở Thử nghiệm",
            "landAreaM2": 2500.75, "builtAreaM2": 900, "ownershipForm": "01", "ownerName": "UBND phường (thử nghiệm)",
            "ownershipEvidence": "GCN số 000", "landUse": "Đất cơ sở giáo dục", "construction": "Nhà hai tầng",
            "useStartYear": 1999, "useYears": 50,
        });
        let created = vendor.post("/v1/lands", body.clone()).await.expect(201);
        for (name, value) in body.as_object().unwrap() {
            assert_eq!(&created.body[name], value, "{name}");
        }
        let query = "query($id: ID!) { getLand(id: $id) { landAreaM2 ownerName centre { lands { nodes { useYears } } } } }";
        let seen = vendor.data(query, json!({ "id": created.id() })).await["getLand"].clone();
        assert_eq!(seen, json!({
            "landAreaM2": 2500.75, "ownerName": "UBND phường (thử nghiệm)", "centre": {"lands": {"nodes": [{"useYears": 50}]}},
        }));
    }
);

on_both!(
    async fn faults_are_named_and_oddities_told(s) {
        let vendor = s.vendor().await;
        let centre = make(&vendor, "/v1/centres", operating("Trung tâm Thử nghiệm", "11407")).await;
        let body = json!({
            "centreId": centre, "location": "x".repeat(501), "institutionName": "x".repeat(256), "ownershipForm": "x".repeat(61),
            "ownerName": "x".repeat(51), "ownershipEvidence": "x".repeat(256), "landUse": "x".repeat(256),
            "construction": "x".repeat(101), "landAreaM2": -1, "useStartYear": 2999, "useYears": -1,
        });
        let refused = vendor.post("/v1/lands", body).await.expect(422);
        let pointers: Vec<_> = refused.faults().into_iter().map(|(pointer, _)| pointer).collect();
        assert_eq!(pointers, [
            "/location", "/institutionName", "/ownershipForm", "/ownerName", "/ownershipEvidence", "/landUse",
            "/construction", "/useYears", "/landAreaM2", "/useStartYear",
        ]);
        let thirds = json!({"centreId": centre, "location": "Thôn Thử", "landAreaM2": 0.125});
        vendor.post("/v1/lands", thirds).await.expect(400).refuses("/landAreaM2", "invalid_value");
        let odd = json!({"centreId": centre, "location": "Thôn Thử", "landAreaM2": 100, "builtAreaM2": 100.01});
        let told = vendor.post("/v1/lands", odd).await.expect(201);
        assert_eq!(told.body["warnings"][0]["code"], "built_area_exceeds_land");
    }
);
