//! Periods: a department opens, closes and locks them; files and direct writes are held to them.

use chrono::{DateTime, Duration, Utc};
use gdtx_domain::access::reach::Reach;
use gdtx_service::{Clock, exchange::imports};
use reqwest::Method;
use serde_json::{Value, json};

use super::imports::{CSV, centres, count, counts, import, receipts};
use crate::{
    learners::classes::Setting,
    on_both,
    support::{Answer, Client, Service, centre, province},
};

const PERIOD: &str = "&schoolYear=2025&syncKind=year_start";

/// A window of Hải Phòng for the start of 2025-2026, with more or other members.
fn window(more: &Value) -> Value {
    let mut body = json!({ "schoolYear": "2025", "syncKind": "year_start", "place": { "code": "31" } });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

async fn department(s: &Service) -> Client {
    s.client("province_department", province("31")).await
}

fn hours(from_now: i64) -> Value {
    json!(Clock::System.now() + Duration::hours(from_now))
}

/// Sends some centres for the period.
async fn send(s: &Service, client: &Client, rows: std::ops::Range<u32>) -> (Answer, Vec<Value>) {
    let job = import(s, client, &format!("?resource=centres{PERIOD}"), CSV, &centres(rows)).await;
    let told = receipts(client, &job).await;
    (job, told)
}

fn code(receipt: &Value) -> &str {
    receipt["errors"][0]["code"].as_str().unwrap_or_default()
}

on_both!(
    async fn a_file_goes_in_while_its_period_is_open(s) {
        let (department, vendor) = (department(s).await, s.vendor().await);
        let job = import(s, &vendor, &format!("?resource=centres{PERIOD}"), CSV, &centres(0..1)).await;
        assert_eq!((counts(&job), &job.body["schoolYear"], &job.body["syncKind"]), ([1, 0, 0, 0], &json!("2025-2026"), &json!("year_start")), "undeclared is open");
        let made = department.post("/v1/sync-windows", window(&json!({ "opensAt": hours(1), "note": "Đợt 1" }))).await.expect(201);
        assert_eq!((&made.body["unit"], &made.body["setBy"], &made.body["place"]["provinceName"]), (&json!("province"), &json!("province"), &json!("Hải Phòng")));
        let path = format!("/v1/sync-windows/{}", made.id());
        let (job, told) = send(s, &vendor, 1..2).await;
        assert_eq!((counts(&job), code(&told[0])), ([0, 0, 0, 1], "period_not_open"));
        // Another kind, another year and a file without a period are not meant.
        for other in ["&schoolYear=2025&syncKind=change", "&schoolYear=2026&syncKind=year_start", ""] {
            let job = import(s, &vendor, &format!("?resource=centres&dryRun=true{other}"), CSV, &centres(1..2)).await;
            assert_eq!(counts(&job), [1, 0, 0, 0], "{other}");
        }
        department.patch(&path, json!({ "opensAt": hours(-2), "closesAt": hours(1) })).await.expect(200);
        assert_eq!(counts(&send(s, &vendor, 1..2).await.0), [1, 0, 0, 0]);
        department.patch(&path, json!({ "closesAt": hours(-1) })).await.expect(200);
        let (job, told) = send(s, &vendor, 1..3).await;
        assert_eq!((counts(&job), code(&told[1])), ([0, 0, 1, 1], "period_closed"), "what changes nothing passes");
        assert_eq!(counts(&send(s, &department, 2..3).await.0), [1, 0, 0, 0], "who closed it still writes");
    }
);

on_both!(
    async fn a_lock_tells_its_reason_and_its_date_in_both_languages(s) {
        let (department, vendor) = (department(s).await, s.vendor().await);
        let made = department.post("/v1/sync-windows", window(&json!({}))).await.expect(201);
        let path = format!("/v1/sync-windows/{}", made.id());
        department.post(&format!("{path}/lock"), json!({ "reason": " " })).await.expect(422).refuses("/reason", "empty");
        let locked = department.post(&format!("{path}/lock"), json!({ "reason": "Đã chốt số liệu  đầu năm" })).await.expect(200);
        let at: DateTime<Utc> = locked.body["lockedAt"].as_str().unwrap().parse().unwrap();
        let at = at + Duration::hours(7);
        let (_, told) = send(s, &vendor, 0..1).await;
        let fault = &told[0]["errors"][0];
        assert_eq!((code(&told[0]), &fault["pointer"]), ("period_locked", &json!("")));
        assert_eq!(
            fault["detailVi"],
            format!("Kỳ “Đồng bộ dữ liệu đầu năm” năm học 2025-2026 (Hải Phòng) đã khóa từ {}: Đã chốt số liệu đầu năm", at.format("%H:%M ngày %d/%m/%Y"))
        );
        assert_eq!(
            fault["detailEn"],
            format!("The period “Start of the year” of the school year 2025-2026 (Hải Phòng) is locked since {} (UTC+7): Đã chốt số liệu đầu năm", at.format("%Y-%m-%d %H:%M"))
        );
        department.post(&format!("{path}/lock"), json!({ "reason": "x" })).await.expect(409);
        department.delete(&path).await.expect(409);
        let again = department.post(&format!("{path}/unlock"), json!({ "reason": "Bổ sung hai cơ sở" })).await.expect(200);
        assert_eq!((&again.body["lockedAt"], &again.body["unlockReason"], &again.body["version"]), (&Value::Null, &json!("Bổ sung hai cơ sở"), &json!(3)));
        department.post(&format!("{path}/unlock"), json!({ "reason": "x" })).await.expect(409);
        assert_eq!(counts(&send(s, &vendor, 0..1).await.0), [1, 0, 0, 0], "reopened");
        department.delete(&path).await.expect(200);
    }
);

on_both!(
    async fn the_closest_window_decides_and_ranks_hold(s) {
        let (department, vendor) = (department(s).await, s.vendor().await);
        let ministry = s.client("ministry", Reach::whole_country()).await;
        let office = s.client("commune_office", Reach { communes: vec!["11407".to_owned()], ..Reach::default() }).await;
        let first = vendor.put("/v1/centres/by-external-id/c-0", centre("Trung tâm Thử 0", "11407")).await.expect(201).id();
        let locked = department.post("/v1/sync-windows", window(&json!({}))).await.expect(201).id();
        department.post(&format!("/v1/sync-windows/{locked}/lock"), json!({ "reason": "Chốt" })).await.expect(200);
        let sheet = |phone: &str| format!("externalId,name,kind,ownership,place.code,phone\nc-0,Trung tâm Thử 0,gdtx_centre,public,11407,{phone}\nc-1,Trung tâm Thử 1,gdtx_centre,public,11407,{phone}\n");
        let query = format!("?resource=centres{PERIOD}");
        // The office of the commune cannot undo what the province closed; the province can.
        let of_office = json!({ "schoolYear": "2025", "syncKind": "year_start", "centreId": first });
        let made = office.post("/v1/sync-windows", of_office.clone()).await.expect(201);
        assert_eq!((&made.body["unit"], &made.body["setBy"]), (&json!("centre"), &json!("commune")));
        assert_eq!(counts(&import(s, &vendor, &query, CSV, &sheet("0225 1")).await), [0, 0, 0, 2]);
        department.patch(&format!("/v1/sync-windows/{}", made.id()), json!({ "note": "Gia hạn" })).await.expect(200);
        let job = import(s, &vendor, &query, CSV, &sheet("0225 2")).await;
        assert_eq!(counts(&job), [0, 1, 0, 1], "the one centre that was let in, not its neighbour");
        assert_eq!(receipts(&vendor, &job).await.iter().map(|r| (r["line"].as_i64(), code(r))).collect::<Vec<_>>(), [(Some(2), ""), (Some(3), "period_locked")]);
        // A whole country that is locked by the Ministry is not opened by a province.
        let country = ministry.post("/v1/sync-windows", json!({ "schoolYear": "2025", "syncKind": "year_start" })).await.expect(201).id();
        ministry.post(&format!("/v1/sync-windows/{country}/lock"), json!({ "reason": "Bộ đã tổng hợp" })).await.expect(200);
        assert_eq!(counts(&import(s, &vendor, &query, CSV, &sheet("0225 3")).await), [0, 0, 0, 2]);
        department.post(&format!("/v1/sync-windows/{country}/unlock"), json!({ "reason": "x" })).await.expect(403);
        office.patch(&format!("/v1/sync-windows/{locked}"), json!({ "note": "x" })).await.expect(403);
        office.post(&format!("/v1/sync-windows/{}/lock", made.id()), json!({ "reason": "x" })).await.expect(403);
    }
);

on_both!(
    async fn a_neighbour_reads_windows_and_opens_none(s) {
        let department = department(s).await;
        let path = format!("/v1/sync-windows/{}", department.post("/v1/sync-windows", window(&json!({}))).await.expect(201).id());
        let home = department.post("/v1/centres", centre("Trung tâm Thử", "11407")).await.expect(201).id();
        let neighbour = s.client("province_department", province("01")).await;
        neighbour.get(&path).await.expect(200);
        neighbour.patch(&path, json!({ "note": "x" })).await.expect(403);
        neighbour.post(&format!("{path}/lock"), json!({ "reason": "x" })).await.expect(403);
        neighbour.delete(&path).await.expect(403);
        neighbour.post("/v1/sync-windows", window(&json!({ "syncKind": "change" }))).await.expect(403);
        let only = s.client("vendor", Reach { centres: vec![home.parse().unwrap()], ..Reach::default() }).await;
        let listed = only.get("/v1/sync-windows?schoolYear=2025&provinceCode=31").await.expect(200);
        assert_eq!(listed.body["items"][0]["syncKind"], "year_start", "a vendor of one centre sees when its province is open");
        s.sequenced().await;
        let fed = only.get("/v1/changes?after=0&resource=sync_windows").await.expect(200);
        assert_eq!(fed.body["items"][0]["operation"], "created");
        only.post("/v1/sync-windows", window(&json!({}))).await.expect(403);
        s.client("portal", province("31")).await.get("/v1/sync-windows").await.expect(403);
    }
);

on_both!(
    async fn windows_are_whole_and_stand_beside_each_other(s) {
        let department = department(s).await;
        let post = async |more: Value| department.post("/v1/sync-windows", window(&more)).await;
        post(json!({ "opensAt": "2025-09-01T00:00:00Z", "closesAt": "2025-09-01T00:00:00Z" })).await.expect(422).refuses("/closesAt", "dates_out_of_order");
        post(json!({ "opensAt": "0025-09-01T00:00:00Z" })).await.expect(422).refuses("/opensAt", "out_of_range");
        post(json!({ "syncKind": "start" })).await.expect(400);
        post(json!({ "centreId": crate::operations::NOBODY })).await.expect(422).refuses("/place", "not_allowed_here");
        let first = post(json!({ "opensAt": "2025-09-01T00:00:00Z", "closesAt": "2025-10-01T00:00:00Z" })).await.expect(201);
        post(json!({ "opensAt": "2025-09-30T23:59:59.999999Z" })).await.expect(409).refuses("/opensAt", "windows_overlap");
        let second = post(json!({ "opensAt": "2025-10-01T00:00:00Z" })).await.expect(201);
        post(json!({ "place": { "code": "11407" } })).await.expect(201);
        let path = format!("/v1/sync-windows/{}", first.id());
        department.patch(&path, json!({ "closesAt": null })).await.expect(409).refuses("/opensAt", "windows_overlap");
        department.delete(&format!("/v1/sync-windows/{}", second.id())).await.expect(200);
        department.patch(&path, json!({ "closesAt": null })).await.expect(200);
        for (member, other) in [("schoolYear", json!("2026")), ("syncKind", Value::Null), ("place", json!({ "code": "01" }))] {
            department.patch(&path, json!({ member: other })).await.expect(422).refuses(&format!("/{member}"), "immutable");
        }
    }
);

on_both!(
    async fn locked_books_of_a_year_refuse_every_way_of_writing(s) {
        let (department, vendor) = (department(s).await, s.vendor().await);
        let set = Setting::new(&vendor).await;
        let enrolled = vendor.post("/v1/enrolments", set.enrolment_with(json!({}))).await.expect(201).id();
        let result = json!({ "enrolmentId": enrolled, "term": "year", "academicLevel": "pass" });
        let result = vendor.post("/v1/results", result).await.expect(201).id();
        let class = vendor.get(&format!("/v1/classes/{}", set.class)).await.expect(200);
        let year = class.body["schoolYear"].as_str().unwrap().to_owned();
        let books = json!({ "schoolYear": year, "place": { "code": "31" } });
        let books = department.post("/v1/sync-windows", books).await.expect(201).id();
        let (lock, unlock) = (format!("/v1/sync-windows/{books}/lock"), format!("/v1/sync-windows/{books}/unlock"));
        vendor.patch(&format!("/v1/classes/{}", set.class), json!({ "name": "Lớp mở" })).await.expect(200);
        department.post(&lock, json!({ "reason": "Khóa sổ cuối năm" })).await.expect(200);

        let path = format!("/v1/classes/{}", set.class);
        let refused = vendor.patch(&path, json!({ "name": "Lớp khóa" })).await.expect(409);
        assert_eq!((&refused.body["code"], &refused.body["retryable"]), (&json!("period_closed"), &json!(false)));
        assert!(refused.body["detail"].as_str().unwrap().starts_with(&format!("Sổ năm học {year} (Hải Phòng) đã khóa từ ")), "{}", refused.text);
        refused.refuses("", "period_locked");
        vendor.patch(&path, json!({ "schoolYear": "2031" })).await.expect(409);
        vendor.post(&format!("{path}/cancel"), json!({})).await.expect(409);
        vendor.post(&format!("/v1/enrolments/{enrolled}/events"), json!({ "kind": "start", "effectiveOn": "2025-09-08" })).await.expect(409);
        vendor.post("/v1/results", json!({ "enrolmentId": enrolled, "term": "term_1" })).await.expect(409).refuses("", "period_locked");
        vendor.patch(&format!("/v1/results/{result}"), json!({ "academicLevel": "good" })).await.expect(409);
        vendor.delete(&format!("/v1/results/{result}")).await.expect(409).refuses("", "period_locked");
        let by_graphql = vendor
            .graphql("mutation($id: ID!) { updateClass(id: $id, patch: { name: \"Lớp khóa\" }) { __typename } }", json!({ "id": set.class }))
            .await;
        assert_eq!(by_graphql.body["errors"][0]["extensions"]["code"], "period_closed", "{}", by_graphql.text);
        let row = json!({ "resource": "classes", "externalId": "new", "programmeId": class.body["programmeId"], "schoolYear": year, "code": "K1", "name": "Lớp mới" });
        let batch = vendor.post("/v1/batch", json!({ "records": [row] })).await.expect(200);
        assert_eq!((&batch.body["rejected"], &batch.body["items"][0]["errors"][0]["code"]), (&json!(1), &json!("period_locked")));
        // Another year, and what stands in no books, go on.
        let other = json!({ "programmeId": class.body["programmeId"], "schoolYear": "2031", "code": "K2", "name": "Lớp năm sau" });
        vendor.post("/v1/classes", other).await.expect(201);
        vendor.patch(&format!("/v1/centres/{}", set.centre), json!({ "phone": "0225 000 0000" })).await.expect(200);
        // Who locked it mends it.
        department.patch(&path, json!({ "name": "Lớp sửa" })).await.expect(200);
        department.post(&unlock, json!({ "reason": "Sửa sai sót" })).await.expect(200);
        vendor.patch(&path, json!({ "name": "Lớp mở lại" })).await.expect(200);
    }
);

on_both!(
    async fn rows_of_a_locked_unit_are_rejected_and_the_others_stored(s) {
        let (department, vendor) = (department(s).await, s.vendor().await);
        let made = department.post("/v1/sync-windows", window(&json!({ "place": { "code": "11407" } }))).await.expect(201).id();
        department.post(&format!("/v1/sync-windows/{made}/lock"), json!({ "reason": "Chốt" })).await.expect(200);
        let sheet = "externalId,name,kind,ownership,place.code\n\
            a,Trung tâm A,gdtx_centre,public,11407\nb,Trung tâm B,gdtx_centre,public,10507\nc,Trung tâm C,gdtx_centre,public,11407\n";
        let job = import(s, &vendor, &format!("?resource=centres{PERIOD}"), CSV, sheet).await;
        assert_eq!(counts(&job), [1, 0, 0, 2], "{:?}", receipts(&vendor, &job).await);
        let whole = import(s, &vendor, &format!("?resource=centres&mode=atomic{PERIOD}"), CSV, &sheet.replace("b,", "d,")).await;
        assert_eq!((counts(&whole), &whole.body["state"]), ([0, 0, 0, 3], &json!("failed")));
        assert_eq!(count(&vendor, "/v1/centres").await, 1);
    }
);

on_both!(
    async fn the_first_instant_counts_and_the_last_does_not(s) {
        let (department, vendor) = (department(s).await, s.vendor().await);
        let (opens, closes) = ("2025-09-05T00:00:00Z", "2025-10-01T00:00:00Z");
        department.post("/v1/sync-windows", window(&json!({ "opensAt": opens, "closesAt": closes }))).await.expect(201);
        let instant = |text: &str, micros: i64| text.parse::<DateTime<Utc>>().unwrap() + Duration::microseconds(micros);
        for (row, now, expected) in [
            (0, instant(opens, -1), "period_not_open"),
            (1, instant(opens, 0), ""),
            (2, instant(closes, -1), ""),
            (3, instant(closes, 0), "period_closed"),
        ] {
            let query = format!("/v1/imports?resource=centres{PERIOD}");
            let opened = vendor.raw(Method::POST, &query, CSV, Some(centres(row..row + 1))).await.expect(202);
            let runner = imports::Runner { clock: Clock::Fixed(now), ..s.runner(std::time::Duration::from_secs(60)) };
            assert!(imports::run_once(&runner).await.expect("a run"));
            let told = receipts(&vendor, &opened).await;
            assert_eq!((told.len(), code(&told[0])), (1, expected), "{now}");
        }
    }
);

on_both!(
    async fn a_period_is_checked_before_anything_is_sent(s) {
        let (department, vendor) = (department(s).await, s.vendor().await);
        let home = vendor.post("/v1/centres", centre("Trung tâm Thử", "11407")).await.expect(201).id();
        let check = async |query: &str| vendor.get(&format!("/v1/sync-windows/check?{query}")).await;
        let asked = format!("schoolYear=2025&syncKind=year_start&centreId={home}");
        assert_eq!(check(&asked).await.expect(200).body["code"], "not_declared");
        let made = department.post("/v1/sync-windows", window(&json!({ "opensAt": "2000-01-01T00:00:00Z" }))).await.expect(201).id();
        let open = check(&asked).await.expect(200).body;
        assert_eq!((&open["isOpen"], &open["code"], &open["windowId"]), (&json!(true), &json!("open"), &json!(made)));
        let books = department.post("/v1/sync-windows", json!({ "schoolYear": "2025", "place": { "code": "31" } })).await.expect(201).id();
        department.post(&format!("/v1/sync-windows/{books}/lock"), json!({ "reason": "Khóa sổ" })).await.expect(200);
        let closed = check(&asked).await.expect(200).body;
        assert_eq!((&closed["isOpen"], &closed["code"], &closed["windowId"]), (&json!(false), &json!("period_locked"), &json!(books)));
        let by_graphql = vendor
            .data("query($q: SyncPeriodQuery!) { checkSyncPeriod(query: $q) { isOpen code detail } }", json!({ "q": { "schoolYear": "2025", "provinceCode": "31" } }))
            .await;
        assert_eq!(by_graphql["checkSyncPeriod"]["detail"], closed["detail"]);
        check("syncKind=change").await.expect(400).refuses("schoolYear", "required");
        check(&format!("schoolYear=2025&centreId={}", crate::operations::NOBODY)).await.expect(400).refuses("centreId", "unknown_record");
    }
);

on_both!(
    async fn a_service_may_ask_for_the_period_of_every_file(s) {
        use gdtx_api::SyncPeriods;
        let vendor = s.vendor().await;
        let half = vendor.raw(Method::POST, "/v1/imports?resource=centres&schoolYear=2025", CSV, Some(centres(0..1))).await;
        half.expect(400).refuses("syncKind", "required");
        let strict = gdtx_api::Settings { sync_periods: SyncPeriods::Declared, ..s.settings.clone() };
        let running = s.restarted(strict).await;
        let there = vendor.at(&running);
        there.raw(Method::POST, "/v1/imports?resource=centres", CSV, Some(centres(0..1))).await.expect(400).refuses("schoolYear", "required");
        let opened = there.raw(Method::POST, &format!("/v1/imports?resource=centres{PERIOD}"), CSV, Some(centres(0..1))).await.expect(202);
        running.stop().await.expect("a clean stop");
        let runner = imports::Runner { declared_periods: true, ..s.runner(std::time::Duration::from_secs(60)) };
        assert!(imports::run_once(&runner).await.expect("a run"));
        assert_eq!(code(&receipts(&vendor, &opened).await[0]), "period_not_declared");
    }
);
