//! The reference data of recognitions, for anybody.

use serde_json::json;

use crate::on_both;

on_both!(
    async fn kinds_tell_who_decides_on_a_day(s) {
        let public = s.public();
        let page = public.get("/v1/recognition-kinds?first=5&count=exact").await.expect(200);
        assert_eq!(page.body["totalCount"], 13);
        assert_eq!(page.body["items"][0]["code"], "learning_citizen");
        assert!(page.header("link").contains("after="));
        let after = page.body["pageInfo"]["endCursor"].as_str().unwrap();
        let next = public.get(&format!("/v1/recognition-kinds?first=200&after={after}")).await.expect(200);
        assert_eq!(next.body["items"].as_array().unwrap().len(), 8);

        let path = "/v1/recognition-kinds/learning_community_commune";
        let kind = public.get(path).await.expect(200).body;
        assert_eq!(kind["basis"], "TT 25/2023/TT-BGDĐT");
        assert_eq!(kind["levelLabelsVi"], json!(["Khá", "Tốt"]));
        assert_eq!(kind["mark"], "verified");
        assert_eq!(kind["authorities"].as_array().unwrap().len(), 2);
        let before = public.get(&format!("{path}?asOf=2025-06-30")).await.expect(200).body;
        assert_eq!(before["authorities"][0]["authorityKind"], "phong_gddt");
        let later = public.get(&format!("{path}?asOf=2025-07-01&fields=authorities")).await.expect(200).body;
        assert_eq!(later["authorities"].as_array().unwrap().len(), 1);
        assert_eq!((&later["authorities"][0]["authorityKind"], &later["authorities"][0]["mark"]), (&json!(null), &json!("unverified")));
        assert!(later.get("code").is_none());

        let ended = public.get("/v1/recognition-kinds?asOf=2025-07-01&holder=district").await.expect(200).body;
        let codes: Vec<_> = ended["items"].as_array().unwrap().iter().map(|k| k["code"].as_str().unwrap()).collect();
        assert_eq!(codes, ["literacy_place", "pcgd_place", "unesco_learning_city"]);
    }
);

on_both!(
    async fn criteria_sets_show_their_marks_on_both_surfaces(s) {
        let public = s.public();
        let set = public.get("/v1/criteria-sets/tt_24_2023_province").await.expect(200).body;
        assert_eq!(set["criteria"].as_array().unwrap().len(), 3);
        let members = &set["criteria"][2]["indicators"][0];
        assert_eq!((&members["code"], &members["targets"][0]["percent"]), (&json!("c3_1_members"), &json!(90)));
        let live = public.get("/v1/criteria-sets?asOf=2025-07-01").await.expect(200).body;
        let codes: Vec<_> = live["items"].as_array().unwrap().iter().map(|k| k["code"].as_str().unwrap()).collect();
        assert_eq!(codes, ["tt_24_2023_province", "tt_25_2023_commune", "tt_25_2023_province"]);

        let query = "{ getCriteriaSet(id: \"tt_24_2023_province\") { document criteria { code complete indicators { code targets { level percent mark } } } }
            listCriteriaSets(first: 1, count: exact) { totalCount nodes { code } }
            getRecognitionKind(code: \"literacy_place\", asOf: \"2025-07-01\") { code levels authorities { holders levels authorityKind mark } }
            listRecognitionKinds(filter: {holder: family}) { nodes { code mark } } }";
        let data = public.data(query, json!({})).await;
        assert_eq!(data["getCriteriaSet"]["criteria"][2]["indicators"][0]["targets"][1]["percent"], 95);
        assert_eq!(data["listCriteriaSets"]["totalCount"], 5);
        assert_eq!(data["getRecognitionKind"]["authorities"].as_array().unwrap().len(), 3);
        assert_eq!(data["listRecognitionKinds"]["nodes"], json!([{"code": "learning_family", "mark": "unverified"}]));
    }
);

on_both!(
    async fn what_is_not_there_and_not_known_is_refused(s) {
        let public = s.public();
        public.get("/v1/recognition-kinds/learning_planet").await.expect(404);
        public.get("/v1/criteria-sets/nothing").await.expect(404);
        public.get("/v1/recognition-kinds?holdr=family").await.expect(400).refuses("holdr", "unknown_parameter");
        public.get("/v1/recognition-kinds?asOf=yesterday").await.expect(400).refuses("asOf", "invalid_value");
        public.get("/v1/criteria-sets?first=0").await.expect(400).refuses("first", "out_of_range");
        public.get("/v1/criteria-sets?sort=label").await.expect(400).refuses("sort", "unknown_sort");
    }
);
