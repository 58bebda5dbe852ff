//! A list of centres as a department publishes it: untidy names, doubled blanks, districts that are no
//! more. Names of institutions only, and these are made up.

use std::collections::BTreeMap;

use reqwest::Method;
use rust_xlsxwriter::{Format, Workbook};
use serde_json::{Value, json};

use super::{CSV, NDJSON, counts, fault, import, receipts};
use crate::{
    on_both,
    support::{Answer, Client, Service, province},
};

const FILE: &str = include_str!("files/centres.csv");
const QUERY: &str = "?resource=centres&key=officialId&ignore=STT";

/// What is rejected, by line: where, and why.
const REJECTED: [(i64, &str, &str); 8] = [
    (12, "/place/districtName", "district_not_enough"),
    (14, "/place/communeName", "ambiguous_place"),
    (15, "/place/communeName", "ambiguous_place"),
    (16, "/place/communeName", "unknown_place"),
    (17, "/kind", "invalid_value"),
    (18, "/kind", "unknown_code"),
    (19, "/officialId", "required"),
    (21, "", "forbidden"),
];

/// The commune of today of each centre that goes in, by its code: from 1659/NQ-UBTVQH15.
const PLACES: [(&str, &str); 31] = [
    ("48-01", "20410"),
    ("48-02", "20551"),
    ("48-03", "20341"),
    ("48-04", "20599"),
    ("48-05", "20242"),
    ("48-06", "20410"),
    ("48-08", "20285"),
    ("48-17", "20401"),
    ("48-18", "20410"),
    ("48-19", "20401"),
    ("48-20", "20410"),
    ("48-21", "20413"),
    ("48-22", "20413"),
    ("48-23", "20401"),
    ("48-24", "20401"),
    ("48-25", "20410"),
    ("48-26", "20410"),
    ("48-27", "20413"),
    ("48-28", "20434"),
    ("48-29", "20557"),
    ("48-30", "20557"),
    ("48-31", "20579"),
    ("48-32", "20587"),
    ("48-33", "20335"),
    ("48-34", "20350"),
    ("48-35", "20356"),
    ("48-36", "20350"),
    ("48-37", "20611"),
    ("48-38", "20623"),
    ("48-39", "20635"),
    ("48-40", "20599"),
];

async fn department(s: &Service) -> Client {
    s.client("province_department", province("48")).await
}

fn rejected(receipts: &[Value]) -> Vec<(i64, &str, &str)> {
    let of = |receipt| {
        let (pointer, code) = fault(receipt);
        (receipt["line"].as_i64().unwrap(), pointer, code)
    };
    receipts.iter().filter(|receipt| receipt["outcome"] == "rejected").map(of).collect()
}

/// The list as a workbook: the same cells, with headings merged sideways and downwards.
fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let (sheet, bold) = (book.add_worksheet(), Format::new().set_bold());
    let rows: Vec<csv::StringRecord> = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(FILE.as_bytes())
        .records()
        .collect::<Result<_, _>>()
        .expect("rows");
    for (at, row) in (0..).zip(&rows) {
        for (column, text) in (0_u16..).zip(row).filter(|(_, text)| !text.is_empty()) {
            match text.parse::<f64>() {
                Ok(number) if column == 0 => sheet.write(at, column, number),
                _ => sheet.write(at, column, text),
            }
            .expect("a cell");
        }
    }
    sheet.merge_range(0, 0, 0, 9, &rows[0][0], &bold).expect("a title");
    sheet.merge_range(1, 0, 1, 9, &rows[1][0], &bold).expect("a title");
    sheet.merge_range(3, 5, 3, 8, &rows[3][5], &bold).expect("a group");
    for column in [0, 1, 2, 3, 4, 9] {
        sheet.merge_range(3, column, 4, column, &rows[3][usize::from(column)], &bold).expect("a heading");
    }
    book.save_to_buffer().expect("a workbook")
}

on_both!(
    async fn a_published_list_of_centres_goes_in_with_clear_receipts(s) {
        let department = department(s).await;
        let job = import(s, &department, QUERY, CSV, FILE).await;
        let told = receipts(&department, &job).await;
        assert_eq!(rejected(&told), REJECTED, "{told:?}");
        assert_eq!((counts(&job), &job.body["state"]), ([31, 1, 0, 8], &json!("done")));
        let said = |line: i64| &told.iter().find(|r| r["line"] == line).expect("a receipt")["errors"][0];
        assert_eq!(said(6)["code"], "place_understood");
        assert_eq!(
            said(6)["detailVi"],
            "“Phường Minh An, TP Hội An, Quảng Nam” được hiểu là Phường Hội An, Thành phố Đà Nẵng (20410), trước 01/07/2025 là Phường Minh An (mã cũ 20398)."
        );
        assert_eq!(said(13)["detailEn"], "“Quận Ngũ Hành Sơn, Đà Nẵng” was taken to be Phường Ngũ Hành Sơn, Thành phố Đà Nẵng (20285).");
        let several = said(12)["detailVi"].as_str().unwrap();
        assert!(several.contains("Phường Hội An (20410)") && several.ends_with("Hãy nêu xã, phường."), "{several}");
        assert!(said(14)["detailEn"].as_str().unwrap().contains("Phường Hải Vân (20194), Phường Liên Chiểu (20197)"));

        let stored = department.get("/v1/centres?first=200").await.expect(200).body;
        let stored = stored["items"].as_array().unwrap();
        let places: BTreeMap<_, _> =
            stored.iter().map(|c| (c["officialId"].as_str().unwrap(), c["place"]["communeCode"].as_str().unwrap())).collect();
        assert_eq!(places, BTreeMap::from(PLACES));
        let of = |code: &str| stored.iter().find(|c| c["officialId"] == code).unwrap();
        // The sender's words stay, blanks folded and accents composed.
        assert_eq!(of("48-01")["name"], "TT. GDTX-HN&DN Hội An");
        assert_eq!(of("48-01")["phone"], "0235 386 1111", "the second row of one code changed the first");
        assert_eq!(of("48-01")["place"]["sent"], json!({ "code": "20398", "asOf": "2025-06-30" }));
        assert_eq!(of("48-02")["name"], "Trung tâm GDTX Điện Bàn");
        assert_eq!((&of("48-04")["kind"], &of("48-04")["ownership"]), (&json!("vocational_gdtx_centre"), &json!("public")));
        assert_eq!((&of("48-08")["kind"], &of("48-05")["kind"]), (&json!("language_it_centre"), &json!("gdtx_centre")));

        let again = import(s, &department, QUERY, CSV, FILE).await;
        assert_eq!(counts(&again), [0, 2, 30, 8], "only the two rows of one code change it back and forth");
    }
);

on_both!(
    async fn the_same_list_as_a_workbook_with_merged_headings_says_the_same(s) {
        let department = department(s).await;
        let media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        let sent = department.bytes(Method::POST, &format!("/v1/imports{QUERY}"), media, Some(workbook())).await.expect(202);
        s.run_imports().await;
        let job: Answer = department.get(&format!("/v1/imports/{}", sent.id())).await.expect(200);
        let told = receipts(&department, &job).await;
        assert_eq!((counts(&job), rejected(&told)), ([31, 1, 0, 8], REJECTED.to_vec()), "{}", job.text);
    }
);

on_both!(
    async fn names_stand_in_columns_of_the_api_and_of_a_day(s) {
        let department = department(s).await;
        let row = |day: &str| format!("externalId,name,kind,ownership,provinceName,districtName,communeName,place.asOf\na,Trung tâm Thử,gdtx_centre,public,Quảng Nam,Hội An,Minh An,{day}\n");
        let judged = async |query: &str, file: &str| {
            let job = import(s, &department, &format!("?resource=centres&dryRun=true{query}"), CSV, file).await;
            let told = receipts(&department, &job).await;
            (told[0]["outcome"].clone(), fault(&told[0]).1.to_owned())
        };
        assert_eq!(judged("", &row("")).await, (json!("created"), "place_understood".to_owned()));
        assert_eq!(judged("&placesAsOf=2025-06-30", &row("")).await.0, "created");
        assert_eq!(judged("&placesAsOf=2025-09-05", &row("")).await, (json!("rejected"), "unknown_place".to_owned()));
        assert_eq!(judged("&placesAsOf=2025-09-05", &row("2025-06-30")).await.0, "created", "the row knows better");
        let both = "externalId,name,kind,ownership,place.code,communeName\na,Trung tâm Thử,gdtx_centre,public,20410,Phường Nơi Khác\n";
        assert_eq!(judged("", both).await, (json!("created"), "place_names_unused".to_owned()));
        let line = json!({ "externalId": "a", "name": "Trung tâm Thử", "kind": "gdtx_centre", "ownership": "public", "provinceName": "Quảng Nam", "districtName": "TP Hội An", "communeName": "Phường Minh An" });
        let job = import(s, &department, "?resource=centres", NDJSON, &line.to_string()).await;
        assert_eq!(counts(&job), [1, 0, 0, 0], "{:?}", receipts(&department, &job).await);
    }
);
