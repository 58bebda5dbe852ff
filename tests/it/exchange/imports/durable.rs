//! Imports whose process dies, and imports that meet.

use std::{collections::BTreeSet, time::Duration};

use gdtx_service::exchange::imports;
use reqwest::Method;

use super::{CSV, centres, count, counts, progress, receipts};
use crate::{on_both, support::process::Process};

const ROWS: u32 = 3_000;

on_both!(
    async fn an_import_goes_on_behind_the_last_row_when_its_process_dies(s) {
        let vendor = s.vendor().await;
        let opened = vendor.raw(Method::POST, "/v1/imports?resource=centres", CSV, Some(centres(0..ROWS))).await.expect(202);
        let path = format!("/v1/imports/{}", opened.id());
        let mut process = Process::importing(s).await;
        loop {
            let (done, _) = progress(s).await;
            assert!(done < i64::from(ROWS), "the import was over before anybody could kill it");
            if done > 0 {
                break;
            }
        }
        process.kill();
        // The lease of the dead process runs out by itself.
        let runner = s.runner(Duration::from_secs(60));
        while progress(s).await.1 == "running" {
            imports::run_once(&runner).await.expect("a run");
        }
        let job = vendor.get(&path).await.expect(200);
        assert_eq!((job.body["state"].as_str(), counts(&job)), (Some("done"), [i64::from(ROWS), 0, 0, 0]), "{}", job.text);
        assert_eq!(count(&vendor, "/v1/centres").await, i64::from(ROWS));
        let mut lines = BTreeSet::new();
        let mut after = 0;
        loop {
            let run = vendor.get(&format!("{path}/receipts?first=1000&after={after}")).await.expect(200);
            lines.extend(run.body["items"].as_array().unwrap().iter().map(|r| r["line"].as_i64().unwrap()));
            if run.body["hasMore"] == false {
                break;
            }
            after = run.body["nextAfter"].as_i64().unwrap();
        }
        assert_eq!(lines, (2..i64::from(ROWS) + 2).collect::<BTreeSet<_>>(), "one receipt a row");
    }
);

on_both!(
    async fn two_imports_of_the_same_records_lose_no_row(s) {
        let vendor = s.vendor().await;
        let mut jobs = Vec::new();
        for round in 0..2 {
            // The same keys in another order, with another telephone number.
            let mut lines: Vec<String> = centres(0..600).lines().map(str::to_owned).collect();
            lines[0] += ",phone";
            for line in &mut lines[1..] {
                *line += &format!(",0225 300000{round}");
            }
            if round == 1 {
                lines[1..].reverse();
            }
            let sheet = lines.join("\n");
            jobs.push(vendor.raw(Method::POST, "/v1/imports?resource=centres", CSV, Some(sheet)).await.expect(202));
        }
        let runner = s.runner(Duration::from_secs(60));
        let (one, two) = futures::future::join(imports::run_once(&runner), imports::run_once(&runner)).await;
        assert!(one.expect("a run") && two.expect("a run"));
        for job in jobs {
            let job = vendor.get(&format!("/v1/imports/{}", job.id())).await.expect(200);
            assert_eq!((job.body["state"].as_str(), job.body["rowsDone"].as_i64()), (Some("done"), Some(600)), "{}", job.text);
            assert_eq!(job.body["rejected"], 0, "{:?}", receipts(&vendor, &job).await.iter().find(|r| r["outcome"] == "rejected"));
        }
        assert_eq!(count(&vendor, "/v1/centres").await, 600);
    }
);
