//! Imports whose sender, run or file does not last.

use std::{io::Cursor, time::Duration};

use calamine::{Reader, Xlsx};
use gdtx_service::exchange::imports;
use reqwest::Method;
use serde_json::{Value, json};

use super::{CSV, NDJSON, centres, count, counts, import, progress, receipts, rewritten};
use crate::{
    learners::classes::Setting,
    on_both,
    support::{centre, process::Process, province},
};

on_both!(
    async fn an_import_of_a_revoked_client_ends_without_a_row(s) {
        let vendor = s.vendor().await;
        let opened = vendor.raw(Method::POST, "/v1/imports?resource=centres", CSV, Some(centres(0..2))).await.expect(202);
        let administrator = s.client("administrator", Default::default()).await;
        administrator.post(&format!("/v1/clients/{}/revoke", vendor.id.unwrap()), json!({})).await.expect(200);
        s.run_imports().await;
        assert_eq!(count(&s.client("vendor", province("31")).await, "/v1/centres").await, 0);
        vendor.get(&format!("/v1/imports/{}", opened.id())).await.expect(401);
    }
);

on_both!(
    async fn a_running_import_that_is_cancelled_keeps_its_rows_and_reads_no_more(s) {
        const ROWS: i64 = 3_000;
        let vendor = s.vendor().await;
        let opened = vendor.raw(Method::POST, "/v1/imports?resource=centres", CSV, Some(centres(0..3_000))).await.expect(202);
        let path = format!("/v1/imports/{}", opened.id());
        let cancelling = async {
            loop {
                let (done, state) = progress(s).await;
                assert_ne!(state, "done", "it was over before anybody could cancel it");
                if done > 0 {
                    break vendor.post(&format!("{path}/cancel"), json!({})).await.expect(200);
                }
            }
        };
        let (cancelled, ()) = futures::join!(cancelling, s.run_imports());
        assert_eq!(cancelled.body["state"], "cancelled");
        let job = vendor.get(&path).await.expect(200);
        let done = job.body["rowsDone"].as_i64().unwrap();
        assert!(job.body["state"] == "cancelled" && (1..ROWS).contains(&done), "{}", job.text);
        assert_eq!(count(&vendor, "/v1/centres").await, done, "what was judged stands, nothing else");
    }
);

/// A batch of several kinds, those that others refer to last.
fn batch(centres: std::ops::Range<u32>) -> String {
    let mut lines: Vec<Value> = centres
        .clone()
        .map(|n| json!({ "resource": "rooms", "externalId": format!("r-{n}"), "centreExternalId": format!("c-{n}"), "roomName": "Phòng thử" }))
        .collect();
    lines.extend(centres.map(|n| {
        let mut one = centre(&format!("Trung tâm Thử {n}"), "11407");
        one["resource"] = json!("centres");
        one["externalId"] = json!(format!("c-{n}"));
        one
    }));
    lines.iter().map(|line| format!("{line}\n")).collect()
}

on_both!(
    async fn a_mixed_batch_goes_on_in_the_pass_and_line_where_its_process_died(s) {
        const EACH: i64 = 1_200;
        let vendor = s.vendor().await;
        let opened = vendor.raw(Method::POST, "/v1/imports", NDJSON, Some(batch(0..1_200))).await.expect(202);
        let path = format!("/v1/imports/{}", opened.id());
        let mut process = Process::importing(s).await;
        // It dies in the second of the kinds.
        while progress(s).await.0 <= EACH {}
        process.kill();
        let runner = s.runner(Duration::from_secs(60));
        while progress(s).await.1 == "running" {
            imports::run_once(&runner).await.expect("a run");
        }
        let job = vendor.get(&path).await.expect(200);
        assert_eq!((counts(&job), &job.body["state"]), ([2 * EACH, 0, 0, 0], &json!("done")), "{}", job.text);
        assert_eq!((count(&vendor, "/v1/centres").await, count(&vendor, "/v1/rooms").await), (EACH, EACH));
    }
);

on_both!(
    async fn events_are_imported_after_the_records_they_belong_to(s) {
        let vendor = s.vendor().await;
        let set = Setting::new(&vendor).await;
        let event = |key: &str, on: &str| json!({ "resource": "enrolment_events", "externalId": key, "enrolmentExternalId": "e-1", "kind": "start", "effectiveOn": on });
        let enrolment = json!({ "resource": "enrolments", "externalId": "e-1", "learnerId": set.learner, "classId": set.class, "enrolledOn": "2025-09-05" });
        let file = format!("{}\n{enrolment}\n", event("ev-1", "2025-09-08"));
        let job = import(s, &vendor, "", NDJSON, &file).await;
        assert_eq!(counts(&job), [2, 0, 0, 0], "{:?}", receipts(&vendor, &job).await);
        let seen = vendor.get("/v1/enrolments").await.expect(200).body;
        assert_eq!(seen["items"][0]["status"], "studying");
        assert_eq!(counts(&import(s, &vendor, "", NDJSON, &file).await), [0, 0, 2, 0], "sent twice");
        // What was recorded stays, and a sheet names its enrolment like any other reference.
        let sheet = "externalId,enrolmentExternalId,kind,effectiveOn\nev-1,e-1,start,2025-09-09\nev-2,e-1,suspend,2025-10-01\nev-3,e-9,start,2025-10-01\n";
        let job = import(s, &vendor, "?resource=enrolment_events", CSV, sheet).await;
        let codes: Vec<_> = receipts(&vendor, &job).await.iter().map(|r| r["errors"][0]["code"].as_str().unwrap_or_default().to_owned()).collect();
        assert_eq!((counts(&job), codes), ([1, 0, 0, 2], ["event_recorded", "", "unknown_record"].map(str::to_owned).to_vec()));
    }
);

on_both!(
    async fn decisions_on_centres_come_as_rows_from_who_decides(s) {
        let department = s.client("province_department", province("31")).await;
        let today = gdtx_service::Clock::System.today();
        let file = [
            json!({ "resource": "centre_events", "externalId": "qd-1", "centreExternalId": "c-0", "kind": "establish", "effectiveOn": today, "decisionNumber": "12/QĐ-MAU", "decisionDate": today, "authorityKind": "so_gddt" }),
            json!({ "resource": "centres", "externalId": "c-0", "name": "Trung tâm Thử 0", "kind": "gdtx_centre", "ownership": "public", "place": { "code": "11407" } }),
        ];
        let file: String = file.iter().map(|line| format!("{line}\n")).collect();
        let job = import(s, &department, "", NDJSON, &file).await;
        assert_eq!(counts(&job), [2, 0, 0, 0], "{:?}", receipts(&department, &job).await);
        assert_eq!(department.get("/v1/centres").await.expect(200).body["items"][0]["status"], "established");
        let vendor = s.vendor().await;
        vendor.raw(Method::POST, "/v1/imports?resource=centre_events", CSV, Some("externalId\n".to_owned())).await.expect(403);
    }
);

on_both!(
    async fn so_many_payloads_of_a_client_are_under_way_and_no_more(s) {
        let settings = gdtx_api::Settings { import_open_uploads: 2, ..s.settings.clone() };
        let running = s.restarted(settings).await;
        let there = s.vendor().await.at(&running).with("upload-complete", "?0");
        let open = async || there.raw(Method::POST, "/v1/imports?resource=centres", CSV, Some("externalId".to_owned())).await;
        let first = open().await.expect(202).id();
        open().await.expect(202);
        open().await.expect(409);
        there.post(&format!("/v1/imports/{first}/cancel"), json!({})).await.expect(200);
        open().await.expect(202);
        running.stop().await.expect("a clean stop");
    }
);

/// The template with a row written below its headings, everything else as it was.
fn filled(template: Vec<u8>, sheet: &str, values: &[(&str, &str)]) -> Vec<u8> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(template.clone())).expect("a workbook");
    let range = book.worksheet_range(sheet).expect("the sheet");
    let headings: Vec<String> = range.rows().next().expect("headings").iter().map(ToString::to_string).collect();
    let mut cells: Vec<(usize, &str)> = values
        .iter()
        .map(|(name, value)| {
            (
                headings.iter().position(|heading| heading == name).unwrap_or_else(|| panic!("{name}: {headings:?}")),
                *value,
            )
        })
        .collect();
    cells.sort_unstable();
    let letters = |at: usize| match at.checked_sub(26) {
        None => char::from(b'A' + u8::try_from(at).unwrap()).to_string(),
        Some(rest) => format!(
            "{}{}",
            char::from(b'A' + u8::try_from(rest / 26).unwrap()),
            char::from(b'A' + u8::try_from(rest % 26).unwrap())
        ),
    };
    let cells: String = cells
        .iter()
        .map(|(at, value)| format!(r#"<c r="{}2" t="inlineStr"><is><t>{value}</t></is></c>"#, letters(*at)))
        .collect();
    rewritten(template, "xl/worksheets/sheet1.xml", |text| {
        assert!(text.contains("</row></sheetData>"), "a row of headings");
        text.replace("</row></sheetData>", &format!(r#"</row><row r="2">{cells}</row></sheetData>"#))
    })
}

on_both!(
    async fn a_template_that_is_filled_in_goes_in(s) {
        let vendor = s.vendor().await;
        import(s, &vendor, "?resource=centres", CSV, &centres(0..1)).await;
        let template = s.public().get("/v1/imports/templates/learners.xlsx").await.expect(200).bytes;
        let values = [("externalId", "h1"), ("centreExternalId", "c-0"), ("HO_TEN", "Nguyễn Thị Thử"), ("NGAY_SINH", "1990-09-05"), ("MA_GIOI_TINH", "Nữ")];
        let media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        let book = filled(template, "learners", &values);
        let opened = vendor.bytes(Method::POST, "/v1/imports?resource=learners", media, Some(book)).await.expect(202);
        s.run_imports().await;
        let job = vendor.get(&format!("/v1/imports/{}", opened.id())).await.expect(200);
        assert_eq!(counts(&job), [1, 0, 0, 0], "{:?} {}", receipts(&vendor, &job).await, job.text);
        assert_eq!(vendor.get("/v1/learners").await.expect(200).body["items"][0]["gender"], "female");
    }
);
