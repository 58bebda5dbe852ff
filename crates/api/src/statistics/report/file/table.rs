//! What a file of a report says, in Vietnamese, whatever it is written as.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use gdtx_domain::{
    Mark,
    exchange::window::WindowLevel,
    statistics::{
        report_figures::ReportFigure,
        report_form::{ReportCalendar, ReportForm, ReportLine, ReportSection},
    },
    territory::find::find,
};
use gdtx_service::statistics::report::Report;

/// A cell of the table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell {
    Number(i64),
    /// In per cent.
    Share(f64),
    /// Nothing is reported.
    Empty,
    /// The line has no such column.
    Outside,
}

impl Cell {
    /// As it is printed, the way numbers are written in Viet Nam.
    pub fn text(self) -> String {
        match self {
            Self::Number(number) => grouped(number),
            Self::Share(share) => format!("{share:.2}").replace('.', ","),
            Self::Empty => String::new(),
            Self::Outside => "x".to_owned(),
        }
    }
}

/// A row of the table.
#[derive(Clone, Debug)]
pub struct Row {
    pub number: String,
    pub label: String,
    pub unit: String,
    pub code: String,
    /// Empty for a heading.
    pub cells: Vec<Cell>,
}

/// A figure that was explained.
#[derive(Clone, Debug)]
pub struct Explained {
    pub what: String,
    pub figure: ReportFigure,
}

/// Everything that a file says.
#[derive(Clone, Debug)]
pub struct Document {
    pub id: String,
    pub symbol: String,
    pub reporter: String,
    pub receiver: String,
    /// As it is written above the title: `Số: …`.
    pub number: String,
    pub title: String,
    pub year: String,
    pub as_of: String,
    /// Labels of the columns behind the four that every form has.
    pub columns: Vec<String>,
    pub rows: Vec<Row>,
    pub explained: Vec<Explained>,
    pub notes: Vec<String>,
    pub signed: String,
    pub signer: String,
    pub is_draft: bool,
}

impl Document {
    pub fn of(report: &Report, form: &ReportForm) -> Self {
        let figures: HashMap<(&str, &str), &ReportFigure> =
            report.figures.iter().map(|figure| ((figure.line.as_str(), figure.column.as_str()), figure)).collect();
        let (reporter, receiver) = bodies(report);
        let signature = report.signature.as_ref();
        let label = |calendar| match calendar {
            ReportCalendar::SchoolYear => format!("Năm học {}", report.school_year),
            ReportCalendar::Year => format!("Năm {}", report.school_year.0),
        };
        let number = signature.and_then(|signature| signature.document_number.clone());
        Self {
            id: report.id.to_string(),
            symbol: form.symbol.as_ref().map(|symbol| format!("Biểu {symbol}")).unwrap_or_default(),
            reporter,
            receiver,
            number: format!("Số: {}", number.unwrap_or_else(|| "…………".to_owned())),
            title: form.title_vi.to_uppercase(),
            year: label(form.calendar),
            as_of: format!("Có đến {}", day(report.as_of)),
            columns: form.columns.iter().map(|column| column.label_vi.clone()).collect(),
            rows: form.sections.iter().flat_map(|section| rows(form, section, &figures)).collect(),
            explained: explained(report, form),
            notes: notes(report, form),
            signed: signature.map_or_else(|| "Ngày …… tháng …… năm ………".to_owned(), |by| upper(&day(by.signed_on))),
            signer: signature.map_or_else(|| "THỦ TRƯỞNG ĐƠN VỊ".to_owned(), |by| by.signer_title.to_uppercase()),
            is_draft: !report.state.is_accepted(),
        }
    }
}

/// Who reports, and to whom.
fn bodies(report: &Report) -> (String, String) {
    let ministry = || "Bộ Giáo dục và Đào tạo".to_owned();
    let Some(place) = &report.place else { return (ministry(), ministry()) };
    let department = format!("Sở Giáo dục và Đào tạo {}", place.province_name);
    match (report.unit, &place.commune_code) {
        (WindowLevel::Commune, Some(code)) => {
            let unit = find(code, None, report.filled_at.date_naive());
            let name = unit.map(|unit| unit.name_with_type.clone()).or_else(|| place.commune_name.clone());
            (format!("Ủy ban nhân dân {}", lower(&name.unwrap_or_default())), department)
        }
        _ => (department, ministry()),
    }
}

fn rows(form: &ReportForm, section: &ReportSection, figures: &HashMap<(&str, &str), &ReportFigure>) -> Vec<Row> {
    let heading = Row {
        number: section.number.clone(),
        label: section.label_vi.clone(),
        unit: String::new(),
        code: String::new(),
        cells: Vec::new(),
    };
    let reported = |line: &str, column: &str| figures.get(&(line, column)).and_then(|figure| figure.reported);
    let cell = |line: &ReportLine, column: &str| match line.share.as_slice() {
        [part, whole] => share(reported(part, column), reported(whole, column)),
        _ => reported(&line.code, column).map_or(Cell::Empty, Cell::Number),
    };
    let row = |line: &ReportLine| {
        let has = |code: &String| section.columns.is_empty() || section.columns.contains(code);
        let codes = form.columns.iter().map(|column| &column.code);
        Row {
            number: line.number.clone(),
            label: line.label_vi.clone(),
            unit: line.unit_vi.clone(),
            code: line.code.clone(),
            cells: codes.map(|code| if has(code) { cell(line, code) } else { Cell::Outside }).collect(),
        }
    };
    std::iter::once(heading).chain(section.lines.iter().map(row)).collect()
}

fn share(part: Option<i64>, whole: Option<i64>) -> Cell {
    #[expect(clippy::cast_precision_loss, reason = "numbers of people are far below 2^53")]
    match (part, whole) {
        (Some(part), Some(whole)) if whole != 0 => Cell::Share(part as f64 * 100.0 / whole as f64),
        _ => Cell::Empty,
    }
}

/// The figures that were explained, with the names of their places.
fn explained(report: &Report, form: &ReportForm) -> Vec<Explained> {
    let named = form.places().zip(&report.figures).filter(|(_, figure)| figure.explanation.is_some());
    named
        .map(|((line, column), figure)| Explained {
            what: format!("{} {} ({})", line.number, line.label_vi, column.label_vi),
            figure: figure.clone(),
        })
        .collect()
}

/// What whoever reads the figures must know of them.
fn notes(report: &Report, form: &ReportForm) -> Vec<String> {
    let unverified = (form.mark != Mark::Verified).then(|| format!("{}: {}", form.mark.label().vi, form.source));
    let below = report.accepted_below.zip(report.units_below);
    let below = below.map(|(some, all)| format!("Báo cáo cấp dưới đã tiếp nhận: {some}/{all}."));
    let digest = report.signature.as_ref().map(|by| format!("Mã băm SHA-256 của nội dung đã gửi: {}", by.digest));
    let state =
        format!("Trạng thái: {}. Phiên bản {}, mã báo cáo {}.", report.state.label().vi, report.version, report.id);
    [unverified, below, report.note.clone(), digest, Some(state)].into_iter().flatten().collect()
}

fn day(day: NaiveDate) -> String {
    format!("ngày {} tháng {} năm {}", day.day(), day.month(), day.year())
}

fn upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// With a dot before every three digits.
fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('.');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Cell, grouped};

    #[test]
    fn numbers_are_written_as_in_viet_nam() {
        assert_eq!([0, 12, 999, 1_000, 1_234_567].map(grouped), ["0", "12", "999", "1.000", "1.234.567"]);
        assert_eq!(Cell::Share(90.0).text(), "90,00");
    }
}
