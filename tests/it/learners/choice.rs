//! What a programme asks of a learner: the choice of subjects of TT 12/2022/TT-BGDĐT, and literacy
//! level 1 before the second stage of the literacy programme.

use serde_json::{Value, json};

use super::{
    classes::{Setting, class_of},
    people::{centre_of, person_with},
};
use crate::{
    on_both,
    support::{Answer, Client},
};

const SEVEN: [&str; 7] = ["literature", "mathematics", "history", "geography", "physics", "chemistry", "informatics"];

fn clusters(subjects: &[&str]) -> Value {
    subjects.iter().map(|subject| json!({ "subject": subject })).collect()
}

on_both!(
    async fn upper_secondary_learners_choose_seven_subjects_and_three_clusters(s) {
        let vendor = s.vendor().await;
        let set = Setting::new(&vendor).await;
        let class = class_of(&vendor, &set.centre, "gdtx_upper_secondary", Some("gdtx_grade_10")).await;
        let three = ["literature", "physics", "informatics"];
        let enrol = |subjects: Vec<&'static str>, taken: Vec<&'static str>| {
            let body = set.enrolment_with(json!({"classId": class, "chosenSubjects": subjects, "topicClusters": clusters(&taken)}));
            vendor.post("/v1/enrolments", body)
        };
        enrol(SEVEN[..6].to_vec(), three[..2].to_vec()).await.expect(422).refuses("/chosenSubjects", "elective_count");
        enrol(SEVEN[1..].to_vec(), vec!["history", "physics", "chemistry"]).await.expect(422).refuses("/chosenSubjects", "subject_missing");
        let twice = [&SEVEN[..6], &["physics"]].concat();
        enrol(twice, vec!["literature", "physics", "history"]).await.expect(422).refuses("/chosenSubjects/6", "duplicate");
        enrol(SEVEN.to_vec(), three[..2].to_vec()).await.expect(422).refuses("/topicClusters", "cluster_count");
        enrol(SEVEN.to_vec(), vec!["literature", "biology", "history"]).await.expect(422).refuses("/topicClusters/1", "cluster_of_other_subject");
        let made = enrol(SEVEN.to_vec(), three.to_vec()).await.expect(201);
        assert_eq!((&made.body["chosenSubjects"], &made.body["topicClusters"]), (&json!(SEVEN), &clusters(&three)));
        let path = format!("/v1/enrolments/{}", made.id());
        vendor.patch(&path, json!({"topicClusters": clusters(&three[1..])})).await.expect(422).refuses("/topicClusters", "cluster_count");
        vendor.patch(&path, json!({"topicClusters": clusters(&["mathematics", "physics", "informatics"])})).await.expect(200);
    }
);

on_both!(
    async fn a_choice_may_come_later_but_is_missed(s) {
        let vendor = s.vendor().await;
        let set = Setting::new(&vendor).await;
        let class = class_of(&vendor, &set.centre, "gdtx_upper_secondary", Some("gdtx_grade_10")).await;
        let made = vendor.post("/v1/enrolments", set.enrolment_with(json!({"classId": class}))).await.expect(201);
        assert_eq!(made.body["warnings"][0]["code"], "subjects_not_chosen");
        // Elsewhere there is nothing to choose by this rule.
        vendor.post("/v1/enrolments", set.enrolment_with(json!({"chosenSubjects": ["physics"]}))).await.expect(201);
    }
);

on_both!(
    async fn the_second_literacy_stage_needs_level_one(s) {
        let vendor = s.vendor().await;
        let centre = centre_of(&vendor).await;
        let class = class_of(&vendor, &centre, "literacy_stage_2", Some("gdtx_grade_4")).await;
        async fn enrol(client: &Client, centre: &str, class: &str, level: Value) -> Answer {
            let learner = client.post("/v1/learners", person_with(centre, json!({"literacyLevel": level}))).await.expect(201).id();
            client.post("/v1/enrolments", json!({"learnerId": learner, "classId": class, "enrolledOn": "2025-09-05"})).await
        }
        for low in ["none", "relapsed_1"] {
            enrol(&vendor, &centre, &class, json!(low)).await.expect(422).refuses("/learnerId", "literacy_level_too_low");
        }
        for open in [Value::Null, json!("relapsed_2")] {
            let made = enrol(&vendor, &centre, &class, open).await.expect(201);
            assert_eq!(made.body["warnings"][0]["code"], "literacy_level_unknown");
        }
        assert!(enrol(&vendor, &centre, &class, json!("level_1")).await.expect(201).body.get("warnings").is_none());
    }
);
