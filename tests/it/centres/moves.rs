//! A centre that moves takes along everything that belongs to it.

use serde_json::json;

use super::{department, history, make, operating, staff_member::teacher};
use crate::{on_both, support::province};

on_both!(
    async fn campus_land_rooms_staff_and_history_follow_their_centre(s) {
        let ministry = s.client("ministry", Default::default()).await;
        let (from, to) = (department(s).await, s.client("province_department", province("01")).await);
        let id = make(&ministry, "/v1/centres", operating("Trung tâm Thử nghiệm", "11407")).await;
        let mut records = Vec::new();
        let writer = s.vendor().await;
        for (path, body) in [
            ("/v1/campuses", json!({"centreId": id, "name": "Điểm trường", "kind": "campus"})),
            ("/v1/lands", json!({"centreId": id, "location": "Thôn Thử"})),
            ("/v1/rooms", json!({"centreId": id, "roomName": "Phòng học"})),
            ("/v1/staff-members", teacher(&id)),
        ] {
            records.push(format!("{path}/{}", make(&writer, path, body).await));
        }
        for path in &records {
            from.get(path).await.expect(200);
            to.get(path).await.expect(404);
        }
        to.get(&format!("/v1/centres/{id}/events")).await.expect(404);
        ministry.patch(&format!("/v1/centres/{id}"), json!({"place": {"code": "00004"}})).await.expect(200);
        for path in &records {
            from.get(path).await.expect(404);
            let seen = to.get(path).await.expect(200).body;
            assert_eq!((&seen["version"], &seen["centreId"]), (&json!(1), &json!(id)));
        }
        from.get(&format!("/v1/centres/{id}/events")).await.expect(404);
        assert_eq!(history(&to, &id).await.len(), 2);
        s.sequenced().await;
        let feed = to.get("/v1/changes?after=0").await.expect(200).body;
        let kinds = |kind: &str| feed["items"].as_array().unwrap().iter().filter(|c| c["resource"] == kind).count();
        assert_eq!(["campuses", "lands", "rooms", "staff_members", "centre_events"].map(kinds), [1, 1, 1, 1, 2]);
    }
);
