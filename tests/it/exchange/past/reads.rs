//! One record as it was, on every way out.

use serde_json::{Value, json};

use super::values;
use crate::{
    on_both,
    support::{Answer, centre, province},
};

on_both!(
    async fn a_record_is_read_as_it_was(s) {
        let vendor = s.vendor().await;
        let none = s.sequenced().await;
        let made = vendor.post("/v1/centres", centre("Trung tâm Cũ", "11407")).await.expect(201);
        let (id, born) = (made.id(), made.body["createdAt"].as_str().expect("an instant").to_owned());
        let path = format!("/v1/centres/{id}");
        let first = s.sequenced().await;
        let changed = vendor.patch(&path, json!({ "name": "Trung tâm Mới", "phone": "0225 000 000" })).await.expect(200);
        let second = s.sequenced().await;
        let gone = vendor.delete(&path).await.expect(200);
        let third = s.sequenced().await;

        vendor.get(&format!("{path}?asOf={none}")).await.expect(404);
        let then = vendor.get(&format!("{path}?asOf={first}")).await.expect(200);
        assert_eq!((&then.body["name"], &then.body["version"], &then.body["phone"]), (&json!("Trung tâm Cũ"), &json!(1), &Value::Null));
        for (at, left) in [(first, &made), (second, &changed), (third, &gone)] {
            assert_eq!(&vendor.get(&format!("{path}?asOf={at}")).await.expect(200).body, &left.body, "as of {at}");
        }
        // By instants: what was recorded until then.
        let moments = [(&made, 1), (&changed, 2), (&gone, 3)];
        for (left, version) in moments {
            let at = left.body["updatedAt"].as_str().expect("an instant");
            assert_eq!(vendor.get(&format!("{path}?asOf={at}")).await.expect(200).body["version"], version);
        }
        let before = (born.parse::<chrono::DateTime<chrono::Utc>>().unwrap() - chrono::Duration::seconds(1)).to_rfc3339();
        vendor.get(&format!("{path}?asOf={}", before.replace('+', "%2B"))).await.expect(404);
        let local = born.parse::<chrono::DateTime<chrono::FixedOffset>>().unwrap().with_timezone(&chrono::FixedOffset::east_opt(25_200).unwrap());
        assert_eq!(vendor.get(&format!("{path}?asOf={}", local.to_rfc3339())).await.expect(200).body["version"], 1);

        // The same on the other ways out.
        let tag = then.header("etag").to_owned();
        assert_eq!(tag, "\"1\"");
        vendor.with("if-none-match", &tag).get(&format!("{path}?asOf={first}")).await.expect(304);
        vendor.with("if-none-match", &tag).get(&format!("{path}?asOf={second}")).await.expect(200);
        assert_eq!(vendor.get(&format!("{path}?fields=name&asOf={first}")).await.expect(200).body, json!({ "name": "Trung tâm Cũ" }));
        assert_eq!(values(&vendor, &format!("/v1/centres?asOf={first}"), "name").await, ["Trung tâm Cũ"]);
        assert_eq!(values(&vendor, &format!("/v1/centres?asOf={second}"), "name").await, ["Trung tâm Mới"]);
        assert_eq!(values(&vendor, &format!("/v1/centres?asOf={third}"), "name").await, [json!(null); 0]);
        assert_eq!(values(&vendor, &format!("/v1/centres?withRetired=true&asOf={third}"), "name").await, ["Trung tâm Mới"]);
        let lines = vendor.get(&format!("/v1/exports/centres?fields=name&asOf={first}")).await.expect(200);
        assert_eq!(lines.text, "{\"name\":\"Trung tâm Cũ\"}\n");
        let asked = "query($id: ID!, $at: AsOf) { then: getCentre(id: $id, asOf: $at) { name version } listCentres(asOf: $at) { nodes { name } } now: getCentre(id: $id) { version } }";
        let told = vendor.data(asked, json!({ "id": id, "at": first })).await;
        assert_eq!(told, json!({ "then": { "name": "Trung tâm Cũ", "version": 1 }, "listCentres": { "nodes": [{ "name": "Trung tâm Cũ" }] }, "now": { "version": 3 } }));
    }
);

on_both!(
    async fn what_belongs_to_a_record_of_the_past_is_of_the_same_past(s) {
        let vendor = s.vendor().await;
        let id = vendor.post("/v1/centres", centre("Trung tâm Thử", "11407")).await.expect(201).id();
        let room = json!({ "centreId": id, "roomName": "Phòng 1" });
        let room = vendor.post("/v1/rooms", room).await.expect(201).id();
        let then = s.sequenced().await;
        vendor.patch(&format!("/v1/rooms/{room}"), json!({ "roomName": "Phòng 2" })).await.expect(200);
        vendor.post("/v1/rooms", json!({ "centreId": id, "roomName": "Phòng 3" })).await.expect(201);
        vendor.patch(&format!("/v1/centres/{id}"), json!({ "name": "Trung tâm Khác" })).await.expect(200);

        let asked = "query($id: ID!, $at: AsOf!) {
            then: getCentre(id: $id, asOf: $at) { name rooms(count: exact) { totalCount nodes { roomName centre { name } } } events { nodes { centre { name } } } }
            now: getCentre(id: $id) { name rooms(sort: \"name\") { nodes { roomName centre { name } } } } }";
        let told = vendor.data(asked, json!({ "id": id, "at": then.to_string() })).await;
        let old = json!({ "name": "Trung tâm Thử" });
        assert_eq!(told["then"]["rooms"], json!({ "totalCount": 1, "nodes": [{ "roomName": "Phòng 1", "centre": old }] }));
        assert_eq!((&told["then"]["name"], &told["then"]["events"]["nodes"]), (&old["name"], &json!([{ "centre": old }])));
        let new = json!({ "name": "Trung tâm Khác" });
        assert_eq!(told["now"]["rooms"]["nodes"], json!([{ "roomName": "Phòng 2", "centre": new }, { "roomName": "Phòng 3", "centre": new }]));
        // Events of the past stand under their own addresses, too.
        let events = format!("/v1/centres/{id}/events");
        let items = |answer: Answer| answer.body["items"].clone();
        assert_eq!(items(vendor.get(&format!("{events}?asOf={then}")).await.expect(200)), items(vendor.get(&events).await));
        vendor.get(&format!("{events}?asOf=0")).await.expect(404);
    }
);

on_both!(
    async fn a_moment_that_is_none_is_refused(s) {
        let vendor = s.vendor().await;
        let last = s.sequenced().await;
        let id = vendor.post("/v1/centres", centre("Trung tâm Thử", "11407")).await.expect(201).id();
        for path in [format!("/v1/centres/{id}"), "/v1/centres".to_owned(), "/v1/exports/centres".to_owned(), format!("/v1/centres/{id}/events")] {
            for wrong in ["", "abc", "-1", "1.5", "2026-09-05", "99999999999999999999", "2026-13-01T00:00:00Z"] {
                vendor.get(&format!("{path}?asOf={wrong}")).await.expect(400).refuses("asOf", "invalid_value");
            }
            let told = vendor.english().get(&format!("{path}?asOf={}", last + 1000)).await.expect(400).refuses("asOf", "beyond_the_end");
            assert!(told.text.contains("ends at position"), "{}", told.text);
            vendor.get(&format!("{path}?asOf=2999-01-01T00:00:00Z")).await.expect(400).refuses("asOf", "beyond_the_end");
            vendor.get(&format!("{path}?asOf=1&asOf=2")).await.expect(400).refuses("asOf", "repeated");
            vendor.get(&format!("{path}?asof=1")).await.expect(400).refuses("asof", "unknown_parameter");
        }
        for wrong in [json!("abc"), json!(-1), json!("2026-09-05"), json!(true)] {
            let answer = vendor.graphql("query($at: AsOf) { listCentres(asOf: $at) { nodes { id } } }", json!({ "at": wrong })).await;
            assert!(answer.body["errors"][0]["extensions"]["status"] == 400, "{wrong}: {}", answer.text);
        }
        let answer = vendor.graphql("{ listCentres(asOf: 99999) { nodes { id } } }", json!({})).await;
        assert_eq!(answer.body["errors"][0]["extensions"]["errors"][0]["code"], "beyond_the_end", "{}", answer.text);
        // What is never read as of the past has no such parameter.
        vendor.get("/v1/changes?asOf=1").await.expect(400).refuses("asOf", "unknown_parameter");
    }
);

on_both!(
    async fn who_may_see_a_record_of_the_past_is_decided_today(s) {
        let ministry = s.client("ministry", Default::default()).await;
        let (from, to) = (s.client("province_department", province("31")).await, s.client("province_department", province("01")).await);
        let id = ministry.post("/v1/centres", centre("Trung tâm Chuyển", "11407")).await.expect(201).id();
        let vendor = s.vendor().await;
        let room = vendor.post("/v1/rooms", json!({ "centreId": id, "roomName": "Phòng 1" })).await.expect(201).id();
        let then = s.sequenced().await;
        to.get(&format!("/v1/centres/{id}?asOf={then}")).await.expect(404);
        ministry.patch(&format!("/v1/centres/{id}"), json!({ "place": { "code": "00004" } })).await.expect(200);
        let now = s.sequenced().await;
        for path in [format!("/v1/centres/{id}"), format!("/v1/rooms/{room}")] {
            from.get(&format!("{path}?asOf={then}")).await.expect(404);
            from.get(&format!("{path}/history")).await.expect(404);
            to.get(&format!("{path}?asOf={then}")).await.expect(200);
            to.get(&format!("{path}/history")).await.expect(200);
        }
        assert_eq!(values(&from, &format!("/v1/rooms?asOf={then}"), "id").await, [json!(null); 0]);
        // The place asked for is that of the moment, also for what moved along.
        for (province, at, found) in [("31", then, 1), ("01", then, 0), ("31", now, 0), ("01", now, 1)] {
            for kind in ["centres", "rooms"] {
                let list = format!("/v1/{kind}?provinceCode={province}&asOf={at}");
                assert_eq!(values(&to, &list, "id").await.len(), found, "{list}");
            }
        }
        let portal = s.client("portal", province("01")).await;
        portal.get(&format!("/v1/centres/{id}?asOf={then}")).await.expect(403);
        portal.get(&format!("/v1/centres/{id}/history")).await.expect(403);
    }
);
