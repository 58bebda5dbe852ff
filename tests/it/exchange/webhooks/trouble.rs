//! Receivers that refuse, are slow, are away for a day, or are gone.

use chrono::Duration;
use gdtx_service::exchange::webhooks;
use serde_json::json;

use super::{deliver, deliver_at, later, listed, path, some_centres, subscribe};
use crate::{
    on_both,
    support::{province, receiver::Receiver},
};

on_both!(
    async fn one_record_that_is_refused_holds_back_its_own_changes_only(s) {
        let (vendor, receiver) = (s.vendor().await, Receiver::start());
        let made = subscribe(&vendor, &receiver, json!({ "resources": ["centres"] })).await;
        let ids = some_centres(&vendor, 3).await;
        let poison = ids[0].clone();
        receiver.answers(move |message| if message.record() == poison { 500 } else { 200 });
        for id in &ids {
            vendor.patch(&format!("/v1/centres/{id}"), json!({ "phone": "0225 000 000" })).await.expect(200);
        }
        deliver(s).await;
        assert_eq!(receiver.accepted().len(), 4);
        let waiting = listed(&vendor, &path(&made), "&state=waiting").await;
        let told: Vec<_> = waiting.iter().map(|d| (d["recordId"].as_str().unwrap(), d["operation"].as_str().unwrap(), d["attempts"].as_i64().unwrap())).collect();
        assert_eq!(told, [(ids[0].as_str(), "created", 1), (ids[0].as_str(), "updated", 0)]);
        assert_eq!((&waiting[0]["lastStatus"], &waiting[0]["lastFault"]), (&json!(500), &json!("refused")));
        // The record is taken again later: both changes arrive, in their order.
        receiver.answers(|_| 204);
        deliver(s).await;
        assert!(receiver.accepted().is_empty(), "before its time");
        deliver_at(s, later(Duration::seconds(6))).await;
        let came: Vec<_> = receiver.accepted().iter().map(|m| m.kind().to_owned()).collect();
        assert_eq!(came, ["centres.created", "centres.updated"]);
        assert!(listed(&vendor, &path(&made), "&state=waiting").await.is_empty());
    }
);

on_both!(
    async fn a_refused_change_with_nothing_beside_it_lets_later_ones_pass(s) {
        let (vendor, receiver) = (s.vendor().await, Receiver::start());
        let made = subscribe(&vendor, &receiver, json!({ "resources": ["centres"] })).await;
        let poison = some_centres(&vendor, 1).await.remove(0);
        let refused = poison.clone();
        receiver.answers(move |message| if message.record() == refused { 422 } else { 200 });
        for phone in 0..6 {
            vendor.patch(&format!("/v1/centres/{poison}"), json!({ "phone": format!("0225 000 00{phone}") })).await.expect(200);
        }
        let healthy = some_centres(&vendor, 1).await.remove(0);
        for hour in 0..8 {
            deliver_at(s, later(Duration::hours(hour))).await;
        }
        let came: Vec<_> = receiver.accepted().iter().map(|m| m.record().to_owned()).collect();
        assert_eq!(came, [healthy]);
        assert_eq!(listed(&vendor, &path(&made), "&state=waiting").await.len(), 7);
    }
);

on_both!(
    async fn a_change_that_is_refused_for_days_is_given_up_and_can_be_replayed(s) {
        let (vendor, receiver) = (s.vendor().await, Receiver::start());
        let made = subscribe(&vendor, &receiver, json!({ "resources": ["centres"] })).await;
        let before = vendor.get(&path(&made)).await.expect(200).body["position"].as_i64().unwrap();
        let ids = some_centres(&vendor, 2).await;
        let poison = ids[0].clone();
        receiver.answers(move |message| if message.record() == poison { 422 } else { 200 });
        vendor.patch(&format!("/v1/centres/{}", ids[0]), json!({ "phone": "0225 000 000" })).await.expect(200);
        deliver(s).await;
        let mut hours = 0;
        while listed(&vendor, &path(&made), "&state=given_up").await.is_empty() {
            hours += 24;
            assert!(hours < 24 * 30, "it is tried for ever");
            deliver_at(s, later(Duration::hours(hours))).await;
        }
        let given_up = listed(&vendor, &path(&made), "&state=given_up").await;
        assert_eq!((given_up[0]["operation"].as_str(), given_up[0]["attempts"].as_i64()), (Some("created"), Some(10)));
        receiver.answers(|_| 200);
        let _ = receiver.accepted();
        vendor.post(&format!("{}/replay", path(&made)), json!({ "after": before })).await.expect(200);
        deliver_at(s, later(Duration::hours(hours + 1))).await;
        assert_eq!(receiver.accepted().len(), 3);
    }
);

on_both!(
    async fn a_receiver_that_is_away_for_a_day_misses_nothing_and_gets_nothing_twice(s) {
        let (vendor, receiver) = (s.vendor().await, Receiver::start());
        let made = subscribe(&vendor, &receiver, json!({ "resources": ["centres"] })).await;
        receiver.answers(|_| 503);
        let mut ids = some_centres(&vendor, 5).await;
        deliver(s).await;
        let health = vendor.get(&path(&made)).await.expect(200).body;
        assert_eq!((&health["failures"], &health["lastStatus"], &health["state"]), (&json!(1), &json!(503), &json!("active")));
        assert!(health["failingSince"].is_string() && health["nextAttemptAt"].is_string());
        for hour in 1..24 {
            deliver_at(s, later(Duration::hours(hour))).await;
        }
        ids.extend(some_centres(&vendor, 5).await);
        assert!(receiver.accepted().is_empty());
        receiver.answers(|_| 200);
        deliver_at(s, later(Duration::hours(25))).await;
        let mut came: Vec<String> = receiver.accepted().iter().map(|m| m.record().to_owned()).collect();
        came.sort();
        ids.sort();
        assert_eq!(came, ids);
        let health = vendor.get(&path(&made)).await.expect(200).body;
        assert_eq!((&health["failures"], &health["failingSince"], &health["lastFault"]), (&json!(0), &json!(null), &json!(null)));
    }
);

on_both!(
    async fn a_slow_receiver_holds_up_no_other(s) {
        let (vendor, slow, quick) = (s.vendor().await, Receiver::start(), Receiver::start());
        subscribe(&vendor, &slow, json!({ "resources": ["centres"] })).await;
        subscribe(&vendor, &quick, json!({ "resources": ["centres"] })).await;
        slow.hold();
        some_centres(&vendor, 3).await;
        s.sequenced().await;
        let dispatcher = s.dispatcher(gdtx_service::Clock::System);
        let sending = webhooks::run_once(&dispatcher);
        let watching = async {
            quick.received(3).await;
            assert!(slow.messages().is_empty());
            slow.let_go();
        };
        let (served, ()) = futures::join!(sending, watching);
        assert_eq!((served.unwrap(), slow.accepted().len(), quick.accepted().len()), (2, 3, 3));
    }
);

on_both!(
    async fn gone_ends_it_until_its_owner_says_otherwise(s) {
        let (vendor, receiver) = (s.vendor().await, Receiver::start());
        let made = subscribe(&vendor, &receiver, json!({ "resources": ["centres"] })).await;
        receiver.answers(|_| 410);
        some_centres(&vendor, 1).await;
        deliver(s).await;
        let stopped = vendor.get(&path(&made)).await.expect(200).body;
        assert_eq!((&stopped["state"], &stopped["lastStatus"]), (&json!("gone"), &json!(410)));
        receiver.answers(|_| 200);
        some_centres(&vendor, 1).await;
        deliver_at(s, later(Duration::days(2))).await;
        assert!(receiver.accepted().is_empty());
        vendor.patch(&path(&made), json!({ "state": "active" })).await.expect(200);
        deliver(s).await;
        assert_eq!(receiver.accepted().len(), 2);
    }
);

on_both!(
    async fn five_days_without_an_answer_end_it_and_the_feed_tells(s) {
        let (vendor, department) = (s.vendor().await, s.client("province_department", province("31")).await);
        let (dead, alive) = (Receiver::start(), Receiver::start());
        let made = subscribe(&vendor, &dead, json!({ "resources": ["centres"], "name": "Máy chủ cũ" })).await;
        subscribe(&vendor, &alive, json!({ "operations": ["webhook_disabled"] })).await;
        dead.stop().await;
        some_centres(&vendor, 1).await;
        deliver(s).await;
        assert_eq!(vendor.get(&path(&made)).await.expect(200).body["lastFault"], "unreachable");
        deliver_at(s, later(Duration::days(4))).await;
        assert_eq!(vendor.get(&path(&made)).await.expect(200).body["state"], "active");
        deliver_at(s, later(Duration::hours(24 * 5 + 1))).await;
        assert_eq!(vendor.get(&path(&made)).await.expect(200).body["state"], "disabled");
        // What stopped it stands in the journal itself.
        deliver(s).await;
        let told = alive.accepted();
        assert_eq!((told.len(), told[0].kind(), &told[0].body["data"]["record"]["name"]), (1, "access.webhook_disabled", &json!("Máy chủ cũ")));
        let mine = |feed: crate::support::Answer| feed.body["items"].as_array().unwrap().iter().filter(|c| c["operation"] == "webhook_disabled").count();
        assert_eq!(mine(vendor.get("/v1/changes?after=0").await.expect(200)), 1);
        assert_eq!(mine(department.get("/v1/changes?after=0").await.expect(200)), 0);
    }
);

on_both!(
    async fn a_client_that_is_suspended_is_told_nothing_and_misses_nothing(s) {
        let (vendor, receiver) = (s.vendor().await, Receiver::start());
        subscribe(&vendor, &receiver, json!({ "resources": ["centres"] })).await;
        some_centres(&vendor, 2).await;
        let system = s.system();
        gdtx_service::access::client::suspend(&system, vendor.id.unwrap()).await.unwrap();
        deliver(s).await;
        assert!(receiver.messages().is_empty());
        gdtx_service::access::client::resume(&system, vendor.id.unwrap()).await.unwrap();
        deliver_at(s, later(Duration::minutes(6))).await;
        assert_eq!(receiver.accepted().len(), 2);
    }
);

on_both!(
    async fn a_redirect_is_not_followed(s) {
        let (vendor, receiver) = (s.vendor().await, Receiver::start());
        let made = subscribe(&vendor, &receiver, json!({ "resources": ["centres"] })).await;
        receiver.answers(|_| 302);
        some_centres(&vendor, 1).await;
        deliver(s).await;
        assert_eq!(receiver.messages().len(), 1);
        assert_eq!(vendor.get(&path(&made)).await.expect(200).body["lastStatus"], 302);
    }
);
