//! Recognitions: reference data, dossiers, decisions and their public check.
//!
//! All days lie in the past, so that the stories read the same on any later day.

mod decision;
mod kind;
mod recognition;
mod refusal;
mod verification;

use serde_json::{Value, json};

use crate::support::{Answer, Client};

/// What a unit that is no school answers for the province level (TT 24/2023 art. 12): every
/// indicator met, and this share of learning citizens among its members.
pub fn unit_results(share: f64) -> Value {
    let mut rows: Vec<Value> = ["c1_1", "c1_2", "c1_4", "c1_5", "c2_1", "c2_2", "c3_2", "c3_3"]
        .iter()
        .map(|code| json!({ "indicator": code, "met": true }))
        .collect();
    rows.push(json!({ "indicator": "c3_1_members", "met": true, "value": share }));
    Value::Array(rows)
}

/// A dossier of an organisation in a commune of Hải Phòng for the learning unit of the province.
pub fn unit(name: &str, year: i32, level: i32) -> Value {
    json!({
        "kind": "learning_unit_province", "holderKind": "organisation", "holderName": name,
        "place": { "code": "11407" }, "assessedYear": year, "requestedLevel": level,
        "submittedOn": format!("{}-01-10", year + 1), "indicatorResults": unit_results(96.5),
    })
}

/// A family (invented) of a commune in Hải Phòng.
pub fn family(name: &str) -> Value {
    json!({
        "kind": "learning_family", "holderKind": "family", "holderName": name, "place": { "code": "11407" },
        "assessedYear": 2025, "submittedOn": "2026-01-05", "selfAssessment": "Cả nhà cùng học.",
    })
}

/// Results that meet every indicator of a criteria set, as the reference data lists them.
pub async fn met(client: &Client, set: &str) -> Value {
    let set = client.get(&format!("/v1/criteria-sets/{set}")).await.expect(200).body;
    let mut rows = Vec::new();
    for criterion in set["criteria"].as_array().expect("criteria") {
        let indicators = criterion["indicators"].as_array().expect("indicators");
        for indicator in indicators.iter().filter(|i| i["appliesTo"].is_null()) {
            let value = if indicator["measure"] == "percent" { json!(100) } else { Value::Null };
            rows.push(json!({ "indicator": indicator["code"], "met": true, "value": value }));
        }
        if indicators.is_empty() {
            let prefix = criterion["code"].as_str().expect("a code").split('_').next().expect("a prefix").to_owned();
            rows.push(json!({ "indicator": format!("{prefix}_1"), "met": true }));
        }
    }
    Value::Array(rows)
}

/// One step of a dossier.
pub async fn step(client: &Client, id: &str, step: &str, body: Value) -> Answer {
    client.post(&format!("/v1/recognitions/{id}/{step}"), body).await
}

/// Submits a dossier and appraises it with this proposal on this day.
pub async fn appraised(client: &Client, id: &str, level: Option<i32>, on: &str) {
    step(client, id, "submit", json!({})).await.expect(200);
    let body = json!({ "appraisedOn": on, "body": "Sở Giáo dục và Đào tạo", "proposesGrant": true, "level": level });
    step(client, id, "appraise", body).await.expect(200);
}

/// A decision of the provincial people's committee.
pub fn decision(number: &str, date: &str, level: Option<i32>) -> Value {
    json!({
        "number": number, "date": date, "authority": "Chủ tịch Uỷ ban nhân dân thành phố Hải Phòng",
        "authorityKind": "ubnd_tinh", "level": level,
    })
}

/// The codes of the warnings of an answer.
pub fn warned(answer: &Answer) -> Vec<&str> {
    answer.body["warnings"].as_array().into_iter().flatten().filter_map(|w| w["code"].as_str()).collect()
}
