//! Lists as files: what a list shows, whole, in three forms.

use reqwest::Method;
use serde_json::{Value, json};

use super::imports::{CSV, centres, counts, import};
use crate::{
    on_both,
    support::{Service, centre, province},
};

/// Three invented learners in a centre.
async fn learners(s: &Service) -> crate::support::Client {
    let vendor = s.vendor().await;
    import(s, &vendor, "?resource=centres", CSV, &centres(0..1)).await;
    let sheet = "externalId,centreExternalId,fullName,dateOfBirth,gender,ethnicGroup,residence.code\n\
        h1,c-0,Nguyễn Thị Thử,1990,female,tay,11407\nh2,c-0,Trần Văn Thử,1991-03,male,kinh,11407\n\
        h3,c-0,Lê Văn Thử,1992-03-04,male,kinh,11407\n";
    let job = import(s, &vendor, "?resource=learners", CSV, sheet).await;
    assert_eq!(counts(&job), [3, 0, 0, 0], "{}", job.text);
    vendor
}

on_both!(
    async fn an_export_says_what_the_list_says(s) {
        let vendor = learners(s).await;
        let list = vendor.get("/v1/learners?gender=male").await.expect(200);
        let lines = vendor.get("/v1/exports/learners?gender=male").await.expect(200);
        let lines: Vec<Value> = lines.text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        assert_eq!(json!(lines), list.body["items"]);
        let narrow = vendor.get("/v1/exports/learners?fields=id,fullName&gender=female").await.expect(200);
        let one: Value = serde_json::from_str(narrow.text.trim()).expect("one line");
        assert_eq!((one.as_object().map(serde_json::Map::len), &one["fullName"]), (Some(2), &json!("Nguyễn Thị Thử")));
    }
);

on_both!(
    async fn a_sheet_comes_back_through_the_import_unchanged(s) {
        let vendor = learners(s).await;
        let fields = "fullName,dateOfBirth,gender,residence.sent.code";
        let sheet = vendor.get(&format!("/v1/exports/learners?format=csv&fields={fields}")).await.expect(200);
        assert!(sheet.text.starts_with('\u{FEFF}'), "{}", sheet.text);
        let job = import(s, &vendor, "?resource=learners&ignore=residence.sent.code", CSV, &sheet.text).await;
        assert_eq!(counts(&job), [0, 0, 3, 0], "{} {}", sheet.text, job.text);
        let book = vendor.get(&format!("/v1/exports/learners?format=xlsx&fields={fields}")).await.expect(200);
        assert!(book.bytes.starts_with(b"PK"));
        let path = "/v1/imports?resource=learners&ignore=residence.sent.code";
        let opened = vendor.bytes(Method::POST, path, book.header("content-type"), Some(book.bytes.clone())).await.expect(202);
        s.run_imports().await;
        let job = vendor.get(&format!("/v1/imports/{}", opened.id())).await.expect(200);
        assert_eq!(counts(&job), [0, 0, 3, 0], "{}", job.text);
    }
);

on_both!(
    async fn what_is_masked_in_a_sheet_stays_when_the_sheet_comes_back(s) {
        let vendor = learners(s).await;
        let id = vendor.get("/v1/learners?gender=female").await.expect(200).body["items"][0]["id"].as_str().unwrap().to_owned();
        let sheet = vendor.get("/v1/exports/learners?format=csv&fields=fullName,ethnicGroup,gender").await.expect(200);
        assert!(sheet.text.contains("[masked]"), "{}", sheet.text);
        let job = import(s, &vendor, "?resource=learners", CSV, &sheet.text).await;
        assert_eq!(counts(&job), [0, 0, 3, 0], "{} {}", sheet.text, job.text);
        let now = vendor.get(&format!("/v1/learners/{id}")).await.expect(200);
        assert_eq!(now.body["ethnicGroup"], "tay");
        // The key is the reader's own: another client of the province has none for these.
        let other = s.client("vendor", province("31")).await;
        let theirs = other.get("/v1/exports/learners?format=csv&fields=gender").await.expect(200);
        assert!(theirs.text.lines().skip(1).all(|line| line.starts_with(',')), "{}", theirs.text);
        vendor.get("/v1/exports/learners?format=csv&fields=gendr").await.expect(400).refuses("fields", "unknown_field");
        vendor.get("/v1/exports/learners?fields=gendr").await.expect(400).refuses("fields", "unknown_field");
    }
);

on_both!(
    async fn the_official_layout_has_symbols_and_the_ministrys_codes(s) {
        let vendor = s.vendor().await;
        vendor.post("/v1/centres", centre("Trung tâm Thử", "11407")).await.expect(201);
        let sheet = vendor.get("/v1/exports/centres?format=csv&layout=qd4998&labels=true").await.expect(200);
        let rows: Vec<Vec<String>> = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(sheet.text.trim_start_matches('\u{FEFF}').as_bytes())
            .records()
            .map(|row| row.expect("a row").iter().map(str::to_owned).collect())
            .collect();
        let cell = |name: &str| {
            let at = rows[0].iter().position(|heading| heading == name).unwrap_or_else(|| panic!("{name}: {:?}", rows[0]));
            rows[1][at].clone()
        };
        assert_eq!(cell("TEN"), "Trung tâm Thử");
        assert_eq!(cell("TINH_THANH_ID"), "31");
        assert!(!rows[0].contains(&"name".to_owned()));
    }
);

on_both!(
    async fn an_export_shows_no_more_than_a_list_and_leaves_its_trace(s) {
        let vendor = learners(s).await;
        let bare = vendor.without_purpose().get("/v1/exports/learners").await.expect(200);
        let one: Value = serde_json::from_str(bare.text.lines().next().expect("a line")).expect("JSON");
        assert_eq!(one["fullName"], Value::Null);
        let auditor = s.client("auditor", province("31")).await;
        let before = auditor.get("/v1/access-log?count=exact").await.expect(200).body["totalCount"].as_i64().unwrap();
        vendor.get("/v1/exports/learners").await.expect(200);
        let after = auditor.get("/v1/access-log?count=exact").await.expect(200).body["totalCount"].as_i64().unwrap();
        assert!(after > before, "{before} {after}");
        let neighbour = s.client("vendor", province("01")).await;
        assert_eq!(neighbour.get("/v1/exports/learners").await.expect(200).text, "");
        s.client("portal", province("31")).await.get("/v1/exports/learners").await.expect(403);
        vendor.get("/v1/exports/learners?first=5").await.expect(400).refuses("first", "unknown_parameter");
        vendor.get("/v1/exports/learners?format=pdf").await.expect(400).refuses("format", "invalid_value");
        vendor.get("/v1/exports/learners?gendr=male").await.expect(400).refuses("gendr", "unknown_parameter");
    }
);

on_both!(
    async fn more_than_a_run_comes_whole(s) {
        let vendor = s.vendor().await;
        let job = import(s, &vendor, "?resource=centres", CSV, &centres(0..1_003)).await;
        assert_eq!(counts(&job), [1_003, 0, 0, 0], "{}", job.text);
        let lines = vendor.get("/v1/exports/centres?fields=id").await.expect(200);
        let ids: std::collections::BTreeSet<&str> = lines.text.lines().collect();
        assert_eq!(ids.len(), 1_003);
    }
);
