//! The public check of a decision.

use serde_json::{Value, json};

use super::{appraised, decision, family, step, unit};
use crate::{on_both, support::province};

fn path(number: &str, code: &str) -> String {
    let url = reqwest::Url::parse_with_params("http://gdtx.test", [("number", number), ("code", code)]);
    format!("/v1/verifications/recognitions?{}", url.expect("a URL").query().expect("a query"))
}

on_both!(
    async fn number_and_code_together_open_a_decision(s) {
        let department = s.client("province_department", province("31")).await;
        let id = department.post("/v1/recognitions", unit("Chi cục Thử nghiệm", 2025, 1)).await.expect(201).id();
        appraised(&department, &id, Some(1), "2026-01-20").await;
        let granted = step(&department, &id, "grant", decision("304/QĐ-UBND", "2026-02-15", Some(1))).await.expect(200);
        let code = granted.body["verificationCode"].as_str().unwrap();

        let public = s.public();
        let told = public.english().get(&path("304/QĐ-UBND", code)).await.expect(200).body;
        assert_eq!((&told["kind"], &told["kindLabel"]), (&json!("learning_unit_province"), &json!("Learning unit, province level")));
        assert_eq!((&told["holderName"], &told["holderKind"]), (&json!("Chi cục Thử nghiệm"), &json!("organisation")));
        assert_eq!((&told["level"], &told["decisionDate"], &told["state"]), (&json!(1), &json!("2026-02-15"), &json!("granted")));
        assert_eq!((&told["validFrom"], &told["validTo"]), (&json!("2026-01-01"), &json!("2028-12-31")));
        let typed = public.get(&path(" 304/qđ-ubnd", &code.to_lowercase().replace('-', " "))).await.expect(200).body;
        assert_eq!(typed["decisionNumber"], "304/QĐ-UBND");

        let query = "query ($number: String!, $code: String!) { verifyRecognition(number: $number, code: $code) { holderName level decisionAuthority state } }";
        let data = public.data(query, json!({ "number": "304/QĐ-UBND", "code": code })).await;
        assert_eq!(data["verifyRecognition"]["level"], 1);
        let wrong = public.graphql(query, json!({ "number": "305/QĐ-UBND", "code": code })).await;
        assert_eq!(wrong.body["errors"][0]["extensions"]["code"], "not_found");
    }
);

on_both!(
    async fn nothing_tells_which_of_the_two_was_wrong(s) {
        let department = s.client("province_department", province("31")).await;
        let id = department.post("/v1/recognitions", unit("Chi cục Thử nghiệm", 2025, 1)).await.expect(201).id();
        appraised(&department, &id, Some(1), "2026-01-20").await;
        let granted = step(&department, &id, "grant", decision("304/QĐ-UBND", "2026-02-15", Some(1))).await.expect(200);
        let code = granted.body["verificationCode"].as_str().unwrap();
        let plain = |mut body: Value| {
            body.as_object_mut().unwrap().remove("requestId");
            body
        };
        let public = s.public();
        let number = plain(public.get(&path("305/QĐ-UBND", code)).await.expect(404).body);
        let letters = plain(public.get(&path("304/QĐ-UBND", "00000-00000-00000-00000")).await.expect(404).body);
        let both = plain(public.get(&path("", "")).await.expect(404).body);
        assert_eq!(number, letters);
        assert_eq!(number, both);
        public.get("/v1/verifications/recognitions?number=304").await.expect(400).refuses("code", "required");
        public.get(&format!("{}&name=x", path("304", code))).await.expect(400).refuses("name", "unknown_parameter");
    }
);

on_both!(
    async fn the_name_of_a_family_is_not_told(s) {
        let department = s.client("province_department", province("31")).await;
        let id = department.post("/v1/recognitions", family("Gia đình Nguyễn Thử Nghiệm")).await.expect(201).id();
        appraised(&department, &id, None, "2026-01-20").await;
        let mut body = decision("15/QĐ-UBND", "2026-02-15", None);
        body["authorityKind"] = json!("ubnd_xa");
        let granted = step(&department, &id, "grant", body).await.expect(200);
        let code = granted.body["verificationCode"].as_str().unwrap();
        let told = s.public().get(&path("15/QĐ-UBND", code)).await.expect(200);
        assert_eq!((&told.body["holderKind"], &told.body["holderName"]), (&json!("family"), &json!(null)));
        assert_eq!((&told.body["level"], &told.body["assessedYear"]), (&json!(null), &json!(2025)));
        assert!(!told.text.contains("Nguyễn"));
    }
);
