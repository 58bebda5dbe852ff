//! The past of a moment ago is the present: every kind of record, every field, every filter.

use std::collections::BTreeSet;

use gdtx_api::demo::{self, Plan};
use serde_json::{Value, json};

use crate::support::{self, Backend, Client, Service, contract, province};

/// Parameters of lists that are no filter by a value of the records.
const BESIDE: [&str; 11] = [
    "first",
    "after",
    "sort",
    "count",
    "fields",
    "asOf",
    "search",
    "externalId",
    "withRetired",
    "updatedSince",
    "overdue",
];

/// Filters of people by what the journal keeps sealed.
const SEALED: [(&str, &[&str]); 3] = [
    ("/v1/results", &["academicLevel", "literacyResult", "promoted"]),
    (
        "/v1/learners",
        &["officialId", "birthYear", "birthYearFrom", "birthYearTo", "gender", "studyForm", "literacyLevel"],
    ),
    (
        "/v1/staff-members",
        &[
            "officialId",
            "gender",
            "staffGroup",
            "position",
            "status",
            "contractKind",
            "professionalQualification",
            "taughtSubject",
        ],
    ),
];

/// The lists of the document, with their filters.
fn lists() -> Vec<(String, Vec<String>)> {
    let exports = contract::operations().into_iter().filter(|(path, ..)| path.starts_with("/v1/exports/"));
    let paths: BTreeSet<String> = exports.map(|(path, ..)| path.replace("/v1/exports/", "/v1/")).collect();
    let of = |operation: &Value| {
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let names = parameters.iter().filter(|p| p["in"] == "query").filter_map(|p| p["name"].as_str());
        names.filter(|name| !BESIDE.contains(name)).map(str::to_owned).collect()
    };
    let operations = contract::operations().into_iter();
    let operations = operations.filter(|(path, method, _)| paths.contains(path) && method == "get");
    operations.map(|(path, _, operation)| (path, of(&operation))).collect()
}

/// A value of a record by which a filter of this name finds it.
fn value<'a>(record: &'a Value, name: &str) -> Option<&'a Value> {
    let name = match name {
        "enrolledFrom" | "enrolledTo" => "enrolledOn",
        "dueTo" => "dueOn",
        "provinceCode" | "communeCode" if record["place"].is_object() => return record["place"].get(name),
        name => name,
    };
    record.get(name).filter(|value| !value.is_null())
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// How many records a list has, and the first of them.
async fn found(client: &Client, path: &str, condition: &str) -> (Value, Value) {
    let page =
        client.get(&format!("{path}?fields=id,version&first=100&count=exact&{condition}")).await.expect(200).body;
    (page["totalCount"].clone(), page["items"].clone())
}

async fn story(s: Service) -> Service {
    let plan = Plan { province: "46".to_owned(), year: 2025, seed: 7, scale: 1, national: false, beside: false };
    demo::fill(&s.db, &plan, |_| {}).await.expect("a filled database");
    let (vendor, department) =
        (s.client("vendor", province("46")).await, s.client("province_department", province("46")).await);
    let last = s.sequenced().await;
    for (path, filters) in lists() {
        // Reports are between bodies.
        let vendor = if path == "/v1/reports" { &department } else { &vendor };
        let export = path.replacen("/v1/", "/v1/exports/", 1);
        let now = vendor.get(&format!("{export}?withRetired=true")).await.expect(200);
        let then = vendor.get(&format!("{export}?withRetired=true&asOf={last}")).await.expect(200);
        assert!(now.text == then.text, "{path} differs");
        let records: Vec<Value> = now.text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        let sealed = SEALED.iter().find(|(of, _)| *of == path).map(|(_, filters)| *filters);
        let mut tried = 0;
        for name in filters {
            let values: BTreeSet<String> =
                records.iter().filter_map(|record| value(record, &name)).map(text).take(4000).collect();
            for value in values.iter().take(3) {
                let condition = format!(
                    "{name}={}",
                    value.replace('%', "%25").replace('+', "%2B").replace('&', "%26").replace(' ', "+")
                );
                let expected = found(vendor, &path, &condition).await;
                let condition = format!("{condition}&asOf={last}");
                if sealed.is_some_and(|sealed| sealed.contains(&name.as_str())) {
                    vendor.get(&format!("{path}?{condition}")).await.expect(400).refuses(&name, "not_of_the_past");
                    continue;
                }
                assert_eq!(found(vendor, &path, &condition).await, expected, "{path}?{condition}");
                tried += 1;
            }
        }
        assert!(tried > 2 || records.is_empty(), "{path}: {tried}");
        if sealed.is_none() || path == "/v1/results" {
            orders(vendor, &path, last).await;
        }
    }
    s
}

/// Every order of a list, and words.
async fn orders(client: &Client, path: &str, last: i64) {
    for sort in ["id", "name", "-name", "dueOn", "createdAt", "-updatedAt"] {
        let list = format!("{path}?first=200&count=exact&sort={sort}");
        let now = client.get(&list).await;
        let then = client.get(&format!("{list}&asOf={last}")).await;
        assert_eq!(now.status, then.status, "{list}");
        let without = |mut page: Value| {
            page["pageInfo"] = json!(null);
            page
        };
        assert!(now.status != 200 || without(now.body) == without(then.body), "{list} differs");
    }
    for words in ["trung+tam", "lop", "a+1"] {
        let condition = format!("search={words}");
        let now = found(client, path, &condition).await;
        assert_eq!(found(client, path, &format!("{condition}&asOf={last}")).await, now, "{path}?{condition}");
    }
}

#[test]
fn the_past_of_a_moment_ago_is_the_present_on_sqlite() {
    support::run(Backend::Sqlite, story);
}

#[test]
fn the_past_of_a_moment_ago_is_the_present_on_postgres() {
    support::run(Backend::Postgres, story);
}
