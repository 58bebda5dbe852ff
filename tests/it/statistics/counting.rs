//! Cells follow the journal: whatever is written, in whatever order it is counted, and however often.

use gdtx_domain::statistics::dimension::Dimension;
use gdtx_service::{
    Clock,
    statistics::{self, StatisticsCondition},
};
use serde_json::{Value, json};

use super::{Dice, answer, ask, asking, by, by_last, by_where, cells, counted_by, figures, is, with_needed};
use crate::{
    exchange::imports::{CSV, import},
    learners::{
        classes::{Setting, class_of, step},
        people::{centre_of, person_with},
    },
    on_both,
    support::{Client, Service},
};

/// What the writes so far have made.
#[derive(Default)]
struct World {
    centres: Vec<String>,
    classes: Vec<String>,
    learners: Vec<String>,
    enrolments: Vec<String>,
}

/// One write of any kind; what is refused changes nothing.
async fn write(client: &Client, dice: &mut Dice, world: &mut World) {
    let kinds = ["on_demand", "literacy_stage_1", "life_skills"];
    match dice.roll(13) {
        0 => world.centres.push(centre_of(client).await),
        1 => {
            let centre = dice.one(&world.centres).clone();
            let programme = json!({ "centreId": centre, "kind": dice.one(&kinds), "name": "Chương trình Thử" });
            let made = client.post("/v1/programmes", programme).await;
            if made.status == 201 {
                let class = json!({ "programmeId": made.id(), "schoolYear": "2025-2026", "code": format!("L{}", dice.roll(1_000_000)), "name": "Lớp Thử", "capacity": dice.roll(40) + 1 });
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
            if made.status == 201 {
                world.learners.push(made.id());
            }
        }
        4..=6 => {
            let enrolment = json!({ "learnerId": dice.one(&world.learners), "classId": dice.one(&world.classes), "enrolledOn": format!("2025-{:02}-05", dice.one(&[9, 10, 11])) });
            let made = client.post("/v1/enrolments", enrolment).await;
            if made.status == 201 {
                world.enrolments.push(made.id());
            }
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
            let place = dice.one(&["11407", "11413"]);
            client
                .patch(
                    &format!("/v1/centres/{}", dice.one(&world.centres)),
                    json!({ "place": { "code": place }, "usesComputers": true }),
                )
                .await;
        }
        10 => {
            client
                .patch(&format!("/v1/classes/{}", dice.one(&world.classes)), json!({ "capacity": dice.roll(30) + 1 }))
                .await;
        }
        11 => {
            // One of the learners who are in no class.
            client.delete(&format!("/v1/learners/{}", dice.one(&world.learners))).await;
        }
        _ if !world.enrolments.is_empty() => {
            client.delete(&format!("/v1/enrolments/{}", dice.one(&world.enrolments))).await;
        }
        _ => {}
    }
}

/// The kinds of record that random writes begin with.
async fn begun(client: &Client) -> World {
    let set = Setting::new(client).await;
    World { centres: vec![set.centre], classes: vec![set.class], learners: vec![set.learner], enrolments: Vec::new() }
}

async fn rebuilt(s: &Service) {
    let db = s.system().database().clone();
    statistics::rebuild(&db, Clock::System).await.expect("cells made anew");
}

on_both!(
    async fn random_writes_counted_at_random_times_are_what_a_count_from_scratch_finds(s) {
        let vendor = s.vendor().await;
        let (mut world, mut dice) = (begun(&vendor).await, Dice(7));
        for _ in 0..120 {
            write(&vendor, &mut dice, &mut world).await;
            if dice.roll(5) == 0 {
                s.counted().await;
            }
        }
        s.counted().await;
        let kept = cells(s).await;
        assert!(kept.len() > 50, "{}", kept.len());
        let people = "SELECT gender, count(*) FROM learner WHERE deleted_at IS NULL GROUP BY gender";
        assert_eq!(figures(&ask(s, "learners", &by(&[Dimension::Gender])).await), counted_by(s, people).await);
        s.counted().await;
        let kept = cells(s).await;
        rebuilt(s).await;
        let anew = cells(s).await;
        assert_eq!(kept, anew);
        // What is counted again changes nothing.
        s.counted().await;
        assert_eq!(cells(s).await, anew);
    }
);

on_both!(
    async fn two_that_count_at_once_count_each_entry_once(s) {
        let vendor = s.vendor().await;
        let (mut world, mut dice) = (begun(&vendor).await, Dice(11));
        for _ in 0..40 {
            write(&vendor, &mut dice, &mut world).await;
        }
        s.sequenced().await;
        let other = gdtx_api::server::open(&s.settings).await.expect("an open database");
        let (one, two) = tokio::join!(statistics::run_once(&s.db, Clock::System), statistics::run_once(&other, Clock::System));
        assert_eq!(one.expect("a count"), two.expect("a count"));
        let kept = cells(s).await;
        rebuilt(s).await;
        assert_eq!(kept, cells(s).await);
        other.close().await.expect("a closed database");
    }
);

on_both!(
    async fn figures_follow_what_happens_to_people_classes_and_centres(s) {
        let vendor = s.vendor().await;
        let set = Setting::new(&vendor).await;
        let path = set.enrolled(&vendor).await;
        s.counted().await;
        let live = || StatisticsCondition {
            all: vec![is(Dimension::Period, &["live"]), is(Dimension::SchoolYear, &["2025"])],
            ..StatisticsCondition::default()
        };
        let genders = async || figures(&ask(s, "enrolments", &by_where(&[Dimension::Gender, Dimension::Commune], live())).await);
        let only = |key: &str| [(key.to_owned(), 1)].into();
        assert_eq!(genders().await, only("female,11407"));
        vendor.patch(&format!("/v1/learners/{}", set.learner), json!({ "gender": "male" })).await.expect(200);
        s.counted().await;
        assert_eq!(genders().await, only("male,11407"), "an enrolment shows who the learner is now");
        vendor.patch(&format!("/v1/centres/{}", set.centre), json!({ "place": { "code": "11413" } })).await.expect(200);
        s.counted().await;
        assert_eq!(genders().await, only("male,11413"), "and where the centre stands now");
        // Enrolled on 5 September and out on 1 December: there on 30 September, and not on 31 May.
        step(&vendor, &path, "start", "2025-09-06", json!({})).await.expect(201);
        step(&vendor, &path, "drop_out", "2025-12-01", json!({ "dropoutReason": "distance" })).await.expect(201);
        s.counted().await;
        assert_eq!(figures(&ask(s, "enrolments", &by(&[Dimension::SchoolYear, Dimension::Period])).await), only("2025-2026,start"));
        let outcome = figures(&ask(s, "outcomes", &by(&[Dimension::SchoolYear, Dimension::EnrolmentStatus, Dimension::DropoutReason])).await);
        assert_eq!(outcome, only("2025-2026,dropped_out,distance"));
        // A class of another centre, and a learner who is retired.
        let elsewhere = class_of(&vendor, &centre_of(&vendor).await, "on_demand", None).await;
        vendor.post("/v1/enrolments", json!({ "learnerId": set.learner, "classId": elsewhere, "enrolledOn": "2026-02-01" })).await.expect(201);
        s.counted().await;
        assert_eq!(genders().await, only("male,11407"));
        let learners = async || ask(s, "learners", &by(&[])).await.rows;
        assert_eq!(learners().await[0].values, [1]);
        s.counted().await;
        let states = by(&with_needed("classes", &[Dimension::ClassState]));
        let counted = answer(&asking(s, None), "classes", &states).await.expect("an answer");
        assert_eq!(by_last(&counted), [("approved".to_owned(), 2)].into());
        let position: Value = vendor.get("/v1/changes?after=0").await.expect(200).body["lastPosition"].clone();
        assert_eq!(json!(counted.position), position, "the answer tells what it is true at");
    }
);

on_both!(
    async fn a_move_is_counted_wherever_a_run_of_the_journal_ends(s) {
        let vendor = s.vendor().await;
        let centre = centre_of(&vendor).await;
        s.sequenced().await;
        let last = vendor.get("/v1/changes?after=0").await.expect(200).body["lastPosition"].as_i64().expect("a position");
        // Runs are of 500 entries: the move itself is the last of one, the change of the centre the first of the next.
        let mut rooms = "externalId,centreId,roomName\n".to_owned();
        for nth in last..499 {
            rooms += &format!("r-{nth},{centre},Phòng {nth}\n");
        }
        import(s, &vendor, "?resource=rooms", CSV, &rooms).await;
        vendor.patch(&format!("/v1/centres/{centre}"), json!({ "place": { "code": "11413" } })).await.expect(200);
        s.sequenced().await;
        let moved = vendor.get("/v1/changes?after=499&first=1").await.expect(200).body["items"][0].clone();
        assert_eq!((&moved["position"], &moved["operation"]), (&json!(500), &json!("moved")));
        rebuilt(s).await;
        let communes = figures(&ask(s, "centres", &by(&[Dimension::Commune])).await);
        assert_eq!(communes, [("11413".to_owned(), 1)].into());
    }
);
