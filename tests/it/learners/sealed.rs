//! Sensitive data and personal numbers lie encrypted, are found by a keyed hash, and outlive a
//! rotation of the operator's keys.

use gdtx_domain::access::reach::Reach;
use gdtx_service::{Ctx, Keyring};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use serde_json::{Value, json};

use super::{
    people::{NUMBER, centre_of, person_with, whole},
    results::enrolled,
};
use crate::{
    on_both,
    support::{Client, province},
};

/// Everything that a table holds, as text.
async fn text_of(db: &DatabaseConnection, table: &str, columns: &[&str]) -> String {
    let cell = |column: &&str| match db.get_database_backend() {
        DbBackend::Sqlite => format!("quote({column})"),
        _ => format!("coalesce(cast({column} as text), '')"),
    };
    let select = columns.iter().map(cell).collect::<Vec<_>>().join(" || '|' || ");
    let sql = format!("select {select} as line from {table}");
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.expect("rows");
    rows.iter().map(|row| row.try_get::<String>("", "line").expect("a line") + "\n").collect()
}

/// The names of the columns of a table.
async fn columns(db: &DatabaseConnection, table: &str) -> Vec<String> {
    let sql = match db.get_database_backend() {
        DbBackend::Postgres => {
            format!("select column_name::text as name from information_schema.columns where table_name = '{table}'")
        }
        _ => format!("select name from pragma_table_info('{table}')"),
    };
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.expect("columns");
    rows.iter().map(|row| row.try_get("", "name").expect("a name")).collect()
}

on_both!(
    async fn nothing_sensitive_lies_in_the_clear(s) {
        let vendor = s.vendor().await.with("idempotency-key", "sealed");
        let centre = centre_of(&s.vendor().await).await;
        let mut body = whole(&centre);
        body["congenitalDisease"] = json!("BenhBiaDat");
        body["priorityGroups"] = json!(["NhomBiaDat"]);
        let made = vendor.post("/v1/learners", body).await.expect(201);
        let path = format!("/v1/learners/{}", made.id());
        let seen = s.vendor().await.get(&path).await.expect(200).body;
        assert_eq!((&seen["personalNumber"], &seen["congenitalDisease"]), (&json!(NUMBER), &json!("BenhBiaDat")));

        let db = s.tables().await;
        let names = columns(&db, "learner").await;
        for sealed in ["personal_number", "ethnic_group", "blood_group", "policy_groups", "tuition_exempt", "height_cm"] {
            assert!(!names.iter().any(|name| name == sealed), "{sealed} has a column");
        }
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        let mut all = text_of(&db, "learner", &names).await;
        all += &text_of(&db, "journal", &["after_image"]).await;
        all += &text_of(&db, "idempotency", &["answer", "request_hash"]).await;
        all += &text_of(&db, "external_id", &["value"]).await;
        all += &text_of(&db, "signing_key", &["private_key"]).await;
        for secret in [NUMBER, "BenhBiaDat", "NhomBiaDat"] {
            assert!(!all.contains(secret), "{secret} lies in the clear");
        }
        // The journal holds no name either: a forgotten key forgets the whole person.
        let journal = text_of(&db, "journal", &["after_image"]).await;
        assert!(journal.contains("\"sealed\"") && !journal.contains(seen["fullName"].as_str().expect("a name")));
    }
);

on_both!(
    async fn a_person_is_found_by_number_in_a_body(s) {
        let vendor = s.vendor().await;
        let centre = centre_of(&vendor).await;
        let id = vendor.post("/v1/learners", whole(&centre)).await.expect(201).id();
        let other = vendor.post("/v1/learners", person_with(&centre, json!({}))).await.expect(201).id();
        let asked = json!({ "personalNumber": NUMBER });
        let found = vendor.post("/v1/learners/find", asked.clone()).await.expect(200).body;
        let ids: Vec<&Value> = found["items"].as_array().expect("items").iter().map(|l| &l["id"]).collect();
        assert_eq!(ids, [&json!(id)]);
        let query = "mutation($n: String!) { findLearners(input: { personalNumber: $n }) { id personalNumber } }";
        let same = vendor.data(query, json!({ "n": NUMBER })).await;
        assert_eq!(same["findLearners"], json!([{ "id": id, "personalNumber": NUMBER }]));

        for wrong in ["1234", "03108500001a", ""] {
            let refused = vendor.post("/v1/learners/find", json!({ "personalNumber": wrong })).await.expect(422);
            refused.refuses("/personalNumber", "invalid_personal_number");
        }
        let neighbour = s.client("vendor", province("01")).await;
        assert_eq!(neighbour.post("/v1/learners/find", asked.clone()).await.expect(200).body["items"], json!([]));
        let blind = Client::register(s, "vendor", province("31"), &["basic", "sensitive"]).await;
        blind.post("/v1/learners/find", asked.clone()).await.expect(403).refuses("personalNumber", "hidden_data");
        s.client("portal", province("31")).await.post("/v1/learners/find", asked.clone()).await.expect(403);
        s.public().post("/v1/learners/find", asked.clone()).await.expect(401);

        // A corrected number is found by its new digits only; a retired record not at all.
        vendor.patch(&format!("/v1/learners/{id}"), json!({ "personalNumber": null })).await.expect(200);
        assert_eq!(vendor.post("/v1/learners/find", asked.clone()).await.expect(200).body["items"], json!([]));
        vendor.patch(&format!("/v1/learners/{other}"), json!({ "personalNumber": NUMBER })).await.expect(200);
        vendor.delete(&format!("/v1/learners/{other}")).await.expect(200);
        assert_eq!(vendor.post("/v1/learners/find", asked).await.expect(200).body["items"], json!([]));
    }
);

on_both!(
    async fn a_rotation_of_keys_leaves_everything_readable(s) {
        let vendor = s.vendor().await;
        let centre = centre_of(&vendor).await;
        let id = vendor.post("/v1/learners", whole(&centre)).await.expect(201).id();
        let path = format!("/v1/learners/{id}");
        let [.., enrolment] = enrolled(&vendor, "on_demand", None).await;
        let result = json!({ "enrolmentId": enrolment, "term": "year", "conductLevel": "fair" });
        let result = format!("/v1/results/{}", vendor.post("/v1/results", result).await.expect(201).id());
        let old = std::fs::read_to_string(s.home().join("data.keys")).expect("the file of keys");
        let new = Keyring::generate("second").expect("a key");
        let at = |keys: String| gdtx_api::Settings { data_keys: keys.into(), ..s.settings.clone() };

        let both = gdtx_api::server::open(&at(format!("{new},{old}"))).await.expect("an open database");
        let system = Ctx::system(both.clone(), gdtx_service::Clock::System);
        // The two learners and the result.
        assert_eq!(gdtx_service::rewrap(&system).await.expect("a count"), 3);
        assert_eq!(gdtx_service::rewrap(&system).await.expect("a count"), 0);
        both.close().await.expect("a closed database");

        // A process with both keys, and one with the new key alone.
        let running = s.restarted(at(new.clone())).await;
        let read = vendor.at(&running).get(&path).await.expect(200).body;
        assert_eq!((&read["personalNumber"], &read["version"]), (&json!(NUMBER), &json!(1)));
        assert_eq!(vendor.at(&running).get(&result).await.expect(200).body["conductLevel"], "fair");
        let found = vendor.at(&running).post("/v1/learners/find", json!({ "personalNumber": NUMBER })).await.expect(200);
        assert_eq!(found.body["items"][0]["id"], json!(id));
        let run = vendor.at(&running).get("/v1/changes?after=0&resource=learners&wait=10").await.expect(200).body;
        assert_eq!(run["items"][0]["record"]["personalNumber"], json!(NUMBER));
        running.stop().await.expect("a clean stop");

        let refused = gdtx_api::server::open(&at(old)).await.expect_err("the old key alone");
        assert!(refused.starts_with("data_keys: ") && refused.contains("“second”"), "{refused}");
        let stranger = Keyring::generate("second").expect("a key");
        let refused = gdtx_api::server::open(&at(stranger)).await.expect_err("another key of that name");
        assert!(refused.contains("another one"), "{refused}");
        let refused = gdtx_api::server::open(&at("nonsense".to_owned())).await.expect_err("no key");
        assert!(refused.contains("data key 1: expected name:base64"), "{refused}");
    }
);

on_both!(
    async fn a_forgotten_key_forgets_the_person_in_the_journal(s) {
        let vendor = s.vendor().await;
        let centre = centre_of(&vendor).await;
        let id = vendor.post("/v1/learners", whole(&centre)).await.expect(201).id();
        vendor.get("/v1/changes?after=0&resource=learners&wait=10").await.expect(200);
        let db = s.tables().await;
        db.execute_unprepared("update learner set envelope = null").await.expect("a forgotten key");
        let department = s.client("province_department", Reach { provinces: vec!["31".into()], ..Default::default() }).await;
        let run = department.get("/v1/changes?after=0&resource=learners&wait=10").await.expect(200).body;
        let record = &run["items"][0]["record"];
        assert_eq!((&record["id"], &record["version"]), (&json!(id), &json!(1)));
        assert_eq!((&record["fullName"], &record["personalNumber"], &record["policyGroups"]), (&json!(null), &json!(null), &json!([])));
    }
);
