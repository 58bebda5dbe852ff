//! Lists as files that are made beside requests, and fetched by a signed link.

mod durable;
mod files;
mod links;

use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::Value;

use super::imports::{CSV, centres, counts, import};
use crate::support::{Answer, Client, Service};

/// A vendor with so many centres.
async fn vendor_with(s: &Service, count: u32) -> Client {
    let vendor = s.vendor().await;
    let job = import(s, &vendor, "?resource=centres", CSV, &centres(0..count)).await;
    assert_eq!(counts(&job), [i64::from(count), 0, 0, 0], "{}", job.text);
    vendor
}

/// Three invented learners in a centre.
async fn learners(s: &Service) -> Client {
    let vendor = vendor_with(s, 1).await;
    let sheet = "externalId,centreExternalId,fullName,dateOfBirth,gender,ethnicGroup,residence.code\n\
        h1,c-0,Nguyễn Thị Thử,1990,female,tay,11407\nh2,c-0,Trần Văn Thử,1991-03,male,kinh,11407\n\
        h3,c-0,Lê Văn Thử,1992-03-04,male,kinh,11407\n";
    let job = import(s, &vendor, "?resource=learners", CSV, sheet).await;
    assert_eq!(counts(&job), [3, 0, 0, 0], "{}", job.text);
    vendor
}

/// Opens an export; the path of its job.
async fn opened(client: &Client, body: Value) -> String {
    let job = client.post("/v1/export-jobs", body).await.expect(202);
    assert_eq!((job.body["state"].as_str(), &job.body["downloadUrl"]), (Some("queued"), &Value::Null), "{}", job.text);
    assert_eq!(job.header("location"), format!("/v1/export-jobs/{}", job.id()));
    job.header("location").to_owned()
}

/// Opens an export and runs it to its end; the job.
async fn exported(s: &Service, client: &Client, body: Value) -> Answer {
    let path = opened(client, body).await;
    s.run_exports().await;
    client.get(&path).await.expect(200)
}

/// The path of the link in a job that is done.
#[track_caller]
fn link(job: &Answer) -> String {
    let url = job.body["downloadUrl"].as_str().unwrap_or_else(|| panic!("no link: {}", job.text));
    url.strip_prefix("http://gdtx.test").expect("a link of this service").to_owned()
}

/// How many rows a table has.
async fn rows_of(s: &Service, table: &str) -> i64 {
    number(s, &format!("SELECT COUNT(*) AS found FROM {table}")).await
}

async fn number(s: &Service, sql: &str) -> i64 {
    let tables = s.tables().await;
    let asked = Statement::from_string(tables.get_database_backend(), sql);
    let row = tables.query_one_raw(asked).await.expect("an answer").expect("a row");
    tables.close().await.expect("a closed connection");
    row.try_get("", "found").expect("a number")
}

/// The state of the one export and the bytes of it that are kept; not by a request, of which so many would use up
/// a quota.
async fn progress(s: &Service) -> (String, i64) {
    let tables = s.tables().await;
    let told = progress_in(&tables).await;
    tables.close().await.expect("a closed connection");
    told
}

/// The same, for who looks often.
async fn progress_in(tables: &DatabaseConnection) -> (String, i64) {
    let statement = Statement::from_string(tables.get_database_backend(), "SELECT state, bytes FROM export_job");
    let row = tables.query_one_raw(statement).await.expect("an answer").expect("an export");
    (row.try_get("", "state").expect("a state"), row.try_get("", "bytes").expect("bytes"))
}
