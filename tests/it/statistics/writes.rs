//! Random writes of every kind that is counted.

use serde_json::json;

use super::Dice;
use crate::{
    centres::staff_member::teacher,
    learners::{
        classes::{Setting, class_of, step},
        people::{centre_of, person_with},
    },
    recognitions::unit,
    support::{Answer, Client},
};

/// What the writes so far have made.
#[derive(Default)]
pub struct World {
    pub centres: Vec<String>,
    pub classes: Vec<String>,
    pub learners: Vec<String>,
    pub enrolments: Vec<String>,
    pub staff: Vec<String>,
    pub recognitions: Vec<String>,
    pub results: Vec<String>,
}

/// One write of any kind; what is refused changes nothing.
pub async fn write(client: &Client, dice: &mut Dice, world: &mut World) {
    let kinds = ["on_demand", "literacy_stage_1", "life_skills"];
    match dice.roll(24) {
        0 => world.centres.push(centre_of(client).await),
        1 => {
            let centre = dice.one(&world.centres).clone();
            let kind = *dice.one(&kinds);
            let grade = (kind == "literacy_stage_1").then_some("gdtx_literacy");
            let programme = json!({ "centreId": centre, "kind": kind, "name": "Chương trình Thử" });
            let made = client.post("/v1/programmes", programme).await;
            if made.status == 201 {
                let class = json!({ "programmeId": made.id(), "schoolYear": dice.one(&["2024-2025", "2025-2026"]), "code": format!("L{}", dice.roll(1_000_000)), "name": "Lớp Thử", "grade": grade, "capacity": dice.roll(40) + 1 });
                let class = client.post("/v1/classes", class).await;
                if class.status == 201 {
                    client.post(&format!("/v1/classes/{}/approve", class.id()), json!({})).await;
                    world.classes.push(class.id());
                }
            }
        }
        2 | 3 => {
            let centre = dice.one(&world.centres).clone();
            let more = json!({
                "gender": dice.one(&["male", "female", "unknown"]), "ethnicGroup": dice.one(&["kinh", "tay", "hmong"]),
                "dateOfBirth": { "value": format!("{}", 1950 + dice.roll(60)), "precision": "year" },
                "policyGroups": dice.one(&[json!([]), json!(["poor_household"]), json!(["poor_household", "other"])]),
            });
            let made = client.post("/v1/learners", person_with(&centre, more)).await;
            keep(&mut world.learners, &made);
        }
        4..=6 => {
            let enrolment = json!({ "learnerId": dice.one(&world.learners), "classId": dice.one(&world.classes), "enrolledOn": format!("{}-{:02}-05", dice.one(&[2024, 2025]), dice.one(&[9, 10, 11])) });
            let made = client.post("/v1/enrolments", enrolment).await;
            keep(&mut world.enrolments, &made);
        }
        7 if !world.enrolments.is_empty() => {
            let path = format!("/v1/enrolments/{}", dice.one(&world.enrolments));
            let (kind, more) = dice
                .one(&[
                    ("start", json!({})),
                    ("drop_out", json!({ "dropoutReason": "distance" })),
                    ("complete", json!({})),
                ])
                .clone();
            step(client, &path, kind, "2025-12-01", more).await;
        }
        8 => {
            let change = dice
                .one(&[
                    json!({ "gender": "male" }),
                    json!({ "ethnicGroup": "thai" }),
                    json!({ "disabilityKind": "vision" }),
                ])
                .clone();
            client.patch(&format!("/v1/learners/{}", dice.one(&world.learners)), change).await;
        }
        9 => {
            // Everything below a centre moves with it.
            let change = match dice.roll(3) {
                0 => json!({ "ownership": dice.one(&["public", "private"]) }),
                _ => json!({ "place": { "code": dice.one(&["11407", "11413"]) }, "usesComputers": true }),
            };
            client.patch(&format!("/v1/centres/{}", dice.one(&world.centres)), change).await;
        }
        10 => {
            let change = match dice.roll(2) {
                0 => json!({ "capacity": dice.roll(30) + 1 }),
                _ => json!({ "schoolYear": dice.one(&["2024-2025", "2025-2026"]) }),
            };
            client.patch(&format!("/v1/classes/{}", dice.one(&world.classes)), change).await;
        }
        11 => {
            // One of the learners who are in no class.
            client.delete(&format!("/v1/learners/{}", dice.one(&world.learners))).await;
        }
        12 => {
            // Two records of one person, of one centre or else not to be merged.
            let (stays, goes) = (dice.one(&world.learners).clone(), dice.one(&world.learners).clone());
            client.post(&format!("/v1/learners/{stays}/merge"), json!({ "duplicateId": goes })).await;
        }
        13 => {
            let learner = dice.one(&world.learners).clone();
            let asked = json!({ "learnerId": learner, "kind": "erase", "receivedOn": "2026-11-02", "requestedBy": "data_subject" });
            let asked = client.post("/v1/data-subject-requests", asked).await;
            if asked.status == 201 {
                client.post(&format!("/v1/data-subject-requests/{}/fulfil", asked.id()), json!({})).await;
            }
        }
        14 => {
            let centre = dice.one(&world.centres).clone();
            let made = client.post("/v1/staff-members", teacher(&centre)).await;
            keep(&mut world.staff, &made);
        }
        15 if !world.staff.is_empty() => {
            let path = format!("/v1/staff-members/{}", dice.one(&world.staff));
            match dice.roll(4) {
                0 => client.delete(&path).await,
                1 => client.patch(&path, json!({ "centreId": dice.one(&world.centres) })).await,
                2 => client.patch(&path, json!({ "staffGroup": "manager", "ethnicGroup": "tay" })).await,
                _ => client.patch(&path, json!({ "status": dice.one(&["working", "retired"]) })).await,
            };
        }
        16 => {
            let name = format!("Chi cục Thử {}", dice.roll(1_000_000));
            let made = client.post("/v1/recognitions", unit(&name, 2024, 1)).await;
            keep(&mut world.recognitions, &made);
        }
        17 if !world.recognitions.is_empty() => {
            let path = format!("/v1/recognitions/{}", dice.one(&world.recognitions));
            match dice.roll(3) {
                0 => client.delete(&path).await,
                1 => client.patch(&path, json!({ "place": { "code": "11413" } })).await,
                _ => client.post(&format!("{path}/submit"), json!({})).await,
            };
        }
        18..=20 if !world.enrolments.is_empty() => {
            let more = dice
                .one(&[
                    json!({ "term": "year", "academicLevel": "good", "conductLevel": "fair", "promoted": true }),
                    json!({ "term": "term_1", "academicLevel": "pass" }),
                    json!({ "term": "literacy_term_3", "literacyResult": "completed" }),
                ])
                .clone();
            let mut result = json!({ "enrolmentId": dice.one(&world.enrolments) });
            result.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
            let made = client.post("/v1/results", result).await;
            keep(&mut world.results, &made);
        }
        21 if !world.results.is_empty() => {
            let path = format!("/v1/results/{}", dice.one(&world.results));
            match dice.roll(3) {
                0 => client.delete(&path).await,
                1 => client.patch(&path, json!({ "academicLevel": "fail", "promoted": false })).await,
                _ => client.patch(&path, json!({ "literacyResult": "not_completed" })).await,
            };
        }
        _ if !world.enrolments.is_empty() => {
            client.delete(&format!("/v1/enrolments/{}", dice.one(&world.enrolments))).await;
        }
        _ => {}
    }
}

/// Keeps the record that was made, if one was.
fn keep(ids: &mut Vec<String>, made: &Answer) {
    if made.status == 201 {
        ids.push(made.id());
    }
}

/// The kinds of record that random writes begin with.
pub async fn begun(client: &Client) -> World {
    let set = Setting::new(client).await;
    let literacy = class_of(client, &set.centre, "literacy_stage_1", Some("gdtx_literacy")).await;
    let enrolment = json!({ "learnerId": set.learner, "classId": literacy, "enrolledOn": "2025-09-05" });
    let enrolment = client.post("/v1/enrolments", enrolment).await.expect(201).id();
    let result = json!({ "enrolmentId": enrolment, "term": "literacy_term_1", "literacyResult": "completed" });
    client.post("/v1/results", result).await.expect(201);
    World {
        centres: vec![set.centre],
        classes: vec![set.class, literacy],
        learners: vec![set.learner],
        ..World::default()
    }
}
