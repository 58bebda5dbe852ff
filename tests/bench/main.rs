//! Measures the service against a floor on the same machine, database and data: `make bench`.
//!
//! The floor is actix-web and sqlx alone with the same SQL. Workloads of both are interleaved, so
//! that a busy machine hurts them alike; what counts is the ratio.
//!
//! `BENCH_SCALE` is the size of the data: hundredths of one province's classes, or `national`.
//! `BENCH_DATABASES` is `sqlite`, `postgres` or both, `BENCH_ROUNDS` how often all is measured,
//! `BENCH_ONLY` a part of the names of the workloads that run, `BENCH_ROWS` the rows of an import.

#[path = "../it/support/postgres.rs"]
#[allow(dead_code, reason = "the tests drop their databases, the bench keeps its own")]
mod postgres;

mod bulk;
mod figures;
mod floor;
mod load;
mod process;
mod report;
mod sample;
mod workloads;

use std::{env, fmt::Write, path::PathBuf, sync::Arc};

use process::Place;

fn main() {
    let arguments: Vec<String> = env::args().collect();
    if let [_, mode, url, ..] = arguments.as_slice()
        && mode == "floor"
    {
        actix_web::rt::System::new().block_on(floor::serve(url)).expect("a floor");
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(bench());
}

/// A setting of the bench, from the environment.
fn setting(name: &str, default: &str) -> String {
    env::var(name).ok().filter(|value| !value.is_empty()).unwrap_or_else(|| default.to_owned())
}

async fn bench() {
    // The program runs in the folder of its package; everything is named from the root.
    env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).expect("the root of the sources");
    let folder = PathBuf::from("target/bench");
    std::fs::create_dir_all(&folder).expect("a folder for the data");
    let folder = folder.canonicalize().expect("the folder");
    let kept = folder.join("gdtx_bench_national.db").exists();
    let scale = setting("BENCH_SCALE", if kept { "national" } else { "20" });
    let rounds = setting("BENCH_ROUNDS", "3").parse().expect("BENCH_ROUNDS is a number");
    let mut text = report::head(&scale);
    for database in setting("BENCH_DATABASES", "sqlite,postgres").split(',') {
        let name = format!("gdtx_bench_{scale}");
        let url = match database {
            "sqlite" => format!("sqlite://{}?mode=rwc", folder.join(format!("{name}.db")).display()),
            "postgres" => {
                let server = postgres::server().await;
                // On a lasting server (TEST_POSTGRES_URL) it is there from the run before.
                let _ = server.create_database(&name, None).await;
                server.url_of(&name)
            }
            other => panic!("BENCH_DATABASES: {other} is neither sqlite nor postgres"),
        };
        let place = Place { url, folder: folder.clone() };
        fill(&place, &scale);
        let measured = measure(&place, rounds).await;
        writeln!(text, "\n## {database}\n\n{measured}").expect("a text");
    }
    print!("{text}");
    std::fs::write(folder.join("../bench.md"), text).expect("a report");
}

/// Fills the database unless it is filled.
fn fill(place: &Place, scale: &str) {
    let done = place.gdtx().args(["demo", "--scale", scale]).status().expect("gdtx demo");
    assert!(done.success(), "gdtx demo failed");
}

async fn measure(place: &Place, rounds: usize) -> String {
    workloads::analyse(place).await;
    let (service, start) = place.serve().await;
    let idle = service.memory().0;
    let provinces = sample::provinces(place).await;
    let (settings, id, secret) = sample::client(place, service.address, &provinces).await;
    let token = sample::token(service.address, &id, &secret).await;
    let sample = Arc::new(sample::take(place, service.address, &token, &provinces).await);
    let floor = place.floor();
    let mut pairs = workloads::pairs(&sample, &service, &floor).await;
    let only = setting("BENCH_ONLY", "");
    pairs.retain(|pair| pair.name.contains(&only));
    let mut results: Vec<_> = pairs.iter().map(|_| report::Result::default()).collect();
    for round in 0..rounds {
        for (pair, result) in pairs.iter().zip(&mut results) {
            eprintln!("round {} of {rounds}: {}", round + 1, pair.name);
            let (ours, theirs) = pair.run().await;
            result.add(ours, theirs);
        }
    }
    let verified = workloads::token_cost(&settings, &token).await;
    workloads::revoked_is_out(service.address, &id, &secret).await;
    let mut text = format!("{}\n\n", sample.rows);
    text += &report::table(&pairs, &results);
    text += &report::single("token once seen", verified, "µs", 10.0);
    text += &report::single("start until ready", start.as_secs_f64() * 1000.0, "ms", 1000.0);
    if place.url.starts_with("sqlite") {
        text += &report::single("memory after the start", idle, "MB", 60.0);
    }
    text += &report::single("most memory under load", service.memory().1, "MB", 150.0);
    drop((service, floor));
    text += "\n";
    text += &report::bulk(&figures::run(place, &sample, (&id, &secret), rounds, &only).await);
    text += "\n";
    text += &report::bulk(&bulk::run(place, rounds, &only).await);
    text
}
