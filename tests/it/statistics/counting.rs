//! Cells follow the journal: whatever is written, in whatever order it is counted, and however often.

use std::collections::BTreeMap;

use gdtx_domain::statistics::{data_set, dimension::Dimension};
use gdtx_service::{
    Clock, Ctx,
    statistics::{self, StatisticsCondition},
};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use super::{
    Dice, answer, ask, asking, by, by_last, by_where, cells, counted_by, figures, is, rebuilt, with_needed,
    writes::{begun, write},
};
use crate::{
    exchange::imports::{CSV, import},
    learners::{
        classes::{Setting, class_of, step},
        people::centre_of,
    },
    on_both,
};

/// The figures of every data set by each of its dimensions, as they are.
async fn every_figure(ctx: &Ctx) -> Vec<BTreeMap<String, i64>> {
    let mut all = Vec::new();
    for set in data_set::all() {
        for dimension in &set.dimensions {
            let answer = answer(ctx, &set.id, &by(&with_needed(&set.id, &[*dimension]))).await;
            all.push(figures(&answer.expect("figures")));
        }
    }
    all
}

on_both!(
    async fn random_writes_counted_at_random_times_are_what_a_count_from_scratch_finds(s) {
        let vendor = s.vendor().await;
        let (mut world, mut dice) = (begun(&vendor).await, Dice(7));
        for _ in 0..160 {
            write(&vendor, &mut dice, &mut world).await;
            if dice.roll(5) == 0 {
                s.counted().await;
                every_figure(&s.system()).await;
            }
        }
        s.counted().await;
        let kept = cells(s).await;
        assert!(kept.len() > 40, "{}", kept.len());
        for of in ["staff", "recognitions", "results", "literacy_results"] {
            assert!(kept.keys().any(|(set, _)| set == of), "nothing of {of}");
        }
        let people = "SELECT gender, count(*) FROM learner WHERE deleted_at IS NULL GROUP BY gender";
        assert_eq!(figures(&ask(s, "learners", &by(&[Dimension::Gender])).await), counted_by(s, people).await);
        s.counted().await;
        // Who has read what changed shows what somebody shows who reads all of it.
        let other = gdtx_api::server::open(&s.settings).await.expect("an open database");
        assert_eq!(every_figure(&s.system()).await, every_figure(&Ctx::system(other.clone(), Clock::System)).await);
        other.close().await.expect("a closed database");
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
    async fn what_another_program_counted_is_counted_anew(s) {
        let vendor = s.vendor().await;
        let (mut world, mut dice) = (begun(&vendor).await, Dice(5));
        for _ in 0..20 {
            write(&vendor, &mut dice, &mut world).await;
        }
        s.counted().await;
        let kept = cells(s).await;
        let other = "UPDATE statistics_count SET meaning = 'another'; UPDATE statistics_cell SET key = 'other|' || key";
        s.tables().await.execute_unprepared(other).await.expect("other cells");
        let data = "/v1/statistics/datasets/centres/data";
        assert_eq!(s.public().get(data).await.expect(503).body["code"], "unavailable");
        s.counted().await;
        assert_eq!(cells(s).await, kept);
        s.public().get(data).await.expect(200);
    }
);

on_both!(
    async fn whoever_is_far_behind_reads_every_cell(s) {
        let vendor = s.vendor().await;
        let centres = async || {
            s.counted().await;
            let answer = s.public().get("/v1/statistics/datasets/centres/data").await.expect(200);
            (answer.body["rows"][0]["values"][0].clone(), answer.body["version"].clone())
        };
        centre_of(&vendor).await;
        let first = centres().await;
        centre_of(&vendor).await;
        let second = centres().await;
        assert_eq!((&first.0, &second.0), (&json!(1), &json!(2)));
        assert_ne!(first.1, second.1);

        // Nobody tells any more which cells changed.
        centre_of(&vendor).await;
        s.counted().await;
        let later = "UPDATE statistics_count SET revision = revision + 4000; DELETE FROM statistics_cell_change";
        s.tables().await.execute_unprepared(later).await.expect("a later revision");
        let third = centres().await;
        assert_eq!(third.0, 3);
        centre_of(&vendor).await;
        assert_eq!(centres().await.0, 4);

        // What is told of is bounded.
        s.tables().await.execute_unprepared("UPDATE statistics_count SET revision = revision + 3999").await.expect("a later revision");
        centre_of(&vendor).await;
        assert_eq!(centres().await.0, 5);
        let told = counted_by(s, "SELECT 'sets', count(DISTINCT revision) FROM statistics_cell_change").await;
        assert_eq!(told, [("sets".to_owned(), 1)].into());
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
