//! Every official field of a class stands on both surfaces, documented with its symbol.

use serde_json::{Value, json};

use super::{literacy_class, operating, published};
use crate::{centres::staff_member::teacher, on_both};

/// Symbol and API name of the fields of QĐ 4998/QĐ-BGDĐT section 5.2.
fn official() -> Vec<(String, String)> {
    let table = include_str!("../../../crates/domain/codelists/qd4998_gdtx_fields.csv");
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let rows = reader.records().map(|row| row.expect("a row"));
    let class = rows.filter(|row| &row[0] == "class");
    class.map(|row| (row[1].to_owned(), camel(&row[2]))).collect()
}

fn camel(snake: &str) -> String {
    let mut parts = snake.split('_');
    let head = parts.next().unwrap_or_default().to_owned();
    parts.fold(head, |name, part| name + &part[..1].to_uppercase() + &part[1..])
}

/// Whether a text names the symbol and not merely one that begins with it.
fn names(text: &Value, symbol: &str) -> bool {
    text.as_str().unwrap_or_default().contains(&format!("`{symbol}`"))
}

#[test]
fn the_document_shows_all_fifteen() {
    let document: Value = serde_json::from_str(&gdtx_api::openapi::print()).expect("a document");
    let fields = official();
    assert_eq!(fields.len(), 15);
    for (symbol, name) in fields {
        let field = &document["components"]["schemas"]["Class"]["properties"][&name];
        assert!(names(&field["description"], &symbol), "{symbol} {name}: {field}");
        if name != "centreId" {
            assert!(document["components"]["schemas"]["NewClass"]["properties"][&name].is_object(), "{name}");
            assert!(document["components"]["schemas"]["ClassPatch"]["properties"][&name].is_object(), "{name}");
        }
    }
}

on_both!(
    async fn each_field_travels_on_both_surfaces(s) {
        let vendor = s.vendor().await;
        let kind = vendor.data("{ __type(name: \"Class\") { fields { name description } } }", json!({})).await;
        let centre_id = operating(&vendor, "gdtx_centre").await;
        let programme = published(&vendor, &centre_id, "literacy_stage_1").await;
        let teacher = vendor.post("/v1/staff-members", teacher(&centre_id)).await.expect(201).id();
        let values = json!({
            "code": "XMC-01", "name": "Lớp xoá mù chữ 1", "teacherId": teacher, "grade": "gdtx_grade_1",
            "classKind": "primary_universalisation", "studyForm": "in_service", "trainingClassKind": "thematic",
            "vocationalClassKind": "other", "sortOrder": 3, "hasClassParentRep": false, "hasCentreParentRep": true,
            "subjectAssignments": [{ "subject": "mathematics", "term": 3, "teacherId": teacher }],
            "hasDisabledLearners": true, "sessionsPerWeek": "sessions_5",
        });
        let mut body = literacy_class(&programme, "XMC-01");
        for (name, value) in values.as_object().unwrap() {
            body[name] = value.clone();
        }
        let id = vendor.post("/v1/classes", body).await.expect(201).id();
        let rest = vendor.get(&format!("/v1/classes/{id}")).await.expect(200).body;
        let names_of: Vec<String> = official().into_iter().map(|(_, name)| name).collect();
        let selection = names_of.join(" ").replace("subjectAssignments", "subjectAssignments { subject term teacherId }");
        let query = format!("query($id: ID!) {{ getClass(id: $id) {{ {selection} }} }}");
        let graph = vendor.data(&query, json!({ "id": id })).await["getClass"].clone();
        for (symbol, name) in official() {
            let expected = if name == "centreId" { json!(centre_id) } else { values[&name].clone() };
            assert_eq!(rest[&name], expected, "{name} on REST");
            assert_eq!(graph[&name], expected, "{name} on GraphQL");
            let fields = kind["__type"]["fields"].as_array().unwrap();
            let field = fields.iter().find(|f| f["name"] == json!(name)).unwrap();
            assert!(names(&field["description"], &symbol), "{symbol} {name}: {field}");
        }
    }
);
