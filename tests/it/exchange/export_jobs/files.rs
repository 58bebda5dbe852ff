//! What is in the file: the same bytes as the export of the same parameters, for whom and what for it was asked.

use gdtx_service::{
    Clock,
    exchange::exports::{self, Runner},
};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{exported, learners, link, opened, rows_of, vendor_with};
use crate::{
    exchange::imports::counts,
    on_both,
    support::{centre, province},
};

on_both!(
    async fn the_file_of_a_job_is_that_of_the_export(s) {
        let vendor = learners(s).await;
        let last = s.sequenced().await;
        for (body, query) in [
            (json!({ "resource": "learners" }), "learners"),
            (json!({ "resource": "learners", "filter": { "gender": "male" }, "fields": ["id", "fullName"] }), "learners?gender=male&fields=id,fullName"),
            (json!({ "resource": "learners", "format": "csv", "labels": true }), "learners?format=csv&labels=true"),
            (json!({ "resource": "centres", "format": "csv", "layout": "qd4998" }), "centres?format=csv&layout=qd4998"),
            (json!({ "resource": "centres", "codeScheme": "moet_2020", "filter": { "withRetired": true } }), "centres?codeScheme=moet_2020&withRetired=true"),
        ] {
            let whole = vendor.get(&format!("/v1/exports/{query}")).await.expect(200);
            let job = exported(s, &vendor, body.clone()).await;
            assert_eq!((job.body["state"].as_str(), job.body["resource"].as_str()), (Some("done"), body["resource"].as_str()), "{}", job.text);
            let file = s.public().get(&link(&job)).await.expect(200);
            assert_eq!(file.text, whole.text, "{body}");
            for name in ["content-type", "content-disposition", "cache-control"] {
                assert_eq!(file.header(name), whole.header(name), "{body}");
            }
            assert_eq!(job.body["sha256"], hex::encode(Sha256::digest(&file.bytes)));
            assert_eq!(job.body["bytes"], file.bytes.len());
            let lines = whole.text.lines().count() - usize::from(body["format"] == "csv");
            assert_eq!((&job.body["rows"], &job.body["position"]), (&json!(lines), &json!(last)), "{}", job.text);
        }
    }
);

on_both!(
    async fn a_workbook_comes_back_through_the_import(s) {
        let vendor = learners(s).await;
        let body = json!({ "resource": "learners", "format": "xlsx", "fields": ["fullName", "dateOfBirth", "gender"] });
        let job = exported(s, &vendor, body).await;
        assert_eq!((&job.body["rows"], job.body["state"].as_str()), (&json!(3), Some("done")), "{}", job.text);
        let book = s.public().get(&link(&job)).await.expect(200);
        let sent = vendor.bytes(Method::POST, "/v1/imports?resource=learners", book.header("content-type"), Some(book.bytes.clone())).await.expect(202);
        s.run_imports().await;
        let back = vendor.get(&format!("/v1/imports/{}", sent.id())).await.expect(200);
        assert_eq!(counts(&back), [0, 0, 3, 0], "{}", back.text);
    }
);

on_both!(
    async fn the_past_and_the_language_are_those_of_the_request(s) {
        let vendor = s.vendor().await;
        vendor.post("/v1/centres", centre("Trung tâm Trước", "11407")).await.expect(201);
        let before = s.sequenced().await;
        vendor.post("/v1/centres", centre("Trung tâm Sau", "11407")).await.expect(201);
        s.sequenced().await;
        let body = json!({ "resource": "centres", "asOf": before.to_string(), "format": "csv", "labels": true, "fields": ["name", "kind", "status"] });
        let job = exported(s, &vendor.english(), body).await;
        assert_eq!(job.body["asOf"], before.to_string());
        let file = s.public().get(&link(&job)).await.expect(200);
        let path = format!("/v1/exports/centres?asOf={before}&format=csv&labels=true&fields=name,kind,status");
        assert_eq!(file.text, vendor.english().get(&path).await.expect(200).text);
        assert!(file.text.contains("Trung tâm Trước") && !file.text.contains("Trung tâm Sau"), "{}", file.text);
        assert_ne!(file.text, vendor.get(&path).await.expect(200).text, "labels are in English");
        // What is on no list of the Ministry has labels of ours.
        assert!(file.text.contains("status (label)") && file.text.contains(",proposed,Proposed"), "{}", file.text);
    }
);

on_both!(
    async fn a_file_shows_no_more_than_its_purpose_allows_and_leaves_its_trace(s) {
        let vendor = learners(s).await;
        let bare = exported(s, &vendor.without_purpose(), json!({ "resource": "learners" })).await;
        assert_eq!(bare.body["purpose"], Value::Null);
        let text = s.public().get(&link(&bare)).await.expect(200).text;
        assert!(!text.contains("Nguyễn") && text.lines().count() == 3, "{text}");
        let auditor = s.client("auditor", province("31")).await;
        let log = async || auditor.get("/v1/access-log?count=exact&first=1").await.expect(200).body;
        let before = log().await["totalCount"].as_i64().expect("a count");
        let path = opened(&vendor, json!({ "resource": "learners", "fields": ["fullName"] })).await;
        assert_eq!(log().await["totalCount"], before, "nothing was shown yet");
        s.run_exports().await;
        let after = log().await;
        assert_eq!(after["totalCount"], before + 1);
        let (entry, id) = (&after["items"][0], path.rsplit('/').next());
        assert_eq!((&entry["resultCount"], entry["requestId"].as_str(), &entry["purpose"]), (&json!(3), id, &json!("school_administration")), "{entry}");
        assert_eq!(entry["fields"], json!(["fullName"]), "{entry}");
        let job = vendor.get(&path).await.expect(200);
        assert_eq!(job.body["purpose"], "school_administration");
        s.public().send(reqwest::Method::HEAD, &link(&job), None).await.expect(200);
        assert_eq!(log().await["totalCount"], before + 1, "the file was not shown");
        assert!(s.public().get(&link(&job)).await.expect(200).text.contains("Nguyễn Thị Thử"));
        // Whoever fetched the file is its client; whose data it holds, the entry of the making tells.
        let fetched = log().await;
        assert_eq!(fetched["totalCount"], before + 2);
        let again = &fetched["items"][0];
        for told in ["clientId", "requestId", "purpose", "resource", "fields", "resultCount"] {
            assert_eq!(again[told], entry[told], "{told}: {again}");
        }
        s.public().get(&link(&bare)).await.expect(200);
        assert_eq!(log().await["totalCount"], before + 2, "nothing personal was shown");
        let neighbour = s.client("vendor", province("01")).await;
        assert_eq!(exported(s, &neighbour, json!({ "resource": "learners" })).await.body["rows"], 0);
    }
);

on_both!(
    async fn what_an_export_refuses_a_job_refuses_at_its_place_in_the_body(s) {
        let vendor = learners(s).await;
        let refused = async |body: Value| vendor.post("/v1/export-jobs", body).await;
        for (body, place, code) in [
            (json!({ "resource": "learner" }), "/resource", "unknown_code"),
            (json!({ "resource": "access" }), "/resource", "no_list"),
            (json!({ "resource": "learners", "format": "pdf" }), "/format", "unknown_code"),
            (json!({ "resource": "learners", "feilds": ["id"] }), "/feilds", "unknown_property"),
            (json!({ "resource": "learners", "fields": ["gendr"] }), "/fields", "unknown_field"),
            (json!({ "resource": "learners", "filter": { "gendr": "male" } }), "/filter/gendr", "unknown_parameter"),
            (json!({ "resource": "learners", "filter": { "gender": "boy" } }), "/filter/gender", "invalid_value"),
            (json!({ "resource": "learners", "filter": { "gender": ["male"] } }), "/filter/gender", "invalid_value"),
            (json!({ "resource": "learners", "filter": { "format": "csv" } }), "/filter/format", "unknown_property"),
            (json!({ "resource": "learners", "filter": { "first": 5 } }), "/filter/first", "unknown_parameter"),
            (json!({ "resource": "learners", "filter": "male" }), "/filter", "invalid_value"),
            (json!({ "resource": "learners", "asOf": "yesterday" }), "/asOf", "invalid_value"),
            (json!({ "resource": "learners", "asOf": "999999" }), "/asOf", "beyond_the_end"),
        ] {
            let told = refused(body.clone()).await;
            assert_eq!(told.status, 400, "{body} {}", told.text);
            told.refuses(place, code);
        }
        // A filter that would tell what is masked.
        let told = vendor.without_purpose().post("/v1/export-jobs", json!({ "resource": "learners", "filter": { "birthYear": 1990 } })).await;
        told.expect(403).refuses("/filter/birthYear", "purpose_required");
        let portal = s.client("portal", province("31")).await;
        portal.post("/v1/export-jobs", json!({ "resource": "learners" })).await.expect(403);
        assert_eq!(rows_of(s, "export_job").await, 0);
    }
);

on_both!(
    async fn a_retry_opens_one_job_and_a_rehearsal_none(s) {
        let vendor = vendor_with(s, 2).await;
        let body = json!({ "resource": "centres" });
        let keyed = vendor.with("idempotency-key", "night-1");
        let rehearsed = vendor.post("/v1/export-jobs?dryRun=true", body.clone()).await.expect(202);
        assert_eq!((rehearsed.header("location"), rows_of(s, "export_job").await), ("", 0));
        let one = keyed.post("/v1/export-jobs", body.clone()).await.expect(202);
        let two = keyed.post("/v1/export-jobs", body.clone()).await.expect(202);
        assert_eq!((one.id(), rows_of(s, "export_job").await), (two.id(), 1));
        keyed.post("/v1/export-jobs", json!({ "resource": "rooms" })).await.expect(422);
        // The same through GraphQL, which shares use cases and names.
        let made = "mutation($input: NewExportJob!) { createExportJob(input: $input) { id state } }";
        let input = json!({ "input": { "resource": "centres", "format": "csv", "filter": { "provinceCode": "31" } } });
        let job = vendor.data(made, input).await["createExportJob"].clone();
        s.run_exports().await;
        let read = vendor.data("query($id: ID!) { getExportJob(id: $id) { state rows downloadUrl } listExportJobs(first: 1) { nodes { id } } }", json!({ "id": job["id"] })).await;
        assert_eq!((&read["getExportJob"]["state"], &read["getExportJob"]["rows"]), (&json!("done"), &json!(2)), "{read}");
        assert_eq!(read["listExportJobs"]["nodes"], json!([{ "id": job["id"] }]));
        let listed = vendor.get("/v1/export-jobs?first=1").await.expect(200);
        let next = listed.body["pageInfo"]["endCursor"].as_str().expect("a cursor");
        let rest = vendor.get(&format!("/v1/export-jobs?first=1&after={next}")).await.expect(200);
        assert_eq!((&listed.body["items"][0]["id"], rest.body["items"][0]["id"].as_str()), (&job["id"], Some(one.id().as_str())));
        let ended = vendor.data("mutation($id: ID!) { cancelExportJob(id: $id) { state downloadUrl } }", json!({ "id": job["id"] })).await;
        assert_eq!(ended["cancelExportJob"], json!({ "state": "cancelled", "downloadUrl": null }));
    }
);

on_both!(
    async fn a_file_beyond_the_limit_fails_and_leaves_nothing(s) {
        let vendor = vendor_with(s, 4).await;
        let small = Runner { most_bytes: 500, ..s.exporter(Clock::System) };
        let path = opened(&vendor, json!({ "resource": "centres" })).await;
        assert!(exports::run_once(&small).await.expect("a run"));
        let job = vendor.get(&path).await.expect(200);
        assert_eq!((job.body["state"].as_str(), job.body["errors"][0]["code"].as_str()), (Some("failed"), Some("payload_too_large")), "{}", job.text);
        assert_eq!((&job.body["downloadUrl"], rows_of(s, "export_chunk").await), (&Value::Null, 0));
    }
);
