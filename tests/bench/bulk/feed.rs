//! The change feed, read page by page by one client, beside a handler that reads the journal alone.

use std::time::Instant;

use super::{Bench, bare};
use crate::{
    load::{Call, Connection},
    report::Rates,
    sample,
};

pub const NAME: &str = "read changes";
/// Entries a second at least.
const LEAST: f64 = 20_000.0;
/// Entries in a round at most.
const MOST: usize = 100_000;

pub async fn run(bench: &Bench<'_>, rounds: usize) -> Rates {
    let db = bare::connect(&bench.place.url).await;
    let last = sample::last_position(&db).await;
    let mut rates = Rates::new(format!("{NAME}, 1,000 a page"), "entries", LEAST, None);
    for round in 0..rounds {
        eprintln!("round {} of {rounds}: {NAME}", round + 1);
        // The newest of the entries, as a reader does that comes back in the morning.
        let from = last.saturating_sub(MOST as i64).max(0);
        rates.add(read(bench, from, true).await, read(bench, from, false).await);
    }
    rates
}

/// Entries a second.
async fn read(bench: &Bench<'_>, from: i64, ours: bool) -> f64 {
    let (to, path) = if ours { (bench.address, "/v1/changes") } else { (bench.floor, "/changes") };
    let mut connection = Connection::open(to).await;
    let (mut after, mut entries, begun) = (from, 0, Instant::now());
    while entries < MOST {
        let call = Call::get(format!("{path}?after={after}&first=1000")).with("authorization", bench.token);
        let (status, body) = connection.send(call).await.expect("an answer");
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
        let (items, next) = tail(&body);
        (entries, after) = (entries + items, next);
        if items < 1000 {
            break;
        }
    }
    entries as f64 / begun.elapsed().as_secs_f64()
}

/// Entries of a page, and where to go on.
fn tail(body: &[u8]) -> (usize, i64) {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Page<'a> {
        #[serde(borrow)]
        items: Vec<&'a serde_json::value::RawValue>,
        next_after: i64,
    }
    let page: Page<'_> = serde_json::from_slice(body).expect("a page");
    (page.items.len(), page.next_after)
}
