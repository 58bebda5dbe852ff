//! Sheets that come back: receipts that were mended, and rows that a quotation mark ran together.

use rust_xlsxwriter::{Formula, Workbook};
use serde_json::json;

use super::{CSV, NDJSON, centres, counts, fault, import, receipts};
use crate::on_both;

on_both!(
    async fn receipts_that_were_mended_are_imported_as_they_are(s) {
        let vendor = s.vendor().await;
        let sheet = "externalId,name,kind,ownership,place.code\nc-1,Trung tâm Một,no_such_kind,public,11407\n";
        let mut job = import(s, &vendor, "?resource=centres", CSV, sheet).await;
        assert_eq!(counts(&job), [0, 0, 0, 1]);
        for (right, outcome) in [("no_kind_either", [0, 0, 0, 1]), ("gdtx_centre", [1, 0, 0, 0])] {
            let told = vendor.get(&format!("/v1/imports/{}/receipts?format=csv", job.id())).await.expect(200).text;
            let mended = told.replace("no_such_kind", right).replace("no_kind_either", right);
            job = import(s, &vendor, "?resource=centres", CSV, &mended).await;
            assert_eq!(counts(&job), outcome, "{}", job.text);
            let again = vendor.get(&format!("/v1/imports/{}/receipts?format=csv", job.id())).await.expect(200).text;
            assert_eq!(again.lines().next(), told.lines().next(), "their own columns stand there once");
        }
    }
);

on_both!(
    async fn numbers_of_a_workbook_come_back_as_they_were(s) {
        let vendor = s.vendor().await;
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let headings = ["externalId", "name", "kind", "ownership", "place.code", "learnersPerYear"];
        for (column, heading) in (0..).zip(headings) {
            sheet.write(0, column, heading).unwrap();
        }
        for (column, text) in [(1, "Trung tâm Số"), (2, "no_such_kind"), (3, "public"), (4, "11407")] {
            sheet.write(1, column, text).unwrap();
        }
        sheet.write(1, 0, 15).unwrap();
        sheet.write(1, 5, 40).unwrap();
        for (column, text) in [(0, "c-2"), (2, "gdtx_centre"), (3, "public"), (4, "11407")] {
            sheet.write(2, column, text).unwrap();
        }
        sheet.write_formula(2, 1, Formula::new("=NA()").set_result("#N/A")).unwrap();
        let media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        let path = "/v1/imports?resource=centres";
        let sent = vendor.bytes(reqwest::Method::POST, path, media, Some(book.save_to_buffer().unwrap())).await.expect(202);
        s.run_imports().await;
        let told = vendor.get(&format!("/v1/imports/{}/receipts?format=csv", sent.id())).await.expect(200).text;
        let job = import(s, &vendor, "?resource=centres", CSV, &told.replace("no_such_kind", "gdtx_centre")).await;
        let again = receipts(&vendor, &job).await;
        assert_eq!(counts(&job), [1, 0, 0, 1], "{again:?}");
        let refused = again.iter().find(|r| r["outcome"] == "rejected").expect("a row");
        assert_eq!(fault(refused), ("/name", "spreadsheet_error"));
        let made = vendor.get("/v1/centres?externalId=15").await.expect(200).body["items"][0].clone();
        assert_eq!((&made["name"], &made["learnersPerYear"]), (&json!("Trung tâm Số"), &json!(40)));
    }
);

on_both!(
    async fn a_quotation_mark_that_is_not_closed_takes_no_row_with_it_silently(s) {
        let vendor = s.vendor().await;
        let head = "externalId,name,kind,ownership,place.code,phone\n";
        let row = |key: &str, name: &str, phone: &str| format!("{key},{name},gdtx_centre,public,11407,{phone}\n");
        // To the end of the file: rows before it count.
        let sheet = format!("{head}{}{}{}", row("q-1", "Một", ""), row("q-2", "Hai", "\""), row("q-3", "Ba", ""));
        let job = import(s, &vendor, "?resource=centres", CSV, &sheet).await;
        assert_eq!((job.body["state"].as_str(), job.body["errors"][0]["code"].as_str()), (Some("failed"), Some("quote_not_closed")));
        assert!(job.body["errors"][0]["detailEn"].as_str().unwrap().contains("line 3"), "{}", job.text);
        assert_eq!(counts(&job), [1, 0, 0, 0]);
        // To the next mark: in the same column, at the end of the row, and with returns only.
        let named = format!("{head}{}{}{}{}", row("q-4", "\"Bốn", ""), row("q-5", "Năm", ""), row("q-6", "Sáu\"", ""), row("q-7", "Bảy", ""));
        let last = format!("{head}{}{}{}", row("q-a", "A", "\""), row("q-b", "B", "\""), row("q-7", "Bảy", ""));
        let returns = named.replace('\n', "\r");
        for (sheet, made) in [(&named, 1), (&last, 0), (&returns, 0)] {
            let job = import(s, &vendor, "?resource=centres", CSV, sheet).await;
            let told = receipts(&vendor, &job).await;
            assert_eq!((counts(&job)[0], counts(&job)[3], fault(&told[0]).1), (made, 1, "quote_not_closed"), "{told:?}");
        }
        // Cells of several lines are none of that, marks that are written twice, and rows that end early.
        let good = "q-8,\"Trung tâm \"\"Tám\"\"\",gdtx_centre,public,11407,\nq-9,\"Trung tâm\nChín\",gdtx_centre,public,11407\n";
        let job = import(s, &vendor, "?resource=centres", CSV, &format!("{head}{good}")).await;
        assert_eq!(counts(&job), [2, 0, 0, 0], "{:?}", receipts(&vendor, &job).await);
    }
);

on_both!(
    async fn what_a_spreadsheet_does_to_dates_and_formulas_is_undone(s) {
        let vendor = s.vendor().await;
        let centre = "externalId,name,kind,ownership,place.code\nc-0,'=Trung tâm,gdtx_centre,public,11407\n";
        assert_eq!(counts(&import(s, &vendor, "?resource=centres", CSV, centre).await), [1, 0, 0, 0]);
        let made = vendor.get("/v1/centres?externalId=c-0").await.expect(200).body["items"][0].clone();
        assert_eq!(made["name"], "=Trung tâm", "the apostrophe is a spreadsheet's");
        let sheet = "externalId,centreExternalId,fullName,gender,dateOfBirth (dd/mm/yyyy)\n\
            h1,c-0,Người Một,male,05/09/1990\nh2,c-0,Người Hai,male,1990-09-05\nh3,c-0,Người Ba,male,1990-09\nh4,c-0,Người Bốn,male,05-09-1990\n";
        let job = import(s, &vendor, "?resource=learners", CSV, sheet).await;
        let told = receipts(&vendor, &job).await;
        assert_eq!(counts(&job), [3, 0, 0, 1], "{told:?}");
        assert_eq!(fault(&told[3]), ("/dateOfBirth", "invalid_date"));
    }
);

on_both!(
    async fn all_rows_of_an_atomic_file_come_back(s) {
        let vendor = s.vendor().await;
        let sheet = centres(0..3).replace("c-1,Trung tâm Thử 1,gdtx_centre", "c-1,Trung tâm Thử 1,no_such_kind");
        let job = import(s, &vendor, "?resource=centres&mode=atomic", CSV, &sheet).await;
        assert_eq!(counts(&job), [0, 0, 0, 3]);
        let told = vendor.get(&format!("/v1/imports/{}/receipts?format=csv", job.id())).await.expect(200).text;
        let mended = told.replace("no_such_kind", "gdtx_centre");
        let job = import(s, &vendor, "?resource=centres&mode=atomic", CSV, &mended).await;
        assert_eq!(counts(&job), [3, 0, 0, 0], "{:?}", receipts(&vendor, &job).await);
    }
);

on_both!(
    async fn a_row_that_is_written_over_another_of_the_file_is_warned_of(s) {
        let vendor = s.vendor().await;
        let row = |key: &str, name: &str| format!("{key},{name},gdtx_centre,public,11407\n");
        let sheet = format!("externalId,name,kind,ownership,place.code\n{}{}{}", row("c-1", "Một"), row("c-2", "Hai"), row("c-1", "Ba"));
        for query in ["?resource=centres&dryRun=true", "?resource=centres", "?resource=centres"] {
            let job = import(s, &vendor, query, CSV, &sheet).await;
            let told = receipts(&vendor, &job).await;
            let warned: Vec<bool> = told.iter().map(|r| !r["errors"].as_array().unwrap().is_empty()).collect();
            assert_eq!((warned.as_slice(), fault(&told[2]).1), (&[false, false, true][..], "repeated_record"), "{told:?}");
        }
    }
);

on_both!(
    async fn a_list_that_was_exported_is_imported_as_it_is(s) {
        let vendor = s.vendor().await;
        import(s, &vendor, "?resource=centres", CSV, &centres(0..1)).await;
        let head = "externalId,centreExternalId,fullName,gender,dateOfBirth,residence.code,residence.asOf\n";
        let people = format!("{head}h1,c-0,Người Một,male,1990-09,11407,\n");
        import(s, &vendor, "?resource=learners", CSV, &people).await;
        let programmes = "externalId,centreExternalId,kind,name,language\np1,c-0,practical_english,Tiếng Anh,english\n";
        let job = import(s, &vendor, "?resource=programmes", CSV, programmes).await;
        assert_eq!(counts(&job), [1, 0, 0, 0], "{:?}", receipts(&vendor, &job).await);
        let reader = vendor.with("data-purpose", "school_administration");
        for list in ["centres", "learners", "programmes"] {
            for (export, scheme) in [("labels=true", ""), ("layout=qd4998", "&codeScheme=moet_2020")] {
                let sheet = reader.get(&format!("/v1/exports/{list}?format=csv&{export}")).await.expect(200).text;
                let job = import(s, &vendor, &format!("?resource={list}{scheme}"), CSV, &sheet).await;
                assert_eq!(counts(&job), [0, 0, 1, 0], "{list} {export}: {} {:?}\n{sheet}", job.text, receipts(&vendor, &job).await);
                let over = job.body["passedOver"].as_array().unwrap();
                assert_eq!(over.contains(&json!("version")), scheme.is_empty(), "{over:?}");
            }
        }
        // A place is read as it was sent, and not as what it is today.
        let older = format!("{head}h2,c-0,Người Hai,male,1990,09211,2025-06-30\n");
        assert_eq!(counts(&import(s, &vendor, "?resource=learners", CSV, &older).await), [1, 0, 0, 0]);
        let sheet = reader.get("/v1/exports/learners?format=csv").await.expect(200).text;
        let job = import(s, &vendor, "?resource=learners", CSV, &sheet).await;
        assert_eq!(counts(&job), [0, 0, 2, 0], "{:?}", receipts(&vendor, &job).await);
        // A record by itself says what is meant: what only the service writes is refused there.
        let line = json!({ "externalId": "c-0", "status": "operating" }).to_string();
        let job = import(s, &vendor, "?resource=centres", NDJSON, &line).await;
        assert_eq!(fault(&receipts(&vendor, &job).await[0]), ("/status", "unknown_column"));
    }
);
