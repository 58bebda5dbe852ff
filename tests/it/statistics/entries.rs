//! Whether learners are new in a kind of programme follows from all of their enrolments.

use std::collections::BTreeMap;

use gdtx_domain::statistics::dimension::Dimension;
use serde_json::json;

use super::{ask, by, cells, figures, rebuilt};
use crate::{
    learners::{classes::Setting, people::person},
    on_both,
    support::{Client, Service},
};

/// A class of a year in a programme.
async fn class(client: &Client, programme: &str, year: &str) -> String {
    let class =
        json!({ "programmeId": programme, "schoolYear": year, "code": format!("THU-{year}"), "name": "Lớp Thử" });
    let id = client.post("/v1/classes", class).await.expect(201).id();
    client.post(&format!("/v1/classes/{id}/approve"), json!({})).await.expect(200);
    id
}

async fn programme(client: &Client, centre: &str, kind: &str) -> String {
    let programme = json!({ "centreId": centre, "kind": kind, "name": "Chương trình Thử" });
    client.post("/v1/programmes", programme).await.expect(201).id()
}

async fn enrol(client: &Client, learner: &str, class: &str, day: &str) -> String {
    let enrolment = json!({ "learnerId": learner, "classId": class, "enrolledOn": day });
    client.post("/v1/enrolments", enrolment).await.expect(201).id()
}

/// Enrolments by year, kind of programme and whether new; a count from scratch finds the same.
async fn entries(s: &Service) -> BTreeMap<String, i64> {
    s.counted().await;
    let kept = cells(s).await;
    rebuilt(s).await;
    assert_eq!(kept, cells(s).await);
    figures(&ask(s, "outcomes", &by(&[Dimension::SchoolYear, Dimension::ProgrammeKind, Dimension::Entry])).await)
}

fn these<const N: usize>(figures: [(&str, i64); N]) -> BTreeMap<String, i64> {
    figures.map(|(key, figure)| (key.to_owned(), figure)).into()
}

on_both!(
    async fn who_was_there_in_an_earlier_year_goes_on(s) {
        let vendor = s.vendor().await;
        let set = Setting::new(&vendor).await;
        let courses = programme(&vendor, &set.centre, "life_skills").await;
        let [first, second] = [class(&vendor, &courses, "2024-2025").await, class(&vendor, &courses, "2025-2026").await];
        enrol(&vendor, &set.learner, &second, "2025-09-05").await;
        assert_eq!(entries(s).await, these([("2025-2026,life_skills,new", 1)]));
        // What comes in late of an earlier year tells of the later one, and is taken back with it.
        let earlier = enrol(&vendor, &set.learner, &first, "2024-09-05").await;
        let both = these([("2024-2025,life_skills,new", 1), ("2025-2026,life_skills,continuing", 1)]);
        assert_eq!(entries(s).await, both);
        vendor.delete(&format!("/v1/enrolments/{earlier}")).await.expect(200);
        assert_eq!(entries(s).await, these([("2025-2026,life_skills,new", 1)]));
        enrol(&vendor, &set.learner, &first, "2024-09-05").await;
        assert_eq!(entries(s).await, both);
        // In another kind of programme the same person is new.
        enrol(&vendor, &set.learner, &set.class, "2025-09-05").await;
        let three = [both.clone(), these([("2025-2026,on_demand,new", 1)])].into_iter().flatten().collect();
        assert_eq!(entries(s).await, three);
    }
);

on_both!(
    async fn two_records_of_one_person_that_become_one_have_one_past(s) {
        let vendor = s.vendor().await;
        let set = Setting::new(&vendor).await;
        let courses = programme(&vendor, &set.centre, "life_skills").await;
        let [first, second] = [class(&vendor, &courses, "2024-2025").await, class(&vendor, &courses, "2025-2026").await];
        let other = vendor.post("/v1/learners", person(&set.centre)).await.expect(201).id();
        enrol(&vendor, &other, &first, "2024-09-05").await;
        enrol(&vendor, &set.learner, &second, "2025-09-05").await;
        let apart = these([("2024-2025,life_skills,new", 1), ("2025-2026,life_skills,new", 1)]);
        assert_eq!(entries(s).await, apart);
        let merged = json!({ "duplicateId": other });
        vendor.post(&format!("/v1/learners/{}/merge", set.learner), merged).await.expect(200);
        let one = these([("2024-2025,life_skills,new", 1), ("2025-2026,life_skills,continuing", 1)]);
        assert_eq!(entries(s).await, one);
    }
);
