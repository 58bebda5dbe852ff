//! An import of learners with all checks, receipts and journal, beside a bare insert of the same rows.

use std::{
    fmt::Write,
    ops::Range,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::{Bench, bare};
use crate::{
    load::{Call, once},
    report::Rates,
    sample, setting,
};

pub const NAME: &str = "import learners";
/// Rows a second at least, and their share of the bare insert.
const BARS: (f64, f64) = (20_000.0, 0.25);

pub async fn run(bench: &Bench<'_>, rounds: usize) -> Rates {
    let count: usize = setting("BENCH_ROWS", "100000").parse().expect("BENCH_ROWS is a number");
    let db = bare::connect(&bench.place.url).await;
    let centre = sample::any_centre(&db).await;
    let mut rates = Rates::new(format!("{NAME}, {count} rows"), "rows", BARS.0, Some(BARS.1));
    for round in 0..rounds {
        eprintln!("round {} of {rounds}: {NAME}", round + 1);
        let mark = format!("b{}-{round}", gdtx_service::Clock::System.now().timestamp_micros());
        let file = learners(&centre, &mark, round * count..(round + 1) * count);
        let begun = Instant::now();
        let made = imported(bench, file).await;
        let ours = count as f64 / begun.elapsed().as_secs_f64();
        assert_eq!(made, count as u64, "each row makes a learner");
        let floor = bare::insert_learners(&db, count).await;
        rates.add(ours, floor);
    }
    rates
}

/// Learners as a school system sends them; nobody of them lives, and no two are one person.
fn learners(centre: &str, mark: &str, people: Range<usize>) -> String {
    const FAMILY: [&str; 8] = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi"];
    const GIVEN: [&str; 9] = ["An", "Bình", "Chi", "Dung", "Hà", "Lan", "Minh", "Nam", "Tuấn"];
    let mut file = String::with_capacity(people.len() * 400);
    for n in people {
        let woman = n % 2 == 0;
        let row = json!({
            "externalId": format!("{mark}-{n}"),
            "centreId": centre,
            "fullName": format!("{} Hư Cấu {} {}", FAMILY[n % 8], numeral(n), GIVEN[n / 8 % 9]),
            "dateOfBirth": format!("{}-{:02}-{:02}", 1955 + n / 336 % 45, n / 28 % 12 + 1, n % 28 + 1),
            "gender": if woman { "female" } else { "male" },
            "nationality": "VN",
            "ethnicGroup": if n % 5 == 0 { "tay" } else { "kinh" },
            "placeOfBirth": "Hư cấu",
            "contactPhone": format!("0900{:06}", n % 1_000_000),
            "studyForm": "in_service",
            "policyGroups": if n % 10 == 0 { json!(["poor_household"]) } else { json!([]) },
        });
        writeln!(file, "{row}").expect("a text");
    }
    file
}

/// A number as a name of syllables.
fn numeral(mut n: usize) -> String {
    const DIGITS: [&str; 16] =
        ["An", "Bảo", "Chi", "Duy", "Gia", "Hải", "Kim", "Lan", "Mai", "Nhã", "Phú", "Quý", "Sơn", "Thu", "Vân", "Yên"];
    let mut name = Vec::new();
    while n > 0 || name.is_empty() {
        name.push(DIGITS[n % DIGITS.len()]);
        n /= DIGITS.len();
    }
    name.join(" ")
}

/// Sends a file and waits for its end; tells how many records it made.
async fn imported(bench: &Bench<'_>, file: String) -> u64 {
    let ask = |path: String| Call::get(path).with("authorization", bench.token);
    let send = Call {
        headers: vec![("content-type", "application/x-ndjson".to_owned())],
        ..Call::post("/v1/imports?resource=learners", file)
    };
    let (status, body) = once(bench.address, send.with("authorization", bench.token)).await.expect("an answer");
    assert_eq!(status, 202, "{}", String::from_utf8_lossy(&body));
    let job: Value = serde_json::from_slice(&body).expect("JSON");
    let path = format!("/v1/imports/{}", job["id"].as_str().expect("an id"));
    loop {
        let (_, body) = once(bench.address, ask(path.clone())).await.expect("an answer");
        let job: Value = serde_json::from_slice(&body).expect("JSON");
        match job["state"].as_str() {
            Some("queued" | "running") => tokio::time::sleep(Duration::from_millis(20)).await,
            Some("done") => {
                if job["rejected"] != 0 {
                    let receipts = ask(format!("{path}/receipts?outcome=rejected&first=1"));
                    let (_, body) = once(bench.address, receipts).await.expect("an answer");
                    panic!("rows were rejected: {}", String::from_utf8_lossy(&body));
                }
                return job["created"].as_u64().unwrap_or_default();
            }
            _ => panic!("the import failed: {job}"),
        }
    }
}
