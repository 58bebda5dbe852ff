//! Who gets a file: whoever holds a link that the service signed, for as long as it is good.

use chrono::Duration;
use futures::future::{BoxFuture, select};
use gdtx_api::Settings;
use gdtx_domain::exchange::{export::job, resource::ResourceKind};
use gdtx_service::{
    Clock, Ctx, Result,
    access::client,
    exchange::exports::{self, Runner, Steps},
};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use super::{exported, learners, link, opened, progress, rows_of, vendor_with};
use crate::{
    on_both,
    support::{Service, province, within},
};

on_both!(
    async fn a_link_that_was_touched_leads_nowhere(s) {
        let vendor = learners(s).await;
        let (one, other) = (
            exported(s, &vendor, json!({ "resource": "learners" })).await,
            exported(s, &vendor, json!({ "resource": "centres" })).await,
        );
        let (good, public) = (link(&one), s.public());
        public.get(&good).await.expect(200);
        let (path, query) = good.split_once('?').expect("a query");
        let (expires, signature) = query.split_once("&signature=").expect("a signature");
        let until: i64 = expires.strip_prefix("expires=").and_then(|text| text.parse().ok()).expect("a number");
        let of = |id: &str, until: i64, signature: &str| format!("/v1/export-jobs/{id}/file?expires={until}&signature={signature}");
        let flipped = format!("{}{}", if signature.starts_with('0') { '1' } else { '0' }, &signature[1..]);
        for wrong in [
            of(&one.id(), until + 1, signature),
            of(&one.id(), i64::MAX, signature),
            of(&one.id(), until, &flipped),
            of(&one.id(), until, &signature[1..]),
            of(&one.id(), until, ""),
            of(&one.id(), until, &signature.to_uppercase().replace(|c: char| c.is_ascii_digit(), "A")),
            of(&other.id(), until, signature),
            of(crate::operations::NOBODY, until, signature),
            of("nothing", until, signature),
        ] {
            let told = public.get(&wrong).await.expect(404);
            assert!(told.header("content-type").starts_with("application/problem+json") && !told.text.contains(signature), "{}", told.text);
        }
        public.get(path).await.expect(400).refuses("expires", "required");
        public.get(&format!("{path}?expires=soon&signature={signature}")).await.expect(400).refuses("expires", "invalid_value");
        public.get(&format!("{good}&lang=en&more=1")).await.expect(400).refuses("more", "unknown_parameter");
        // A token is neither needed nor of any help.
        let neighbour = s.client("vendor", province("01")).await;
        neighbour.get(&good).await.expect(200);
        vendor.get(&of(&one.id(), until + 1, signature)).await.expect(404);
    }
);

on_both!(
    async fn a_link_ends_and_the_job_gives_a_new_one(s) {
        let vendor = vendor_with(s, 1).await;
        let job = exported(s, &vendor, json!({ "resource": "centres" })).await;
        let until: chrono::DateTime<chrono::Utc> = job.body["downloadUntil"].as_str().and_then(|t| t.parse().ok()).expect("an instant");
        let ahead = until - Clock::System.now();
        assert!(ahead > Duration::minutes(14) && ahead <= Duration::minutes(15), "{ahead}");
        for (at, status) in [(until - Duration::seconds(1), 200), (until, 403)] {
            let running = s.at_time(s.settings.clone(), Clock::Fixed(at)).await;
            let told = s.public().at(&running).english().get(&link(&job)).await.expect(status);
            assert_eq!(told.text.contains("read the export job"), status == 403, "{}", told.text);
            let mut there = vendor.at(&running);
            there.token = Some(there.fetch_token().await);
            let again = there.get(&format!("/v1/export-jobs/{}", job.id())).await.expect(200);
            assert_ne!(link(&again), link(&job));
            s.public().at(&running).get(&link(&again)).await.expect(200);
            running.stop().await.expect("a clean stop");
        }
    }
);

on_both!(
    async fn a_client_that_may_not_act_has_no_links(s) {
        let vendor = learners(s).await;
        let job = exported(s, &vendor, json!({ "resource": "learners" })).await;
        let (public, path, id) = (s.public(), link(&job), vendor.id.expect("a client"));
        public.get(&path).await.expect(200);
        client::suspend(&s.system(), id).await.expect("a suspended client");
        let told = public.english().get(&path).await.expect(403);
        assert!(told.body["detail"].as_str().is_some_and(|said| said.contains("suspended")), "{}", told.text);
        client::resume(&s.system(), id).await.expect("an active client");
        public.get(&path).await.expect(200);
        // A smaller reach, and an agreement on fewer data: what the file shows may not be seen any more.
        let change = async |patch: Value| {
            let patch = serde_json::from_value(patch).expect("a change");
            client::update(&s.system(), id, patch, None).await.expect("a changed client");
        };
        change(json!({ "reach": { "communes": ["11407"] } })).await;
        let told = public.english().get(&path).await.expect(403);
        assert!(told.body["detail"].as_str().is_some_and(|said| said.contains("export anew")), "{}", told.text);
        change(json!({ "reach": { "provinces": ["31"] } })).await;
        public.get(&path).await.expect(200);
        change(json!({ "agreement": {
            "reference": "TEST-01", "purposes": ["school_administration"], "dataKinds": ["basic"],
            "validFrom": "2020-01-01", "validTo": "2099-12-31", "legalBasis": "Invented for tests",
        } })).await;
        public.get(&path).await.expect(403);
        // The agreement does not name the purpose any more for which the file was made.
        let agreement = json!({
            "reference": "TEST-02", "purposes": ["inspection"], "dataKinds": ["basic"],
            "validFrom": "2020-01-01", "validTo": "2099-12-31", "legalBasis": "Invented for tests",
        });
        let patch = serde_json::from_value(json!({ "agreement": agreement })).expect("a change");
        client::update(&s.system(), id, patch, None).await.expect("a changed client");
        assert_eq!(public.get(&path).await.expect(403).body["code"], "purpose_not_agreed");
        client::revoke(&s.system(), id).await.expect("a revoked client");
        public.get(&path).await.expect(403);
    }
);

on_both!(
    async fn an_export_of_a_client_that_was_revoked_meanwhile_fails(s) {
        let vendor = learners(s).await;
        opened(&vendor, json!({ "resource": "learners" })).await;
        client::revoke(&s.system(), vendor.id.expect("a client")).await.expect("a revoked client");
        s.run_exports().await;
        assert_eq!((progress(s).await, rows_of(s, "export_chunk").await), (("failed".to_owned(), 0), 0));
    }
);

on_both!(
    async fn a_cancelled_file_is_gone_at_once(s) {
        let vendor = vendor_with(s, 2).await;
        let job = exported(s, &vendor, json!({ "resource": "centres" })).await;
        let (path, cancel) = (format!("/v1/export-jobs/{}", job.id()), format!("/v1/export-jobs/{}/cancel", job.id()));
        assert_eq!(vendor.post(&format!("{cancel}?dryRun=true"), Value::Null).await.expect(200).body["state"], "cancelled");
        s.public().get(&link(&job)).await.expect(200);
        let keyed = vendor.with("idempotency-key", "take-back");
        for _ in 0..2 {
            let ended = keyed.post(&cancel, Value::Null).await.expect(200);
            assert_eq!((&ended.body["state"], &ended.body["downloadUrl"]), (&json!("cancelled"), &Value::Null));
        }
        s.public().get(&link(&job)).await.expect(404);
        assert_eq!(rows_of(s, "export_chunk").await, 0);
        vendor.post(&cancel, Value::Null).await.expect(409);
        let waiting = opened(&vendor, json!({ "resource": "centres" })).await;
        vendor.post(&format!("{waiting}/cancel"), Value::Null).await.expect(200);
        s.run_exports().await;
        assert_eq!(vendor.get(&waiting).await.expect(200).body["state"], "cancelled");
        // It is nobody else's.
        let neighbour = s.client("vendor", province("31")).await;
        neighbour.get(&path).await.expect(404);
        neighbour.post(&cancel, Value::Null).await.expect(404);
        assert_eq!(neighbour.get("/v1/export-jobs").await.expect(200).body["items"], json!([]));
        let asked = format!("/v1/access/explain?operation=getExportJob&id={}", job.id());
        assert_eq!(neighbour.get(&asked).await.expect(200).body["outcome"], "not_visible");
        assert_eq!(vendor.get(&asked).await.expect(200).body["permission"], "export_run");
    }
);

on_both!(
    async fn a_download_that_broke_off_goes_on(s) {
        let vendor = vendor_with(s, 2_500).await;
        let job = exported(s, &vendor, json!({ "resource": "centres" })).await;
        let (public, path) = (s.public(), link(&job));
        let whole = public.get(&path).await.expect(200);
        let bytes = whole.bytes.len();
        assert!(bytes > 1024 * 1024, "several pieces: {bytes}");
        let piece = 512 * 1024;
        for (asked, from, to) in [
            ("bytes=0-9".to_owned(), 0, 10),
            (format!("bytes={}-{}", piece - 3, piece + 3), piece - 3, piece + 4),
            (format!("bytes={}-", 2 * piece), 2 * piece, bytes),
            ("bytes=-7".to_owned(), bytes - 7, bytes),
            (format!("bytes=5-{}", 10 * bytes), 5, bytes),
        ] {
            let part = public.with("range", &asked).with("if-range", whole.header("etag")).get(&path).await.expect(206);
            assert_eq!(part.bytes, whole.bytes[from..to], "{asked}");
            assert_eq!(part.header("content-range"), format!("bytes {from}-{}/{bytes}", to - 1));
            assert_eq!(part.header("repr-digest"), whole.header("repr-digest"));
        }
        for (name, value) in [("range", "bytes=0-1,5-6"), ("range", "lines=1-2"), ("range", "bytes=0-")] {
            assert_eq!(public.with(name, value).get(&path).await.expect(200).bytes.len(), bytes, "{value}");
        }
        assert_eq!(public.with("range", "bytes=3-").with("if-range", "\"other\"").get(&path).await.expect(200).bytes.len(), bytes);
        let beyond = public.with("range", &format!("bytes={bytes}-")).get(&path).await.expect(416);
        assert_eq!(beyond.header("content-range"), format!("bytes */{bytes}"));
        // Packed by the way it would be another file than the one that the digest is of.
        let packed = public.with("accept-encoding", "gzip").get(&path).await.expect(200);
        assert_eq!((packed.bytes.len(), packed.header("content-length")), (bytes, bytes.to_string().as_str()));
        let head = public.send(reqwest::Method::HEAD, &path, None).await.expect(200);
        assert_eq!((head.header("content-length"), head.bytes.len()), (bytes.to_string().as_str(), 0));
    }
);

on_both!(
    async fn files_are_forgotten_after_their_time(s) {
        let vendor = vendor_with(s, 1).await;
        let job = exported(s, &vendor, json!({ "resource": "centres" })).await;
        let path = format!("/v1/export-jobs/{}", job.id());
        let later = Clock::Fixed(Clock::System.now() + Duration::hours(24) + Duration::minutes(1));
        let running = s.at_time(s.settings.clone(), later).await;
        let mut there = vendor.at(&running);
        there.token = Some(there.fetch_token().await);
        there.get(&path).await.expect(404);
        assert_eq!(there.get("/v1/export-jobs").await.expect(200).body["items"], json!([]));
        running.stop().await.expect("a clean stop");
        assert_eq!((rows_of(s, "export_job").await, rows_of(s, "export_chunk").await), (1, 1));
        exports::forget_old(&s.exporter(Clock::System)).await.expect("nothing to forget");
        assert_eq!(rows_of(s, "export_job").await, 1);
        exports::forget_old(&s.exporter(later)).await.expect("a forgotten export");
        assert_eq!((rows_of(s, "export_job").await, rows_of(s, "export_chunk").await), (0, 0));
        vendor.get(&path).await.expect(404);
    }
);

on_both!(
    async fn a_client_has_so_many_exports_under_way(s) {
        let vendor = vendor_with(s, 1).await;
        let body = json!({ "resource": "centres" });
        let mut open = Vec::new();
        for _ in 0..5 {
            open.push(opened(&vendor, body.clone()).await);
        }
        let told = vendor.english().post("/v1/export-jobs", body.clone()).await.expect(409);
        assert!(told.body["detail"].as_str().is_some_and(|said| said.starts_with("5 exports")), "{}", told.text);
        s.client("vendor", province("31")).await.post("/v1/export-jobs", body.clone()).await.expect(202);
        vendor.post(&format!("{}/cancel", open[0]), Value::Null).await.expect(200);
        opened(&vendor, body.clone()).await;
        s.run_exports().await;
        opened(&vendor, body).await;
    }
);

on_both!(
    async fn the_kept_files_of_a_client_have_a_bound(s) {
        let vendor = vendor_with(s, 1).await;
        let small = Settings { export_limit_bytes: 100, ..s.settings.clone() };
        let running = s.at_time(small, Clock::System).await;
        let there = vendor.at(&running);
        let body = json!({ "resource": "centres" });
        let path = opened(&there, body.clone()).await;
        // Made by a process that allows more.
        s.run_exports().await;
        let kept = there.get(&path).await.expect(200).body["bytes"].as_i64().expect("bytes");
        assert!(kept >= 500, "{kept}");
        let told = there.english().post("/v1/export-jobs", body.clone()).await.expect(409);
        assert!(told.body["detail"].as_str().is_some_and(|said| said.contains(&format!("{kept} bytes"))), "{}", told.text);
        there.post(&format!("{path}/cancel"), Value::Null).await.expect(200);
        opened(&there, body).await;
        running.stop().await.expect("a clean stop");
    }
);

/// Makes a file that never comes.
fn never(_: Ctx, _: ResourceKind, _: String) -> BoxFuture<'static, Result<Steps>> {
    Box::pin(std::future::pending())
}

/// The state of the export at a path.
#[expect(clippy::disallowed_methods, reason = "a story looks into the table")]
async fn progress_of(s: &Service, path: &str) -> String {
    let tables = s.tables().await;
    let id: uuid::Uuid = path.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an id");
    let found = job::Entity::find_by_id(id).one(&tables).await.expect("an answer").expect("an export");
    tables.close().await.expect("a closed connection");
    found.state.code().to_owned()
}

on_both!(
    async fn files_that_tell_of_an_erased_learner_are_made_anew(s) {
        let vendor = learners(s).await;
        let mut far = s.client("vendor", province("01")).await;
        far.token = Some(far.fetch_token().await);
        let (file, masked, centres, theirs) = (
            exported(s, &vendor, json!({ "resource": "learners" })).await,
            exported(s, &vendor.without_purpose(), json!({ "resource": "learners" })).await,
            exported(s, &vendor, json!({ "resource": "centres" })).await,
            exported(s, &far, json!({ "resource": "learners" })).await,
        );
        let old = link(&file);
        assert!(s.public().get(&old).await.expect(200).text.contains("11407"));
        let learner = vendor.get("/v1/learners?externalId=h1").await.expect(200).body["items"][0]["id"].clone();
        let asked = json!({ "learnerId": learner, "kind": "erase", "receivedOn": "2026-11-02", "requestedBy": "data_subject" });
        let asked = vendor.post("/v1/data-subject-requests", asked).await.expect(201).id();
        let fulfil = format!("/v1/data-subject-requests/{asked}/fulfil");
        vendor.post(&format!("{fulfil}?dryRun=true"), json!({})).await.expect(200);
        s.public().get(&old).await.expect(200);
        // One is being made meanwhile: it may have read what goes now.
        let begun = opened(&vendor, json!({ "resource": "learners" })).await;
        let halted = Runner { make: never, ..s.exporter(Clock::System) };
        let erased = async {
            within(std::time::Duration::from_mins(1), async || progress_of(s, &begun).await == "running").await;
            vendor.post(&fulfil, json!({})).await.expect(200);
        };
        select(Box::pin(exports::run_once(&halted)), Box::pin(erased)).await;
        assert_eq!(progress_of(s, &begun).await, "queued");
        s.public().get(&old).await.expect(404);
        let path = format!("/v1/export-jobs/{}", file.id());
        let waiting = vendor.get(&path).await.expect(200).body;
        assert_eq!((&waiting["state"], &waiting["sha256"], &waiting["finishedAt"]), (&json!("queued"), &Value::Null, &Value::Null), "{waiting}");
        s.run_exports().await;
        assert_eq!(vendor.get(&begun).await.expect(200).body["state"], "done");
        let anew = vendor.get(&path).await.expect(200);
        assert_eq!(anew.body["expiresAt"], file.body["expiresAt"], "it is kept no longer for it");
        let text = s.public().get(&link(&anew)).await.expect(200).text;
        let gone = text.lines().find(|line| line.contains("\"h1\"")).expect("the learner stays");
        assert!(text.lines().count() == 3 && text.contains("11407") && !gone.contains("11407"), "{text}");
        // What cannot hold the learner stays as it is.
        for untouched in [&centres, &masked, &theirs] {
            s.public().get(&link(untouched)).await.expect(200);
        }
    }
);
