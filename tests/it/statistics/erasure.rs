//! Who is erased is gone from the statistics at once, wherever the counts stand.

use std::collections::BTreeMap;

use gdtx_domain::statistics::dimension::Dimension;
use gdtx_service::{Clock, statistics};
use serde_json::json;

use super::{ask, by, by_last, cells, counted_by, cut, figures, rebuilt, with_needed};
use crate::{
    learners::{classes::Setting, people::person_with},
    on_both,
    support::{Client, Service},
};

const PATH: &str = "/v1/data-subject-requests";
const SHOWN: &str = "(SELECT generation FROM statistics_count WHERE is_shown = TRUE)";

async fn asked(client: &Client, learner: &str) -> String {
    let body =
        json!({ "learnerId": learner, "kind": "erase", "receivedOn": "2026-11-02", "requestedBy": "data_subject" });
    client.post(PATH, body).await.expect(201).id()
}

async fn erased(client: &Client, learner: &str) {
    let asked = asked(client, learner).await;
    client.post(&format!("{PATH}/{asked}/fulfil"), json!({})).await.expect(200);
}

/// A count that was begun and never shown, with the facts of all.
async fn broken_rebuild(s: &Service) {
    for round in 0..500 {
        cut(1 + round % 50, statistics::rebuild(&s.db, Clock::System)).await;
        let facts =
            format!("SELECT resource, count(*) FROM statistics_fact WHERE generation <> {SHOWN} GROUP BY resource");
        if counted_by(s, &facts).await.contains_key("enrolments") {
            return;
        }
        // The next one begins like this one, with nothing to delete.
        rebuilt(s).await;
    }
    panic!("no rebuild was cut between its first entry and its last");
}

/// The cells of learners in the count that is shown, or in the hidden one.
async fn learners(s: &Service, which: &str) -> BTreeMap<String, i64> {
    let sql = format!(
        "SELECT key, first FROM statistics_cell WHERE data_set = 'learners' AND first <> 0 AND generation {which} {SHOWN}"
    );
    counted_by(s, &sql).await
}

on_both!(
    async fn an_erasure_reaches_every_count_at_once(s) {
        let vendor = s.vendor().await;
        let set = Setting::new(&vendor).await;
        let path = format!("/v1/learners/{}", set.learner);
        vendor.patch(&path, json!({ "ethnicGroup": "tay", "disabilityKind": "vision", "policyGroups": ["other"] })).await.expect(200);
        set.enrolled(&vendor).await;
        s.counted().await;
        broken_rebuild(s).await;
        let known: BTreeMap<_, _> = [("31|female|yes|unknown".to_owned(), 1)].into();
        assert_eq!((learners(s, "=").await, learners(s, "<>").await), (known.clone(), known));
        let sizes = "SELECT CASE WHEN generation = (SELECT generation FROM statistics_count WHERE is_shown = TRUE) THEN 'shown' ELSE 'hidden' END, \
            CAST(length(body) AS BIGINT) FROM statistics_fact WHERE resource = 'learners'";
        let before = counted_by(s, sizes).await;

        // No count comes to this change before the erasure.
        vendor.patch(&path, json!({ "ethnicGroup": "hmong" })).await.expect(200);
        let rehearsed = asked(&vendor, &set.learner).await;
        vendor.post(&format!("{PATH}/{rehearsed}/fulfil?dryRun=true"), json!({})).await.expect(200);
        assert_eq!(counted_by(s, sizes).await, before);
        erased(&vendor, &set.learner).await;

        let after = counted_by(s, sizes).await;
        assert!(after.len() == 2 && after.iter().all(|(count, size)| *size < before[count]), "{before:?} {after:?}");
        let nobody: BTreeMap<_, _> = [("31|unknown|unknown|unknown".to_owned(), 1)].into();
        assert_eq!((learners(s, "=").await, learners(s, "<>").await), (nobody.clone(), nobody));
        let told = "SELECT key, first + second + third FROM statistics_cell WHERE first + second + third <> 0 AND (key || '|' LIKE '%|tay|%' OR key || '|' LIKE '%|vision|%' OR key || '|' LIKE '%|other|%')";
        assert_eq!(counted_by(s, told).await, BTreeMap::new());

        assert_eq!(counted_by(s, "SELECT data_set, cells FROM statistics_cell_change").await, BTreeMap::new(), "who was it");

        // What the law keeps is counted again when the count comes to the erasure.
        s.counted().await;
        assert_eq!(figures(&ask(s, "learners", &by(&[Dimension::Gender])).await), [("female".to_owned(), 1)].into());
        assert_eq!(by_last(&ask(s, "enrolments_by_ethnicity", &by(&with_needed("enrolments_by_ethnicity", &[Dimension::EthnicGroup]))).await), [("unknown".to_owned(), 3)].into());
        let kept = cells(s).await;
        rebuilt(s).await;
        assert_eq!(kept, cells(s).await);
    }
);

on_both!(
    async fn erasures_and_counts_side_by_side_wait_for_each_other(s) {
        let vendor = s.vendor().await;
        let set = Setting::new(&vendor).await;
        let mut people = Vec::new();
        for _ in 0..8 {
            let more = json!({ "ethnicGroup": "tay", "disabilityKind": "vision" });
            let learner = vendor.post("/v1/learners", person_with(&set.centre, more)).await.expect(201).id();
            let enrolment = json!({ "learnerId": learner, "classId": set.class, "enrolledOn": "2025-09-05" });
            vendor.post("/v1/enrolments", enrolment).await.expect(201);
            people.push(learner);
        }
        s.sequenced().await;
        let erasures = people.iter().map(|learner| erased(&vendor, learner));
        let counting = async {
            for _ in 0..10 {
                statistics::run_once(&s.db, Clock::System).await.expect("a count");
            }
        };
        let rebuilding = statistics::rebuild(&s.db, Clock::System);
        let (.., rebuilding) = futures::join!(futures::future::join_all(erasures), counting, rebuilding);
        rebuilding.expect("cells made anew");
        let told = "SELECT key, first + second + third FROM statistics_cell WHERE first + second + third <> 0 AND (key || '|' LIKE '%|tay|%' OR key || '|' LIKE '%|vision|%')";
        assert_eq!(counted_by(s, told).await, BTreeMap::new());
        s.counted().await;
        let kept = cells(s).await;
        rebuilt(s).await;
        assert_eq!(kept, cells(s).await);
    }
);
