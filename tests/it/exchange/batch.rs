//! Many records in one transaction: the same rules, warnings and journal as for single ones.

use gdtx_service::{
    Batch,
    exchange::sequencer,
    learners::learner::{Learners, NewLearner},
};
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Service, centre},
};

fn person(centre: &str, key: &str, name: &str) -> Value {
    json!({
        "centreId": centre, "fullName": name, "gender": "female", "residence": { "code": "11407" },
        "dateOfBirth": { "value": "1985-04-30", "precision": "day" },
        "externalIds": [{ "system": "invented", "value": key }],
    })
}

fn shape(value: Value) -> NewLearner {
    serde_json::from_value(value).expect("a learner")
}

async fn new_centre(s: &Service) -> String {
    s.vendor().await.post("/v1/centres", centre("Trung tâm Thử", "11407")).await.expect(201).id()
}

on_both!(
    async fn a_batch_warns_of_the_same_person_on_record_and_among_its_own(s) {
        let id = new_centre(s).await;
        let system = s.system();
        for (round, known) in [(1, 0), (2, 2)] {
            let batch = Batch::begin(&system).await.expect("a batch");
            let names = ["Nguyễn Thị Một", "Nguyễn Thị Một", "Trần Thị Hai"];
            let people = names.iter().enumerate().map(|(i, name)| shape(person(&id, &format!("{round}-{i}"), name)));
            let made = batch.create_all::<Learners>(people.collect()).await.expect("three learners");
            let warned = made.iter().map(|one| {
                let same = one.warnings.iter().find(|warning| warning.code == "possible_duplicate");
                same.map_or(0, |warning| warning.links.len())
            });
            assert_eq!(warned.collect::<Vec<_>>(), [known, known + 1, known / 2]);
            batch.commit().await.expect("a commit");
        }
        let vendor = s.vendor().await;
        assert_eq!(vendor.get("/v1/learners?count=exact").await.expect(200).body["totalCount"], 6);
        s.sequenced().await;
        let found = sequencer::verify(&s.db).await.expect("a journal to read");
        assert_eq!((found.pending, found.faults), (0, Vec::new()));
    }
);

on_both!(
    async fn a_key_has_one_record_in_a_batch_too(s) {
        let id = new_centre(s).await;
        let system = s.system();
        let people = |keys: [&str; 2]| keys.map(|key| shape(person(&id, key, "Nguyễn Thị Một"))).to_vec();
        for (keys, good) in [(["a", "b"], true), (["c", "c"], false), (["d", "a"], false)] {
            let batch = Batch::begin(&system).await.expect("a batch");
            match batch.create_all::<Learners>(people(keys)).await {
                Ok(_) => {
                    assert!(good, "{keys:?}");
                    batch.commit().await.expect("a commit");
                }
                Err(error) => assert!(!good && error.fields[0].code == "external_id_taken", "{keys:?} {error:?}"),
            }
        }
        let vendor = s.vendor().await;
        assert_eq!(vendor.get("/v1/learners?count=exact").await.expect(200).body["totalCount"], 2);
    }
);

on_both!(
    async fn batches_and_single_writers_share_one_journal(s) {
        let id = new_centre(s).await;
        let (system, vendor, path) = (s.system(), s.vendor().await, format!("/v1/centres/{id}"));
        let batches = (0..4).map(async |round| {
            let batch = Batch::begin(&system).await.expect("a batch");
            let people = (0..20).map(|i| shape(person(&id, &format!("{round}-{i}"), "Nguyễn Thị Một")));
            batch.create_all::<Learners>(people.collect()).await.expect("twenty learners");
            batch.commit().await.expect("a commit");
        });
        let phones = (0..12).map(|i| json!({ "phone": format!("0225 000 {i:03}") }));
        let changes = phones.map(async |phone| vendor.patch(&path, phone).await.expect(200));
        futures::join!(futures::future::join_all(batches), futures::future::join_all(changes));
        s.sequenced().await;
        let found = sequencer::verify(&s.db).await.expect("a journal to read");
        assert_eq!((found.pending, found.faults), (0, Vec::new()));
        let feed = vendor.get("/v1/changes?after=0&first=1000").await.expect(200).body;
        let of = |kind: &str| feed["items"].as_array().unwrap().iter().filter(|e| e["resource"] == kind).count();
        assert_eq!((of("learners"), of("centres")), (80, 13));
    }
);
