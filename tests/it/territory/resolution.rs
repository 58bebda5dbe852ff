//! An old code or name in, today's unit out: unique, ambiguous or unknown, never a silent guess.

use serde_json::Value;

use crate::{on_both, support::Client};

async fn ask(client: &Client, query: &str) -> Value {
    client.get(&format!("/v1/administrative-units/resolve?{query}")).await.expect(200).body
}

/// The outcome, the candidates' codes, and the notes' codes.
fn summary(answer: &Value) -> (String, Vec<String>, Vec<String>) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let all = |list: &Value, path: &str| -> Vec<String> {
        list.as_array().into_iter().flatten().filter_map(|v| v.pointer(path)).map(text).collect()
    };
    (text(&answer["outcome"]), all(&answer["candidates"], "/unit/code"), all(&answer["notes"], "/code"))
}

fn expected(outcome: &str, codes: &[&str], notes: &[&str]) -> (String, Vec<String>, Vec<String>) {
    let owned = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect();
    (outcome.to_owned(), owned(codes), owned(notes))
}

on_both!(
    async fn codes_are_resolved(s) {
        let public = s.public();
        for (query, outcome, codes, notes) in [
            ("code=00004", "unique", &["00004"][..], &[][..]),
            ("code=00001&asOf=2025-06-30", "unique", &["00097"], &[]),
            ("code=00001&asOf=2019-09-05", "unique", &["00097"], &["state_of_2025_06_30"]),
            ("code=00001&districtCode=001", "unique", &["00097"], &[]),
            ("code=00001&districtCode=002", "unknown", &[], &[]),
            ("code=00139&asOf=2025-06-30", "ambiguous", &["00097", "00118", "00145"], &[]),
            // A bare legacy code is never followed silently.
            ("code=00001", "unknown", &["00097"], &["legacy_code_needs_as_of"]),
            ("code=99999", "unknown", &[], &[]),
            ("code=00004&asOf=2099-01-01", "unknown", &[], &["future_date"]),
            ("code=30&asOf=2025-06-30", "unique", &["31"], &[]),
            ("districtCode=d318", "unique", &["11948"], &[]),
            ("", "unknown", &[], &["nothing_given"]),
        ] {
            assert_eq!(summary(&ask(&public, query).await), expected(outcome, codes, notes), "{query}");
        }
        let split = ask(&public, "code=00139&asOf=2025-06-30").await;
        assert_eq!((&split["defaultForPeople"], &split["candidates"][0]["areaExtent"]), (&"00118".into(), &"part".into()));
    }
);

on_both!(
    async fn names_are_resolved(s) {
        let public = s.public();
        for (query, outcome, codes, notes) in [
            ("name=Phường Ba Đình", "unique", &["00004"][..], &[][..]),
            ("name=ba dinh", "ambiguous", &["00004", "16171", "21499"], &[]),
            ("name=Hoà Bình&provinceCode=31", "unique", &["11533"], &[]),
            ("name=phường Phúc Xá", "unique", &["00097"], &["legacy_name"]),
            ("name=không có nơi này", "unknown", &[], &[]),
        ] {
            assert_eq!(summary(&ask(&public, query).await), expected(outcome, codes, notes), "{query}");
        }
        // An old name with its district, as people still write it.
        let ward = ask(&public, "name=P.05&districtName=Quận 8&provinceCode=79").await;
        assert_eq!((&ward["matched"][0]["nameWithType"], &ward["matched"][0]["districtCode"]), (&"Phường 5".into(), &"776".into()));
        assert_eq!(ward["matched"].as_array().map(Vec::len), Some(1));
        // Code and name of different units: both readings, none taken.
        let differs = ask(&public, "code=00004&name=Trúc Bạch").await;
        assert_eq!((&differs["outcome"], &differs["notes"][0]["code"]), (&"ambiguous".into(), &"name_differs_from_code".into()));
    }
);

on_both!(
    async fn wrong_parameters_are_named(s) {
        let public = s.public().english();
        let typo = public.get("/v1/administrative-units/resolve?districtcode=001").await.expect(400);
        let typo = typo.refuses("districtcode", "unknown_parameter");
        assert!(typo.text.contains("Did you mean “districtCode”?"), "{}", typo.text);
        public.get("/v1/administrative-units/resolve?level=ward").await.expect(400).refuses("level", "invalid_value");
        public.get("/v1/administrative-units/resolve?code=1&code=2").await.expect(400).refuses("code", "repeated");
    }
);
