//! Every field of the official learner form stands on both surfaces under its symbol, and comes
//! back as it was sent.

use serde_json::{Value, json};

use super::people::{centre_of, whole};
use crate::on_both;

/// Names here that differ from the proposed ones: places are one value, policy groups a list.
const RENAMED: [(&str, &str); 7] = [
    ("classId", "classCode"),
    ("learnerId", "officialId"),
    ("provinceCode", "residence"),
    ("districtCode", "residence"),
    ("wardCode", "residence"),
    ("personalIdNumber", "personalNumber"),
    ("policyGroup", "policyGroups"),
];

/// Official symbol, name here and class of each of the 60 fields.
fn official() -> Vec<(String, String, String)> {
    let table = include_str!("../../../crates/domain/codelists/qd4998_gdtx_fields.csv");
    let rows = csv::Reader::from_reader(table.as_bytes()).into_records().flatten().collect::<Vec<_>>();
    rows.iter()
        .filter(|row| &row[0] == "learner")
        .map(|row| {
            let name = gdtx_domain::text::camel(&row[2]);
            let here = RENAMED.iter().find(|(proposed, _)| *proposed == name).map_or(name.as_str(), |(_, here)| here);
            (row[1].to_owned(), here.to_owned(), row[7].to_owned())
        })
        .collect()
}

#[test]
fn the_openapi_document_names_every_official_field() {
    let document: Value = serde_json::from_str(&gdtx_api::openapi::print()).expect("JSON");
    let learner = &document["components"]["schemas"]["Learner"]["properties"];
    let fields = official();
    assert_eq!(fields.len(), 60);
    for (symbol, name, _) in &fields {
        let text = learner[name].to_string();
        assert!(text.contains(&format!("`{symbol}`")), "{symbol} {name}: {text}");
    }
}

#[test]
fn the_graphql_schema_names_every_official_field() {
    let sdl = gdtx_api::graphql::build(&gdtx_api::Settings::default()).sdl();
    let start = sdl.find("\ntype Learner implements").expect("the type");
    let learner = sdl[start..].split("\n}").next().expect("its fields");
    for (symbol, name, _) in official() {
        assert!(learner.contains(&format!("`{symbol}`")), "{symbol}");
        assert!(learner.contains(&format!("\t{name}: ")) || learner.contains(&format!("\t{name}(")), "{name}");
    }
}

on_both!(
    async fn a_whole_learner_comes_back_as_it_was_sent(s) {
        let vendor = s.vendor().await;
        let centre = centre_of(&vendor).await;
        let sent = whole(&centre);
        let id = vendor.post("/v1/learners", sent.clone()).await.expect(201).id();
        let shown = vendor.get(&format!("/v1/learners/{id}")).await.expect(200).body;
        for (name, value) in sent.as_object().expect("an object") {
            match name.as_str() {
                "residence" | "birthPlace" => assert_eq!(&shown[name]["sent"], value, "{name}"),
                _ => assert_eq!(&shown[name], value, "{name}"),
            }
        }
        for (symbol, name, _) in official() {
            assert!(!shown[&name].is_null(), "{symbol} {name}");
        }
        assert_eq!(shown["birthYear"], 1985);
        assert_eq!(shown["personalNumberMasked"], "********9999");
        assert_eq!(shown["maskedFields"], json!([]));
        assert_eq!(shown["residence"]["communeCode"], "11407");
        assert_eq!(shown["birthPlace"]["communeCode"], "11407");
        assert_eq!(shown["birthPlace"]["sent"]["code"], "11401");
    }
);

on_both!(
    async fn the_masks_follow_the_classes_of_the_official_table(s) {
        let vendor = s.vendor().await;
        let centre = centre_of(&vendor).await;
        let id = vendor.post("/v1/learners", whole(&centre)).await.expect(201).id();
        let stranger = crate::support::Client::register(s, "vendor", crate::support::province("31"), &[]).await;
        let shown = stranger.get(&format!("/v1/learners/{id}")).await.expect(200).body;
        for (symbol, name, class) in official() {
            assert_eq!(shown["maskedFields"].as_array().expect("a list").contains(&json!(name)), class != "none", "{symbol} {name}");
        }
    }
);
