//! A database that has no room, no connection to spare, or is gone for a while.

use std::{
    process::{Child, Command, Stdio},
    time::Duration,
};

use futures::future::join_all;
use gdtx_service::{Clock, exchange::imports};
use reqwest::Method;
use sea_orm::{ConnectionTrait, TransactionTrait};
use secrecy::ExposeSecret;
use serde_json::json;

use crate::exchange::imports::{CSV, centres, counts, progress};
use crate::support::{Backend, Client, Service, centre, process::binary, replica::Pair, run};

/// Ends the process with the test.
struct Guard(Child);

impl Drop for Guard {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A service whose files cannot grow beyond so many KiB: to it the disk is full.
async fn cramped(s: &Service, kibibytes: u64) -> (Guard, String) {
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
    let command = |program: &mut Command| {
        program
            .current_dir(s.home())
            .env("GDTX_BIND", format!("127.0.0.1:{port}"))
            .env("GDTX_DATABASE_URL", s.settings.database_url.expose_secret())
            .env("GDTX_PUBLIC_URL", &s.settings.public_url)
            .env("GDTX_DATA_DIR", s.home())
            .env("GDTX_LOG_LEVEL", "off")
            // Longer than a write waits for its turn on a busy machine: a lease that ran out counts as a death.
            .env("GDTX_IMPORT_LEASE_SECONDS", "15")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("bash and the binary")
    };
    // The reference data take their room first.
    assert!(command(Command::new(binary()).arg("load")).wait().expect("an end").success());
    s.tables().await.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await.expect("an empty log");
    let script = format!("trap '' XFSZ; ulimit -f {}; exec \"$0\" serve", kibibytes);
    let child = command(Command::new("bash").args(["-c", &script]).arg(binary()));
    let base = format!("http://127.0.0.1:{port}");
    let probe = Client::new(&base, None);
    while !probe.try_get("/readyz").await {
        tokio::task::yield_now().await;
    }
    (Guard(child), base)
}

#[test]
fn a_full_disk_refuses_writes_and_keeps_what_there_is() {
    run(Backend::Sqlite, |s| async {
        let vendor = s.vendor().await;
        // Less than SQLite's write-ahead log grows to before it is carried over.
        let (guard, base) = cramped(&s, 2_000).await;
        let mut there = vendor.clone();
        there.base = base;
        let body = |i: usize| {
            let mut body = centre(&format!("Trung tâm {i}"), "11407");
            body["addressLine"] = json!("Số 0 đường Thử Nghiệm ".repeat(8));
            body
        };
        let (mut made, mut refused) = (0, 0);
        for i in 0..1_000 {
            let answer = there.post("/v1/centres", body(i)).await;
            match answer.status.as_u16() {
                201 => made += 1,
                503 => {
                    assert!(
                        answer.text.contains("\"unavailable\"") && !answer.header("retry-after").is_empty(),
                        "{}",
                        answer.text
                    );
                    refused += 1;
                }
                _ => panic!("{}", answer.text),
            }
            if refused == 3 {
                break;
            }
        }
        assert!(made > 0 && refused == 3, "{made} {refused}");
        // Reading goes on.
        assert_eq!(there.get("/v1/centres?count=exact").await.expect(200).body["totalCount"], made);
        drop(guard);
        // Room again: nothing is lost, nothing is half there.
        assert_eq!(vendor.get("/v1/centres?count=exact").await.expect(200).body["totalCount"], made);
        vendor.post("/v1/centres", body(9_999)).await.expect(201);
        s.sequenced().await;
        let found = gdtx_service::exchange::sequencer::verify(&s.db).await.expect("a verification");
        assert_eq!((found.faults, found.pending), (vec![], 0));
        s
    });
}

#[test]
fn an_import_waits_on_a_full_disk_and_goes_on_when_there_is_room() {
    const ROWS: u32 = 3_000;
    run(Backend::Sqlite, |s| async {
        let vendor = s.vendor().await;
        let (guard, base) = cramped(&s, 2_000).await;
        let mut there = vendor.clone();
        there.base = base;
        let sheet = Some(centres(0..ROWS));
        let opened = there.raw(Method::POST, "/v1/imports?resource=centres", CSV, sheet).await.expect(202);
        // The import and this client fill the disk together.
        let mut made = 0;
        while there.post("/v1/centres", centre(&format!("Trung tâm lẻ {made}"), "11407")).await.status == 201 {
            made += 1;
        }
        let job = there.get(&format!("/v1/imports/{}", opened.id())).await.expect(200).body;
        assert_eq!((&job["state"], &job["errors"]), (&json!("running"), &json!([])), "{job}");
        drop(guard);
        let runner = s.runner(Duration::from_secs(60));
        while progress(&s).await.1 == "running" {
            imports::run_once(&runner).await.expect("a run");
        }
        let done = vendor.get(&format!("/v1/imports/{}", opened.id())).await.expect(200);
        assert_eq!(counts(&done), [i64::from(ROWS), 0, 0, 0], "{}", done.text);
        let found = vendor.get("/v1/centres?count=exact").await.expect(200).body["totalCount"].as_i64();
        assert_eq!(found, Some(i64::from(ROWS) + made));
        s
    });
}

#[test]
fn who_finds_no_connection_is_told_to_come_again() {
    run(Backend::Postgres, |s| async {
        let mut settings = s.settings.clone();
        settings.max_connections = 2;
        settings.acquire_timeout_seconds = 1;
        let small = s.restarted(settings).await;
        let vendor = s.vendor().await.at(&small);
        let tables = s.tables().await;
        #[expect(clippy::disallowed_methods, reason = "it locks a table, which no use case does")]
        let lock = tables.begin().await.expect("a transaction");
        lock.execute_unprepared("LOCK TABLE centre IN ACCESS EXCLUSIVE MODE").await.expect("a lock");
        let (answers, ()) = futures::join!(join_all((0..6).map(|_| vendor.get("/v1/centres"))), async {
            // The others have been refused by the time the lock goes.
            let probe = vendor.public();
            while probe.get("/readyz").await.status != 503 {
                tokio::task::yield_now().await;
            }
            lock.commit().await.expect("an end");
        });
        let count = |status: u16| answers.iter().filter(|a| a.status == status).count();
        assert_eq!(count(200) + count(503), 6);
        assert!(count(503) > 0, "nobody was refused");
        for refused in answers.iter().filter(|a| a.status == 503) {
            assert!(
                refused.text.contains("\"unavailable\"") && !refused.header("retry-after").is_empty(),
                "{}",
                refused.text
            );
        }
        vendor.get("/v1/centres").await.expect(200);
        small.stop().await.expect("a clean stop");
        s
    });
}

#[test]
fn a_database_that_comes_back_is_used_again() {
    actix_web::rt::System::new().block_on(async {
        let mut pair = Pair::start();
        let s = Service::on(&pair).await;
        let mut settings = s.settings.clone();
        settings.acquire_timeout_seconds = 1;
        let running = s.at_time(settings, Clock::System).await;
        let vendor = s.vendor().await.at(&running);
        let first = vendor.post("/v1/centres", centre("Trung tâm Một", "11407")).await.expect(201).id();

        pair.stop_primary().await;
        for refused in
            [vendor.get("/v1/centres").await, vendor.post("/v1/centres", centre("Trung tâm Hai", "11407")).await]
        {
            assert_eq!(refused.status, 503, "{}", refused.text);
            assert!(refused.text.contains("\"unavailable\""), "{}", refused.text);
        }
        assert_eq!(vendor.public().get("/readyz").await.status, 503);
        vendor.public().get("/healthz").await.expect(200);

        pair.start_primary().await;
        while vendor.public().get("/readyz").await.status != 200 {
            tokio::task::yield_now().await;
        }
        // Connections that broke are replaced; nobody restarts the service.
        while vendor.get("/v1/centres").await.status == 503 {
            tokio::task::yield_now().await;
        }
        let listed = vendor.get("/v1/centres?count=exact").await.expect(200).body;
        assert_eq!((&listed["totalCount"], &listed["items"][0]["id"]), (&json!(1), &json!(first)));
        vendor.post("/v1/centres", centre("Trung tâm Ba", "11407")).await.expect(201);
        // The connections of this test broke too.
        let db = gdtx_api::server::open(&s.settings).await.expect("an open database");
        gdtx_service::exchange::sequencer::run_once(&db).await.expect("a sequenced journal");
        let found = gdtx_service::exchange::sequencer::verify(&db).await.expect("a verification");
        assert_eq!((found.faults, found.pending), (vec![], 0));
        running.stop().await.expect("a clean stop");
        s.end().await;
    });
}
