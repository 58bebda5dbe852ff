//! Every operation of the document, on both surfaces, called by those who must not.
//!
//! A new operation falls under these tests the day it is documented: without a token it is 401,
//! with a role that lacks the grant 403, and a neighbour finds nothing.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Client, centre, contract, province},
};

pub const NOBODY: &str = "01999999-0000-7000-8000-000000000000";

/// The operation that every client may call: it explains the others.
const FOR_ALL: &str = "explainAccess";

/// Operations on records whose grant no vendor holds.
const NOT_FOR_VENDORS: [&str; 8] = [
    "listStatisticsRecords",
    "assignVendor",
    "unassignVendor",
    "createCentreEvent",
    "appraiseRecognition",
    "grantRecognition",
    "refuseRecognition",
    "returnRecognition",
];

/// Operations that answer without a token; each is there on purpose.
fn public() -> BTreeSet<&'static str> {
    include_str!("public-operations.txt").lines().filter(|l| !l.is_empty() && !l.starts_with('#')).collect()
}

/// Operations of the data model: OAuth's own endpoints speak another protocol.
pub fn operations() -> Vec<(String, String, String, bool)> {
    contract::operations()
        .into_iter()
        .filter(|(path, ..)| path.starts_with("/v1/"))
        .map(|(path, method, o)| {
            let open = o["security"] == json!([{}]);
            (path, method, o["operationId"].as_str().expect("an operation id").to_owned(), open)
        })
        .collect()
}

#[test]
fn public_operations_are_those_of_the_list() {
    let open: BTreeSet<String> = operations().into_iter().filter(|o| o.3).map(|o| o.2).collect();
    assert_eq!(open.iter().map(String::as_str).collect::<BTreeSet<_>>(), public());
}

/// Exports are files, for which GraphQL has no form: there a list is read page by page.
#[test]
fn every_operation_is_a_field_of_the_same_name() {
    let sdl = gdtx_api::graphql::build(&gdtx_api::Settings::default()).sdl();
    for (_, _, id, _) in operations().into_iter().filter(|o| !o.2.starts_with("export")) {
        assert!(
            sdl.contains(&format!("\n\t{id}(")) || sdl.contains(&format!("\n\t{id}:")),
            "{id} is missing in GraphQL"
        );
    }
}

on_both!(
    async fn without_a_token_nothing_is_told(s) {
        let stranger = s.public();
        for (path, method, id, open) in operations().into_iter().filter(|o| !o.3) {
            let answer = call(&stranger, &path, &method, &id, NOBODY).await;
            assert_eq!(answer.status, 401, "{id}: {} ({open})", answer.text);
        }
        sweep_graphql(&stranger, &["unauthenticated"], |id| !public().contains(id)).await;
    }
);

on_both!(
    async fn without_the_grant_nothing_is_done(s) {
        let portal = s.client("portal", province("31")).await;
        for (path, method, id, _) in operations().into_iter().filter(|o| !o.3 && o.2 != FOR_ALL) {
            let answer = call(&portal, &path, &method, &id, NOBODY).await;
            if id == "changes" {
                assert_eq!(answer.status, 403, "{id}");
                continue;
            }
            assert_eq!(answer.status, 403, "{id}: {}", answer.text);
            assert!(answer.body["detail"].as_str().is_some_and(|d| d.contains('_')), "a 403 names the grant: {}", answer.text);
        }
        sweep_graphql(&portal, &["forbidden"], |id| !public().contains(id) && id != FOR_ALL).await;
    }
);

on_both!(
    async fn a_neighbour_finds_nothing_and_the_owner_everything(s) {
        let owner = s.vendor().await;
        let neighbour = s.client("vendor", province("01")).await;
        let records = Records::make(&owner).await;
        for (path, method, id, open) in operations() {
            let Some(record) = records.of(&path).filter(|_| !open) else { continue };
            if path.contains("{id}") {
                let answer = call(&neighbour, &path, &method, &id, record).await;
                // A grant that the role lacks is named before any record is looked for.
                let hidden = if NOT_FOR_VENDORS.contains(&id.as_str()) { 403 } else { 404 };
                assert_eq!(answer.status, hidden, "{id}: {}", answer.text);
                if method == "get" {
                    call(&owner, &with_event(&owner, &path, record).await, &method, &id, record).await.expect(200);
                }
            } else if method == "get" {
                let seen = call(&neighbour, &path, &method, &id, record).await.expect(200);
                assert_eq!(seen.body["items"], json!([]), "{id}");
                assert!(!call(&owner, &path, &method, &id, record).await.expect(200).body["items"].as_array().unwrap().is_empty(), "{id}");
            }
        }
        let node = "query($id: ID!) { node(id: $id) { id } }";
        for record in records.0.values() {
            assert_eq!(neighbour.data(node, json!({ "id": record })).await["node"], Value::Null);
            assert_eq!(owner.data(node, json!({ "id": record })).await["node"]["id"], json!(record));
        }
    }
);

/// The path with the first event of a record, where it names one.
async fn with_event(owner: &Client, path: &str, record: &str) -> String {
    let Some((events, _)) = path.split_once("/{eventId}") else { return path.to_owned() };
    let listed = owner.get(&events.replace("{id}", record)).await.expect(200);
    path.replace("{eventId}", listed.body["items"][0]["id"].as_str().expect("an event"))
}

/// Calls an operation with a body that has the right shape.
pub async fn call(client: &Client, path: &str, method: &str, id: &str, record: &str) -> crate::support::client::Answer {
    let path = path
        .replace("{id}", record)
        .replace("{clientId}", NOBODY)
        .replace("{value}", "key-1")
        .replace("{eventId}", NOBODY)
        .replace("{dataSet}", "learners")
        .replace("{key}", "province=31")
        .replace("{version}", "1.0.0")
        .replace("{resource}", "centres");
    let method = Method::from_bytes(method.to_uppercase().as_bytes()).expect("a method");
    let body = (method != Method::GET && method != Method::DELETE).then(|| sample(id));
    client.send(method, &path, body).await
}

/// A body of the right shape for an operation; whether its content would pass does not matter.
fn sample(id: &str) -> Value {
    let kind = id.trim_start_matches("create").trim_start_matches("put").trim_end_matches("ByExternalId");
    match kind {
        "Centre" => centre("Trung tâm Thử nghiệm", "11407"),
        "CentreEvent" => json!({ "kind": "suspend", "effectiveOn": "2025-09-05" }),
        "Campus" => json!({ "centreId": NOBODY, "kind": "campus", "name": "Điểm thử" }),
        "Land" => json!({ "centreId": NOBODY, "location": "Nơi thử" }),
        "Room" => json!({ "centreId": NOBODY, "roomName": "Phòng thử" }),
        "StaffMember" => crate::centres::staff_member::teacher(NOBODY),
        "Programme" => json!({ "centreId": NOBODY, "kind": "life_skills", "name": "Chương trình thử" }),
        "Class" => json!({ "programmeId": NOBODY, "schoolYear": "2025", "code": "T1", "name": "Lớp thử" }),
        "Learner" => {
            json!({ "centreId": NOBODY, "fullName": "Nguyễn Văn Thử", "gender": "male", "dateOfBirth": { "value": "1990", "precision": "year" } })
        }
        "Enrolment" => json!({ "learnerId": NOBODY, "classId": NOBODY, "enrolledOn": "2025-09-05" }),
        "Result" => json!({ "enrolmentId": NOBODY, "term": "year", "academicLevel": "pass" }),
        "EnrolmentEvent" => json!({ "kind": "start", "effectiveOn": "2025-09-06" }),
        "Recognition" => {
            json!({ "kind": "learning_community_commune", "holderKind": "commune", "assessedYear": 2024, "requestedLevel": 1, "place": { "code": "11407" } })
        }
        "DataSubjectRequest" => {
            json!({ "learnerId": NOBODY, "kind": "view", "receivedOn": "2026-10-02", "requestedBy": "data_subject" })
        }
        "extendDataSubjectRequest" => json!({ "reason": "Thử" }),
        "refuseDataSubjectRequest" => json!({ "outcome": "Thử", "legalBasis": "Thử" }),
        "mergeLearner" => json!({ "duplicateId": NOBODY }),
        "findLearners" => json!({ "personalNumber": "000000000000" }),
        "putBatch" => json!({ "records": [] }),
        "Import" => json!({ "resource": "centres", "content": "{}" }),
        "ExportJob" => json!({ "resource": "centres" }),
        "Webhook" => json!({ "name": "Thử", "url": "https://sis.example.vn/hook" }),
        "replayWebhook" => json!({ "after": 0 }),
        "StatisticsRelease" => json!({ "kind": "regular", "notesVi": "Thử", "notesEn": "Thử" }),
        "SyncWindow" => json!({ "schoolYear": "2025" }),
        "lockSyncWindow" | "unlockSyncWindow" => json!({ "reason": "Thử" }),
        "Report" => json!({ "form": "stat_year_start", "schoolYear": "2025", "place": { "code": "31" } }),
        "submitReport" => json!({ "signerTitle": "Thử" }),
        "returnReport" => json!({ "reason": "Thử" }),
        "checkSyncPeriod" => json!({ "schoolYear": "2025" }),
        "Client" => json!({ "name": "Thử", "organisation": "Thử", "role": "portal" }),
        "appraiseRecognition" => json!({ "appraisedOn": "2025-09-05", "body": "Tổ thử", "proposesGrant": true }),
        "grantRecognition" => json!({ "authority": "Thử", "date": "2025-09-05", "number": "1" }),
        "refuseRecognition" | "returnRecognition" => json!({ "reasons": ["Thử"] }),
        _ => json!({}),
    }
}

/// Calls every GraphQL field with arguments of the right shape and expects one of these refusals.
async fn sweep_graphql(client: &Client, codes: &[&str], wanted: impl Fn(&str) -> bool) {
    let names: BTreeSet<String> = operations().into_iter().map(|o| o.2).collect();
    let shape = "{ __schema { queryType { fields { ...F } } mutationType { fields { ...F } } } }
        fragment F on __Field { name args { name defaultValue type { ...T ofType { ...T ofType { ...T ofType { ...T } } } } } type { kind ofType { kind } } }
        fragment T on __Type { kind name }";
    let schema = client.public().data(shape, json!({})).await;
    for (root, word) in [("queryType", "query"), ("mutationType", "mutation")] {
        for field in schema["__schema"][root]["fields"].as_array().unwrap() {
            let name = field["name"].as_str().unwrap();
            if !names.contains(name) || !wanted(name) {
                continue;
            }
            let (mut declared, mut passed, mut variables) = (Vec::new(), Vec::new(), json!({}));
            for arg in field["args"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|a| a["type"]["kind"] == "NON_NULL" && a["defaultValue"].is_null())
            {
                let (arg_name, of) = (arg["name"].as_str().unwrap(), type_of(&arg["type"]));
                declared.push(format!("${arg_name}: {of}"));
                passed.push(format!("{arg_name}: ${arg_name}"));
                variables[arg_name] = value_of(name, &of);
            }
            let wrap =
                |list: Vec<String>| if list.is_empty() { String::new() } else { format!("({})", list.join(", ")) };
            let query = format!("{word}{} {{ {name}{} {{ __typename }} }}", wrap(declared), wrap(passed));
            let answer = client.graphql(&query, variables).await;
            let code = answer.body["errors"][0]["extensions"]["code"].as_str().unwrap_or_default();
            assert!(codes.contains(&code), "{name}: {query} {}", answer.text);
        }
    }
}

fn type_of(of: &Value) -> String {
    match of["kind"].as_str() {
        Some("NON_NULL") => format!("{}!", type_of(&of["ofType"])),
        Some("LIST") => format!("[{}]", type_of(&of["ofType"])),
        _ => of["name"].as_str().unwrap_or_default().to_owned(),
    }
}

fn value_of(operation: &str, of: &str) -> Value {
    match of.trim_end_matches('!') {
        "ID" | "UUID" => json!(NOBODY),
        "String" => json!("key-1"),
        "Int" => json!(1),
        "Boolean" => json!(false),
        list if list.starts_with("[JSON") => json!([{}]),
        list if list.starts_with('[') => json!(["Thử"]),
        _ => sample(operation),
    }
}

/// One record of each kind, in Hải Phòng, by path.
pub struct Records(std::collections::BTreeMap<&'static str, String>);

impl Records {
    pub async fn make(owner: &Client) -> Self {
        let mut made = std::collections::BTreeMap::new();
        let mut keep = |path: &'static str, id: String| made.insert(path, id);
        let post = async |path: &str, body: Value| owner.post(path, body).await.expect(201).id();
        let with = |id: &str, more: Value| {
            let mut body = sample(id);
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            body
        };
        let centre = post("/v1/centres", sample("createCentre")).await;
        let of_centre = json!({ "centreId": centre });
        keep("/v1/campuses", post("/v1/campuses", with("createCampus", of_centre.clone())).await);
        keep("/v1/lands", post("/v1/lands", with("createLand", of_centre.clone())).await);
        keep("/v1/rooms", post("/v1/rooms", with("createRoom", of_centre.clone())).await);
        keep("/v1/staff-members", post("/v1/staff-members", with("createStaffMember", of_centre.clone())).await);
        let programme = post("/v1/programmes", with("createProgramme", of_centre.clone())).await;
        let class = post("/v1/classes", with("createClass", json!({ "programmeId": programme }))).await;
        let learner = post("/v1/learners", with("createLearner", of_centre)).await;
        let enrolment = with("createEnrolment", json!({ "learnerId": learner, "classId": class }));
        let enrolment = post("/v1/enrolments", enrolment).await;
        keep("/v1/results", post("/v1/results", with("createResult", json!({ "enrolmentId": enrolment }))).await);
        keep("/v1/enrolments", enrolment);
        let request = with("createDataSubjectRequest", json!({ "learnerId": learner }));
        keep("/v1/data-subject-requests", post("/v1/data-subject-requests", request).await);
        keep("/v1/recognitions", post("/v1/recognitions", sample("createRecognition")).await);
        keep("/v1/centres", centre);
        keep("/v1/programmes", programme);
        keep("/v1/classes", class);
        keep("/v1/learners", learner);
        Self(made)
    }

    pub fn of(&self, path: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(prefix, _)| path == **prefix || path.starts_with(&format!("{prefix}/{{id}}")))
            .map(|(_, id)| id.as_str())
    }
}
