//! Code lists: found by both names, labelled in both languages, translated between schemes.

use serde_json::{Value, json};

use super::texts;
use crate::{on_both, support::Client};

async fn items(client: &Client, path: &str) -> Value {
    client.get(&format!("/v1/code-lists/{path}")).await.expect(200).body
}

/// The outcome of a translation and its codes.
async fn translated(client: &Client, query: &str) -> Value {
    let answer = client.get(&format!("/v1/code-lists/{query}")).await.expect(200).body;
    json!([answer["outcome"], answer["codes"]])
}

on_both!(
    async fn lists_are_found_by_both_names(s) {
        let public = s.public();
        let all = public.get("/v1/code-lists?first=200&count=exact").await.expect(200).body;
        assert_eq!((all["totalCount"].as_u64(), texts(&all, "id").len()), (Some(59), 59));
        let ours = public.get("/v1/code-lists/dropout_reason").await.expect(200).body;
        assert_eq!(public.get("/v1/code-lists/DM_LY_DO_THOI_HOC").await.expect(200).body, ours);
        assert_eq!((&ours["title"], &ours["validFrom"], &ours["mark"]), (&"Lý do thôi học".into(), &"2020-10-26".into(), &"verified".into()));
        let english = public.english().get("/v1/code-lists/dropout_reason?fields=title,titleVi").await.expect(200).body;
        assert_eq!(english, json!({"title": "Reason for dropping out", "titleVi": "Lý do thôi học"}));
        let found = public.get("/v1/code-lists?search=thoi hoc").await.expect(200).body;
        assert_eq!(texts(&found, "id"), ["dropout_reason"]);
        public.get("/v1/code-lists/nothing").await.expect(404);
        public.get("/v1/code-lists/nothing/items").await.expect(404);
    }
);

on_both!(
    async fn values_are_labelled_in_both_languages(s) {
        let public = s.public();
        let find = "foreign_language/items?search=tieng anh";
        let (vi, en) = (items(&public, find).await, items(&public.english(), find).await);
        assert_eq!((&vi["items"][0]["code"], &vi["items"][0]["labelEn"]), (&"english".into(), &"English".into()));
        assert_eq!((vi["items"][0]["label"] == vi["items"][0]["labelVi"], &en["items"][0]["label"]), (true, &"English".into()));
        // Kinh and its 53 neighbours, foreigners, and unknown.
        let groups = items(&public, "ethnic_group/items?first=200&count=exact").await;
        assert_eq!(groups["totalCount"], 56);
        let by_code = items(&public, "DM_KHOI/items?search=13&scheme=moet_2020").await;
        assert!(texts(&by_code, "code").contains(&"gdtx_grade_10".to_owned()));
        // A known misuse is shown, but not as a value to send.
        let misuse = items(&public, "ownership/items?search=gdtx").await;
        assert_eq!((&misuse["items"][0]["code"], &misuse["items"][0]["accepted"]), (&"gdtx".into(), &false.into()));
        let genders = items(&public, "gender/items?scheme=ndc_2025").await;
        assert!(texts(&genders, "code").contains(&"unknown".to_owned()));
    }
);

on_both!(
    async fn codes_are_translated_between_schemes(s) {
        let public = s.public();
        for (query, expected) in [
            // The same 0 is a woman here and unknown there.
            ("gender/translate?from=vendor&to=api&code=0", json!(["unique", ["female"]])),
            ("gender/translate?from=ndc_2025&to=api&code=0", json!(["unique", ["unknown"]])),
            ("gender/translate?from=moet_2020&to=api&code=02", json!(["unique", ["female"]])),
            ("gender/translate?from=ndc_2025&to=moet_2020&code=0", json!(["unknown", []])),
            // Mường: 06 in the coding of 1979, 04 in that of 2008.
            ("ethnic_group/translate?from=gso_1979&to=gso_2008&code=06", json!(["unique", ["04"]])),
            ("DM_DAN_TOC/translate?from=gso_2008&to=api&code=06", json!(["unique", ["hoa"]])),
            ("academic_level/translate?from=api&to=ndc_2025&code=good", json!(["ambiguous", ["1", "T"]])),
            ("gender/translate?from=vendor&to=api&code=9", json!(["unknown", []])),
        ] {
            assert_eq!(translated(&public, query).await, expected, "{query}");
        }
        let misuse = items(&public, "ownership/translate?from=vendor&to=api&code=3").await;
        assert_eq!((&misuse["outcome"], &misuse["note"]), (&"unknown".into(), &"do not import vendor value 3 as ownership".into()));
    }
);

on_both!(
    async fn wrong_questions_are_refused(s) {
        let public = s.public().english();
        let get = async |path: &str| public.get(&format!("/v1/code-lists/{path}")).await;
        get("gender/translate?to=api&code=0").await.expect(400).refuses("from", "required");
        get("gender/translate?from=school&to=api&code=0").await.expect(400).refuses("from", "invalid_value");
        get("nothing/translate?from=api&to=vendor&code=0").await.expect(404);
        let typo = get("gender/items?sheme=vendor").await.expect(400).refuses("sheme", "unknown_parameter");
        assert!(typo.text.contains("Did you mean “scheme”?"), "{}", typo.text);
        get("gender?first=1").await.expect(400).refuses("first", "unknown_parameter");
        get("gender/items?sort=size").await.expect(400).refuses("sort", "unknown_sort");
    }
);
