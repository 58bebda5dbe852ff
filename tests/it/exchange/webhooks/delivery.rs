//! What is sent: the entries of the feed that fit, masked for the subscriber, each to be found in the list.

use gdtx_service::{Clock, exchange::webhooks};
use serde_json::json;

use super::{deliver, listed, path, some_centres, subscribe};
use crate::{
    on_both,
    support::{
        province,
        receiver::{Message, Receiver},
    },
};

on_both!(
    async fn what_arrives_is_what_the_feed_shows_once_and_in_its_order(s) {
        let (vendor, receiver) = (s.vendor().await, Receiver::start());
        let made = subscribe(&vendor, &receiver, json!({ "resources": ["centres"], "after": 0 })).await;
        let ids = some_centres(&vendor, 3).await;
        vendor.patch(&format!("/v1/centres/{}", ids[1]), json!({ "phone": "0225 000 000" })).await.expect(200);
        deliver(s).await;
        let feed = vendor.get("/v1/changes?after=0&resource=centres").await.expect(200);
        let entries = feed.body["items"].as_array().unwrap();
        let mut came = receiver.accepted();
        came.sort_by_key(Message::position);
        assert_eq!(came.len(), 4);
        for (message, entry) in came.iter().zip(entries) {
            assert_eq!(&message.body["data"], entry);
            assert_eq!(message.kind(), format!("centres.{}", entry["operation"].as_str().unwrap()));
            assert_eq!(message.body["timestamp"], entry["recordedAt"]);
        }
        let listed = listed(&vendor, &path(&made), "").await;
        let told: Vec<_> = listed.iter().map(|d| (d["position"].as_i64().unwrap(), d["messageId"].as_str().unwrap(), d["state"].as_str().unwrap(), d["attempts"].as_i64().unwrap())).collect();
        let expected: Vec<_> = came.iter().map(|m| (m.position(), m.id.as_str(), "delivered", 1)).collect();
        assert_eq!(told, expected);
        // Nothing is sent twice.
        deliver(s).await;
        assert!(receiver.accepted().is_empty());
    }
);

on_both!(
    async fn a_subscriber_is_told_what_it_asked_for_and_may_see(s) {
        let (vendor, neighbour) = (s.vendor().await, s.client("province_department", province("01")).await);
        let [all, created, elsewhere, narrow] = [(); 4].map(|()| Receiver::start());
        subscribe(&vendor, &all, json!({})).await;
        subscribe(&vendor, &created, json!({ "resources": ["centres", "campuses"], "operations": ["created"] })).await;
        subscribe(&neighbour, &elsewhere, json!({})).await;
        let ids = some_centres(&vendor, 2).await;
        subscribe(&vendor, &narrow, json!({ "within": { "centres": [ids[1]] }, "resources": ["centres"], "after": 0 })).await;
        for id in &ids {
            vendor.patch(&format!("/v1/centres/{id}"), json!({ "phone": "0225 000 000" })).await.expect(200);
        }
        deliver(s).await;
        let kinds = |receiver: &Receiver| {
            let mut kinds: Vec<String> = receiver.messages().iter().map(|m| m.kind().to_owned()).collect();
            kinds.sort();
            kinds
        };
        assert_eq!(kinds(&all), ["centre_events.created", "centre_events.created", "centres.created", "centres.created", "centres.updated", "centres.updated"]);
        assert_eq!(kinds(&created), ["centres.created", "centres.created"]);
        assert!(kinds(&elsewhere).is_empty());
        let near: Vec<_> = narrow.messages().iter().map(|m| (m.record().to_owned(), m.kind().to_owned())).collect();
        assert_eq!(near, [(ids[1].clone(), "centres.created".to_owned()), (ids[1].clone(), "centres.updated".to_owned())]);
    }
);

on_both!(
    async fn who_asks_what_it_gains_is_told_of_a_centre_that_moves_in(s) {
        let ministry = s.client("ministry", Default::default()).await;
        let (from, to) = (s.vendor().await, s.client("province_department", province("01")).await);
        let [gained, elsewhere, lost] = [(); 3].map(|()| Receiver::start());
        let of_centres = |operation: &str| json!({ "resources": ["centres"], "operations": [operation] });
        subscribe(&to, &gained, of_centres("access_gained")).await;
        subscribe(&from, &elsewhere, of_centres("access_gained")).await;
        subscribe(&from, &lost, of_centres("access_lost")).await;
        let id = some_centres(&ministry, 1).await.remove(0);
        for commune in ["11413", "00004"] {
            ministry.patch(&format!("/v1/centres/{id}"), json!({ "place": { "code": commune } })).await.expect(200);
        }
        deliver(s).await;
        let told = |receiver: &Receiver| receiver.messages().iter().map(|m| m.kind().to_owned()).collect::<Vec<_>>();
        assert_eq!((told(&gained), told(&lost)), (vec!["centres.access_gained".to_owned()], vec!["centres.access_lost".to_owned()]));
        assert!(told(&elsewhere).is_empty(), "a move within is no gain");
    }
);

on_both!(
    async fn changes_for_others_take_no_round_and_are_not_sent_later(s) {
        let (vendor, receiver) = (s.vendor().await, Receiver::start());
        let made = subscribe(&vendor, &receiver, json!({ "resources": ["campuses"], "after": 0 })).await;
        some_centres(&vendor, 2).await;
        s.sequenced().await;
        let dispatcher = s.dispatcher(Clock::System);
        assert_eq!(webhooks::run_once(&dispatcher).await.expect("a round"), 0, "nobody is called");
        assert_eq!(vendor.get(&path(&made)).await.expect(200).body["position"], 0);
        // Who wants more from now on is told what the position leaves open.
        let wider = vendor.patch(&path(&made), json!({ "resources": ["centres"], "operations": ["created"] })).await.expect(200);
        assert_eq!(vendor.get(&path(&made)).await.header("etag"), wider.header("etag"));
        assert_eq!(webhooks::run_once(&dispatcher).await.expect("a round"), 1);
        assert_eq!(receiver.messages().len(), 2);
        let pages = [vendor.get(&format!("{}/deliveries?first=1", path(&made))).await.expect(200), vendor.get("/v1/webhooks?first=1").await.expect(200)];
        let cursor = |page: usize| pages[page].body["pageInfo"]["endCursor"].as_str().expect("a cursor").to_owned();
        let second = vendor.get(&format!("{}/deliveries?first=1&after={}", path(&made), cursor(0))).await.expect(200);
        assert_ne!(second.body["items"][0]["position"], pages[0].body["items"][0]["position"]);
        // A cursor fits its own list.
        for foreign in [format!("/v1/webhooks?after={}", cursor(0)), format!("{}/deliveries?state=waiting&after={}", path(&made), cursor(0))] {
            vendor.get(&foreign).await.expect(400).refuses("after", "foreign_cursor");
        }
    }
);

on_both!(
    async fn personal_data_are_masked_as_they_are_at_the_moment_of_sending(s) {
        let (vendor, blind, sighted) = (s.vendor().await, Receiver::start(), Receiver::start());
        subscribe(&vendor, &blind, json!({ "resources": ["learners"] })).await;
        subscribe(&vendor, &sighted, json!({ "resources": ["learners"], "purpose": "school_administration" })).await;
        let centre = some_centres(&vendor, 1).await.remove(0);
        let learner = json!({
            "centreId": centre, "fullName": "Nguyễn Văn Thử", "gender": "male",
            "dateOfBirth": { "value": "1990", "precision": "year" },
        });
        let id = vendor.post("/v1/learners", learner).await.expect(201).id();
        deliver(s).await;
        let (unseen, seen) = (blind.accepted(), sighted.accepted());
        assert_eq!(seen[0].body["data"]["record"]["fullName"], "Nguyễn Văn Thử");
        assert!(unseen[0].body["data"]["record"]["fullName"].is_null() && !unseen[0].text.contains("Nguyễn"));
        assert!(unseen[0].body["data"]["record"]["maskedFields"].as_array().unwrap().contains(&json!("fullName")));
        // Who was shown whose data is on record, with what it was for.
        let centre_client = s.client("centre", gdtx_domain::access::reach::Reach { centres: vec![centre.parse().unwrap()], ..Default::default() }).await;
        let log = centre_client.get(&format!("/v1/access-log?learnerId={id}&clientId={}", vendor.id.unwrap())).await.expect(200);
        let requests: Vec<&str> = log.body["items"].as_array().unwrap().iter().map(|e| e["requestId"].as_str().unwrap()).collect();
        assert_eq!(requests.iter().filter(|id| id.starts_with("webhook-")).count(), 1, "{requests:?}");

        // The agreement ends before the next change leaves.
        vendor.patch(&format!("/v1/learners/{id}"), json!({ "fullName": "Trần Văn Thử" })).await.expect(200);
        let patch = serde_json::from_value(json!({ "agreement": null })).unwrap();
        gdtx_service::access::client::update(&s.system(), vendor.id.unwrap(), patch, None).await.unwrap();
        deliver(s).await;
        let masked = sighted.accepted();
        assert_eq!(masked.len(), 1);
        assert!(masked[0].body["data"]["record"]["fullName"].is_null() && !masked[0].text.contains("Trần"));
    }
);
