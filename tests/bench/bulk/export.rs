//! An export of enrolments, beside a handler that streams the same rows without a service.

use super::{Bench, bare};
use crate::{
    load::{Call, stream},
    report::Rates,
    sample,
};

pub const NAME: &str = "export enrolments";
/// Rows a second at least, and their share of the bare handler's.
const BARS: (f64, f64) = (1.0, 0.70);
/// Milliseconds until the first byte at most.
const FIRST_BYTE: f64 = 50.0;
/// Megabytes of memory at most, however many rows.
const MEMORY: f64 = 100.0;

pub async fn run(bench: &Bench<'_>, rounds: usize) -> Vec<Rates> {
    let db = bare::connect(&bench.place.url).await;
    let province = sample::largest_province(&db).await;
    let get = |path: String| Call::get(path).with("authorization", bench.token);
    let ours = format!("/v1/exports/enrolments?provinceCode={province}");
    let theirs = format!("/export?province={province}");
    let mut rates = Rates::new(format!("{NAME} of province {province}"), "rows", BARS.0, Some(BARS.1));
    let mut first = Vec::new();
    for round in 0..rounds {
        eprintln!("round {} of {rounds}: {NAME}", round + 1);
        let (ours, theirs) =
            (stream(bench.address, get(ours.clone())).await, stream(bench.floor, get(theirs.clone())).await);
        assert_eq!(ours.lines, theirs.lines, "both tell the same rows");
        rates.add(ours.per_second(), theirs.per_second());
        first.push(ours.first.as_secs_f64() * 1000.0);
    }
    vec![rates, Rates::most(format!("{NAME}: first byte"), "ms", FIRST_BYTE, first), memory(bench).await]
}

/// The memory of a process that has exported everything there is.
async fn memory(bench: &Bench<'_>) -> Rates {
    // Tokens are good where the address is the one that issued them.
    let address = format!("http://{}", bench.address);
    let (process, _) = bench.place.serve_with(&[("GDTX_PUBLIC_URL", &address)]).await;
    let mut rows = 0;
    for format in ["ndjson", "csv", "xlsx"] {
        let call = Call::get(format!("/v1/exports/enrolments?format={format}")).with("authorization", bench.token);
        rows = rows.max(stream(process.address, call).await.lines);
    }
    Rates::most(format!("{NAME}: memory after {rows} rows in each form"), "MB", MEMORY, vec![process.memory().1])
}
