//! Exports whose process dies, exports that two processes hold, and what the log tells of links.

use std::time::Duration;

use futures::StreamExt;
use gdtx_domain::exchange::resource::ResourceKind;
use gdtx_service::{
    Clock, Code, Ctx, Error, Result,
    exchange::exports::{self, Runner, Steps},
};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{link, opened, progress, progress_in, rows_of, vendor_with};
use crate::{
    on_both,
    support::{process::Process, within},
};

on_both!(
    async fn an_export_is_one_whole_file_when_its_process_dies(s) {
        const ROWS: u32 = 6_000;
        let vendor = vendor_with(s, ROWS).await;
        let path = opened(&vendor, json!({ "resource": "centres" })).await;
        let tables = s.tables().await;
        let mut process = Process::exporting(s, &s.home().join("log.txt")).await;
        loop {
            let (state, bytes) = progress_in(&tables).await;
            assert!(state != "done", "the export was over before anybody could kill it");
            if bytes > 0 {
                break;
            }
        }
        process.kill();
        tables.close().await.expect("a closed connection");
        assert_eq!(progress(s).await.0, "running");
        let left = rows_of(s, "export_chunk").await;
        // The lease of the dead process runs out by itself.
        let runner = s.exporter(Clock::System);
        while progress(s).await.0 == "running" {
            exports::run_once(&runner).await.expect("a run");
        }
        let job = vendor.get(&path).await.expect(200);
        assert_eq!((job.body["state"].as_str(), &job.body["rows"]), (Some("done"), &json!(ROWS)), "{}", job.text);
        let file = s.public().get(&link(&job)).await.expect(200);
        assert_eq!(file.text, vendor.get("/v1/exports/centres").await.expect(200).text);
        assert_eq!(job.body["sha256"], hex::encode(Sha256::digest(&file.bytes)));
        let pieces = i64::try_from(file.bytes.len().div_ceil(512 * 1024)).expect("a number");
        assert!(left >= 1 && rows_of(s, "export_chunk").await == pieces, "of the first file nothing is left");
    }
);

on_both!(
    async fn a_process_that_lost_its_lease_writes_no_more(s) {
        let vendor = vendor_with(s, 3_000).await;
        let path = opened(&vendor, json!({ "resource": "centres" })).await;
        // For the second process the first one has said nothing for an hour.
        let (early, late) = (s.exporter(Clock::System), s.exporter(Clock::Fixed(Clock::System.now() + chrono::Duration::hours(1))));
        let second = async {
            while progress(s).await.1 == 0 {
                tokio::task::yield_now().await;
            }
            let before = progress(s).await.0;
            assert!(exports::run_once(&late).await.expect("a run"));
            before
        };
        let (first, before) = futures::future::join(exports::run_once(&early), second).await;
        assert!(first.expect("a run"));
        assert_eq!(before, "running");
        let job = vendor.get(&path).await.expect(200);
        assert_eq!((job.body["state"].as_str(), &job.body["rows"]), (Some("done"), &json!(3_000)), "{}", job.text);
        let file = s.public().get(&link(&job)).await.expect(200);
        assert_eq!(job.body["sha256"], hex::encode(Sha256::digest(&file.bytes)));
        assert_eq!(file.text, vendor.get("/v1/exports/centres").await.expect(200).text);
        // One that waits is taken once, however many look for it.
        opened(&vendor, json!({ "resource": "centres" })).await;
        let (one, two) = futures::future::join(exports::run_once(&early), exports::run_once(&early)).await;
        assert_eq!([one.expect("a run"), two.expect("a run")].into_iter().filter(|ran| *ran).count(), 1);
    }
);

on_both!(
    async fn an_export_that_is_cancelled_while_it_runs_leaves_nothing(s) {
        let vendor = vendor_with(s, 3_000).await;
        let path = opened(&vendor, json!({ "resource": "centres" })).await;
        let runner = s.exporter(Clock::System);
        let cancel = async {
            while progress(s).await.1 == 0 {
                tokio::task::yield_now().await;
            }
            vendor.post(&format!("{path}/cancel"), serde_json::Value::Null).await.expect(200);
        };
        let (ran, ()) = futures::future::join(exports::run_once(&runner), cancel).await;
        assert!(ran.expect("a run"));
        assert_eq!((progress(s).await.0.as_str(), rows_of(s, "export_chunk").await), ("cancelled", 0));
    }
);

/// Makes one piece of a file, and breaks.
fn broken(_: Ctx, _: ResourceKind, _: String) -> futures::future::BoxFuture<'static, Result<Steps>> {
    let one = exports::Step { bytes: vec![b'x'; 600 * 1024], rows: 1 };
    let steps = futures::stream::iter([Ok(one), Err(Error::internal("a fault that comes each time"))]);
    Box::pin(async move { Ok(steps.boxed() as Steps) })
}

on_both!(
    async fn what_breaks_each_time_is_given_up(s) {
        let vendor = vendor_with(s, 1).await;
        let path = opened(&vendor, json!({ "resource": "centres" })).await;
        for (round, ends) in [(1, false), (2, false), (3, true)] {
            // Each a lease later: who ran it says nothing any more.
            let clock = Clock::Fixed(Clock::System.now() + chrono::Duration::minutes(10 * round));
            let ran = exports::run_once(&Runner { make: broken, ..s.exporter(clock) }).await;
            assert_eq!(ran.is_ok(), ends, "round {round}");
        }
        let job = vendor.get(&path).await.expect(200);
        let said = &job.body["errors"][0];
        assert_eq!((job.body["state"].as_str(), said["code"].as_str()), (Some("failed"), Some("internal")), "{}", job.text);
        assert!(!job.text.contains("a fault that comes") && rows_of(s, "export_chunk").await == 0, "{}", job.text);
        assert!(!exports::run_once(&s.exporter(Clock::System)).await.expect("nothing to run"));
    }
);

/// Finds no database to read.
fn away(_: Ctx, _: ResourceKind, _: String) -> futures::future::BoxFuture<'static, Result<Steps>> {
    Box::pin(async { Err(Error::of(Code::Unavailable)) })
}

on_both!(
    async fn an_outage_is_no_fault_of_an_export(s) {
        let vendor = vendor_with(s, 1).await;
        let path = opened(&vendor, json!({ "resource": "centres" })).await;
        let at = |round: i64| s.exporter(Clock::Fixed(Clock::System.now() + chrono::Duration::minutes(10 * round)));
        for round in 1..=5 {
            exports::run_once(&Runner { make: away, ..at(round) }).await.map(drop).expect_err("no database");
            assert!(!exports::run_once(&at(round)).await.expect("nothing to run"), "it waits for the end of its lease");
        }
        assert!(exports::run_once(&at(6)).await.expect("a run"));
        let job = vendor.get(&path).await.expect(200);
        assert_eq!((job.body["state"].as_str(), &job.body["rows"]), (Some("done"), &json!(1)), "{}", job.text);
    }
);

on_both!(
    async fn a_new_job_is_run_at_once_and_the_log_tells_no_link(s) {
        let vendor = vendor_with(s, 1).await;
        let lines = s.home().join("log.txt");
        let process = Process::exporting(s, &lines).await;
        let there = vendor.based(&process.base);
        let opened = there.post("/v1/export-jobs", json!({ "resource": "centres", "filter": { "search": "Thử" } })).await.expect(202);
        let path = opened.header("location").to_owned();
        let is_done = async || there.get(&path).await.expect(200).body["state"] == "done";
        within(Duration::from_mins(1), is_done).await;
        let job = there.get(&path).await.expect(200);
        let good = link(&job);
        let (_, signature) = good.split_once("signature=").expect("a signature");
        let public = s.public().based(&process.base);
        assert_eq!(public.get(&good).await.expect(200).text.lines().count(), 1);
        public.get(&good.replace("expires=", "expires=1")).await.expect(404);
        drop(process);
        let log = std::fs::read_to_string(&lines).expect("log lines");
        assert!(log.contains("/v1/export-jobs/{id}/file"), "the route is told: {log}");
        assert!(!log.contains(signature) && !log.contains("signature="), "{log}");
    }
);
