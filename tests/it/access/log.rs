//! The access log: who was shown which personal data of whom, whatever the way.

use futures::future::join_all;
use gdtx_domain::access::reach::Reach;
use gdtx_service::access::log::verify;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use crate::{
    learners::{
        classes::class_of,
        people::{NUMBER, centre_of, person, whole},
    },
    on_both,
    support::{Client, Service, centre, province},
};

async fn auditor(s: &Service) -> Client {
    s.client("auditor", Reach::default()).await
}

/// Entries that a reader of the log finds, oldest first.
async fn entries(reader: &Client, filter: &str) -> Vec<Value> {
    let found = reader.get(&format!("/v1/access-log?first=200{filter}")).await.expect(200);
    found.body["items"].as_array().expect("entries").clone()
}

on_both!(
    async fn each_way_of_showing_a_person_is_told(s) {
        let (vendor, auditor) = (s.vendor().await, auditor(s).await);
        let centre = centre_of(&vendor).await;
        let silent = vendor.without_purpose();
        let id = silent.post("/v1/learners", whole(&centre)).await.expect(201).id();
        let path = format!("/v1/learners/{id}");
        silent.get(&path).await.expect(200);
        silent.get("/v1/learners").await.expect(200);
        vendor.get(&format!("{path}?fields=id,grade")).await.expect(200);
        vendor.data("query($id: ID!) { getLearner(id: $id) { id version grade } }", json!({ "id": id })).await;
        assert_eq!(entries(&auditor, "").await, Vec::<Value>::new(), "nothing personal was shown");

        let part = "query($id: ID!) { getLearner(id: $id) { ...Part } } fragment Part on Learner { id fullName ethnicGroup }";
        let mut told = 0;
        let mut next = async |fields: &[&str], resource: &str, count: usize| {
            let all = entries(&auditor, "").await;
            assert_eq!(all.len(), told + 1, "{all:?}");
            let entry = &all[told];
            told += 1;
            assert_eq!(entry["position"], json!(told));
            assert_eq!((&entry["resource"], &entry["resultCount"]), (&json!(resource), &json!(count)), "{entry}");
            for field in fields {
                assert!(entry["fields"].as_array().expect("fields").contains(&json!(field)), "{field}: {entry}");
            }
            entry.clone()
        };
        vendor.get(&path).await.expect(200);
        let entry = next(&["fullName", "personalNumber", "ethnicGroup"], "learners", 1).await;
        assert_eq!(entry["clientId"], json!(vendor.id));
        assert_eq!((&entry["organisation"], &entry["role"], &entry["purpose"], &entry["agreement"], &entry["legalBasis"]),
            (&json!("Invented organisation"), &json!("vendor"), &json!("school_administration"), &json!("TEST-01"), &json!("Invented for tests")));
        assert_eq!(entry["records"], json!([{ "id": id, "learnerId": id, "centreId": centre }]));
        assert!(!entry.to_string().contains("Nguyễn"), "the log repeats no data");
        let read = vendor.get(&format!("{path}?fields=fullName")).await.expect(200);
        let entry = next(&["fullName"], "learners", 1).await;
        assert_eq!((&entry["fields"], entry["requestId"].as_str()), (&json!(["fullName"]), Some(read.header("x-request-id"))));
        vendor.data(part, json!({ "id": id })).await;
        assert_eq!(next(&[], "learners", 1).await["fields"], json!(["ethnicGroup", "fullName"]));
        vendor.patch(&path, json!({ "grade": "gdtx_grade_11" })).await.expect(200);
        next(&["fullName", "ethnicGroup"], "learners", 1).await;
        vendor.post("/v1/learners/find", json!({ "personalNumber": NUMBER })).await.expect(200);
        next(&["personalNumber"], "learners", 1).await;
        vendor.post("/v1/learners", person(&centre)).await.expect(201);
        next(&["fullName"], "learners", 1).await;
        vendor.get("/v1/learners").await.expect(200);
        let listed = next(&["fullName", "contactPhone"], "learners", 2).await;
        assert!(!listed["fields"].as_array().expect("fields").contains(&json!("ethnicGroup")), "masked in lists: {listed}");
        s.sequenced().await;
        vendor.get("/v1/changes?resource=learners").await.expect(200);
        next(&["fullName", "ethnicGroup"], "learners", 2).await;
    }
);

on_both!(
    async fn what_is_looked_for_is_told_too(s) {
        let (vendor, auditor) = (s.vendor().await, auditor(s).await);
        let centre = centre_of(&vendor).await;
        let silent = vendor.without_purpose();
        let id = silent.post("/v1/learners", whole(&centre)).await.expect(201).id();
        let last = async || {
            let entry = entries(&auditor, "").await.pop().expect("an entry");
            (entry["fields"].clone(), entry["records"].as_array().expect("records").iter().map(|r| r["id"].clone()).collect::<Vec<_>>())
        };
        vendor.get("/v1/learners?gender=female&fields=id").await.expect(200);
        assert_eq!(last().await, (json!(["gender"]), vec![json!(id)]));
        vendor.get("/v1/learners?search=nobody&fields=id").await.expect(200);
        assert_eq!(last().await, (json!(["search"]), vec![]));
        vendor.post("/v1/learners/find", json!({ "personalNumber": "031190000019" })).await.expect(200);
        assert_eq!(last().await, (json!(["personalNumber"]), vec![]));
        vendor.data("mutation($n: String!) { findLearners(input: { personalNumber: $n }) { id } }", json!({ "n": NUMBER })).await;
        assert_eq!(last().await, (json!(["personalNumber"]), vec![json!(id)]));
        // Who names no purpose is not told of people who may be the same; who does leaves a trace.
        let twin = silent.post("/v1/learners?dryRun=true", whole(&centre)).await.expect(201);
        assert_eq!(twin.body["warnings"], Value::Null);
        let told = entries(&auditor, "").await.len();
        vendor.post("/v1/learners?dryRun=true&fields=id", whole(&centre)).await.expect(201);
        assert_eq!((entries(&auditor, "").await.len(), last().await.1), (told + 1, vec![json!(id)]));
    }
);

on_both!(
    async fn no_parameter_turns_the_log_off(s) {
        let (vendor, auditor) = (s.vendor().await, auditor(s).await);
        let centre = centre_of(&vendor).await;
        let keyed = vendor.with("idempotency-key", "told-twice");
        let id = keyed.post("/v1/learners", whole(&centre)).await.expect(201).id();
        keyed.post("/v1/learners", whole(&centre)).await.expect(201);
        assert_eq!(entries(&auditor, "").await.len(), 2, "a kept answer is told as well");
        let number = json!({ "personalNumber": NUMBER });
        vendor.post("/v1/learners/find?fields=id", number).await.expect(400).refuses("fields", "unknown_parameter");
        // A part that is not there: the write is done, and answered without the rest.
        let done = vendor.patch(&format!("/v1/learners/{id}?fields=id.x"), json!({ "grade": "gdtx_grade_11" })).await.expect(200);
        assert_eq!((done.body["id"] == id, &done.body["fullName"], &done.body["personalNumber"]), (true, &Value::Null, &Value::Null));
        assert_eq!(entries(&auditor, "").await.len(), 2, "nothing personal was shown");
    }
);

on_both!(
    async fn a_centre_learns_who_saw_its_learners_and_of_no_others(s) {
        let vendor = s.vendor().await;
        let ours = centre_of(&vendor).await;
        let theirs = vendor.post("/v1/centres", centre("Trung tâm Khác", "11383")).await.expect(201).id();
        let silent = vendor.without_purpose();
        let own = silent.post("/v1/learners", person(&ours)).await.expect(201).id();
        let other = silent.post("/v1/learners", person(&theirs)).await.expect(201).id();
        let department = s.client("province_department", province("31")).await;
        department.get("/v1/learners").await.expect(200);
        department.get(&format!("/v1/learners/{other}")).await.expect(200);

        let reach = Reach { centres: vec![ours.parse().expect("an id")], ..Reach::default() };
        let holder = s.client("centre", reach).await;
        let seen = entries(&holder, "").await;
        assert_eq!(seen.len(), 1, "{seen:?}");
        assert_eq!((&seen[0]["records"][0]["learnerId"], seen[0]["records"].as_array().map(Vec::len)), (&json!(own), Some(1)));
        assert_eq!(entries(&holder, &format!("&learnerId={other}")).await, Vec::<Value>::new());
        let listed = holder.data("{ listAccessLog { nodes { clientId purpose records { learnerId } } } }", json!({})).await;
        assert_eq!(listed["listAccessLog"]["nodes"].as_array().map(Vec::len), Some(1));

        let auditor = auditor(s).await;
        let whom = |id: &str| format!("&learnerId={id}&clientId={}", department.id.expect("an id"));
        assert_eq!(entries(&auditor, &whom(&own)).await.len(), 1);
        let both = entries(&auditor, &whom(&other)).await;
        assert_eq!(both.len(), 2);
        let between = both[1]["recordedAt"].as_str().expect("an instant");
        assert_eq!(entries(&auditor, &format!("{}&to={between}", whom(&other))).await, both[..1]);
        assert_eq!(entries(&auditor, &format!("{}&from={between}", whom(&other))).await, both[1..]);
        assert_eq!(entries(&auditor, "&purpose=inspection").await, Vec::<Value>::new());
        for role in ["vendor", "ministry", "province_department", "administrator"] {
            let whole = matches!(role, "administrator" | "ministry");
            s.client(role, if whole { Reach::default() } else { province("31") }).await.get("/v1/access-log").await.expect(403);
        }
        s.public().get("/v1/access-log").await.expect(401);
    }
);

on_both!(
    async fn a_step_of_an_enrolment_is_told_with_its_learner(s) {
        let vendor = s.vendor().await;
        let centre = centre_of(&vendor).await;
        let learner = vendor.post("/v1/learners", person(&centre)).await.expect(201).id();
        let class = class_of(&vendor, &centre, "on_demand", None).await;
        let body = json!({ "learnerId": learner, "classId": class, "enrolledOn": "2025-09-05", "entry": "transfer_in", "origin": "Trung tâm Thử B" });
        let enrolment = vendor.post("/v1/enrolments", body).await.expect(201).id();
        vendor.get(&format!("/v1/enrolments/{enrolment}/events")).await.expect(200);
        let auditor = auditor(s).await;
        let events = entries(&auditor, &format!("&learnerId={learner}&resource=enrolment_events")).await;
        assert_eq!((events.len(), &events[0]["fields"]), (1, &json!(["origin"])), "{events:?}");
    }
);

on_both!(
    async fn many_reads_at_once_make_one_whole_chain_that_shows_tampering(s) {
        let vendor = s.vendor().await;
        let centre = centre_of(&vendor).await;
        let id = vendor.post("/v1/learners", person(&centre)).await.expect(201).id();
        let second = s.second().await;
        let other = vendor.at(&second);
        let path = format!("/v1/learners/{id}");
        join_all((0..40).map(|i| if i % 2 == 0 { vendor.get(&path) } else { other.get(&path) })).await;
        let db = s.system();
        let whole = verify(db.database()).await.expect("a verification");
        assert_eq!((whole.entries, &whole.faults), (41, &Vec::new()));

        let tables = s.tables().await;
        let tamper = async |sql: &str| {
            let done = tables.execute_raw(Statement::from_string(tables.get_database_backend(), sql)).await;
            assert_eq!(done.expect("a statement").rows_affected(), 1);
            verify(db.database()).await.expect("a verification").faults.iter().map(|(at, _)| *at).collect::<Vec<_>>()
        };
        assert_eq!(tamper("update access_entry set organisation = 'Nobody' where position = 7").await, [7]);
        assert_eq!(tamper("update access_entry set organisation = 'Invented organisation' where position = 7").await, Vec::<i64>::new());
        let record = "delete from access_record where entry_id = (select id from access_entry where position = 9)";
        assert_eq!(tamper(record).await, [9]);
        assert_eq!(tamper("delete from access_entry where position = 41").await, [9, 40]);
        second.stop().await.expect("a clean stop");
    }
);

on_both!(
    async fn what_cannot_be_logged_is_not_shown(s) {
        let vendor = s.vendor().await;
        let centre = centre_of(&vendor).await;
        let id = vendor.post("/v1/learners", person(&centre)).await.expect(201).id();
        let tables = s.tables().await;
        let backend = tables.get_database_backend();
        tables.execute_raw(Statement::from_string(backend, "alter table access_entry rename to elsewhere")).await.expect("renamed");
        let refused = vendor.get(&format!("/v1/learners/{id}")).await.expect(503);
        assert!(!refused.text.contains("Nguyễn"), "{}", refused.text);
        vendor.without_purpose().get(&format!("/v1/learners/{id}")).await.expect(200);
    }
);
