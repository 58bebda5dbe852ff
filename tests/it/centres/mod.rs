//! Centres: how they come on record, live, move and end, and what belongs to them.

mod authority;
mod campus;
mod centre;
mod checks;
mod directory;
mod event;
mod land;
mod moves;
mod room;
pub mod staff_member;
mod successors;

use serde_json::{Value, json};

use crate::support::{Client, Service, centre, province};

/// An invented centre that was established in 2016 and has operated since that autumn.
pub fn operating(name: &str, commune: &str) -> Value {
    let mut body = centre(name, commune);
    body["initialStatus"] = json!("operating");
    body["establishment"] = json!({
        "decisionNumber": "1234/QĐ-UBND", "decisionDate": "2016-05-20",
        "authorityKind": "ubnd_tinh", "authorityName": "UBND thành phố Hải Phòng (thử nghiệm)",
        "operatingSince": "2016-09-05",
    });
    body
}

/// An event that the department decided on the day it takes effect.
pub fn decision(kind: &str, on: &str) -> Value {
    json!({
        "kind": kind, "effectiveOn": on, "decisionNumber": "12/QĐ-SGDĐT", "decisionDate": on,
        "authorityKind": "so_gddt", "authorityName": "Sở Giáo dục và Đào tạo (thử nghiệm)",
    })
}

/// The same event with more fields.
pub fn with(mut event: Value, more: Value) -> Value {
    for (name, value) in more.as_object().expect("fields") {
        event[name] = value.clone();
    }
    event
}

/// The department of Hải Phòng (31).
pub async fn department(s: &Service) -> Client {
    s.client("province_department", province("31")).await
}

/// Creates a record and tells its id.
pub async fn make(client: &Client, path: &str, body: Value) -> String {
    client.post(path, body).await.expect(201).id()
}

/// Kinds of the events of a centre, in order, each with the status after it.
pub async fn history(client: &Client, id: &str) -> Vec<(String, String)> {
    let page = client.get(&format!("/v1/centres/{id}/events")).await.expect(200).body;
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    page["items"].as_array().expect("items").iter().map(|e| (text(&e["kind"]), text(&e["statusAfter"]))).collect()
}

/// The same history, as a test writes it down.
pub fn told(events: &[(&str, &str)]) -> Vec<(String, String)> {
    events.iter().map(|(kind, status)| ((*kind).to_owned(), (*status).to_owned())).collect()
}
