//! Files in the layout of official forms: read back, they say what the report says.

use std::io::Cursor;

use calamine::{Data, DataType, Range, Reader, Xlsx, open_workbook_from_rs};
use serde_json::json;

use super::{COMMUNE, Chain, chain, entry, made, path, signature, step, survey};
use crate::{on_both, support::Client};

/// A report for the start of the year with a number that is easily found.
async fn drafted(c: &Chain) -> String {
    let id = made(&c.office, "stat_year_start", Some(COMMUNE)).await.id();
    let entries = json!([
        entry("41", "total", 3),
        { "line": "42", "column": "total", "value": 1234 },
        entry("43", "total", 2),
        { "line": "02", "column": "total", "value": 7, "explanation": "Bảy trung tâm chưa có hồ sơ." },
        { "line": "02", "column": "public", "value": 7, "explanation": "Bảy trung tâm chưa có hồ sơ." },
    ]);
    let others = ["03", "04", "05", "06", "07"].map(|line| entry(line, "total", 0));
    let entries = [entries.as_array().expect("entries").as_slice(), &others].concat();
    c.office.patch(&path(&id), json!({ "entries": entries })).await.expect(200);
    id
}

async fn book(client: &Client, id: &str) -> (Range<Data>, Range<Data>) {
    let answer = client.get(&format!("{}/file?format=xlsx", path(id))).await.expect(200);
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(answer.bytes)).expect("a workbook");
    (book.worksheet_range("Biểu").expect("a form"), book.worksheet_range("Giải trình").expect("explanations"))
}

/// The pages as text, without the spaces that a reader of pages guesses.
async fn pages(client: &Client, id: &str) -> String {
    let answer = client.get(&format!("{}/file?format=pdf", path(id))).await.expect(200);
    assert_eq!(answer.header("content-type"), "application/pdf");
    let text = pdf_extract::extract_text_from_mem(&answer.bytes).expect("pages with text");
    text.split_whitespace().collect()
}

fn joined(text: &str) -> String {
    text.split_whitespace().collect()
}

on_both!(
    async fn a_workbook_holds_the_figures_of_the_report(s) {
        let c = chain(s).await;
        let id = drafted(&c).await;
        let (form, explained) = book(&c.office, &id).await;
        let cells: Vec<String> = form.used_cells().map(|(.., cell)| cell.to_string()).collect();
        for text in [
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "BẢN NHÁP", "Biểu ĐN-GDTX", "Năm học 2025-2026",
            "BÁO CÁO THỐNG KÊ GIÁO DỤC THƯỜNG XUYÊN ĐẦU NĂM HỌC", "(Có đến ngày 30 tháng 9 năm 2025)",
            "Đơn vị nhận báo cáo: Sở Giáo dục và Đào tạo Hải Phòng", "Ngoài công lập", "NGƯỜI LẬP BIỂU",
        ] {
            assert!(cells.iter().any(|cell| cell == text), "{text}: {cells:?}");
        }
        let report = c.office.get(&path(&id)).await.expect(200).body;
        let columns = ["total", "female", "minority", "public", "non_public"];
        let mut seen = 0;
        for figure in report["figures"].as_array().unwrap() {
            let row = form.rows().find(|row| row[3] == *figure["line"].as_str().unwrap()).expect("a row");
            let at = 4 + columns.iter().position(|column| figure["column"] == *column).expect("a column");
            let number = row[at].as_i64();
            assert_eq!(json!(number), figure["reported"], "{figure}");
            seen += usize::from(number.is_some());
        }
        assert!(seen > 20, "{seen}");
        let classes = form.rows().find(|row| row[3] == *"10").expect("a row");
        assert_eq!(classes[5].to_string(), "x", "classes have no sex");
        assert_eq!(explained.get_value((1, 5)).map(ToString::to_string).as_deref(), Some("Bảy trung tâm chưa có hồ sơ."));
    }
);

on_both!(
    async fn pages_hold_headings_and_figures_and_drafts_say_so(s) {
        let c = chain(s).await;
        let id = drafted(&c).await;
        let draft = pages(&c.department, &id).await;
        for text in [
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "BẢN NHÁP", "(Có đến ngày 30 tháng 9 năm 2025)", "Trung tâm học tập cộng đồng",
            "1.234", "1.239", "Bảy trung tâm chưa có hồ sơ.", "Ngày …… tháng …… năm ………", "Chưa kiểm chứng",
        ] {
            assert!(draft.contains(&joined(text)), "{text}: {draft}");
        }
        step(&c.office, &id, "submit", signature()).await.expect(200);
        assert!(pages(&c.office, &id).await.contains(&joined("BẢN NHÁP")), "handed in is not accepted");
        step(&c.department, &id, "accept", json!({})).await.expect(200);
        let accepted = pages(&c.ministry, &id).await;
        assert!(!accepted.contains(&joined("BẢN NHÁP")));
        for text in ["Số: 12/BC-UBND", "CHỦ TỊCH ỦY BAN NHÂN DÂN", "Ngày 15 tháng 6 năm 2026"] {
            assert!(accepted.contains(&joined(text)), "{text}: {accepted}");
        }
    }
);

on_both!(
    async fn shares_of_literacy_are_worked_out(s) {
        let c = chain(s).await;
        let id = made(&c.office, "pcgd_xmc", Some(COMMUNE)).await.id();
        c.office.patch(&path(&id), survey([100, 200, 400], [97, 190, 380], [90, 181, 350])).await.expect(200);
        let (form, _) = book(&c.office, &id).await;
        let row = |code: &str| form.rows().find(|row| row[3] == *code).expect("a row").to_vec();
        let shares: Vec<_> = [4, 6, 8].iter().map(|at| row("05")[*at].as_f64()).collect();
        assert_eq!(shares, [Some(97.0), Some(95.0), Some(95.0)]);
        assert_eq!(row("07")[6].as_f64(), Some(90.5));
        assert!(pages(&c.office, &id).await.contains("90,50"));
    }
);

on_both!(
    async fn the_form_of_a_file_is_chosen(s) {
        let c = chain(s).await;
        let id = drafted(&c).await;
        let file = format!("{}/file", path(&id));
        let sheet = c.office.with("accept", "*/*").get(&file).await.expect(200);
        assert_eq!(sheet.header("content-disposition"), format!("attachment; filename=\"stat_year_start-2025-2026-{COMMUNE}.xlsx\""));
        let pdf = c.office.with("accept", "application/pdf").get(&file).await.expect(200);
        assert!(pdf.bytes.starts_with(b"%PDF-1.") && pdf.bytes.len() < 150_000, "{} bytes: letters are a part of the font", pdf.bytes.len());
        c.office.with("accept", "text/html").get(&file).await.expect(406);
        c.office.get(&format!("{file}?format=docx")).await.expect(400);
    }
);
