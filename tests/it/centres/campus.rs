//! Campuses and operating locations: story, refusals and relations.

use serde_json::json;

use super::{make, operating, with};
use crate::{on_both, support::province};

on_both!(
    async fn a_campus_belongs_to_its_centre_for_good(s) {
        let vendor = s.vendor().await;
        let centre = make(&vendor, "/v1/centres", operating("Trung tâm Thử nghiệm", "11407")).await;
        let other = make(&vendor, "/v1/centres", operating("Trung tâm khác", "11383")).await;
        let body = json!({
            "centreId": centre, "name": "Điểm trường số 2", "kind": "campus", "officialId": "310008010000002",
            "phone": "0225 000 000", "addressLine": "Thôn Thử Nghiệm", "place": {"code": "11383"},
            "distanceKm": 4.25, "transport": "Xe đạp", "areaM2": 1200.5,
        });
        let created = vendor.put("/v1/campuses/by-external-id/dt-2", body.clone()).await.expect(201);
        let path = format!("/v1/campuses/{}", created.id());
        assert_eq!((&created.body["distanceKm"], &created.body["areaM2"]), (&json!(4.25), &json!(1200.5)));
        assert_eq!(created.body["place"]["communeName"], "Lê Chân");
        let again = vendor.put("/v1/campuses/by-external-id/dt-2", body.clone()).await.expect(200);
        assert_eq!(again.body["version"], 1);
        let moved = with(body, json!({ "centreId": other }));
        vendor.put("/v1/campuses/by-external-id/dt-2", moved).await.expect(422).refuses("/centreId", "immutable");
        vendor.patch(&path, json!({ "centreId": other })).await.expect(400).refuses("/centreId", "unknown_property");
        let patched = vendor.patch(&path, json!({"transport": null, "kind": "operating_location"})).await.expect(200);
        assert_eq!((&patched.body["transport"], &patched.body["version"]), (&json!(null), &json!(2)));
        // The reach follows the centre's place, not the site's.
        assert_eq!(vendor.get("/v1/campuses?communeCode=11407").await.body["items"][0]["id"], json!(created.id()));
        assert_eq!(vendor.get(&format!("/v1/campuses?centreId={other}")).await.body["items"], json!([]));
        vendor.delete(&path).await.expect(200);
        assert_eq!(vendor.get(&format!("/v1/campuses?centreId={centre}")).await.body["items"], json!([]));
    }
);

on_both!(
    async fn faults_are_named_and_neighbours_kept_out(s) {
        let vendor = s.vendor().await;
        let centre = make(&vendor, "/v1/centres", operating("Trung tâm Thử nghiệm", "11407")).await;
        let body = json!({
            "centreId": centre, "name": " ", "kind": "campus", "officialId": "1".repeat(16), "phone": "1".repeat(21),
            "addressLine": "x".repeat(251), "transport": "x".repeat(201), "distanceKm": -1, "areaM2": -0.5,
            "place": {"code": "99999"},
        });
        let refused = vendor.post("/v1/campuses", body).await.expect(422);
        let pointers: Vec<_> = refused.faults().into_iter().map(|(pointer, _)| pointer).collect();
        assert_eq!(pointers, ["/name", "/officialId", "/phone", "/addressLine", "/distanceKm", "/transport", "/areaM2", "/place/code"]);
        let good = json!({"centreId": centre, "name": "Điểm trường", "kind": "campus"});
        let unknown = with(good.clone(), json!({"centreId": "00000000-0000-7000-8000-000000000000"}));
        vendor.post("/v1/campuses", unknown).await.expect(422).refuses("/centreId", "unknown_record");
        let neighbour = s.client("vendor", province("01")).await;
        neighbour.post("/v1/campuses", good.clone()).await.expect(422).refuses("/centreId", "unknown_record");
        s.client("portal", province("31")).await.post("/v1/campuses", good.clone()).await.expect(403);
        s.public().post("/v1/campuses", good.clone()).await.expect(401);
        let id = make(&vendor, "/v1/campuses", good).await;
        neighbour.get(&format!("/v1/campuses/{id}")).await.expect(404);
        neighbour.delete(&format!("/v1/campuses/{id}")).await.expect(404);
    }
);

on_both!(
    async fn graphql_walks_from_centre_to_campus_and_back(s) {
        let vendor = s.vendor().await;
        let centre = make(&vendor, "/v1/centres", operating("Trung tâm Thử nghiệm", "11407")).await;
        let mutation = "mutation($input: NewCampus!) { createCampus(input: $input) { record { id centre { id } } } }";
        let input = json!({"centreId": centre, "name": "Điểm trường", "kind": "campus"});
        let made = vendor.data(mutation, json!({ "input": input })).await["createCampus"]["record"].clone();
        assert_eq!(made["centre"]["id"], json!(centre));
        let query = "query($id: ID!, $campus: ID!) {
            getCentre(id: $id) { campuses(first: 5, count: exact) { totalCount nodes { id name kind } } }
            node(id: $campus) { id ... on Campus { name } } }";
        let seen = vendor.data(query, json!({"id": centre, "campus": made["id"]})).await;
        let campuses = json!({"totalCount": 1, "nodes": [{"id": made["id"], "name": "Điểm trường", "kind": "campus"}]});
        assert_eq!(seen["getCentre"]["campuses"], campuses);
        assert_eq!(seen["node"], json!({"id": made["id"], "name": "Điểm trường"}));
    }
);
