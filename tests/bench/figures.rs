//! Statistics: figures in memory beside the same question as SQL, answers by the second, and what counting costs.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use serde_json::Value;

use crate::{
    load::{self, Call, Connection, Maker, once, run as load},
    process::Place,
    report::Rates,
    sample::{self, Sample},
    workloads,
};

const ONE: &str = "enrolments of a year by kind, sex and province";
const MIXED: &str = "statistics, mixed questions";
const COUNTING: &str = "enrolments created while counting";

/// The question that is compared with SQL.
const QUESTION: &str =
    "/v1/statistics/datasets/enrolments/data?groupBy=programmeKind,gender,province&schoolYear=2025&period=start";
const SQL: &str = "SELECT e.province_code, p.kind, l.gender, count(*) AS v FROM enrolment e
    JOIN class c ON c.id = e.class_id JOIN programme p ON p.id = c.programme_id JOIN learner l ON l.id = e.learner_id
    WHERE e.deleted_at IS NULL AND c.school_year = 2025
        AND e.enrolled_on <= '2025-09-30' AND (e.ended_on IS NULL OR e.ended_on >= '2025-09-30')
    GROUP BY e.province_code, p.kind, l.gender";

/// Questions that portals ask.
const QUESTIONS: [&str; 10] = [
    "/v1/statistics/datasets/centres/data?groupBy=centreKind",
    "/v1/statistics/datasets/centres/data?groupBy=province&format=json_stat",
    "/v1/statistics/datasets/learners/data?groupBy=gender,minority",
    "/v1/statistics/datasets/enrolments/data?groupBy=province&schoolYear=latest&period=start",
    "/v1/statistics/datasets/enrolments/data?groupBy=programmeGroup,gender&schoolYear=latest&period=live&totals=true",
    "/v1/statistics/datasets/enrolments/data?groupBy=schoolYear,programmeGroup&period=start&format=csv",
    "/v1/statistics/datasets/outcomes/data?groupBy=enrolmentStatus&schoolYear=latest",
    "/v1/statistics/datasets/recognitions/data?groupBy=recognitionKind,recognitionState",
    "/v1/statistics/indicators/women_share/data?groupBy=province",
    "/v1/statistics/datasets/classes/data?groupBy=province&schoolYear=latest&sort=-classes&top=5",
];

/// How long a stretch lasts.
const LASTING: Duration = Duration::from_secs(3);
/// How long one of writes lasts: long beside the wait for what is left to count at its end.
const WRITING: Duration = Duration::from_secs(10);

/// Measures all of it; `only` is a part of the names of those that run.
pub async fn run(place: &Place, sample: &Arc<Sample>, client: (&str, &str), rounds: usize, only: &str) -> Vec<Rates> {
    let db = Database::connect(&place.url).await.expect("a connection");
    let mut all = Vec::new();
    if ONE.contains(only) || MIXED.contains(only) {
        let (service, _) = place.serve().await;
        counted(&db, service.address).await;
        if ONE.contains(only) {
            all.extend(one(&db, service.address, rounds).await);
        }
        if MIXED.contains(only) {
            all.extend(mixed(service.address, rounds).await);
        }
    }
    if COUNTING.contains(only) {
        all.push(counting(place, &db, (sample, client), rounds).await);
    }
    all
}

/// Waits until everything is counted that was written.
async fn counted(db: &DatabaseConnection, to: SocketAddr) {
    let last = sample::last_position(db).await;
    loop {
        let (_, body) =
            once(to, Call::get("/v1/statistics/datasets/centres/data".to_owned())).await.expect("an answer");
        let answer: Value = serde_json::from_slice(&body).expect("JSON");
        if answer["position"].as_i64().is_some_and(|position| position >= last) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// One question after the other on one connection, beside the same as SQL.
async fn one(db: &DatabaseConnection, to: SocketAddr, rounds: usize) -> Vec<Rates> {
    let mut rates = Rates::new(format!("{ONE}, one after the other; against SQL"), "answers", 100.0, Some(200.0));
    let mut slowest = Vec::new();
    for _ in 0..rounds {
        let begun = Instant::now();
        let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), SQL)).await.expect("rows");
        let by_sql = begun.elapsed().as_secs_f64();
        let all: i64 = rows.iter().map(|row| row.try_get::<i64>("", "v").expect("a number")).sum();
        let mut connection = Connection::open(to).await;
        let mut micros = Vec::new();
        for _ in 0..1_000 {
            let begun = Instant::now();
            let (status, body) = connection.send(Call::get(QUESTION.to_owned())).await.expect("an answer");
            micros.push(begun.elapsed().as_micros() as f64);
            assert_eq!(status, 200);
            if micros.len() == 1 {
                near(&body, all);
            }
        }
        micros.sort_by(f64::total_cmp);
        rates.add(1e6 / micros[micros.len() / 2], 1.0 / by_sql);
        slowest.push(micros[micros.len() * 99 / 100]);
    }
    vec![rates, Rates::most(format!("{ONE}, p99"), "µs", 10_000.0, slowest)]
}

/// The figures are those of the records, as near as rounding leaves them.
fn near(body: &[u8], all: i64) {
    let answer: Value = serde_json::from_slice(body).expect("JSON");
    let rows = answer["rows"].as_array().expect("rows");
    let sum: i64 = rows.iter().map(|row| row["values"][0].as_i64().expect("a figure")).sum();
    assert!((sum - all).abs() * 20 <= all, "{sum} in the answer, {all} by SQL");
}

async fn mixed(to: SocketAddr, rounds: usize) -> Vec<Rates> {
    let mut tags = Vec::new();
    for question in QUESTIONS.iter().filter(|question| !question.contains("indicators")) {
        tags.push((*question, load::tag(to, Call::get((*question).to_owned())).await));
    }
    let asking: Maker = Arc::new(|n| Call::get(workloads::any(&QUESTIONS, n).to_string()));
    let asking_again: Maker = Arc::new(move |n| {
        let (question, tag) = workloads::any(&tags, n);
        Call::get((*question).to_owned()).with("if-none-match", tag)
    });
    let mut unchanged = Rates::new(format!("{MIXED}, 304; against 200"), "answers", 6_000.0, Some(3.0));
    let mut fresh = Vec::new();
    for _ in 0..rounds {
        let asked = load(to, &asking, 200, LASTING).await;
        let again = load(to, &asking_again, 304, LASTING).await;
        assert_eq!((asked.wrong, again.wrong), (0, 0), "{:?} {:?}", asked.example, again.example);
        unchanged.add(again.per_second(), asked.per_second());
        fresh.push(asked.per_second());
    }
    vec![Rates::least(MIXED.to_owned(), "answers", 2_000.0, fresh), unchanged]
}

/// Writes with counting beside writes without; what is left to count when the writes end is waited for.
async fn counting(
    place: &Place,
    db: &DatabaseConnection,
    (sample, (id, secret)): (&Arc<Sample>, (&str, &str)),
    rounds: usize,
) -> Rates {
    let mut rates = Rates::new(format!("{COUNTING}; against without"), "writes", 0.0, Some(0.85));
    for _ in 0..rounds {
        let mut of = Vec::new();
        for counts in ["true", "false"] {
            let (service, _) = place.serve_with(&[("GDTX_COUNT_STATISTICS", counts)]).await;
            if counts == "true" {
                counted(db, service.address).await;
            }
            let token = format!("Bearer {}", sample::token(service.address, id, secret).await);
            let begun = Instant::now();
            let written = load(service.address, &workloads::creating(sample, &token), 201, WRITING).await;
            assert_eq!(written.wrong, 0, "{:?}", written.example);
            if counts == "true" {
                counted(db, service.address).await;
            }
            of.push(written.micros.len() as f64 / begun.elapsed().as_secs_f64());
        }
        rates.add(of[0], of[1]);
    }
    rates
}
