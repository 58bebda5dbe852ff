//! A workbook with the figures on one sheet, and on another what there is to know of them.

use gdtx_domain::{Label, Lang, statistics::data_set::Measure};
use gdtx_service::{Error, Result, statistics::StatisticsAnswer};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::dense::labels;

/// The answer as a workbook.
pub fn book(answer: &StatisticsAnswer, lang: Lang) -> Result<Vec<u8>> {
    written(answer, lang).map_err(Error::internal)
}

fn written(answer: &StatisticsAnswer, lang: Lang) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The same figures are the same bytes whenever they are written.
    let counted = ExcelDateTime::from_timestamp(answer.counted_at.timestamp())?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&counted));
    let name = |vi: &str, en: &str| Label::new(vi, en).in_lang(lang).to_owned();
    figures(book.add_worksheet().set_name(name("Số liệu", "Figures"))?, answer, lang)?;
    notes(book.add_worksheet().set_name(name("Ghi chú", "Notes"))?, answer, lang)?;
    book.save_to_buffer()
}

fn figures(sheet: &mut Worksheet, answer: &StatisticsAnswer, lang: Lang) -> std::result::Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    let measure = |measure: &Measure| format!("{} ({})", measure.label().in_lang(lang), measure.unit().in_lang(lang));
    let status = Label::new("Trạng thái", "Status").in_lang(lang).to_owned();
    let dimensions = answer.dimensions.iter().map(|dimension| dimension.label.clone());
    for (at, name) in (0..).zip(dimensions.chain(answer.measures.iter().map(measure)).chain([status])) {
        sheet.write_string_with_format(0, at, name, &bold)?;
    }
    let labels = labels(answer);
    for (line, row) in (1..).zip(&answer.rows) {
        let mut at = 0;
        for (code, labels) in row.members.iter().zip(&labels) {
            sheet.write_string(line, at, labels.get(code.as_str()).copied().unwrap_or(code))?;
            at += 1;
        }
        for value in &row.values {
            #[expect(
                clippy::cast_precision_loss,
                reason = "numbers of people are far below 2^53, and sheets have no others"
            )]
            sheet.write_number(line, at, *value as f64)?;
            at += 1;
        }
        if let Some(status) = row.status {
            sheet.write_string(line, at, status.label().in_lang(lang))?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.autofit();
    Ok(())
}

fn notes(sheet: &mut Worksheet, answer: &StatisticsAnswer, lang: Lang) -> std::result::Result<(), XlsxError> {
    let name = |vi: &'static str, en: &'static str| if lang == Lang::Vi { vi } else { en };
    let mut lines = vec![
        (name("Bộ dữ liệu", "Data set"), format!("{} ({})", answer.title, answer.data_set)),
        (name("Nguồn", "Source"), answer.source.clone()),
        (name("Tính lúc", "Counted at"), answer.counted_at.to_rfc3339()),
        (name("Đúng đến vị trí", "True at position"), answer.position.to_string()),
        (name("Phiên bản", "Version"), answer.version.clone()),
    ];
    lines.extend(answer.notes.iter().map(|note| (name("Ghi chú", "Note"), note.clone())));
    for (line, (name, text)) in (0..).zip(lines) {
        sheet.write_string(line, 0, name)?;
        sheet.write_string(line, 1, text)?;
    }
    sheet.autofit();
    Ok(())
}
