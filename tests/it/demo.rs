//! The demonstration data: realistic in shape, marked as invented, and the same for a seed.

use gdtx_api::demo::{self, Plan};
use sea_orm::{ConnectionTrait, Statement};
use secrecy::ExposeSecret;
use serde_json::json;

use crate::support::{self, Backend, Service};

/// Fills a fresh database and tells position and hash of the last journal entry.
fn journal_of(backend: Backend) -> (i64, String) {
    let (told, heard) = std::sync::mpsc::channel();
    support::run(backend, |s| async move {
        let plan = Plan { province: "31".to_owned(), year: 2025, seed: 7, scale: 1 };
        let summary = demo::fill(&s.db, &plan, |_, _| {}).await.expect("a filled database");
        gdtx_service::exchange::sequencer::run_once(&s.db).await.expect("a sequenced journal");
        told.send(head(&s).await).expect("a listener");
        check(&s, summary).await;
        s
    });
    heard.recv().expect("the head of the journal")
}

/// Hải Phòng has 114 communes; nearly each has its community learning centre, and each its recognition.
async fn check(s: &Service, summary: demo::Summary) {
    assert_eq!(summary.recognitions, 114);
    assert!((790..=800).contains(&summary.centres), "{summary:?}");
    assert!(summary.classes > 0 && summary.learners > summary.classes * 5, "{summary:?}");
    let vendor = s.vendor().await;
    let listed = vendor.get("/v1/learners?first=200&fields=externalIds,fullName&count=exact").await.expect(200).body;
    assert_eq!(listed["totalCount"], json!(summary.learners));
    for learner in listed["items"].as_array().expect("learners") {
        assert_eq!(learner["externalIds"][0]["system"], "invented", "{learner}");
    }
    let centres = vendor.get("/v1/centres?first=200&fields=name").await.expect(200).body;
    assert!(
        centres["items"]
            .as_array()
            .expect("centres")
            .iter()
            .all(|c| c["name"].as_str().is_some_and(|n| n.ends_with("(mẫu)")))
    );
    let directory =
        s.public().get("/v1/directory/centres?kind=community_learning_centre&count=exact").await.expect(200).body;
    let count = directory["totalCount"].as_u64().expect("a count");
    assert!((105..=114).contains(&count), "{count}");
}

async fn head(s: &Service) -> (i64, String) {
    let db = sea_orm::Database::connect(s.settings.database_url.expose_secret()).await.expect("a connection");
    let sql = "SELECT position, hash FROM journal_head WHERE id = 1";
    let row =
        db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.expect("a head").expect("a row");
    (row.try_get_by_index(0).expect("a position"), row.try_get_by_index(1).expect("a hash"))
}

#[test]
fn a_seed_gives_the_same_journal_on_both_databases() {
    assert_eq!(journal_of(Backend::Sqlite), journal_of(Backend::Postgres));
}
