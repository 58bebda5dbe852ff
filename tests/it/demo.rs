//! The demonstration data: realistic in shape, marked as invented, and the same for a seed.

use std::collections::BTreeSet;

use gdtx_api::demo::{self, Plan};
use sea_orm::{ConnectionTrait, Statement};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::support::{self, Backend, Client, Service, province};

/// Fills a fresh database and tells position and hash of the last journal entry.
///
/// Huế (46), with 40 communes the smallest of the large cities: the shape is that of every province.
fn journal_of(backend: Backend) -> (i64, String) {
    let (told, heard) = std::sync::mpsc::channel();
    support::run(backend, |s| async move {
        let plan = Plan { province: "46".to_owned(), year: 2025, seed: 7, scale: 1, national: false, beside: false };
        let summary = demo::fill(&s.db, &plan, |_| {}).await.expect("a filled database");
        s.sequenced().await;
        told.send(head(&s).await).expect("a listener");
        let found = gdtx_service::exchange::sequencer::verify(&s.db).await.expect("a journal to read");
        assert_eq!((found.pending, found.faults.len()), (0, 0));
        let vendor = s.client("vendor", province("46")).await;
        centres(&s, &vendor, summary).await;
        teaching(&vendor, summary).await;
        people(&vendor, summary).await;
        recognitions(&vendor, summary).await;
        s
    });
    heard.recv().expect("the head of the journal")
}

/// How many records a list has under a filter.
async fn count(client: &Client, path: &str) -> u64 {
    let mark = if path.contains('?') { '&' } else { '?' };
    let page = client.get(&format!("{path}{mark}first=1&fields=id&count=exact")).await.expect(200).body;
    page["totalCount"].as_u64().expect("a count")
}

/// The values of a field over a list of at most 200.
async fn values(client: &Client, path: &str, field: &str) -> Vec<Value> {
    let page = client.get(&format!("{path}&first=200&fields={field}")).await.expect(200).body;
    page["items"].as_array().expect("items").iter().map(|item| item[field].clone()).collect()
}

/// Centres of every kind and in every state that a month after the reform shows.
async fn centres(s: &Service, vendor: &Client, summary: demo::Summary) {
    assert_eq!(count(vendor, "/v1/centres").await, summary.centres as u64);
    for status in ["proposed", "established", "operating", "suspended", "merged", "dissolved"] {
        assert!(count(vendor, &format!("/v1/centres?status={status}")).await > 0, "{status}");
    }
    for name in values(vendor, "/v1/centres?sort=name", "name").await {
        assert!(name.as_str().is_some_and(|n| n.ends_with("(mẫu)")), "{name}");
    }
    // Nearly each of the 40 communes has its community learning centre (97 to 98 percent).
    let open = count(vendor, "/v1/centres?kind=community_learning_centre&status=operating").await;
    assert!((36..=40).contains(&open), "{open}");
    assert!(count(&s.public(), "/v1/directory/centres?provinceCode=46").await >= open);
    assert!(count(vendor, "/v1/centres?kind=community_learning_centre&status=merged").await > 0);
    // The district passed its centres on to the department on 1 July 2025.
    for body in values(vendor, "/v1/centres?kind=vocational_gdtx_centre", "authorityKind").await {
        assert_eq!(body, "so_gddt");
    }
    for (path, made) in [
        ("results", summary.results),
        ("campuses", summary.campuses),
        ("lands", summary.lands),
        ("rooms", summary.rooms),
        ("staff-members", summary.staff_members),
    ] {
        assert!(made > 0);
        assert_eq!(count(vendor, &format!("/v1/{path}")).await, made as u64, "{path}");
    }
}

/// Classes of each kind, with their teachers, and the choice of subjects of the curriculum of 2018.
async fn teaching(vendor: &Client, summary: demo::Summary) {
    assert_eq!(count(vendor, "/v1/programmes").await, summary.programmes as u64);
    let kinds: BTreeSet<String> = values(vendor, "/v1/programmes?sort=id", "kind")
        .await
        .iter()
        .filter_map(|kind| kind.as_str().map(str::to_owned))
        .collect();
    for kind in ["literacy_stage_1", "literacy_stage_2", "gdtx_upper_secondary", "practical_english", "it_basic"] {
        assert!(kinds.contains(kind), "{kind} among {kinds:?}");
    }
    for state in ["open", "closed", "planned"] {
        assert!(count(vendor, &format!("/v1/classes?state={state}")).await > 0, "{state}");
    }
    let classes = vendor.get("/v1/classes?grade=gdtx_grade_10&first=1").await.expect(200).body;
    let class = &classes["items"][0];
    assert!(class["teacherId"].is_string() && class["subjectAssignments"][6]["teacherId"].is_string(), "{class}");
    let teacher = vendor
        .get(&format!("/v1/staff-members/{}", class["teacherId"].as_str().expect("an id")))
        .await
        .expect(200)
        .body;
    assert_eq!((&teacher["centreId"], &teacher["staffGroup"]), (&class["centreId"], &json!("teacher")), "{teacher}");
    let of_class = format!("/v1/enrolments?classId={}", class["id"].as_str().expect("an id"));
    let size = count(vendor, &of_class).await;
    assert!((35..=45).contains(&size), "{size} learners in an upper secondary class");
    // Who sits in the highest grade has gone up twice, the one or other after the tests in summer only.
    let highest = vendor.get("/v1/classes?grade=gdtx_grade_12&schoolYear=2025&first=1").await.expect(200).body;
    let of_highest = format!("/v1/enrolments?classId={}&first=1", highest["items"][0]["id"].as_str().expect("an id"));
    let learner = vendor.get(&of_highest).await.expect(200).body["items"][0]["learnerId"].clone();
    let learner = learner.as_str().expect("an id");
    assert_eq!(count(vendor, &format!("/v1/enrolments?learnerId={learner}&status=completed")).await, 2);
    assert!(count(vendor, &format!("/v1/results?learnerId={learner}&term=year")).await == 2);
    for filter in ["term=year&promoted=true", "term=year&promoted=false", "term=retest&promoted=true"] {
        assert!(count(vendor, &format!("/v1/results?{filter}")).await > 0, "{filter}");
    }
    let chosen = values(vendor, &of_class, "chosenSubjects").await;
    assert!(chosen.iter().any(|subjects| subjects.as_array().is_some_and(|s| s.len() == 3 + 4)));
}

/// Learners are marked as invented, children have somebody who answers for them, and their
/// histories show what happens to learners.
async fn people(vendor: &Client, summary: demo::Summary) {
    assert_eq!(count(vendor, "/v1/learners").await, summary.learners as u64);
    assert!(summary.warned > 0 && summary.learners > summary.classes * 5, "{summary:?}");
    for marks in values(vendor, "/v1/learners?sort=id", "externalIds").await {
        assert_eq!(marks[0]["system"], "invented", "{marks}");
    }
    for filter in ["literacyLevel=none", "literacyLevel=level_1", "birthYearTo=1975"] {
        assert!(count(vendor, &format!("/v1/learners?{filter}")).await > 0, "{filter}");
    }
    let named = ["motherName", "fatherName", "guardianName", "representativeName"];
    for id in values(vendor, "/v1/learners?birthYearFrom=2011", "id").await {
        let child = vendor.get(&format!("/v1/learners/{}", id.as_str().expect("an id"))).await.expect(200).body;
        assert!(named.iter().any(|field| child[field].is_string()), "{child}");
    }
    for status in ["enrolled", "studying", "suspended", "transferred_out", "dropped_out", "completed"] {
        assert!(count(vendor, &format!("/v1/enrolments?status={status}")).await > 0, "{status}");
    }
    for reason in values(vendor, "/v1/enrolments?status=dropped_out", "dropoutReason").await {
        assert!(reason.is_string());
    }
}

/// Every kind of recognition is there, every outcome, and a level 2 that follows a level 1.
async fn recognitions(vendor: &Client, summary: demo::Summary) {
    assert_eq!(count(vendor, "/v1/recognitions").await, summary.recognitions as u64);
    let kinds = vendor.get("/v1/recognition-kinds").await.expect(200).body;
    for kind in kinds["items"].as_array().expect("kinds") {
        let code = kind["code"].as_str().expect("a code");
        assert!(count(vendor, &format!("/v1/recognitions?kind={code}")).await > 0, "{code}");
    }
    for state in ["draft", "submitted", "appraised", "granted", "refused", "withdrawn", "expired"] {
        assert!(count(vendor, &format!("/v1/recognitions?state={state}")).await > 0, "{state}");
    }
    let upgrades = "/v1/recognitions?kind=learning_unit_province&decisionLevel=2";
    for earlier in values(vendor, upgrades, "previousRecognitionId").await {
        let id = earlier.as_str().expect("the decision on level 1");
        assert_eq!(vendor.get(&format!("/v1/recognitions/{id}")).await.expect(200).body["decisionLevel"], json!(1));
    }
    assert_eq!(count(vendor, "/v1/recognitions?kind=literacy_place&assessedYear=2025").await, 40);
}

async fn head(s: &Service) -> (i64, String) {
    let db = sea_orm::Database::connect(s.settings.database_url.expose_secret()).await.expect("a connection");
    let sql = "SELECT position, hash FROM journal_head WHERE id = 1";
    let row =
        db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.expect("a head").expect("a row");
    (row.try_get_by_index(0).expect("a position"), row.try_get_by_index(1).expect("a hash"))
}

#[test]
fn a_seed_gives_the_same_journal_on_both_databases() {
    assert_eq!(journal_of(Backend::Sqlite), journal_of(Backend::Postgres));
}

#[test]
fn another_seed_fills_beside_what_is_there() {
    support::run(Backend::Sqlite, |s| async move {
        let plan = Plan { province: "46".to_owned(), year: 2025, seed: 7, scale: 1, national: false, beside: false };
        let first = demo::fill(&s.db, &plan, |_| {}).await.expect("a filled database");
        let plan = Plan { seed: 8, beside: true, ..plan };
        let second = demo::fill(&s.db, &plan, |_| {}).await.expect("a database that is filled more");
        let vendor = s.client("vendor", province("46")).await;
        for (path, made) in [
            ("centres", first.centres + second.centres),
            ("learners", first.learners + second.learners),
            ("enrolments", first.enrolments + second.enrolments),
            ("recognitions", first.recognitions),
        ] {
            assert_eq!(count(&vendor, &format!("/v1/{path}")).await, made as u64, "{path}");
        }
        assert!(second.enrolments > 0 && second.recognitions == 0, "{second:?}");
        s
    });
}

#[test]
fn a_province_that_does_not_exist_is_refused() {
    support::run(Backend::Sqlite, |s| async move {
        let plan = Plan { province: "99".to_owned(), year: 2025, seed: 7, scale: 1, national: false, beside: false };
        let refused = demo::fill(&s.db, &plan, |_| {}).await.expect_err("a refusal");
        assert_eq!(refused.code, gdtx_service::Code::NotFound);
        s
    });
}
