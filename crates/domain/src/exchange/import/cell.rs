//! From a cell to the value of a field: what spreadsheets do to dates, numbers and codes is undone
//! where that is certain, and refused with a hint where it is not.

use chrono::{Datelike, Days, NaiveDate};
use serde_json::{Value, json};

use super::{
    column::{Field, Kind},
    job::DateFormat,
};
use crate::{
    Checks,
    rule::Form,
    territory::code_list::{self, CodeScheme, translate},
};

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Empty,
    Text(String),
    Number(f64),
    Boolean(bool),
    Date(NaiveDate),
    /// A member of a JSON object.
    Json(Value),
    /// An error of a formula.
    Broken,
}

/// What a sheet shows in the place of a value that its reader may not see; an import leaves it as it is.
pub const MASKED: &str = "[masked]";

/// What a text begins with that a spreadsheet would run. A sheet has an apostrophe before it, which is no part of
/// the text.
pub const RUNNING: [char; 6] = ['=', '@', '+', '-', '\t', '\r'];

/// How a file writes what can be written in several ways.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    pub scheme: CodeScheme,
    pub dates: DateFormat,
    /// Whether days are counted from 1904, as workbooks from old Macintoshes do.
    pub since_1904: bool,
}

/// Places are numbered by two, three or five digits.
const PLACE_DIGITS: [usize; 2] = [2, 5];
/// The day before the first of a spreadsheet's calendar, which counts a day too many after February 1900.
const SERIAL_EPOCH: Option<NaiveDate> = NaiveDate::from_ymd_opt(1899, 12, 30);
/// Days between the two calendars of spreadsheets.
const DAYS_TO_1904: f64 = 1_462.0;
/// Smaller numbers in a column of dates are years rather than days.
const FIRST_SERIAL: f64 = 3_000.0;
/// The last day of a spreadsheet's calendar.
const LAST_SERIAL: f64 = 2_958_465.0;

/// The value of a field; null for an empty cell, none when it was refused.
pub fn value(field: &Field, cell: Cell, reading: Reading, checks: &mut Checks) -> Option<Value> {
    let pointer = field.pointer();
    let one = One { field, pointer: &pointer, reading };
    match cell {
        Cell::Empty => Some(Value::Null),
        Cell::Json(value) => one.json(value, checks),
        Cell::Text(text) if text.trim().is_empty() => Some(Value::Null),
        Cell::Text(text) => one.text(text.trim(), checks),
        Cell::Number(number) => one.number(number, checks),
        Cell::Boolean(yes) if field.kind == Kind::Boolean => Some(yes.into()),
        Cell::Boolean(_) => one.wrong(checks),
        Cell::Date(date) => one.date(date, checks),
        Cell::Broken => one.refuse(
            "spreadsheet_error",
            "Ô chứa lỗi công thức của bảng tính (#N/A, #REF! …): sửa hoặc để trống.",
            "The cell holds an error of a formula (#N/A, #REF! …): mend it or leave it blank.",
            checks,
        ),
    }
}

struct One<'a> {
    field: &'a Field,
    pointer: &'a str,
    reading: Reading,
}

impl One<'_> {
    /// JSON has types of its own: only codes are translated, and the record's shape judges the rest.
    fn json(&self, value: Value, checks: &mut Checks) -> Option<Value> {
        match (&self.field.kind, value) {
            (Kind::Text | Kind::Enum(_), Value::String(text)) if self.field.list.is_some() => {
                self.code(text, checks).map(Value::String)
            }
            (Kind::Texts, Value::Array(items)) if self.field.list.is_some() => {
                let each = items.into_iter().map(|item| match item {
                    Value::String(text) => self.code(text, checks).map(Value::String),
                    other => Some(other),
                });
                each.collect::<Option<Vec<_>>>().map(Value::Array)
            }
            (Kind::PartialDate, Value::String(text)) => self.partial_date(&text, checks),
            (_, value) => Some(value),
        }
    }

    fn text(&self, text: &str, checks: &mut Checks) -> Option<Value> {
        match &self.field.kind {
            Kind::Text => {
                if self.lost_zeros(text, checks) {
                    return None;
                }
                self.spelled(text, checks).map(Value::String)
            }
            Kind::Enum(_) => self.spelled(text, checks).map(Value::String),
            Kind::Texts => {
                let each = text.split(';').map(str::trim).filter(|item| !item.is_empty());
                each.map(|item| self.spelled(item, checks).map(Value::String)).collect()
            }
            Kind::Integer => match text.parse::<i64>() {
                Ok(number) => Some(number.into()),
                Err(_) => self.wrong(checks),
            },
            Kind::Decimal => match text.parse::<f64>().ok().filter(|number| number.is_finite()) {
                Some(number) => Some(json!(number)),
                None if text.contains(',') => self.refuse(
                    "decimal_comma",
                    "Viết phần thập phân sau dấu chấm, ví dụ 7.5, không dùng dấu phân cách hàng nghìn.",
                    "Write decimals behind a point, e.g. 7.5, and no thousands separators.",
                    checks,
                ),
                None => self.wrong(checks),
            },
            Kind::Boolean => match text.to_lowercase().as_str() {
                "true" | "1" | "có" | "x" => Some(true.into()),
                "false" | "0" | "không" => Some(false.into()),
                _ => self.refuse(
                    "invalid_value",
                    "Cần có hoặc không (true, false, 1, 0, có, không).",
                    "A yes or no is needed (true, false, 1, 0, có, không).",
                    checks,
                ),
            },
            Kind::Date => self.day(text, checks).map(|day| day.to_string().into()),
            Kind::PartialDate => self.partial_date(text, checks),
            Kind::Structure => match serde_json::from_str(text) {
                Ok(value @ (Value::Array(_) | Value::Object(_))) => Some(value),
                _ => self.refuse(
                    "invalid_json",
                    "Cột này chứa JSON: một đối tượng hoặc một danh sách.",
                    "This column holds JSON: an object or a list.",
                    checks,
                ),
            },
        }
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole and within the bounds checked")]
    fn number(&self, number: f64, checks: &mut Checks) -> Option<Value> {
        let whole = number.fract() == 0.0 && number.abs() < 1e15;
        let is_date = matches!(self.field.kind, Kind::Date | Kind::PartialDate);
        let number =
            if self.reading.since_1904 && is_date && number >= FIRST_SERIAL { number + DAYS_TO_1904 } else { number };
        match &self.field.kind {
            Kind::Integer if whole => Some((number as i64).into()),
            Kind::Decimal => Some(json!(number)),
            Kind::PartialDate if whole && (1_000.0..FIRST_SERIAL).contains(&number) => {
                self.partial_date(&format!("{number:.0}"), checks)
            }
            Kind::Date | Kind::PartialDate if whole && (FIRST_SERIAL..=LAST_SERIAL).contains(&number) => {
                let day = SERIAL_EPOCH.and_then(|epoch| epoch.checked_add_days(Days::new(number as u64)));
                day.and_then(|day| self.date(day, checks))
            }
            Kind::Text | Kind::Enum(_) | Kind::Boolean | Kind::Texts if whole => {
                self.text(&format!("{number:.0}"), checks)
            }
            Kind::Text => self.text(&number.to_string(), checks),
            _ => self.wrong(checks),
        }
    }

    fn date(&self, date: NaiveDate, checks: &mut Checks) -> Option<Value> {
        match self.field.kind {
            Kind::Date => Some(date.to_string().into()),
            Kind::PartialDate => self.precise(&date.to_string(), checks),
            _ => self.wrong(checks),
        }
    }

    fn day(&self, text: &str, checks: &mut Checks) -> Option<NaiveDate> {
        let format = match self.reading.dates {
            // A year in front is unmistakable; two digits in front are refused.
            _ if text.contains('-') => "%Y-%m-%d",
            DateFormat::Iso => "%Y-%m-%d",
            DateFormat::Dmy => "%d/%m/%Y",
        };
        // A cell that a spreadsheet saved with its time.
        let day = text.strip_suffix(" 00:00:00").or_else(|| text.strip_suffix("T00:00:00")).unwrap_or(text);
        // A year of two digits would be one of the first century.
        let read = NaiveDate::parse_from_str(day, format).ok().filter(|day| day.year() >= 1000);
        if read.is_none() {
            self.undated(text, checks);
        }
        read
    }

    fn partial_date(&self, text: &str, checks: &mut Checks) -> Option<Value> {
        let parts: Vec<&str> = text.split(['-', '/']).collect();
        match (self.reading.dates, parts.as_slice()) {
            (_, [year]) if year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()) => self.precise(year, checks),
            (_, [_, _]) if text.contains('-') => self.precise(text, checks),
            (DateFormat::Dmy, [month, year]) if text.contains('/') => {
                self.precise(&format!("{year}-{month:0>2}"), checks)
            }
            _ => self.day(text, checks).and_then(|day| self.precise(&day.to_string(), checks)),
        }
    }

    /// A date as the record has it; its length tells the precision.
    fn precise(&self, value: &str, checks: &mut Checks) -> Option<Value> {
        let precision = match value.len() {
            4 => "year",
            7 => "month",
            10 => "day",
            _ => return self.wrong(checks),
        };
        Some(json!({ "value": value, "precision": precision }))
    }

    fn undated(&self, text: &str, checks: &mut Checks) {
        let (pointer, digits) = (self.pointer, text.bytes().all(|b| b.is_ascii_digit()));
        if digits {
            checks.refuse(
                pointer,
                "serial_date",
                "Đây là số của bảng tính, không phải ngày: định dạng cột là ngày rồi xuất lại, hoặc ghi YYYY-MM-DD.",
                "This is a spreadsheet's number, not a date: format the column as a date and save again, or write YYYY-MM-DD.",
            );
        } else if self.reading.dates == DateFormat::Iso && text.contains('/') {
            checks.refuse(
                pointer,
                "unnamed_date_format",
                "Ngày dạng ngày/tháng/năm chỉ được nhận khi tên cột nêu rõ, ví dụ “NGAY_SINH (dd/mm/yyyy)”; nếu không, ghi YYYY-MM-DD.",
                "Dates as day/month/year are taken only where the heading says so, e.g. “NGAY_SINH (dd/mm/yyyy)”; else write YYYY-MM-DD.",
            );
        } else {
            let (vi, en) = match self.reading.dates {
                DateFormat::Iso => ("Cần một ngày dạng YYYY-MM-DD.", "A date YYYY-MM-DD is needed."),
                DateFormat::Dmy => ("Cần một ngày dạng dd/mm/yyyy.", "A date dd/mm/yyyy is needed."),
            };
            checks.refuse(pointer, "invalid_date", vi, en);
        }
    }

    /// Refuses digits that are too few because a spreadsheet took them for a number.
    fn lost_zeros(&self, text: &str, checks: &mut Checks) -> bool {
        if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
            return false;
        }
        let short = match self.field.form {
            Form::Digits => self.field.max.is_some_and(|max| (max - 3..max).contains(&text.len())),
            Form::Phone => text.len() == 9 && !text.starts_with('0'),
            _ => self.field.is_place() && PLACE_DIGITS.iter().any(|digits| text.len() + 1 == *digits),
        };
        if short {
            self.refuse::<()>(
                "lost_zeros",
                "Số bị mất chữ số 0 ở đầu: định dạng cột là Văn bản (Text) rồi nhập lại.",
                "The number has lost its leading zeros: format the column as text and enter it again.",
                checks,
            );
        }
        short
    }

    /// The code of a cell, which a sheet may spell out.
    fn spelled(&self, text: &str, checks: &mut Checks) -> Option<String> {
        if self.reading.scheme == CodeScheme::Api {
            return Some(self.field.spelled(text.to_owned()));
        }
        self.code(text.to_owned(), checks)
    }

    /// Our code for what the file writes.
    fn code(&self, text: String, checks: &mut Checks) -> Option<String> {
        let scheme = self.reading.scheme;
        let list = self.field.list.as_deref().and_then(code_list::list);
        let Some(list) = list.filter(|list| scheme != CodeScheme::Api && list.schemes.contains(&scheme)) else {
            return Some(text);
        };
        let known = |code: &str| translate(&list.id, scheme, CodeScheme::Api, code).code;
        if let Some(code) = known(&text) {
            return Some(code);
        }
        let (name, scheme) = (&list.id, scheme.code());
        if known(&format!("0{text}")).is_some() {
            return self.refuse(
                "lost_zeros",
                "Mã bị mất chữ số 0 ở đầu: định dạng cột là Văn bản (Text) rồi nhập lại.",
                "The code has lost its leading zero: format the column as text and enter it again.",
                checks,
            );
        }
        self.refuse(
            "unknown_code",
            &format!("Danh mục {name} không có mã này trong hệ mã {scheme}."),
            &format!("The list {name} has no such code in the scheme {scheme}."),
            checks,
        )
    }

    fn wrong<T>(&self, checks: &mut Checks) -> Option<T> {
        let (vi, en) = match self.field.kind {
            Kind::Text | Kind::Enum(_) | Kind::Texts => ("Cần văn bản.", "A text is needed."),
            Kind::Integer => ("Cần một số nguyên.", "A whole number is needed."),
            Kind::Decimal => ("Cần một số.", "A number is needed."),
            Kind::Boolean => ("Cần có hoặc không.", "A yes or no is needed."),
            Kind::Date | Kind::PartialDate => ("Cần một ngày.", "A date is needed."),
            Kind::Structure => ("Cần JSON.", "JSON is needed."),
        };
        self.refuse("invalid_value", vi, en, checks)
    }

    fn refuse<T>(&self, code: &'static str, vi: &str, en: &str, checks: &mut Checks) -> Option<T> {
        checks.refuse(self.pointer, code, vi, en);
        None
    }
}

#[cfg(test)]
#[path = "cell_tests.rs"]
mod tests;
