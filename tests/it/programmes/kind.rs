//! The public reference of kinds, levels, modules and subjects: no token on either surface.

use serde_json::json;

use crate::on_both;

on_both!(
    async fn anybody_reads_what_may_be_taught_and_by_whom(s) {
        let anybody = s.public();
        let all = anybody.get("/v1/programme-kinds?count=exact").await.expect(200).body;
        assert_eq!(all["totalCount"], 15);
        let kind = anybody.get("/v1/programme-kinds/gdtx_upper_secondary").await.expect(200).body;
        assert_eq!(kind["lawPoint"], "d");
        assert_eq!(kind["document"], "TT 12/2022/TT-BGDĐT");
        assert_eq!(kind["labelVi"], "Giáo dục thường xuyên cấp trung học phổ thông");
        assert_eq!(kind["labelEn"], "Continuing education, upper secondary");
        assert_eq!(kind["centreKinds"], json!(["gdtx_centre", "vocational_gdtx_centre"]));
        assert_eq!(kind["curricula"][0]["electivesRequired"], 4);
        let stage = anybody.get("/v1/programme-kinds/literacy_stage_1").await.expect(200).body;
        assert_eq!(stage["literacyStage"]["periods"], 1005);
        let english = anybody.english().get("/v1/programme-kinds/literacy_stage_1").await.expect(200).body;
        assert_eq!((&stage["label"], &english["label"]), (&stage["labelVi"], &stage["labelEn"]));
        anybody.get("/v1/programme-kinds/university_diploma").await.expect(404);
    }
);

on_both!(
    async fn the_reference_is_the_same_on_both_surfaces(s) {
        let anybody = s.public();
        let query = "{ listProgrammeKinds(filter: {group: upgrading, centreKind: language_it_centre}, first: 2, count: exact) {
            totalCount pageInfo { hasNextPage endCursor } nodes { code group labelVi centreKinds } } }";
        let graph = anybody.data(query, json!({})).await["listProgrammeKinds"].clone();
        let path = "/v1/programme-kinds?group=upgrading&centreKind=language_it_centre&first=2&count=exact";
        let rest = anybody.get(path).await.expect(200).body;
        assert_eq!(graph["totalCount"], 8);
        assert_eq!(rest["totalCount"], 8);
        assert_eq!(graph["pageInfo"], rest["pageInfo"]);
        assert_eq!(graph["nodes"][0]["code"], "practical_english");
        assert_eq!(graph["nodes"][1]["code"], rest["items"][1]["code"]);
        let after = rest["pageInfo"]["endCursor"].as_str().unwrap();
        let next = anybody.get(&format!("{path}&after={after}")).await.expect(200).body;
        assert_eq!(next["items"][0]["code"], "other_language");
        let refused = anybody.graphql("{ getProgrammeKind(code: \"x\") { code } }", json!({})).await.body;
        assert_eq!(refused["errors"][0]["extensions"]["code"], "not_found");
    }
);

on_both!(
    async fn levels_modules_and_subjects_are_listed(s) {
        let anybody = s.public();
        let levels = anybody.get("/v1/language-levels").await.expect(200);
        let etag = levels.header("etag").to_owned();
        anybody.with("if-none-match", &etag).get("/v1/language-levels").await.expect(304);
        let levels = levels.body;
        assert_eq!(levels["items"].as_array().unwrap().len(), 6);
        assert_eq!(levels["items"][2]["cefr"], "B1");
        let modules = anybody.get("/v1/it-modules?sort=-code&first=1").await.expect(200).body;
        assert_eq!(modules["items"][0]["officialCode"], "IU15");
        let subjects = anybody.get("/v1/subjects").await.expect(200).body["items"].clone();
        let history = subjects.as_array().unwrap().iter().find(|s| s["code"] == "history").unwrap().clone();
        assert_eq!(history, json!({ "code": "history", "labelVi": "Lịch sử", "labelEn": "History", "officialCode": "58" }));
        let query = "{ listLanguageLevels { nodes { level } } listItModules { nodes { code } } listSubjects { nodes { code } } }";
        let data = anybody.data(query, json!({})).await;
        let count = |list: &str| data[list]["nodes"].as_array().unwrap().len();
        assert_eq!((count("listLanguageLevels"), count("listItModules"), count("listSubjects")), (6, 15, 20));
    }
);

on_both!(
    async fn wrong_questions_are_named(s) {
        let anybody = s.public();
        anybody.get("/v1/programme-kinds?grup=literacy").await.expect(400).refuses("grup", "unknown_parameter");
        anybody.get("/v1/programme-kinds?group=e").await.expect(400).refuses("group", "invalid_value");
        anybody.get("/v1/programme-kinds?first=0").await.expect(400).refuses("first", "out_of_range");
        anybody.get("/v1/subjects?sort=name").await.expect(400).refuses("sort", "unknown_sort");
        anybody.get("/v1/it-modules?tier=basic").await.expect(400).refuses("tier", "unknown_parameter");
        let first = anybody.get("/v1/subjects?first=1").await.expect(200).body;
        anybody.get("/v1/programme-kinds/on_demand?feilds=code").await.expect(400).refuses("feilds", "unknown_parameter");
        let cursor = first["pageInfo"]["endCursor"].as_str().unwrap();
        anybody.get(&format!("/v1/it-modules?after={cursor}")).await.expect(400).refuses("after", "foreign_cursor");
    }
);
