//! Bad input about a centre: each field at fault is named, in both languages, and nothing is written.

use serde_json::json;

use super::{operating, with};
use crate::{on_both, support::centre};

on_both!(
    async fn each_field_at_fault_is_named(s) {
        let vendor = s.vendor().await;
        let body = with(
            centre(&"Ô".repeat(201), "11407"),
            json!({
                "officialId": "1".repeat(21), "egovId": "h31.01", "subKind": "it", "levelGroup": "13",
                "area": "deltas", "terrain": "x", "difficultArea": "135", "difficultAreas": ["border", "border", "sea"],
                "qualityStandard": "level_9", "phone": "1".repeat(21), "email": "a@b", "fax": "1".repeat(21),
                "website": "w".repeat(51), "directorEmail": "không có", "addressLine": "a\u{7}b",
                "areaM2": -1, "accreditationLevel": 10, "learnersPerYear": -1, "centreRank": "x".repeat(11),
                "establishedOn": {"value": "2999", "precision": "year"},
                "operationRenewedOn": {"value": "05/2020", "precision": "month"},
                "operatingLicence": {"number": "", "date": "2999-01-01"},
            }),
        );
        let refused = vendor.english().post("/v1/centres", body).await.expect(422);
        assert_eq!(refused.body["code"], "validation_failed");
        let mut faults = refused.faults();
        faults.sort();
        let expected = [
            ("/accreditationLevel", "out_of_range"), ("/addressLine", "control_character"), ("/area", "unknown_code"),
            ("/areaM2", "out_of_range"), ("/centreRank", "too_long"), ("/difficultArea", "unknown_code"),
            ("/difficultAreas/1", "repeated"), ("/difficultAreas/2", "unknown_code"), ("/directorEmail", "invalid_email"),
            ("/egovId", "invalid_egov_id"), ("/email", "invalid_email"), ("/establishedOn/value", "date_in_future"),
            ("/fax", "too_long"), ("/learnersPerYear", "out_of_range"), ("/levelGroup", "unknown_code"), ("/name", "too_long"),
            ("/officialId", "too_long"), ("/operatingLicence/date", "date_in_future"), ("/operatingLicence/number", "empty"),
            ("/operationRenewedOn/value", "invalid_date"), ("/phone", "too_long"), ("/qualityStandard", "unknown_code"),
            ("/subKind", "sub_kind_not_allowed"), ("/terrain", "unknown_code"), ("/website", "too_long"),
        ];
        let expected: Vec<_> = expected.map(|(p, c)| (p.to_owned(), c.to_owned())).into();
        assert_eq!(faults, expected);
        assert_eq!(vendor.get("/v1/centres?count=exact").await.body["totalCount"], 0);
    }
);

on_both!(
    async fn refusals_speak_both_languages_and_know_the_ministrys_codes(s) {
        let vendor = s.vendor().await;
        let body = with(centre("Trung tâm Thử nghiệm", "11407"), json!({"levelGroup": "13"}));
        let vi = vendor.post("/v1/centres", body.clone()).await.expect(422);
        let en = vendor.english().post("/v1/centres", body).await.expect(422);
        assert_eq!((&vi.body["title"], &en.body["title"]), (&json!("Dữ liệu không hợp lệ"), &json!("Validation failed")));
        for answer in [vi, en] {
            let detail = answer.body["errors"][0]["detail"].as_str().unwrap_or_default().to_owned();
            assert!(detail.contains("gdtx_huyen"), "{detail}");
        }
        let typo = with(centre("Trung tâm Thử nghiệm", "11407"), json!({"adressLine": "x"}));
        let twice = r#"{ "name": "Trung tâm", "name": "Trung tâm" }"#.to_owned();
        let refused = vendor.raw(reqwest::Method::POST, "/v1/centres", "application/json", Some(twice)).await;
        refused.expect(400).refuses("/name", "repeated");
        let refused = vendor.english().post("/v1/centres", typo).await.expect(400).refuses("/adressLine", "unknown_property");
        assert!(refused.text.contains("Did you mean “addressLine”?"), "{}", refused.text);
    }
);

on_both!(
    async fn a_community_learning_centre_belongs_to_a_commune(s) {
        let vendor = s.vendor().await;
        let at = |code: &str| with(centre("TTHTCĐ Thử nghiệm", code), json!({"kind": "community_learning_centre"}));
        vendor.post("/v1/centres", at("31")).await.expect(422).refuses("/place/code", "commune_required");
        vendor.post("/v1/centres", at("99999")).await.expect(422).refuses("/place/code", "unknown_place");
        vendor.post("/v1/centres", at("11407")).await.expect(201);
    }
);

on_both!(
    async fn warnings_come_with_the_success(s) {
        let vendor = s.vendor().await;
        let body = with(centre("Trung tâm Thử nghiệm", "11407"), json!({"officialId": "31000801"}));
        assert!(vendor.post("/v1/centres", body.clone()).await.expect(201).body["warnings"].is_null());
        let body = with(body, json!({"kind": "language_it_centre", "authorityKind": "ubnd_huyen"}));
        let second = vendor.post("/v1/centres", body).await.expect(201);
        let codes: Vec<_> = second.body["warnings"].as_array().unwrap().iter().map(|w| w["code"].clone()).collect();
        assert_eq!(codes, ["sub_kind_missing", "authority_not_in_force", "official_id_in_use"]);
    }
);

on_both!(
    async fn graphql_refuses_the_same_way(s) {
        let vendor = s.vendor().await;
        let query = "mutation($input: NewCentre!) { createCentre(input: $input) { record { id status events { nodes { kind } } } created } }";
        let mut input = operating("Trung tâm Thử nghiệm", "11407");
        let made = vendor.data(query, json!({ "input": input })).await;
        assert_eq!(made["createCentre"]["record"]["status"], "operating");
        let kinds = json!([{"kind": "establish"}, {"kind": "start_operating"}]);
        assert_eq!(made["createCentre"]["record"]["events"]["nodes"], kinds);
        input["email"] = json!("a@b");
        let refused = vendor.graphql(query, json!({ "input": input })).await;
        let extensions = &refused.body["errors"][0]["extensions"];
        assert_eq!((&extensions["code"], &extensions["status"]), (&json!("validation_failed"), &json!(422)));
        assert_eq!(extensions["errors"][0]["pointer"], "/email");
    }
);
