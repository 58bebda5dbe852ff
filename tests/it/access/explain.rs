//! The explanation of access says what the operations do, and nothing of what lies out of sight.

use gdtx_domain::access::reach::Reach;
use serde_json::{Value, json};

use crate::{
    on_both,
    operations::{NOBODY, Records, call, operations},
    support::{Client, contract, province},
};

/// What an answer of an operation says of access.
fn outcome(status: u16, code: &str) -> &'static [&'static str] {
    match (status, code) {
        (403, _) => &["grant_missing", "agreement_missing", "out_of_reach", "other_body"],
        (404, "not_found") => &["not_visible"],
        _ => &["allowed"],
    }
}

/// Whether the document offers to try the operation without a trace.
fn rehearsable(operation: &str) -> bool {
    let all = contract::operations();
    let (_, _, told) =
        all.iter().find(|(_, _, o)| o["operationId"] == operation).expect("an operation of the document");
    told["parameters"].as_array().into_iter().flatten().any(|p| p["name"] == "dryRun")
}

async fn explained(client: &Client, operation: &str, id: Option<&str>) -> Value {
    let id = id.map(|id| format!("&id={id}")).unwrap_or_default();
    client.get(&format!("/v1/access/explain?operation={operation}{id}")).await.expect(200).body
}

on_both!(
    async fn every_operation_does_what_the_explanation_says(s) {
        let owner = s.vendor().await;
        let records = Records::make(&owner).await;
        let clients = [
            owner.clone(),
            s.client("vendor", province("01")).await,
            s.client("province_department", province("31")).await,
            s.client("portal", province("31")).await,
            s.client("administrator", Reach::default()).await,
            Client::register(s, "vendor", province("31"), &["basic"]).await,
        ];
        let mut seen = std::collections::BTreeSet::new();
        for client in &clients {
            for (path, method, id, open) in operations().into_iter().filter(|o| !o.3 && o.2 != "explainAccess") {
                assert!(!open);
                let known = records.of(&path).unwrap_or(NOBODY);
                for record in [known, NOBODY] {
                    let named = path.contains("/{id}").then_some(record);
                    let told = explained(client, &id, named).await;
                    let path = if path.contains("{id}") && rehearsable(&id) { format!("{path}?dryRun=true") } else { path.clone() };
                    // An event that nobody has is 404 though its record is visible: only the record is explained.
                    if path.contains("{eventId}") {
                        continue;
                    }
                    // Whose vendor is unknown, the centre is visible all the same.
                    if path.contains("{clientId}") && told["outcome"] == "allowed" {
                        continue;
                    }
                    let answer = call(client, &path, &method, &id, record).await;
                    let due = outcome(answer.status.as_u16(), answer.body["code"].as_str().unwrap_or_default());
                    let found = told["outcome"].as_str().unwrap_or_default();
                    // A new record may name an owner or a place out of reach, which no id tells.
                    let by_content = named.is_none() && method != "get" && found == "allowed";
                    assert!(by_content || due.contains(&found), "{id} {record} {}: {told} {}", told["role"], answer.text);
                    if due.contains(&"grant_missing") && !by_content {
                        let grant = told["permission"].as_str().unwrap_or_default();
                        assert!(answer.body["detail"].as_str().is_some_and(|d| d.contains(grant)), "{told} {}", answer.text);
                    }
                    seen.insert((id.clone(), found.to_owned()));
                }
            }
        }
        for due in ["allowed", "not_visible", "grant_missing"] {
            assert!(seen.iter().filter(|(_, outcome)| outcome == due).count() > 20, "{due}: {seen:?}");
        }
        assert!(seen.contains(&("findLearners".to_owned(), "agreement_missing".to_owned())), "{seen:?}");
    }
);

on_both!(
    async fn every_operation_of_the_document_is_explained(s) {
        let vendor = s.vendor().await;
        for (path, _, operation) in contract::operations() {
            let id = operation["operationId"].as_str().expect("an operation id");
            let told = explained(&vendor, id, None).await;
            assert_eq!((&told["operation"], &told["role"]), (&json!(id), &json!("vendor")));
            if operation["security"] == json!([{}]) {
                assert_eq!((&told["outcome"], &told["permission"]), (&json!("allowed"), &Value::Null), "{path}");
            }
        }
        let refused = vendor.get("/v1/access/explain?operation=getNothing").await.expect(400);
        refused.refuses("operation", "unknown_operation");
        vendor.get("/v1/access/explain").await.expect(400).refuses("operation", "unknown_operation");
        let listed = format!("/v1/access/explain?operation=listRooms&id={NOBODY}");
        vendor.get(&listed).await.expect(400).refuses("id", "no_record");
        s.public().get("/v1/access/explain?operation=listRooms").await.expect(401);
    }
);

on_both!(
    async fn whose_step_of_a_report_it_is_is_told(s) {
        let department = s.client("province_department", province("31")).await;
        let ministry = s.client("ministry", Reach::whole_country()).await;
        let report = json!({ "form": "stat_year_start", "schoolYear": "2025", "place": { "code": "31" } });
        let id = department.post("/v1/reports", report).await.expect(201).id();
        for (operation, own, above) in [
            ("getReport", "allowed", "allowed"),
            ("updateReport", "allowed", "other_body"),
            ("submitReport", "allowed", "other_body"),
            ("returnReport", "other_body", "allowed"),
            ("acceptReport", "other_body", "allowed"),
            ("lockReport", "other_body", "allowed"),
        ] {
            for (client, expected) in [(&department, own), (&ministry, above)] {
                assert_eq!(explained(client, operation, Some(&id)).await["outcome"], expected, "{operation}");
            }
        }
        department.post(&format!("/v1/reports/{id}/accept"), json!({})).await.expect(403);
        ministry.patch(&format!("/v1/reports/{id}"), json!({ "note": "Thử" })).await.expect(403);
    }
);

on_both!(
    async fn what_is_missing_and_who_gives_it_is_said_in_both_languages(s) {
        let owner = s.vendor().await;
        let records = Records::make(&owner).await;
        let centre = records.of("/v1/centres").expect("a centre");
        let portal = s.client("portal", province("31")).await;
        let told = explained(&portal, "createCentre", None).await;
        assert_eq!((&told["outcome"], &told["permission"], &told["extent"]), (&json!("grant_missing"), &json!("centre_write"), &json!("nowhere")));
        // schema/policy.txt: the line centre_write.
        assert_eq!(told["roles"], json!(["ministry", "province_department", "commune_office", "centre", "vendor"]));
        assert!(told["detail"].as_str().unwrap().contains("Quản trị hệ thống cấp vai trò"), "{told}");
        let told = explained(&portal.english(), "createCentre", None).await;
        assert!(told["detail"].as_str().unwrap().contains("An administrator assigns roles"), "{told}");
        // Out of sight or not there at all: the same words.
        let neighbour = s.client("vendor", province("01")).await;
        let mut pair = [explained(&neighbour, "updateCentre", Some(centre)).await, explained(&neighbour, "updateCentre", Some(NOBODY)).await];
        for told in &mut pair {
            assert_eq!(told["outcome"], "not_visible");
            told["id"] = Value::Null;
        }
        assert_eq!(pair[0], pair[1]);
        assert_eq!(explained(&neighbour, "updateCentre", Some("x")).await["outcome"], "not_visible");
        let query = "query($id: ID) { explainAccess(operation: \"updateCentre\", id: $id) { operation id outcome permission role extent roles reach { provinces } detail } }";
        let same = owner.data(query, json!({ "id": centre })).await;
        let rest = explained(&owner, "updateCentre", Some(centre)).await;
        for field in ["operation", "id", "outcome", "permission", "role", "extent", "roles", "detail"] {
            assert_eq!(same["explainAccess"][field], rest[field], "{field}");
        }
        assert_eq!((&rest["outcome"], &rest["extent"], &rest["reach"]["provinces"]), (&json!("allowed"), &json!("reach"), &json!(["31"])));
    }
);
