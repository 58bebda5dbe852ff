//! The history of a record: each version, who made it and what it changed.

use serde_json::{Value, json};

use super::values;
use crate::{on_both, support::centre};

on_both!(
    async fn each_version_tells_what_changed_and_who_did_it(s) {
        let vendor = s.vendor().await;
        let made = vendor.post("/v1/centres", centre("Trung tâm Cũ", "11407")).await.expect(201);
        let path = format!("/v1/centres/{}", made.id());
        let changed = vendor.patch(&path, json!({ "name": "Trung tâm Mới", "phone": "0225 000 000" })).await.expect(200);
        vendor.patch(&path, json!({ "place": { "code": "11383" } })).await.expect(200);
        let gone = vendor.delete(&path).await.expect(200);
        s.sequenced().await;

        let page = vendor.get(&format!("{path}/history")).await.expect(200).body;
        let items = page["items"].as_array().expect("items");
        let told: Vec<_> = items.iter().map(|v| (v["version"].as_i64().unwrap(), v["operation"].as_str().unwrap())).collect();
        assert_eq!(told, [(4, "retired"), (3, "updated"), (2, "updated"), (1, "created")], "a move is told once");
        let fields: Vec<_> = items[..3].iter().map(|v| v["changedFields"].clone()).collect();
        assert_eq!(fields, [json!(["deletedAt"]), json!(["place"]), json!(["name", "phone"])]);
        assert!(items[3]["changedFields"].as_array().unwrap().contains(&json!("kind")));
        assert_eq!((&items[0]["record"], &items[2]["record"], &items[3]["record"]), (&gone.body, &changed.body, &made.body));
        assert_eq!((&items[2]["requestId"], &items[2]["actor"], &items[2]["clientId"]),
            (&json!(changed.header("x-request-id")), &json!("vendor"), &json!(vendor.id)));
        assert_eq!(items[2]["recordedAt"], changed.body["updatedAt"]);
        for item in items {
            let at = item["position"].as_i64().expect("a position");
            assert_eq!(vendor.get(&format!("{path}?asOf={at}")).await.expect(200).body, item["record"]);
        }
        // Others learn the role; who it was, only those who may read clients.
        let other = s.vendor().await;
        assert_eq!(values(&other, &format!("{path}/history?first=1"), "clientId").await, [Value::Null]);
        let administrator = s.client("administrator", Default::default()).await;
        let seen = administrator.get(&format!("{path}/history?first=1")).await;
        assert!(seen.status == 403 || seen.body["items"][0]["clientId"] == json!(vendor.id), "{}", seen.text);
    }
);

on_both!(
    async fn a_long_history_is_read_page_by_page_on_both_surfaces(s) {
        let vendor = s.vendor().await;
        let id = vendor.post("/v1/rooms", json!({ "centreId": vendor.post("/v1/centres", centre("Trung tâm Thử", "11407")).await.expect(201).id(), "roomName": "Phòng 0" })).await.expect(201).id();
        let path = format!("/v1/rooms/{id}");
        for i in 1..5 {
            vendor.patch(&path, json!({ "roomName": format!("Phòng {i}") })).await.expect(200);
        }
        let (mut seen, mut after) = (Vec::new(), String::new());
        loop {
            let page = vendor.get(&format!("{path}/history?first=2&fields=version,record.roomName,changedFields{after}")).await.expect(200);
            seen.extend(page.body["items"].as_array().unwrap().clone());
            if page.body["pageInfo"]["hasNextPage"] == false {
                break;
            }
            assert!(page.header("link").contains("rel=\"next\""));
            after = format!("&after={}", page.body["pageInfo"]["endCursor"].as_str().unwrap());
            // A new version comes before what is read: nothing moves.
            vendor.patch(&path, json!({ "roomName": format!("Phòng mới {}", seen.len()) })).await.expect(200);
        }
        let names: Vec<_> = seen.iter().map(|v| v["record"]["roomName"].as_str().unwrap()).collect();
        assert_eq!(names, ["Phòng 4", "Phòng 3", "Phòng 2", "Phòng 1", "Phòng 0"]);
        assert!(seen[..4].iter().all(|v| v["changedFields"] == json!(["roomName"])), "{seen:?}");

        let asked = "query($id: ID!) { listRoomHistory(id: $id, first: 1) { nodes { id version operation actor changedFields record { roomName } } pageInfo { hasNextPage } } }";
        let told = vendor.data(asked, json!({ "id": id })).await["listRoomHistory"].clone();
        assert_eq!(told["nodes"][0]["record"]["roomName"], "Phòng mới 4");
        assert_eq!((&told["nodes"][0]["id"], &told["pageInfo"]["hasNextPage"]), (&json!(id), &json!(true)));

        vendor.get(&format!("{path}/history?first=0")).await.expect(400).refuses("first", "out_of_range");
        vendor.get(&format!("{path}/history?after=abc")).await.expect(400).refuses("after", "invalid_cursor");
        vendor.get(&format!("{path}/history?asOf=1")).await.expect(400).refuses("asOf", "unknown_parameter");
        let foreign = vendor.get("/v1/rooms?first=1").await.expect(200).body["pageInfo"]["endCursor"].as_str().unwrap().to_owned();
        vendor.get(&format!("{path}/history?after={foreign}")).await.expect(400).refuses("after", "foreign_cursor");
        vendor.get("/v1/rooms/abc/history").await.expect(404);
    }
);
