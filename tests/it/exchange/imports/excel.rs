//! What spreadsheets do to data.

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde_json::json;

use super::{CSV, centres, counts, fault, import, receipts, rewritten};
use crate::{
    on_both,
    support::{Client, Service},
};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Sends bytes and runs them to their end.
async fn send(s: &Service, client: &Client, query: &str, media: &str, file: Vec<u8>) -> crate::support::Answer {
    let path = format!("/v1/imports{query}");
    let opened = client.bytes(reqwest::Method::POST, &path, media, Some(file)).await.expect(202);
    s.run_imports().await;
    client.get(&format!("/v1/imports/{}", opened.id())).await.expect(200)
}

on_both!(
    async fn a_workbook_with_a_title_dates_and_numbers_is_read(s) {
        let vendor = s.vendor().await;
        import(s, &vendor, "?resource=centres", CSV, &centres(0..1)).await;
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write(0, 0, "DANH SÁCH HỌC VIÊN (mẫu)").unwrap();
        let headings = ["externalId", "centreExternalId", "Họ tên", "NGAY_SINH", "gender", "personalNumber", "contactPhone"];
        for (column, heading) in (0..).zip(headings) {
            sheet.write(2, column, heading).unwrap();
        }
        let date = Format::new().set_num_format("dd/mm/yyyy");
        let day = ExcelDateTime::from_ymd(1990, 9, 5).unwrap();
        for (row, key) in [(3, "h1"), (4, "h2"), (5, "h3")] {
            for (column, text) in [(0, key), (1, "c-0"), (2, "Nguyễn Văn Thử"), (4, "male")] {
                sheet.write(row, column, text).unwrap();
            }
        }
        sheet.write_with_format(3, 3, &day, &date).unwrap();
        sheet.write(4, 3, 33_121).unwrap();
        sheet.write(4, 5, 31_090_000_001.0).unwrap();
        sheet.write(5, 3, 1990).unwrap();
        sheet.write(5, 6, 912_000_000.0).unwrap();
        // Rows that only look used.
        sheet.write(9, 0, "  ").unwrap();
        let job = send(s, &vendor, "?resource=learners", XLSX, book.save_to_buffer().unwrap()).await;
        assert_eq!(counts(&job), [1, 0, 0, 2], "{}", job.text);
        let told = receipts(&vendor, &job).await;
        assert_eq!(told.iter().map(|r| r["line"].as_i64().unwrap()).collect::<Vec<_>>(), [4, 5, 6]);
        let made = vendor.get(&format!("/v1/learners/{}", told[0]["id"].as_str().unwrap())).await.expect(200);
        assert_eq!(made.body["dateOfBirth"], json!({ "value": "1990-09-05", "precision": "day" }));
        assert_eq!(fault(&told[1]), ("/personalNumber", "lost_zeros"));
        assert_eq!(fault(&told[2]), ("/contactPhone", "lost_zeros"));
    }
);

on_both!(
    async fn a_merged_heading_and_a_misspelt_one_are_told(s) {
        let vendor = s.vendor().await;
        let wrong = centres(0..1).replace("ownership", "ownershp");
        let job = import(s, &vendor, "?resource=centres", CSV, &wrong).await;
        assert_eq!((job.body["state"].as_str(), counts(&job)), (Some("failed"), [0, 0, 0, 0]), "{}", job.text);
        let said = &job.body["errors"][0];
        assert_eq!((&said["code"], &said["pointer"]), (&json!("unknown_column"), &json!("/ownershp")));
        assert!(said["detailEn"].as_str().is_some_and(|d| d.contains("ownership")), "{said}");

        let merged = "externalId,name,kind,ownership,place.code,\nc1,Trung tâm Thử,gdtx_centre,public,11407,0225\n";
        let job = import(s, &vendor, "?resource=centres", CSV, merged).await;
        assert_eq!(counts(&job), [0, 0, 0, 1], "{}", job.text);
        assert_eq!(fault(&receipts(&vendor, &job).await[0]), ("", "value_without_heading"));

        let job = import(s, &vendor, "?resource=centres", CSV, "a,b\n1,2\n").await;
        assert_eq!(job.body["errors"][0]["code"], "no_headings", "{}", job.text);
    }
);

on_both!(
    async fn every_way_to_end_a_line_counts_lines(s) {
        let vendor = s.vendor().await;
        let sheet = centres(0..4);
        for (ends, lines) in [("\n", [2, 3, 4, 5]), ("\r\n", [2, 3, 4, 5]), ("\r", [2, 3, 4, 5])] {
            let file = sheet.replace('\n', ends);
            let job = import(s, &vendor, "?resource=centres", CSV, &file).await;
            assert_eq!(job.body["rowsDone"], 4, "{ends:?} {}", job.text);
            let told = receipts(&vendor, &job).await;
            assert_eq!(told.iter().map(|r| r["line"].as_i64().unwrap()).collect::<Vec<_>>(), lines, "{ends:?}");
        }
    }
);

on_both!(
    async fn blank_cells_clear_wherever_they_stand(s) {
        let vendor = s.vendor().await;
        let sheet = "externalId,name,kind,ownership,place.code,difficultAreas,phone,email\n\
            c1,Trung tâm Thử,gdtx_centre,public,11407,,0225 3000000,mau@example.vn\n";
        let job = import(s, &vendor, "?resource=centres", CSV, sheet).await;
        assert_eq!(counts(&job), [1, 0, 0, 0], "{} {:?}", job.text, receipts(&vendor, &job).await);
        let id = receipts(&vendor, &job).await[0]["id"].as_str().unwrap().to_owned();
        let job = import(s, &vendor, "?resource=centres", CSV, "externalId,phone,email\nc1\n").await;
        assert_eq!(counts(&job), [0, 1, 0, 0], "{}", job.text);
        let now = vendor.get(&format!("/v1/centres/{id}")).await.expect(200);
        assert!(now.body["phone"].is_null() && now.body["email"].is_null(), "{}", now.text);
    }
);

on_both!(
    async fn files_that_would_take_all_memory_are_refused(s) {
        let vendor = s.vendor().await;
        let mut book = Workbook::new();
        book.add_worksheet().write(0, 0, "externalId").unwrap();
        let honest = book.save_to_buffer().unwrap();
        let mut from = zip::ZipArchive::new(std::io::Cursor::new(honest)).unwrap();
        let mut bomb = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for at in 0..from.len() {
            let mut entry = from.by_index(at).unwrap();
            let name = entry.name().unwrap().to_string();
            let mut text = String::new();
            std::io::Read::read_to_string(&mut entry, &mut text).unwrap();
            bomb.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            let text = text.replace("uniqueCount=\"1\"", "uniqueCount=\"1000000000000\"");
            std::io::Write::write_all(&mut bomb, text.as_bytes()).unwrap();
        }
        let job = send(s, &vendor, "?resource=centres", XLSX, bomb.finish().unwrap().into_inner()).await;
        assert_eq!(job.body["errors"][0]["code"], "workbook_too_large", "{}", job.text);
        let open = format!("{}\"{}", centres(0..1), "x".repeat(3 * 1024 * 1024));
        let job = import(s, &vendor, "?resource=centres", CSV, &open).await;
        assert_eq!((job.body["state"].as_str(), counts(&job)), (Some("failed"), [1, 0, 0, 0]), "{}", job.text);
    }
);

on_both!(
    async fn other_code_pages_are_refused_with_the_hint_and_utf8_in_all_its_forms_is_read(s) {
        let vendor = s.vendor().await;
        // Windows-1258 writes ế as two bytes that are no UTF-8.
        let mut old = b"externalId,name,kind,ownership,place.code\nc1,Trung t\xE2m Ti\xEA\xECng Vi\xEA\xF2t,gdtx_centre,public,11407\n".to_vec();
        let job = send(s, &vendor, "?resource=centres", CSV, old.clone()).await;
        assert_eq!(counts(&job), [0, 0, 0, 1], "{}", job.text);
        assert_eq!(fault(&receipts(&vendor, &job).await[0]).1, "not_utf8");
        old[0] = 0xFF;
        let job = send(s, &vendor, "?resource=centres", CSV, old).await;
        assert_eq!((job.body["state"].as_str(), job.body["errors"][0]["code"].as_str()), (Some("failed"), Some("not_utf8")));

        // A byte-order mark, decomposed letters, tabs, trailing blanks.
        let sheet = "\u{FEFF}externalId\tT\u{45}N\tkind\townership\tplace.code\t\t\n\
            c2\tTrung ta\u{302}m  Thu\u{31b}\u{309}\tgdtx_centre\tpublic\t11407\t\t\n\t\t\t\t\t\t\n";
        let job = import(s, &vendor, "?resource=centres", CSV, sheet).await;
        assert_eq!(counts(&job), [1, 0, 0, 0], "{}", job.text);
        let told = receipts(&vendor, &job).await;
        let made = vendor.get(&format!("/v1/centres/{}", told[0]["id"].as_str().unwrap())).await.expect(200);
        assert_eq!(made.body["name"], "Trung tâm Thử");
    }
);

on_both!(
    async fn a_workbook_that_counts_from_1904_means_the_days_it_shows(s) {
        let vendor = s.vendor().await;
        import(s, &vendor, "?resource=centres", CSV, &centres(0..1)).await;
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        for (column, heading) in (0..).zip(["externalId", "centreExternalId", "fullName", "gender", "dateOfBirth"]) {
            sheet.write(0, column, heading).unwrap();
        }
        for (row, key) in [(1, "h1"), (2, "h2")] {
            for (column, text) in (0..).zip([key, "c-0", "Nguyễn Văn Thử", "male"]) {
                sheet.write(row, column, text).unwrap();
            }
        }
        // 5 September 1990 is day 31,659 after 1 January 1904; once as a date, once as a bare number.
        sheet.write_with_format(1, 4, 31_659, &Format::new().set_num_format("dd/mm/yyyy")).unwrap();
        sheet.write(2, 4, 31_659).unwrap();
        let book = rewritten(book.save_to_buffer().unwrap(), "xl/workbook.xml", |text| {
            assert!(text.contains("<workbookPr "), "{text}");
            text.replacen("<workbookPr ", r#"<workbookPr date1904="1" "#, 1)
        });
        let job = send(s, &vendor, "?resource=learners", XLSX, book).await;
        assert_eq!(counts(&job), [2, 0, 0, 0], "{:?}", receipts(&vendor, &job).await);
        for learner in vendor.get("/v1/learners").await.expect(200).body["items"].as_array().unwrap() {
            assert_eq!(learner["dateOfBirth"], json!({ "value": "1990-09-05", "precision": "day" }));
        }
    }
);
