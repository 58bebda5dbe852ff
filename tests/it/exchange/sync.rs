//! Full copies: parts side by side while others write, then the feed, and the copy is exact.

use std::collections::BTreeMap;

use gdtx_domain::access::reach::Reach;
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Client, centre, province},
};

/// A copy by the rule that the documentation gives: take what has a greater version.
#[derive(Default)]
struct Copy(BTreeMap<(String, String), (i64, Value)>);

impl Copy {
    fn take(&mut self, kind: &str, record: &Value) {
        let key = (kind.to_owned(), record["id"].as_str().expect("an id").to_owned());
        let version = record["version"].as_i64().expect("a version");
        if self.0.get(&key).is_none_or(|(held, _)| *held < version) {
            self.0.insert(key, (version, record.clone()));
        }
    }

    /// The live records of a kind, in the order of their ids.
    fn of(&self, kind: &str) -> Vec<&Value> {
        let all = self.0.iter().filter(|((of, _), (_, record))| of == kind && record["deletedAt"].is_null());
        all.map(|(_, (_, record))| record).collect()
    }

    /// Takes the entries behind a position.
    async fn follow(&mut self, client: &Client, mut after: i64) {
        loop {
            let run = client.get(&format!("/v1/changes?after={after}&first=1000")).await.expect(200).body;
            for change in run["items"].as_array().unwrap() {
                if change["operation"] != "moved" {
                    self.take(change["resource"].as_str().unwrap(), &change["record"]);
                }
            }
            after = run["nextAfter"].as_i64().unwrap();
            if run["hasMore"] == false {
                return;
            }
        }
    }
}

/// An export as its list of records.
async fn export(client: &Client, kind: &str, query: &str) -> Vec<Value> {
    let file = client.get(&format!("/v1/exports/{kind}{query}")).await.expect(200);
    file.text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// One part: by the export, or by pages of the list.
async fn part(client: &Client, nth: usize, kind: &str, partition: &str) -> Vec<Value> {
    if nth.is_multiple_of(2) {
        return export(client, kind, &format!("?partition={partition}")).await;
    }
    let (mut records, mut after) = (Vec::new(), String::new());
    loop {
        let page = client.get(&format!("/v1/{kind}?partition={partition}&first=2{after}")).await.expect(200).body;
        records.extend(page["items"].as_array().unwrap().clone());
        if page["pageInfo"]["hasNextPage"] == false {
            return records;
        }
        after = format!("&after={}", page["pageInfo"]["endCursor"].as_str().unwrap());
    }
}

async fn room(client: &Client, centre: &str, name: &str) -> String {
    client.post("/v1/rooms", json!({ "centreId": centre, "roomName": name })).await.expect(201).id()
}

/// Creates, changes, moves and retires.
async fn write(client: &Client, centre: &str, rooms: &[String]) {
    for (nth, id) in rooms.iter().enumerate() {
        match nth % 3 {
            0 => drop(
                client
                    .patch(&format!("/v1/rooms/{id}"), json!({ "roomName": format!("Phòng đổi {nth}") }))
                    .await
                    .expect(200),
            ),
            1 => drop(client.delete(&format!("/v1/rooms/{id}")).await.expect(200)),
            _ => drop(room(client, centre, &format!("Phòng mới {nth}")).await),
        }
        if nth % 8 == 4 {
            let commune = if nth % 16 == 4 { "11383" } else { "11407" };
            client.patch(&format!("/v1/centres/{centre}"), json!({ "place": { "code": commune } })).await.expect(200);
        }
    }
}

on_both!(
    async fn a_copy_made_in_parts_while_others_write_is_exact(s) {
        let vendor = s.vendor().await;
        let centre_id = vendor.post("/v1/centres", centre("Trung tâm Chép", "11407")).await.expect(201).id();
        let mut rooms = Vec::new();
        for nth in 0..40 {
            rooms.push(room(&vendor, &centre_id, &format!("Phòng {nth}")).await);
        }
        s.sequenced().await;
        let plan = vendor.get("/v1/sync?resources=rooms,centres&partitions=6").await.expect(200).body;
        let parts: Vec<Value> = plan["partitions"].as_array().unwrap().clone();
        let sizes: Vec<_> = parts.iter().map(|p| (p["resource"].as_str().unwrap(), p["estimatedRecords"].as_i64().unwrap())).collect();
        let of_rooms: Vec<i64> = sizes.iter().filter(|(kind, _)| *kind == "rooms").map(|(_, size)| *size).collect();
        assert_eq!((of_rooms.len(), of_rooms.iter().sum::<i64>()), (6, 40), "{sizes:?}");
        assert!(of_rooms.iter().all(|size| (6..=7).contains(size)), "{sizes:?}");

        let mut copy = Copy::default();
        let reading = async {
            let mut read = Vec::new();
            // Any order will do.
            let all = parts.iter().enumerate().rev().map(async |(nth, p)| {
                let kind = p["resource"].as_str().unwrap();
                (kind, part(&vendor, nth, kind, p["partition"].as_str().unwrap()).await)
            });
            let mut all = futures::stream::StreamExt::buffer_unordered(futures::stream::iter(all), 3);
            while let Some(done) = futures::StreamExt::next(&mut all).await {
                read.push(done);
            }
            read
        };
        let writer = s.vendor().await;
        let (read, ()) = futures::join!(reading, write(&writer, &centre_id, &rooms));
        for (kind, records) in &read {
            for record in records {
                copy.take(kind, record);
            }
        }
        s.sequenced().await;
        copy.follow(&vendor, plan["position"].as_i64().unwrap()).await;
        for kind in ["rooms", "centres"] {
            let fresh = export(&vendor, kind, "").await;
            assert_eq!(json!(copy.of(kind)), json!(fresh), "{kind}");
        }
        assert_eq!(copy.of("rooms").len(), 40);
    }
);

on_both!(
    async fn parts_hold_every_record_once_within_the_reach(s) {
        let (vendor, neighbour) = (s.vendor().await, s.client("vendor", province("01")).await);
        for nth in 0..9 {
            vendor.post("/v1/centres", centre(&format!("Trung tâm Phần {nth}"), "11407")).await.expect(201);
        }
        s.sequenced().await;
        let plan = vendor.get("/v1/sync?resources=centres&partitions=4").await.expect(200).body;
        let mut ids = Vec::new();
        for p in plan["partitions"].as_array().unwrap() {
            let path = format!("?partition={}", p["partition"].as_str().unwrap());
            ids.extend(export(&vendor, "centres", &path).await.iter().map(|r| r["id"].clone()));
            assert_eq!(export(&neighbour, "centres", &path).await, Vec::<Value>::new());
        }
        let all: Vec<Value> = export(&vendor, "centres", "").await.iter().map(|r| r["id"].clone()).collect();
        assert_eq!((ids.len(), ids), (9, all));
        // A neighbour learns neither ids nor numbers.
        let beside = neighbour.get("/v1/sync?resources=centres&partitions=4").await.expect(200).body;
        assert_eq!(beside["partitions"].as_array().unwrap().len(), 1);
        assert_eq!(beside["partitions"][0]["estimatedRecords"], 0);
        // Both surfaces.
        let planned = vendor.data("{ planSync(resources: [centres], partitions: 2) { position partitions { partition } fromFeed } }", json!({})).await;
        let parts = planned["planSync"]["partitions"].as_array().unwrap();
        let mut seen = 0;
        for p in parts {
            let query = "query($p: String) { listCentres(filter: { partition: $p }) { nodes { id } } }";
            seen += vendor.data(query, json!({ "p": p["partition"] })).await["listCentres"]["nodes"].as_array().unwrap().len();
        }
        assert_eq!((parts.len(), seen), (2, 9));
    }
);

on_both!(
    async fn every_kind_that_may_be_read_is_planned(s) {
        let plan = s.vendor().await.get("/v1/sync").await.expect(200).body;
        let kinds: Vec<_> = plan["partitions"].as_array().unwrap().iter().map(|p| p["resource"].as_str().unwrap()).collect();
        assert_eq!(kinds, [
            "centres", "campuses", "lands", "rooms", "staff_members", "programmes", "classes", "learners", "enrolments",
            "results", "data_subject_requests", "recognitions", "sync_windows",
        ]);
        assert_eq!(plan["fromFeed"], json!(["centre_events", "enrolment_events", "statistics_releases"]));
        let auditor = s.client("auditor", Reach::whole_country()).await;
        let allowed = auditor.get("/v1/sync").await;
        assert!(matches!(allowed.status.as_u16(), 200 | 403), "{}", allowed.text);
    }
);

on_both!(
    async fn wrong_plans_and_parts_are_named(s) {
        let vendor = s.vendor().await;
        vendor.get("/v1/sync?partitions=0").await.expect(400).refuses("partitions", "out_of_range");
        vendor.get("/v1/sync?partitions=65").await.expect(400).refuses("partitions", "out_of_range");
        vendor.get("/v1/sync?resources=learners,teachers").await.expect(400).refuses("resources", "unknown_code");
        vendor.get("/v1/sync?resources=access").await.expect(400).refuses("resources", "unknown_code");
        vendor.get("/v1/sync?resource=learners").await.expect(400).refuses("resource", "unknown_parameter");
        let plan = vendor.get("/v1/sync?resources=learners").await.expect(200).body;
        let part = plan["partitions"][0]["partition"].as_str().unwrap();
        vendor.get(&format!("/v1/learners?partition={part}")).await.expect(200);
        vendor.get(&format!("/v1/classes?partition={part}")).await.expect(400).refuses("partition", "foreign_partition");
        vendor.get(&format!("/v1/exports/classes?partition={part}")).await.expect(400).refuses("partition", "foreign_partition");
        vendor.get(&format!("/v1/learners?partition={part}0")).await.expect(400).refuses("partition", "invalid_partition");
        vendor.get("/v1/learners?partition=").await.expect(400).refuses("partition", "invalid_partition");
    }
);
