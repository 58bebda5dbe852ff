//! Reports: filled in from the records, handed from the commune to the province and on to the Ministry.
//!
//! They are all for 2025-2026, whose days are over, so that the stories read the same on any later day.

mod due;
mod figures;
mod files;
mod refusals;
mod remind;
mod way;

use gdtx_domain::access::reach::Reach;
use serde_json::{Value, json};

use crate::support::{Answer, Client, Service, province};

/// A commune of Hải Phòng.
const COMMUNE: &str = "11407";

/// The bodies of a chain.
struct Chain {
    office: Client,
    department: Client,
    ministry: Client,
}

/// An office that reaches one commune.
async fn office(s: &Service, commune: &str) -> Client {
    s.client("commune_office", Reach { communes: vec![commune.to_owned()], ..Reach::default() }).await
}

async fn chain(s: &Service) -> Chain {
    Chain {
        office: office(s, COMMUNE).await,
        department: s.client("province_department", province("31")).await,
        ministry: s.client("ministry", Reach::whole_country()).await,
    }
}

/// A new report on a form for a place, for 2025-2026.
fn report(form: &str, place: Option<&str>) -> Value {
    let mut body = json!({ "form": form, "schoolYear": "2025" });
    if let Some(code) = place {
        body["place"] = json!({ "code": code });
    }
    body
}

async fn made(client: &Client, form: &str, place: Option<&str>) -> Answer {
    client.post("/v1/reports", report(form, place)).await.expect(201)
}

fn path(id: &str) -> String {
    format!("/v1/reports/{id}")
}

/// One step of a report.
async fn step(client: &Client, id: &str, step: &str, body: Value) -> Answer {
    client.post(&format!("/v1/reports/{id}/{step}"), body).await
}

/// What a signature says.
fn signature() -> Value {
    json!({ "signerTitle": "Chủ tịch Ủy ban nhân dân", "documentNumber": "12/BC-UBND", "signedOn": "2026-06-15" })
}

fn entry(line: &str, column: &str, value: i64) -> Value {
    json!({ "line": line, "column": column, "value": value })
}

/// Where a figure stands in a report.
fn place(report: &Value, line: &str, column: &str) -> usize {
    let figures = report["figures"].as_array().expect("figures");
    let at = figures.iter().position(|figure| figure["line"] == line && figure["column"] == column);
    at.unwrap_or_else(|| panic!("no figure {line} {column}"))
}

/// One member of a figure.
fn told<'a>(report: &'a Value, line: &str, column: &str, member: &str) -> &'a Value {
    &report["figures"][place(report, line, column)][member]
}

/// Centres and staff of a commune in an earlier year, which records do not tell: what a report for the start of the
/// year is missing there.
fn network() -> Value {
    let centres = ["02", "03", "04", "05", "06", "07"].map(|line| entry(line, "total", 0));
    let staff = [entry("41", "total", 1), entry("42", "total", 5), entry("43", "total", 2)];
    let entries = [centres.as_slice(), &staff].concat();
    json!({ "entries": entries })
}

/// A survey of literacy: people of three ages, of whom so many read at both levels.
fn survey(people: [i64; 3], level_1: [i64; 3], level_2: [i64; 3]) -> Value {
    let columns = ["15_25", "15_35", "15_60"];
    let line =
        |code: &'static str, values: [i64; 3]| columns.into_iter().zip(values).map(move |(c, v)| entry(code, c, v));
    let not_told = line("08", [0; 3]).chain(line("10", [0; 3]));
    let entries = line("02", [0; 3]).chain(line("03", people)).chain(line("04", level_1)).chain(line("06", level_2));
    json!({ "entries": entries.chain(not_told).collect::<Vec<_>>() })
}

/// Enters what a report is missing, explains what it must, and hands it in.
async fn submitted(client: &Client, id: &str) -> Answer {
    let first = step(client, id, "submit", signature()).await;
    if first.status == 200 {
        return first;
    }
    let report = client.get(&path(id)).await.expect(200).body;
    let mut entries = report["entries"].as_array().expect("entries").clone();
    for (pointer, code) in first.faults() {
        let at: usize = pointer.split('/').nth(2).and_then(|at| at.parse().ok()).unwrap_or_else(|| panic!("{pointer}"));
        let figure = &report["figures"][at];
        let known = |entry: &Value| entry["line"] == figure["line"] && entry["column"] == figure["column"];
        let own = entries.iter().position(known).unwrap_or_else(|| {
            entries.push(json!({ "line": figure["line"], "column": figure["column"] }));
            entries.len() - 1
        });
        match code.as_str() {
            "required" => entries[own]["value"] = json!(0),
            "explanation_required" => entries[own]["explanation"] = json!("Mở thêm lớp theo nhu cầu."),
            other => panic!("{pointer} {other}"),
        }
    }
    client.patch(&path(id), json!({ "entries": entries })).await.expect(200);
    step(client, id, "submit", signature()).await.expect(200)
}
