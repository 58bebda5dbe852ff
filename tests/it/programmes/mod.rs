//! Programmes and classes, from the reference of kinds to the end of a class.

mod class;
mod class_state;
mod fields;
mod kind;
mod programme;
mod programme_state;

use serde_json::{Value, json};

use crate::support::{Client, Service, centre, province};

/// Puts a centre of this kind on record in Hải Phòng, as a proposal; its id.
async fn proposed(client: &Client, kind: &str) -> String {
    let mut body = centre(&format!("Cơ sở thử nghiệm {kind}"), "11407");
    body["kind"] = json!(kind);
    client.post("/v1/centres", body).await.expect(201).id()
}

/// Puts a centre of this kind on record that has operated since 2016; its id.
async fn operating(client: &Client, kind: &str) -> String {
    let mut body = centre(&format!("Cơ sở thử nghiệm {kind}"), "11407");
    body["kind"] = json!(kind);
    body["initialStatus"] = json!("operating");
    body["establishment"] =
        json!({ "decisionNumber": "1234/QĐ-UBND", "decisionDate": "2016-05-20", "authorityKind": "ubnd_tinh" });
    client.post("/v1/centres", body).await.expect(201).id()
}

/// Records an event of today in the life of a centre, as the department decides it.
async fn decide(s: &Service, centre_id: &str, kind: &str, more: Value) {
    let today = gdtx_service::Clock::System.today();
    let mut body = json!({
        "kind": kind, "effectiveOn": today, "decisionNumber": "12/QĐ-SGDĐT", "decisionDate": today, "authorityKind": "so_gddt",
    });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    let department = s.client("province_department", province("31")).await;
    department.post(&format!("/v1/centres/{centre_id}/events"), body).await.expect(201);
}

/// A programme with no more than its kind asks for.
fn bare(centre_id: &str, kind: &str) -> Value {
    let mut body = json!({ "centreId": centre_id, "kind": kind, "name": format!("Chương trình {kind}") });
    match kind {
        "practical_english" => body["language"] = json!("english"),
        "gdtx_upper_secondary" => {
            body["curriculumVersion"] = json!("curriculum_2018");
            body["subjects"] = subjects(&[
                ("literature", "compulsory"),
                ("mathematics", "compulsory"),
                ("history", "compulsory"),
                ("geography", "elective"),
                ("physics", "elective"),
                ("chemistry", "elective"),
                ("biology", "elective"),
                ("experience_career", "activity"),
            ]);
        }
        _ => {}
    }
    body
}

fn subjects(rows: &[(&str, &str)]) -> Value {
    rows.iter().map(|(subject, presence)| json!({ "subject": subject, "presence": presence })).collect()
}

/// What TT 01/2023 art. 12 asks a centre to make public.
fn publication() -> Value {
    json!({
        "aims": "Đọc thông viết thạo", "materials": "Bộ sách của Bộ", "teachers": "Hai giáo viên",
        "assessment": "Kiểm tra từng kỳ", "content": "Theo chương trình", "startsOn": "2026-09-05", "feeVnd": 0,
    })
}

/// The same programme with everything that must be public.
fn complete(centre_id: &str, kind: &str) -> Value {
    let mut body = bare(centre_id, kind);
    for (key, value) in publication().as_object().unwrap() {
        body[key] = value.clone();
    }
    body
}

/// A published programme of this kind; its id.
async fn published(client: &Client, centre_id: &str, kind: &str) -> String {
    let id = client.post("/v1/programmes", complete(centre_id, kind)).await.expect(201).id();
    client.post(&format!("/v1/programmes/{id}/publish"), json!({})).await.expect(200);
    id
}

/// An evening class of a village.
fn class(programme_id: &str, code: &str) -> Value {
    json!({ "programmeId": programme_id, "schoolYear": "2025-2026", "code": code, "name": format!("Lớp {code}") })
}

/// A class of the first literacy stage, with its grade.
fn literacy_class(programme_id: &str, code: &str) -> Value {
    let mut body = class(programme_id, code);
    body["grade"] = json!("gdtx_grade_1");
    body
}
