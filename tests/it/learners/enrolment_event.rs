//! The history of an enrolment: possible and impossible steps, and what each must tell.

use serde_json::{Value, json};

use super::classes::{Setting, step};
use crate::on_both;

on_both!(
    async fn steps_give_the_enrolment_its_status_and_stay_readable(s) {
        let vendor = s.vendor().await;
        let set = Setting::new(&vendor).await;
        let path = set.enrolled(&vendor).await;
        for (kind, on, more, status, ended) in [
            ("start", "2025-09-08", json!({"period": "term_1"}), "studying", Value::Null),
            ("suspend", "2025-10-01", json!({}), "suspended", Value::Null),
            ("resume", "2025-11-01", json!({}), "studying", Value::Null),
            ("drop_out", "2025-12-01", json!({"dropoutReason": "illness", "period": "term_1"}), "dropped_out", json!("2025-12-01")),
            ("return", "2026-01-10", json!({"period": "term_2", "note": "Đã khỏi bệnh"}), "studying", Value::Null),
            ("complete", "2026-05-31", json!({"period": "term_2"}), "completed", json!("2026-05-31")),
        ] {
            let made = step(&vendor, &path, kind, on, more.clone()).await.expect(201);
            assert_eq!(made.body["statusAfter"], status);
            let now = vendor.get(&path).await.expect(200).body;
            assert_eq!((&now["status"], &now["statusSince"], &now["endedOn"]), (&json!(status), &json!(on), &ended), "{kind}");
            assert_eq!((&now["dropoutReason"], &now["period"]), (&more["dropoutReason"], &more["period"]), "{kind}");
        }
        assert_eq!(vendor.get(&path).await.body["version"], 7);
        let history = vendor.get(&format!("{path}/events?count=exact")).await.expect(200).body;
        assert_eq!(history["totalCount"], 7);
        let items = history["items"].as_array().unwrap();
        let told: Vec<_> = items.iter().map(|e| (e["sequence"].as_i64().unwrap(), e["kind"].as_str().unwrap())).collect();
        assert_eq!(told, [(1, "enrol"), (2, "start"), (3, "suspend"), (4, "resume"), (5, "drop_out"), (6, "return"), (7, "complete")]);
        assert_eq!((&items[0]["effectiveOn"], &items[4]["dropoutReason"]), (&json!("2025-09-05"), &json!("illness")));

        // Page by page it is the same history.
        let first = vendor.get(&format!("{path}/events?first=3")).await.expect(200).body;
        let cursor = first["pageInfo"]["endCursor"].as_str().unwrap();
        let rest = vendor.get(&format!("{path}/events?first=4&after={cursor}")).await.expect(200).body;
        assert_eq!((&rest["items"][0]["sequence"], &rest["pageInfo"]["hasNextPage"]), (&json!(4), &json!(false)));
    }
);

on_both!(
    async fn impossible_steps_are_refused_and_leave_no_trace(s) {
        let vendor = s.vendor().await;
        let set = Setting::new(&vendor).await;
        let path = set.enrolled(&vendor).await;
        for kind in ["resume", "return", "complete", "enrol", "transfer_in"] {
            let refused = step(&vendor.english(), &path, kind, "2025-09-08", json!({})).await.expect(409);
            assert_eq!(refused.body["code"], "impossible_transition");
            assert!(refused.body["detail"].as_str().unwrap().contains("Enrolled"), "{}", refused.text);
        }
        step(&vendor, &path, "transfer_out", "2025-09-08", json!({"destination": "other_province"})).await.expect(201);
        for kind in ["start", "return", "drop_out", "transfer_out", "complete"] {
            assert_eq!(step(&vendor, &path, kind, "2025-09-09", json!({})).await.expect(409).body["code"], "impossible_transition");
        }
        let now = vendor.get(&path).await.body;
        assert_eq!((&now["version"], &now["destination"]), (&json!(2), &json!("other_province")));
        assert_eq!(vendor.get(&format!("{path}/events?count=exact")).await.body["totalCount"], 2);
        vendor.delete(&path).await.expect(200);
        step(&vendor, &path, "start", "2025-09-09", json!({})).await.expect(409);
    }
);

on_both!(
    async fn each_step_tells_what_it_must_and_nothing_else(s) {
        let vendor = s.vendor().await;
        let set = Setting::new(&vendor).await;
        let path = set.enrolled(&vendor).await;
        for (kind, on, more, pointer, code) in [
            ("drop_out", "2025-10-01", json!({}), "/dropoutReason", "required"),
            ("drop_out", "2025-10-01", json!({"dropoutReason": "boredom"}), "/dropoutReason", "unknown_code"),
            ("start", "2025-10-01", json!({"dropoutReason": "illness"}), "/dropoutReason", "not_allowed_here"),
            ("transfer_out", "2025-10-01", json!({}), "/destination", "required"),
            ("start", "2025-10-01", json!({"destinationName": "Nơi khác"}), "/destinationName", "not_allowed_here"),
            ("start", "2025-10-01", json!({"origin": "Nơi khác"}), "/origin", "not_allowed_here"),
            ("start", "2025-09-04", json!({}), "/effectiveOn", "before_earlier_event"),
            ("start", "2025-10-01", json!({"note": "a\u{7}"}), "/note", "control_character"),
        ] {
            step(&vendor, &path, kind, on, more).await.expect(422).refuses(pointer, code);
        }
        step(&vendor, &path, "start", "2025-13-01", json!({})).await.expect(400);
        step(&vendor, &path, "begin", "2025-10-01", json!({})).await.expect(400);
        step(&vendor, &path, "start", "2025-10-01", json!({"statusAfter": "completed"})).await.expect(400);
        vendor.get(&format!("{path}/events?enrolmentId=x")).await.expect(400).refuses("enrolmentId", "unknown_parameter");
        vendor.get("/v1/enrolments/none/events").await.expect(404);
        step(&vendor, &path, "start", "2999-01-01", json!({})).await.expect(422).refuses("/effectiveOn", "in_future");
        assert_eq!(vendor.get(&path).await.body["version"], 1);
    }
);

on_both!(
    async fn retries_rehearsals_and_stale_versions(s) {
        let vendor = s.vendor().await;
        let set = Setting::new(&vendor).await;
        let path = set.enrolled(&vendor).await;
        let events = format!("{path}/events");
        let start = json!({"kind": "start", "effectiveOn": "2025-09-08"});
        vendor.post(&format!("{events}?dryRun=true"), start.clone()).await.expect(201);
        assert_eq!(vendor.get(&path).await.body["status"], "enrolled");
        vendor.with("if-match", "\"7\"").post(&events, start.clone()).await.expect(412);
        let once = vendor.with("idempotency-key", "thu-step");
        let first = once.post(&events, start.clone()).await.expect(201);
        let again = once.post(&events, start.clone()).await.expect(201);
        assert_eq!((again.id(), &again.body["sequence"]), (first.id(), &json!(2)));
        once.post(&events, json!({"kind": "suspend", "effectiveOn": "2025-09-08"})).await.expect(422);
        vendor.post(&events, start).await.expect(409);
        assert_eq!(vendor.get(&path).await.body["version"], 2);
    }
);
