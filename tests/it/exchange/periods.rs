//! Rows and their periods: all of a row or nothing, the year that was named and no other, every lock.

use chrono::Duration;
use gdtx_api::{Settings, SyncPeriods};
use gdtx_domain::access::reach::Reach;
use gdtx_service::Clock;
use serde_json::{Value, json};

use super::imports::{CSV, NDJSON, counts, fault, import, receipts};
use crate::{
    centres::{decision, department, history, make, operating, told, with},
    learners::classes::Setting,
    on_both,
    support::{Client, centre},
};

const PERIOD: &str = "&schoolYear=2025&syncKind=year_start";

fn hours(from_now: i64) -> Value {
    json!(Clock::System.now() + Duration::hours(from_now))
}

/// A locked window for the start of 2025-2026 in a commune of Hải Phòng.
async fn lock(by: &Client, commune: &str) {
    let window = json!({ "schoolYear": "2025", "syncKind": "year_start", "place": { "code": commune } });
    let made = by.post("/v1/sync-windows", window).await.expect(201).id();
    by.post(&format!("/v1/sync-windows/{made}/lock"), json!({ "reason": "Đã chốt" })).await.expect(200);
}

on_both!(
    async fn an_event_that_one_of_its_centres_refuses_leaves_no_trace(s) {
        let (department, ministry) = (department(s).await, s.client("ministry", Reach::whole_country()).await);
        let first = make(&department, "/v1/centres", operating("Trung tâm Thử Một", "11407")).await;
        let second = make(&department, "/v1/centres", operating("Trung tâm Thử Hai", "10507")).await;
        lock(&ministry, "10507").await;
        let merge = with(decision("merge", "2026-03-01"), json!({ "externalId": "qd-1", "centreId": first, "successorIds": [second] }));
        let rename = with(decision("rename", "2026-03-01"), json!({ "externalId": "qd-2", "centreId": first, "newName": "Trung tâm Thử Ba" }));
        let file = format!("{merge}\n{rename}\n");
        let job = import(s, &department, &format!("?resource=centre_events{PERIOD}"), NDJSON, &file).await;
        let all = receipts(&department, &job).await;
        assert_eq!((counts(&job), fault(&all[0])), ([1, 0, 0, 1], ("", "period_locked")), "{all:?}");
        let seen = department.get(&format!("/v1/centres/{first}")).await.expect(200).body;
        assert_eq!((&seen["status"], &seen["name"], &seen["version"]), (&json!("operating"), &json!("Trung tâm Thử Ba"), &json!(2)));
        assert_eq!(seen["successorIds"], json!([]));
        let events = history(&department, &first).await;
        assert_eq!(events[events.len() - 1..], told(&[("rename", "operating")]));
        assert!(events.iter().all(|(kind, _)| kind != "merge"), "{events:?}");
        assert_eq!(department.get(&format!("/v1/centres/{second}")).await.expect(200).body["version"], 1);
    }
);

on_both!(
    async fn a_centre_that_may_not_move_moves_nothing_along(s) {
        let (department, vendor) = (department(s).await, s.vendor().await);
        let home = vendor.put("/v1/centres/by-external-id/c-0", centre("Trung tâm Thử", "11407")).await.expect(201).id();
        let room = vendor.post("/v1/rooms", json!({ "centreId": home, "roomName": "Phòng thử" })).await.expect(201).id();
        lock(&department, "10507").await;
        let sheet = "externalId,place.code\nc-0,10507\n";
        let job = import(s, &vendor, &format!("?resource=centres{PERIOD}"), CSV, sheet).await;
        assert_eq!(fault(&receipts(&vendor, &job).await[0]), ("", "period_locked"));
        s.sequenced().await;
        let feed = department.get("/v1/changes?after=0&resource=centres").await.expect(200).body;
        assert!(feed["items"].as_array().unwrap().iter().all(|change| change["operation"] != "moved"), "{feed}");
        let here = s.client("commune_office", Reach { communes: vec!["11407".to_owned()], ..Reach::default() }).await;
        here.get(&format!("/v1/rooms/{room}")).await.expect(200);
    }
);

on_both!(
    async fn rows_of_another_year_do_not_pass_under_the_name_of_this_one(s) {
        let vendor = s.vendor().await;
        let set = Setting::new(&vendor).await;
        let programme = vendor.get(&format!("/v1/classes/{}", set.class)).await.expect(200).body["programmeId"].clone();
        let programme = programme.as_str().unwrap();
        let classes = |years: [i32; 3]| {
            let rows = years.map(|year| format!("lop-{year},{programme},{year},K{year},Lớp {year}\n"));
            format!("externalId,programmeId,schoolYear,code,name\n{}", rows.concat())
        };
        let job = import(s, &vendor, &format!("?resource=classes{PERIOD}"), CSV, &classes([2024, 2025, 2026])).await;
        let all = receipts(&vendor, &job).await;
        assert_eq!((counts(&job), fault(&all[0]), fault(&all[2])), ([1, 0, 0, 2], ("/schoolYear", "other_school_year"), ("/schoolYear", "other_school_year")));
        assert_eq!(all[0]["errors"][0]["detailVi"], "Bản ghi thuộc năm học 2024-2025, còn kỳ đã nêu là “Đồng bộ dữ liệu đầu năm” năm học 2025-2026.");
        // A class does not slip from one year into another either.
        let moved = classes([2025, 2025, 2025]).replace(",2025,", ",2026,");
        let job = import(s, &vendor, "?resource=classes&schoolYear=2026&syncKind=change", CSV, &moved).await;
        assert_eq!(counts(&job), [0, 0, 0, 3]);
        // Historic data are of the year and of those before it.
        let job = import(s, &vendor, "?resource=classes&schoolYear=2025&syncKind=historic", CSV, &classes([2023, 2024, 2026])).await;
        assert_eq!(counts(&job), [2, 0, 0, 1]);
        let enrolments = format!("externalId,learnerId,classId,enrolledOn\nghi-1,{},{},2025-09-05\n", set.learner, set.class);
        let other = import(s, &vendor, "?resource=enrolments&schoolYear=2024&syncKind=year_end", CSV, &enrolments).await;
        assert_eq!(fault(&receipts(&vendor, &other).await[0]), ("/classId", "other_school_year"));
        let same = import(s, &vendor, &format!("?resource=enrolments{PERIOD}"), CSV, &enrolments).await;
        assert_eq!(counts(&same), [1, 0, 0, 0]);
        let steps = "externalId,enrolmentExternalId,kind,effectiveOn\nbd-1,ghi-1,start,2025-09-08\n";
        let other = import(s, &vendor, "?resource=enrolment_events&schoolYear=2026&syncKind=change", CSV, steps).await;
        assert_eq!(fault(&receipts(&vendor, &other).await[0]), ("/enrolmentId", "other_school_year"));
    }
);

on_both!(
    async fn a_batch_names_its_period_as_files_do(s) {
        let (department, vendor) = (department(s).await, s.vendor().await);
        lock(&department, "10507").await;
        let record = |key: &str, commune: &str| with(centre("Trung tâm Thử", commune), json!({ "resource": "centres", "externalId": key }));
        let records = [record("a", "11407"), record("b", "10507")];
        let batch = json!({ "schoolYear": "2025", "syncKind": "year_start", "records": records });
        let done = vendor.post("/v1/batch", batch.clone()).await.expect(200).body;
        assert_eq!((&done["created"], &done["items"][1]["errors"][0]["code"]), (&json!(1), &json!("period_locked")), "{done}");
        let half = json!({ "schoolYear": "2025", "records": records });
        vendor.post("/v1/batch", half).await.expect(422).refuses("/syncKind", "required");
        let query = "mutation($r: [JSON!]!, $k: SyncKind) { putBatch(records: $r, schoolYear: \"2025\", syncKind: $k) { rejected unchanged } }";
        let told = vendor.data(query, json!({ "r": records, "k": "year_start" })).await;
        assert_eq!(told["putBatch"], json!({ "rejected": 1, "unchanged": 1 }));

        let strict = Settings { sync_periods: SyncPeriods::Declared, ..s.settings.clone() };
        let running = s.restarted(strict).await;
        let there = vendor.at(&running);
        there.post("/v1/batch", json!({ "records": records })).await.expect(422).refuses("/schoolYear", "required");
        let named = json!({ "schoolYear": "2025", "syncKind": "change", "records": [record("c", "11407")] });
        let done = there.post("/v1/batch", named).await.expect(200).body;
        assert_eq!(done["items"][0]["errors"][0]["code"], "period_not_declared");
        running.stop().await.expect("a clean stop");
    }
);

on_both!(
    async fn a_lock_is_told_also_where_the_time_is_over(s) {
        let (department, vendor) = (department(s).await, s.vendor().await);
        let over = json!({ "schoolYear": "2025", "syncKind": "year_start", "place": { "code": "31" }, "closesAt": hours(-1) });
        department.post("/v1/sync-windows", over).await.expect(201);
        let books = json!({ "schoolYear": "2025", "place": { "code": "31" }, "closesAt": hours(-1) });
        let books = department.post("/v1/sync-windows", books).await.expect(201).id();
        department.post(&format!("/v1/sync-windows/{books}/lock"), json!({ "reason": "Đã khóa sổ" })).await.expect(200);
        let check = async |query: &str| vendor.get(&format!("/v1/sync-windows/check?schoolYear=2025&syncKind=year_start&{query}")).await;
        let told = check("provinceCode=31").await.expect(200).body;
        assert_eq!((&told["code"], &told["windowId"]), (&json!("period_locked"), &json!(books)));
        assert!(told["detail"].as_str().unwrap().ends_with(": Đã khóa sổ"), "{told}");
        let sheet = "externalId,name,kind,ownership,place.code\na,Trung tâm A,gdtx_centre,public,11407\n";
        let job = import(s, &vendor, &format!("?resource=centres{PERIOD}"), CSV, sheet).await;
        assert_eq!(fault(&receipts(&vendor, &job).await[0]), ("", "period_locked"));
        // A commune lies in its province; a place that is not there is refused.
        assert_eq!(check("communeCode=11407").await.expect(200).body["code"], "period_locked");
        check("provinceCode=99").await.expect(400).refuses("provinceCode", "unknown_province");
        check("communeCode=99999").await.expect(400).refuses("communeCode", "unknown_commune");
        check("provinceCode=01&communeCode=11407").await.expect(400).refuses("communeCode", "other_province");
    }
);

on_both!(
    async fn a_lower_department_does_not_lift_a_lock_by_closing_more(s) {
        let department = department(s).await;
        let office = s.client("commune_office", Reach { communes: vec!["11407".to_owned()], ..Reach::default() }).await;
        let home = office.put("/v1/centres/by-external-id/c-0", centre("Trung tâm Thử", "11407")).await.expect(201).id();
        lock(&department, "31").await;
        let own = json!({ "schoolYear": "2025", "syncKind": "year_start", "centreId": home, "closesAt": hours(-1) });
        office.post("/v1/sync-windows", own).await.expect(201);
        let sheet = "externalId,phone\nc-0,0225 000 0000\n";
        let job = import(s, &office, &format!("?resource=centres{PERIOD}"), CSV, sheet).await;
        assert_eq!(fault(&receipts(&office, &job).await[0]), ("", "period_locked"));
    }
);
