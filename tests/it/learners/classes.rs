//! Invented classes for the stories of enrolments, and the steps of these.

use serde_json::{Value, json};

use super::people::{centre_of, person};
use crate::support::{Answer, Client};

/// A new approved class of a programme of this kind in a centre; tells its id.
pub async fn class_of(client: &Client, centre: &str, kind: &str, grade: Option<&str>) -> String {
    let mut programme = json!({ "centreId": centre, "kind": kind, "name": "Chương trình Thử Nghiệm" });
    if kind == "gdtx_upper_secondary" {
        let subject = |code: &str, presence: &str| json!({ "subject": code, "presence": presence });
        let compulsory = ["literature", "mathematics", "history"].map(|code| subject(code, "compulsory"));
        let electives =
            ["geography", "economics_law", "physics", "chemistry", "biology", "informatics"].map(|code| subject(code, "elective"));
        let subjects = [&compulsory[..], &electives[..], &[subject("experience_career", "activity")]].concat();
        programme["curriculumVersion"] = json!("curriculum_2018");
        programme["subjects"] = json!(subjects);
    }
    let programme = client.post("/v1/programmes", programme).await.expect(201).id();
    let class = json!({
        "programmeId": programme, "schoolYear": "2025-2026", "code": "THU-1", "name": "Lớp Thử Nghiệm", "grade": grade,
    });
    let id = client.post("/v1/classes", class).await.expect(201).id();
    client.post(&format!("/v1/classes/{id}/approve"), json!({})).await.expect(200);
    id
}

/// A centre, a learner and a class on demand, all invented.
pub struct Setting {
    pub centre: String,
    pub learner: String,
    pub class: String,
}

impl Setting {
    pub async fn new(client: &Client) -> Self {
        let centre = centre_of(client).await;
        let learner = client.post("/v1/learners", person(&centre)).await.expect(201).id();
        let class = class_of(client, &centre, "on_demand", None).await;
        Self { centre, learner, class }
    }

    /// What enrols the learner in the class.
    pub fn enrolment(&self) -> Value {
        json!({ "learnerId": self.learner, "classId": self.class, "enrolledOn": "2025-09-05" })
    }

    /// The same with more fields.
    pub fn enrolment_with(&self, more: Value) -> Value {
        let mut body = self.enrolment();
        for (name, value) in more.as_object().expect("an object") {
            body[name] = value.clone();
        }
        body
    }

    /// Enrols the learner; tells the path of the enrolment.
    pub async fn enrolled(&self, client: &Client) -> String {
        format!("/v1/enrolments/{}", client.post("/v1/enrolments", self.enrolment()).await.expect(201).id())
    }
}

/// Sends a step of the enrolment at `path`.
pub async fn step(client: &Client, path: &str, kind: &str, on: &str, more: Value) -> Answer {
    let mut body = json!({ "kind": kind, "effectiveOn": on });
    for (name, value) in more.as_object().expect("an object") {
        body[name] = value.clone();
    }
    client.post(&format!("{path}/events"), body).await
}
