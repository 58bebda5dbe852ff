//! Deliveries to a local receiver, beside the same bodies posted to it without a service.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Bench, bare, receiver::Receiver};
use crate::{
    load::{CONNECTIONS, Call, Connection, once},
    report::Rates,
    sample,
};

pub const NAME: &str = "deliveries";
/// Deliveries a second at least.
const LEAST: f64 = 1_000.0;
/// Deliveries in a round at most.
const MOST: i64 = 10_000;
/// A receiver on this machine, without TLS.
pub const SETTINGS: [(&str, &str); 2] = [("GDTX_WEBHOOK_HTTP", "true"), ("GDTX_WEBHOOK_NETWORKS", "127.0.0.0/8")];

pub async fn run(bench: &Bench<'_>, rounds: usize) -> Rates {
    let db = bare::connect(&bench.place.url).await;
    let last = sample::last_position(&db).await;
    let mut rates = Rates::new(format!("{NAME} to one webhook"), "messages", LEAST, None);
    for round in 0..rounds {
        eprintln!("round {} of {rounds}: {NAME}", round + 1);
        let receiver = Receiver::start();
        let begun = Instant::now();
        let hook = subscribe(bench, &receiver, last.saturating_sub(MOST).max(0)).await;
        let path = format!("/v1/webhooks/{hook}");
        // Entries that are not for the client are passed over: the end is told by the position.
        while position(bench, &path).await < last {
            assert!(begun.elapsed() < Duration::from_secs(120), "only {} messages came", receiver.count());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let came = receiver.count();
        let ours = came as f64 / begun.elapsed().as_secs_f64();
        let remove = Call { method: hyper::Method::DELETE, ..Call::get(path) }.with("authorization", bench.token);
        let (status, _) = once(bench.address, remove).await.expect("an answer");
        assert_eq!(status, 200, "the webhook is removed");
        rates.add(ours, floor(&receiver, came).await);
        receiver.stop().await;
    }
    rates
}

/// Subscribes to everything after a position; tells the id.
async fn subscribe(bench: &Bench<'_>, receiver: &Receiver, after: i64) -> String {
    let new = json!({ "name": "Bench (invented)", "url": receiver.url(), "after": after });
    let call = Call::post("/v1/webhooks", new.to_string()).with("authorization", bench.token);
    let (status, body) = once(bench.address, call).await.expect("an answer");
    assert_eq!(status, 201, "{}", String::from_utf8_lossy(&body));
    let made: Value = serde_json::from_slice(&body).expect("JSON");
    made["webhook"]["id"].as_str().expect("an id").to_owned()
}

/// How far a webhook is.
async fn position(bench: &Bench<'_>, path: &str) -> i64 {
    let call = Call::get(path.to_owned()).with("authorization", bench.token);
    let (_, body) = once(bench.address, call).await.expect("an answer");
    let hook: Value = serde_json::from_slice(&body).expect("JSON");
    hook["position"].as_i64().unwrap_or_default()
}

/// Posts as many bodies, on as many connections as a load has.
async fn floor(receiver: &Receiver, count: u64) -> f64 {
    let (to, body) = (receiver.address, receiver.body());
    let begun = Instant::now();
    let each = count / CONNECTIONS as u64 + 1;
    let senders = (0..CONNECTIONS).map(|_| {
        let body = body.clone();
        tokio::spawn(async move {
            let mut connection = Connection::open(to).await;
            for _ in 0..each {
                let (status, _) = connection.send(Call::post("/hook", body.clone())).await.expect("an answer");
                assert_eq!(status, 204);
            }
        })
    });
    for sender in senders.collect::<Vec<_>>() {
        sender.await.expect("a sender that ends");
    }
    (each * CONNECTIONS as u64) as f64 / begun.elapsed().as_secs_f64()
}
