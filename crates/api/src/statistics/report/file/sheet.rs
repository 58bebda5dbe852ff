//! A report as a workbook: the form on one sheet, explanations on another.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use super::table::{Cell, Document, Row};

/// Columns in front of the figures: number, indicator, unit, code.
const HEAD: [&str; 4] = ["STT", "Chỉ tiêu", "Đơn vị", "Mã số"];

type Done = Result<(), XlsxError>;

/// The document as a workbook.
pub fn book(document: &Document) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let form = book.add_worksheet().set_name("Biểu")?;
    form.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    for (at, width) in (0_u16..).zip([7.0, 52.0, 10.0, 8.0]) {
        form.set_column_width(at, width)?;
    }
    let last = columns(document) - 1;
    for at in 4..=last {
        form.set_column_width(at, 13)?;
    }
    let top = head(form, document, last)?;
    let end = table(form, document, top)?;
    foot(form, document, (end + 1, last))?;
    explanations(book.add_worksheet().set_name("Giải trình")?, document)?;
    book.save_to_buffer()
}

fn columns(document: &Document) -> u16 {
    u16::try_from(HEAD.len() + document.columns.len()).unwrap_or(u16::MAX)
}

fn centred() -> Format {
    Format::new().set_align(FormatAlign::Center).set_align(FormatAlign::VerticalCenter)
}

/// The head of an official document; the row that the table begins in.
fn head(sheet: &mut Worksheet, document: &Document, last: u16) -> Result<u32, XlsxError> {
    let (plain, bold) = (centred(), centred().set_bold());
    let lines = [
        (&*document.reporter.to_uppercase(), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        (&*document.number, "Độc lập - Tự do - Hạnh phúc"),
        (&*document.symbol, if document.is_draft { "BẢN NHÁP" } else { "" }),
    ];
    for (row, (left, right)) in (0..).zip(lines) {
        sheet.merge_range(row, 0, row, 1, left, if row == 0 { &bold } else { &plain })?;
        sheet.merge_range(row, 2, row, last, right, &bold)?;
    }
    let about = [
        (&document.title, &bold),
        (&document.year, &plain),
        (&format!("({})", document.as_of), &plain),
        (&format!("Đơn vị báo cáo: {}", document.reporter), &plain),
        (&format!("Đơn vị nhận báo cáo: {}", document.receiver), &plain),
    ];
    for (row, (text, format)) in (4..).zip(about) {
        sheet.merge_range(row, 0, row, last, text, format)?;
    }
    Ok(10)
}

/// The table from a row on; the row behind it.
fn table(sheet: &mut Worksheet, document: &Document, top: u32) -> Result<u32, XlsxError> {
    let boxed = Format::new().set_border(FormatBorder::Thin).set_text_wrap().set_align(FormatAlign::VerticalCenter);
    let (middle, bold) = (boxed.clone().set_align(FormatAlign::Center), boxed.clone().set_bold());
    let names = HEAD.into_iter().chain(document.columns.iter().map(String::as_str));
    let letters =
        ["A", "B", "C", "D"].map(str::to_owned).into_iter().chain((1..=document.columns.len()).map(|n| n.to_string()));
    for (at, (name, letter)) in (0..).zip(names.zip(letters)) {
        sheet.write_string_with_format(top, at, name, &middle.clone().set_bold())?;
        sheet.write_string_with_format(top + 1, at, letter, &middle.clone().set_italic())?;
    }
    for (line, row) in (top + 2..).zip(&document.rows) {
        let is_heading = row.cells.is_empty();
        for (at, text) in (0..).zip([&row.number, &row.label, &row.unit, &row.code]) {
            let format = if is_heading {
                &bold
            } else if at == 1 {
                &boxed
            } else {
                &middle
            };
            sheet.write_string_with_format(line, at, text, format)?;
        }
        figures(sheet, line, row, columns(document), &boxed)?;
    }
    sheet.set_repeat_rows(top, top + 1)?.set_freeze_panes(top + 2, 2)?;
    Ok(top + 2 + u32::try_from(document.rows.len()).unwrap_or_default())
}

fn figures(sheet: &mut Worksheet, line: u32, row: &Row, columns: u16, boxed: &Format) -> Done {
    let right = boxed.clone().set_align(FormatAlign::Right);
    let (whole, share) = (right.clone().set_num_format("#,##0"), right.clone().set_num_format("0.00"));
    for at in 4..columns {
        match row.cells.get(usize::from(at) - 4) {
            #[expect(clippy::cast_precision_loss, reason = "numbers of people are far below 2^53")]
            Some(Cell::Number(number)) => sheet.write_number_with_format(line, at, *number as f64, &whole)?,
            Some(Cell::Share(of)) => sheet.write_number_with_format(line, at, (of * 100.0).round() / 100.0, &share)?,
            Some(other) => sheet.write_string_with_format(line, at, other.text(), &right)?,
            None => sheet.write_blank(line, at, boxed)?,
        };
    }
    Ok(())
}

/// The place of the signatures, and what there is to know.
fn foot(sheet: &mut Worksheet, document: &Document, (top, last): (u32, u16)) -> Done {
    let (plain, bold) = (centred(), centred().set_bold());
    let right = [(&*document.signed, &plain), (&*document.signer, &bold), ("(Ký, đóng dấu)", &plain)];
    let left = [("", &plain), ("NGƯỜI LẬP BIỂU", &bold), ("(Ký, họ tên)", &plain)];
    for (row, ((l, l_format), (r, r_format))) in (top..).zip(left.into_iter().zip(right)) {
        sheet.merge_range(row, 0, row, 1, l, l_format)?;
        sheet.merge_range(row, 2, row, last, r, r_format)?;
    }
    let note = Format::new().set_italic().set_text_wrap();
    for (row, text) in (top + 8..).zip(&document.notes) {
        sheet.merge_range(row, 0, row, last, text, &note)?;
        sheet.set_row_height(row, 30)?;
    }
    Ok(())
}

fn explanations(sheet: &mut Worksheet, document: &Document) -> Done {
    let bold = Format::new().set_bold();
    let names = ["Chỉ tiêu", "Tổng hợp từ hồ sơ", "Số báo cáo", "Năm trước", "Tăng, giảm (%)", "Giải trình"];
    for (at, name) in (0..).zip(names) {
        sheet.write_string_with_format(0, at, name, &bold)?;
    }
    for (line, explained) in (1..).zip(&document.explained) {
        let figure = &explained.figure;
        sheet.write_string(line, 0, &explained.what)?;
        for (at, number) in (1..).zip([figure.computed, figure.reported, figure.previous]) {
            #[expect(clippy::cast_precision_loss, reason = "numbers of people are far below 2^53")]
            if let Some(number) = number {
                sheet.write_number(line, at, number as f64)?;
            }
        }
        if let Some(change) = figure.change_percent {
            sheet.write_number(line, 4, change.to_f64())?;
        }
        sheet.write_string(line, 5, figure.explanation.as_deref().unwrap_or_default())?;
    }
    sheet.autofit();
    Ok(())
}
