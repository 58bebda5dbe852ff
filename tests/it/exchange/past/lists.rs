//! Lists of the past: filters, words, orders, pages and numbers of then.

use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use super::values;
use crate::{on_both, support::centre};

on_both!(
    async fn filters_and_words_find_what_they_found_then(s) {
        let vendor = s.vendor().await;
        let mut body = centre("Trung tâm Bình Minh", "11407");
        body["externalIds"] = json!([]);
        let id = vendor.put("/v1/centres/by-external-id/c-1", body).await.expect(201).id();
        let path = format!("/v1/centres/{id}");
        let then = s.sequenced().await;
        let changed = json!({ "name": "Trung tâm Hoàng Hôn", "ownership": "non_public", "officialId": "TT-01", "place": { "code": "11383" }, "externalIds": [] });
        let changed = vendor.patch(&path, changed).await;
        assert_eq!(changed.status, 200, "{}", changed.text);
        let at = changed.body["updatedAt"].as_str().expect("an instant").to_owned();
        let now = s.sequenced().await;
        for (condition, matched_then, matches_now) in [
            ("search=binh+minh", true, false),
            ("search=hoang+hon", false, true),
            ("ownership=public", true, false),
            ("ownership=non_public", false, true),
            ("officialId=TT-01", false, true),
            ("communeCode=11407", true, false),
            ("communeCode=11383", false, true),
            ("provinceCode=31", true, true),
            ("kind=gdtx_centre&status=proposed", true, true),
            ("kind=language_it_centre", false, false),
            ("externalId=c-1", true, false),
            ("externalId=c-2", false, false),
        ] {
            for (moment, matches) in [(then, matched_then), (now, matches_now)] {
                let list = format!("/v1/centres?{condition}&asOf={moment}");
                assert_eq!(values(&vendor, &list, "id").await.len(), usize::from(matches), "{list}");
            }
        }
        for (moment, found) in [(then, 0), (now, 1)] {
            assert_eq!(values(&vendor, &format!("/v1/centres?updatedSince={at}&asOf={moment}"), "id").await.len(), found);
        }
        // A key that another system has means nothing here.
        let other = s.vendor().await;
        assert_eq!(values(&other, &format!("/v1/centres?externalId=c-1&asOf={then}"), "id").await, [json!(null); 0]);
        vendor.get(&format!("/v1/centres?search={}&asOf={then}", "a".repeat(201))).await.expect(400);
    }
);

on_both!(
    async fn pages_of_the_past_hold_still_while_others_write(s) {
        let vendor = s.vendor().await;
        let mut ids = Vec::new();
        for name in ["Đông", "Tây", "Nam", "Bắc", "Xuân", "Hạ", "Thu"] {
            ids.push(vendor.post("/v1/centres", centre(name, "11407")).await.expect(201).id());
        }
        vendor.patch(&format!("/v1/centres/{}", ids[0]), json!({ "phone": "0225 000 000" })).await.expect(200);
        let then = s.sequenced().await;
        let orders = [
            ("id", ["Đông", "Tây", "Nam", "Bắc", "Xuân", "Hạ", "Thu"]),
            ("-id", ["Thu", "Hạ", "Xuân", "Bắc", "Nam", "Tây", "Đông"]),
            ("name", ["Bắc", "Đông", "Hạ", "Nam", "Tây", "Thu", "Xuân"]),
            ("-name", ["Xuân", "Thu", "Tây", "Nam", "Hạ", "Đông", "Bắc"]),
            ("createdAt", ["Đông", "Tây", "Nam", "Bắc", "Xuân", "Hạ", "Thu"]),
            ("-updatedAt", ["Đông", "Thu", "Hạ", "Xuân", "Bắc", "Nam", "Tây"]),
        ];
        for (round, (sort, expected)) in orders.into_iter().enumerate() {
            let list = format!("/v1/centres?first=3&count=exact&sort={sort}&asOf={then}");
            let (mut seen, mut after) = (Vec::<Value>::new(), String::new());
            loop {
                let page = vendor.get(&format!("{list}{after}")).await.expect(200).body;
                assert_eq!(page["totalCount"], 7);
                seen.extend(page["items"].as_array().expect("items").iter().map(|item| item["name"].clone()));
                if page["pageInfo"]["hasNextPage"] == false {
                    break;
                }
                after = format!("&after={}", page["pageInfo"]["endCursor"].as_str().expect("a cursor"));
                // Meanwhile the world goes on.
                vendor.patch(&format!("/v1/centres/{}", ids[round]), json!({ "name": format!("Khác {round}") })).await.expect(200);
                vendor.post("/v1/centres", centre(&format!("Mới {round} {}", seen.len()), "11407")).await.expect(201);
            }
            assert_eq!(seen, expected, "by {sort}");
        }
        vendor.delete(&format!("/v1/centres/{}", ids[6])).await.expect(200);
        assert_eq!(values(&vendor, &format!("/v1/centres?asOf={then}"), "name").await.len(), 7);
        assert_eq!(vendor.get(&format!("/v1/centres?first=1&count=estimated&asOf={then}")).await.expect(200).body["totalCount"], 7);
        // A cursor fits its own moment.
        let cursor = vendor.get(&format!("/v1/centres?first=3&asOf={then}")).await.expect(200).body["pageInfo"]["endCursor"].clone();
        let cursor = cursor.as_str().expect("a cursor");
        for other in [format!("asOf={}", then - 1), "first=3".to_owned()] {
            vendor.get(&format!("/v1/centres?{other}&after={cursor}")).await.expect(400).refuses("after", "foreign_cursor");
        }
        let link = vendor.get(&format!("/v1/centres?first=3&asOf={then}")).await.expect(200);
        assert!(link.header("link").contains(&format!("asOf={then}")), "{}", link.header("link"));
    }
);

on_both!(
    async fn entries_that_have_no_position_yet_are_found_by_their_instant(s) {
        let vendor = s.vendor().await;
        let made = vendor.post("/v1/centres", centre("Trung tâm Thử", "11407")).await.expect(201);
        let at = made.body["updatedAt"].as_str().expect("an instant").to_owned();
        let found = vendor.get(&format!("/v1/centres/{}?asOf={at}", made.id())).await.expect(200);
        assert_eq!(found.body, made.body);
    }
);

on_both!(
    /// A write that began before an instant may be committed after a list of that instant was begun.
    async fn a_list_of_an_instant_goes_on_as_it_began(s) {
        let vendor = s.vendor().await;
        for name in ["Đông", "Tây", "Nam"] {
            vendor.post("/v1/centres", centre(name, "11407")).await.expect(201);
        }
        s.sequenced().await;
        let instant = gdtx_service::Clock::System.now().to_rfc3339().replace("+00:00", "Z");
        let list = format!("/v1/centres?asOf={instant}&first=2");
        let first = vendor.get(&list).await.expect(200).body;
        let cursor = first["pageInfo"]["endCursor"].as_str().expect("a cursor").to_owned();
        let late = vendor.post("/v1/centres", centre("Bắc", "11407")).await.expect(201).id();
        s.sequenced().await;
        let tables = s.tables().await;
        let begun = "UPDATE journal SET recorded_at = (SELECT min(recorded_at) FROM journal) WHERE record_id = $1";
        let late: uuid::Uuid = late.parse().expect("an id");
        let statement = Statement::from_sql_and_values(tables.get_database_backend(), begun, [late.into()]);
        tables.execute_raw(statement).await.expect("an earlier beginning");
        assert_eq!(values(&vendor, &format!("{list}&after={cursor}"), "name").await, ["Nam"]);
        // A list that is begun now knows of it.
        assert_eq!(values(&vendor, &list.replace("first=2", "first=4"), "name").await, ["Đông", "Tây", "Nam", "Bắc"]);
    }
);
