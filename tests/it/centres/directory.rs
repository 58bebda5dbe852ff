//! The public directory: everybody may read it, and it knows nothing personal.

use serde_json::json;

use super::{department, make, operating, with};
use crate::{
    on_both,
    support::{centre, province},
};

on_both!(
    async fn anybody_reads_the_directory_and_finds_nothing_personal(s) {
        let department = department(s).await;
        let body = with(
            operating("Trung tâm Ánh Sáng", "11407"),
            json!({
                "officialId": "31000801", "phone": "0225 000 000", "email": "tt@example.vn", "website": "https://example.vn",
                "addressLine": "12 đường Thử", "directorName": "Nguyễn Văn Thử (bịa)", "directorPhone": "0900 000 000",
            }),
        );
        let id = make(&department, "/v1/centres", body).await;
        let public = s.public();
        let found = public.get(&format!("/v1/directory/centres/{id}")).await.expect(200).body;
        assert_eq!(found, json!({
            "id": id, "officialId": "31000801", "name": "Trung tâm Ánh Sáng", "kind": "gdtx_centre", "subKind": null,
            "ownership": "public",
            "place": {"provinceCode": "31", "provinceName": "Hải Phòng", "communeCode": "11407", "communeName": "An Biên"},
            "addressLine": "12 đường Thử", "phone": "0225 000 000", "email": "tt@example.vn", "website": "https://example.vn",
            "status": "operating", "statusSince": "2016-09-05", "programmes": [],
        }));
        let narrowed = public.get(&format!("/v1/directory/centres/{id}?fields=name,place.communeName")).await.expect(200).body;
        assert_eq!(narrowed, json!({"name": "Trung tâm Ánh Sáng", "place": {"communeName": "An Biên"}}));
        let query = "query($id: ID!) { getDirectoryCentre(id: $id) { name place { communeName } programmes { name kind } }
            listDirectoryCentres(filter: {kind: gdtx_centre}, first: 1) { nodes { id status } pageInfo { hasNextPage } } }";
        let seen = public.data(query, json!({ "id": id })).await;
        assert_eq!(seen["getDirectoryCentre"]["place"]["communeName"], "An Biên");
        assert_eq!(seen["listDirectoryCentres"]["nodes"], json!([{"id": id, "status": "operating"}]));
        let personal = public.graphql("query($id: ID!) { getDirectoryCentre(id: $id) { directorName } }", json!({ "id": id })).await;
        assert!(personal.body["errors"][0]["message"].as_str().unwrap().contains("directorName"), "{}", personal.text);
        s.client("administrator", province("31")).await.get("/v1/directory/centres").await.expect(200);
    }
);

on_both!(
    async fn the_directory_is_filtered_sorted_and_paged(s) {
        let ministry = s.client("ministry", Default::default()).await;
        let learning = with(operating("Trung tâm B", "00004"), json!({"kind": "community_learning_centre"}));
        for body in [operating("Trung tâm C", "11407"), centre("Trung tâm A", "11407"), learning] {
            make(&ministry, "/v1/centres", body).await;
        }
        let gone = make(&ministry, "/v1/centres", operating("Trung tâm D", "11407")).await;
        ministry.delete(&format!("/v1/centres/{gone}")).await.expect(200);
        let public = s.public();
        public.get(&format!("/v1/directory/centres/{gone}")).await.expect(404);
        for (query, names) in [
            ("count=exact", &["Trung tâm A", "Trung tâm B", "Trung tâm C"][..]),
            ("sort=-name", &["Trung tâm C", "Trung tâm B", "Trung tâm A"]),
            ("provinceCode=31", &["Trung tâm A", "Trung tâm C"]),
            ("communeCode=00004", &["Trung tâm B"]),
            ("kind=community_learning_centre", &["Trung tâm B"]),
            ("status=proposed", &["Trung tâm A"]),
            ("search=trung%20tam%20c", &["Trung tâm C"]),
        ] {
            let page = public.get(&format!("/v1/directory/centres?{query}")).await.expect(200).body;
            let found: Vec<_> = page["items"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
            assert_eq!(found, names, "{query}");
        }
        let first = public.get("/v1/directory/centres?first=2&count=exact").await.expect(200);
        assert_eq!((&first.body["totalCount"], &first.body["pageInfo"]["hasNextPage"]), (&json!(3), &json!(true)));
        let cursor = first.body["pageInfo"]["endCursor"].as_str().unwrap().to_owned();
        let rest = public.get(&format!("/v1/directory/centres?first=2&after={cursor}")).await.expect(200).body;
        assert_eq!((&rest["items"][0]["name"], &rest["pageInfo"]["hasNextPage"]), (&json!("Trung tâm C"), &json!(false)));
        public.get(&format!("/v1/directory/centres?kind=gdtx_centre&after={cursor}")).await.expect(400).refuses("after", "foreign_cursor");
        public.get("/v1/directory/centres?sort=phone").await.expect(400).refuses("sort", "unknown_sort");
        public.get("/v1/directory/centres?directorName=x").await.expect(400).refuses("directorName", "unknown_parameter");
        public.get("/v1/directory/centres?first=201").await.expect(400).refuses("first", "out_of_range");
        public.get("/v1/directory/centres/x").await.expect(404);
    }
);
