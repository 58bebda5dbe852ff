//! Rooms: all fields of their form, ranges and warnings.

use serde_json::json;

use super::{make, operating};
use crate::on_both;

on_both!(
    async fn rooms_are_kept_listed_and_retired(s) {
        let vendor = s.vendor().await;
        let centre = make(&vendor, "/v1/centres", operating("Trung tâm Thử nghiệm", "11407")).await;
        let body = json!({
            "centreId": centre, "roomName": "Phòng học lý thuyết", "areaM2": 48.5, "count": 3, "totalAreaM2": 145.5, "condition": "01",
        });
        let created = vendor.post("/v1/rooms", body.clone()).await.expect(201);
        for (name, value) in body.as_object().unwrap() {
            assert_eq!(&created.body[name], value, "{name}");
        }
        assert!(created.body["warnings"].is_null());
        let listed = vendor.get("/v1/rooms?search=ly%20thuyet&condition=01").await.expect(200).body;
        assert_eq!(listed["items"][0]["id"], json!(created.id()));
        let query = "query($id: ID!) { getCentre(id: $id) { rooms { nodes { roomName count centre { id } } } } }";
        let seen = vendor.data(query, json!({ "id": centre })).await["getCentre"]["rooms"]["nodes"].clone();
        assert_eq!(seen, json!([{"roomName": "Phòng học lý thuyết", "count": 3, "centre": {"id": centre}}]));
        vendor.delete(&format!("/v1/rooms/{}", created.id())).await.expect(200);
        vendor.delete(&format!("/v1/rooms/{}", created.id())).await.expect(409);
    }
);

on_both!(
    async fn faults_are_named_and_oddities_told(s) {
        let vendor = s.vendor().await;
        let centre = make(&vendor, "/v1/centres", operating("Trung tâm Thử nghiệm", "11407")).await;
        let body = json!({"centreId": centre, "roomName": "x".repeat(51), "condition": "x".repeat(61), "count": -1, "areaM2": -1, "totalAreaM2": -2});
        let refused = vendor.post("/v1/rooms", body).await.expect(422);
        let pointers: Vec<_> = refused.faults().into_iter().map(|(pointer, _)| pointer).collect();
        assert_eq!(pointers, ["/roomName", "/count", "/condition", "/areaM2", "/totalAreaM2"]);
        let odd = json!({"centreId": centre, "roomName": "Phòng máy", "areaM2": 48.5, "count": 3, "totalAreaM2": 145});
        let told = vendor.english().post("/v1/rooms", odd).await.expect(201);
        assert_eq!(told.body["warnings"][0]["code"], "total_is_not_the_product");
        vendor.post("/v1/rooms", json!({"centreId": centre})).await.expect(400).refuses("/roomName", "required");
    }
);
