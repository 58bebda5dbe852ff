//! Files of many records: rows in, receipts out.

mod durable;
mod excel;
mod lives;
mod names;
mod papers;
mod returned;
mod rows;
mod upload;

use std::io::{Cursor, Read, Write};

use reqwest::Method;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::Value;

use crate::support::{Answer, Client, Service};

pub const NDJSON: &str = "application/x-ndjson";
pub const CSV: &str = "text/csv";

/// Sends a file and runs it to its end; the job.
pub async fn import(s: &Service, client: &Client, query: &str, media: &str, file: &str) -> Answer {
    let opened =
        client.raw(Method::POST, &format!("/v1/imports{query}"), media, Some(file.to_owned())).await.expect(202);
    s.run_imports().await;
    client.get(&format!("/v1/imports/{}", opened.id())).await.expect(200)
}

/// Created, updated, unchanged, rejected.
pub fn counts(job: &Answer) -> [i64; 4] {
    ["created", "updated", "unchanged", "rejected"].map(|name| job.body[name].as_i64().unwrap_or(-1))
}

/// Every receipt of a job.
pub async fn receipts(client: &Client, job: &Answer) -> Vec<Value> {
    let path = format!("/v1/imports/{}/receipts?first=1000", job.id());
    client.get(&path).await.expect(200).body["items"].as_array().expect("receipts").clone()
}

/// Pointer and code of the first problem of a receipt.
pub fn fault(receipt: &Value) -> (&str, &str) {
    let first = &receipt["errors"][0];
    assert!(first["detailVi"] != first["detailEn"] && first["detailVi"].is_string(), "{receipt}");
    (first["pointer"].as_str().unwrap_or_default(), first["code"].as_str().unwrap_or_default())
}

/// Lines of invented centres, numbered.
pub fn centres(numbers: std::ops::Range<u32>) -> String {
    let mut sheet = "externalId,name,kind,ownership,place.code\n".to_owned();
    for number in numbers {
        sheet += &format!("c-{number},Trung tâm Thử {number},gdtx_centre,public,11407\n");
    }
    sheet
}

/// How many records of a kind the caller sees.
pub async fn count(client: &Client, path: &str) -> i64 {
    client.get(&format!("{path}?count=exact&first=1")).await.expect(200).body["totalCount"].as_i64().expect("a count")
}

/// A workbook with one of its parts rewritten, everything else as it was.
pub fn rewritten(book: Vec<u8>, part: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(Cursor::new(book)).expect("an archive");
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..from.len() {
        let mut file = from.by_index(at).expect("a part");
        let (name, mut bytes) = (file.name().expect("a name").into_owned(), Vec::new());
        file.read_to_end(&mut bytes).expect("bytes");
        if name == part {
            bytes = change(String::from_utf8(bytes).expect("text")).into_bytes();
        }
        to.start_file(name, zip::write::SimpleFileOptions::default()).expect("a part");
        to.write_all(&bytes).expect("bytes");
    }
    to.finish().expect("a workbook").into_inner()
}

/// Rows that were judged, and the state of the one import; not by a request, of which so many would
/// use up a quota.
pub async fn progress(s: &Service) -> (i64, String) {
    let tables = s.tables().await;
    let row = tables.query_one_raw(Statement::from_string(
        tables.get_database_backend(),
        "SELECT rows_done, state FROM import_job",
    ));
    let row = row.await.expect("an answer").expect("an import");
    tables.close().await.expect("a closed connection");
    (row.try_get("", "rows_done").expect("rows"), row.try_get("", "state").expect("a state"))
}
