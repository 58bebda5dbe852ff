//! The feed under fire: many writers in two processes, rollbacks, a transaction that stays open,
//! and a process that is killed. A replica rebuilt from the feed equals the source.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
};

use sea_orm::{ConnectionTrait, TransactionTrait};
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Client, Service, centre, process::Process, province},
};

const WRITERS: usize = 6;
const ROUNDS: usize = 8;

on_both!(
    async fn a_replica_equals_the_source(s) {
        let full = s.client("ministry", Default::default()).await;
        let partial = s.client("province_department", province("31")).await;
        let mut other = Process::serve(s).await;
        let done = AtomicBool::new(false);

        let writing = async {
            let straggler = hold_an_entry_back(s).await;
            let first = Client::new(&s.base, full.token.clone());
            let second = Client::new(&other.base, full.token.clone()).tolerant();
            let written = AtomicUsize::new(0);
            let writers = (0..WRITERS).map(|n| write(if n % 2 == 0 { &first } else { &second }, n, &written));
            let killer = async {
                while written.load(Ordering::SeqCst) < WRITERS * ROUNDS / 3 {
                    tokio::task::yield_now().await;
                }
                other.kill();
            };
            futures::join!(futures::future::join_all(writers), killer);
            straggler.commit().await.unwrap();
            s.sequenced().await;
            done.store(true, Ordering::SeqCst);
        };
        let (seen_by_full, seen_by_partial, ()) =
            futures::join!(replicate(&full, &done), replicate(&partial, &done), writing);

        assert_eq!(seen_by_full, source(&full).await);
        assert_eq!(seen_by_partial, source(&partial).await);
        assert!(seen_by_partial.len() < seen_by_full.len() && !seen_by_partial.is_empty());
        let verified = gdtx_service::exchange::sequencer::verify(&s.db).await.unwrap();
        assert_eq!((verified.faults, verified.pending), (vec![], 0));
    }
);

/// Creates, changes and retires centres in two provinces; some requests are refused or rehearsed,
/// some fail because a process dies under them.
async fn write(client: &Client, writer: usize, written: &AtomicUsize) {
    for round in 0..ROUNDS {
        let commune = if (writer + round).is_multiple_of(2) { "11407" } else { "00004" };
        let name = format!("Trung tâm Thử nghiệm {writer}-{round}");
        let created = client.post("/v1/centres", centre(&name, commune)).await;
        client.post("/v1/centres", centre("", commune)).await;
        client.post("/v1/centres?dryRun=true", centre(&name, commune)).await;
        assert!([201, 503].contains(&created.status.as_u16()), "{}", created.text);
        if created.status != 201 {
            continue;
        }
        written.fetch_add(1, Ordering::SeqCst);
        let path = format!("/v1/centres/{}", created.id());
        // Two at once: one of them is stale.
        let both = client.with("if-match", "\"1\"");
        futures::join!(both.patch(&path, json!({"phone": "113"})), both.patch(&path, json!({"phone": "115"})));
        if round % 3 == 0 {
            client.delete(&path).await;
        }
    }
}

/// A transaction that has written a journal entry early and commits late.
#[expect(clippy::disallowed_methods, reason = "an outsider beside the service")]
async fn hold_an_entry_back(s: &Service) -> sea_orm::DatabaseTransaction {
    let url = secrecy::ExposeSecret::expose_secret(&s.settings.database_url).to_owned();
    let db = sea_orm::Database::connect(url).await.unwrap();
    let tx = db.begin().await.unwrap();
    if s.backend == crate::support::Backend::Postgres {
        // SQLite has one writer; there nothing can be held back.
        tx.execute_unprepared(
            "INSERT INTO journal (resource, record_id, version, operation, after_image, actor, request_id, recorded_at)
             VALUES ('access', '00000000-0000-7000-8000-000000000001', 1, 'access_gained', '{}', 'test', 'late', now())",
        )
        .await
        .unwrap();
    }
    tx
}

type Replica = BTreeMap<String, Value>;

/// Follows the feed to the end and applies it. Positions only rise.
async fn replicate(client: &Client, done: &AtomicBool) -> Replica {
    let (mut replica, mut after) = (Replica::new(), 0);
    loop {
        let was_done = done.load(Ordering::SeqCst);
        let run = client.get(&format!("/v1/changes?after={after}&first=50&wait=1")).await.expect(200).body;
        let mut last = after;
        for change in run["items"].as_array().unwrap() {
            let position = change["position"].as_i64().unwrap();
            assert!(position > last, "position {position} after {last}");
            last = position;
            if change["resource"] == "centres" {
                replica.insert(change["id"].as_str().unwrap().to_owned(), change["record"].clone());
            }
        }
        after = run["nextAfter"].as_i64().unwrap();
        if was_done && run["items"].as_array().unwrap().is_empty() && run["hasMore"] == false {
            return replica;
        }
    }
}

/// Everything the client may list, retired records too.
async fn source(client: &Client) -> Replica {
    let (mut out, mut after) = (Replica::new(), String::new());
    loop {
        let page = client.get(&format!("/v1/centres?withRetired=true&first=200{after}")).await.expect(200).body;
        for item in page["items"].as_array().unwrap() {
            out.insert(item["id"].as_str().unwrap().to_owned(), item.clone());
        }
        match page["pageInfo"]["endCursor"].as_str() {
            Some(cursor) if page["pageInfo"]["hasNextPage"] == true => after = format!("&after={cursor}"),
            _ => return out,
        }
    }
}
