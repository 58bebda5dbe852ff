//! A process that dies while it sends.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use serde_json::json;

use super::{deliver_at, later, subscribe};
use crate::{
    exchange::imports::{CSV, centres},
    on_both,
    support::{process::Process, receiver::Receiver},
};

const CHANGES: usize = 600;

on_both!(
    async fn a_killed_process_leaves_no_change_out_and_keeps_the_order_of_each_record(s) {
        let (vendor, receiver) = (s.vendor().await, Receiver::start());
        subscribe(&vendor, &receiver, json!({ "resources": ["centres"], "after": 0 })).await;
        for round in 0..2 {
            let file = centres(0..300).replace("Trung tâm Thử", &format!("Trung tâm Thử lần {round}"));
            vendor.raw(Method::POST, "/v1/imports?resource=centres", CSV, Some(file)).await.expect(202);
            s.run_imports().await;
        }
        s.sequenced().await;
        let mut process = Process::sending(s).await;
        receiver.received(20).await;
        process.kill();
        let before = receiver.messages().len();
        assert!(before < CHANGES, "all was sent before anybody could kill it");
        // The lease of the dead process has run out by then.
        deliver_at(s, later(chrono::Duration::minutes(2))).await;
        let (mut seen, mut last) = (BTreeSet::new(), BTreeMap::<String, i64>::new());
        for message in receiver.messages() {
            if seen.insert(message.position()) {
                let before = last.insert(message.record().to_owned(), message.position());
                assert!(before.is_none_or(|before| before < message.position()), "{}", message.record());
            }
        }
        assert_eq!(seen.len(), CHANGES);
    }
);
