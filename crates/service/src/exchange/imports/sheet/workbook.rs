//! The first sheet of a workbook.

use std::io::{BufRead, Cursor, Read};

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx};
use chrono::NaiveDate;
use gdtx_domain::exchange::{
    import::{cell::Cell, job},
    resource::ResourceKind,
};

use super::{
    super::reader::{Refusal, Sink, broken, refusal},
    MAX_COLUMNS, Sheet,
};

/// The largest workbook: it is unpacked from memory.
const MAX_WORKBOOK: u64 = 64 * 1024 * 1024;
/// The most that it unpacks to, and the most texts that it holds.
const MAX_UNPACKED: u64 = 1024 * 1024 * 1024;
const MAX_STRINGS: u64 = 4_000_000;

/// The first sheet of a workbook.
pub fn xlsx(bytes: Box<dyn BufRead>, job: &job::Model, kind: ResourceKind, sink: &mut Sink) -> Result<(), Refusal> {
    let mut whole = Vec::new();
    bytes.take(MAX_WORKBOOK + 1).read_to_end(&mut whole).map_err(broken)?;
    if whole.len() as u64 > MAX_WORKBOOK {
        return Err(refusal(
            "workbook_too_large",
            "Bảng tính lớn hơn 64 MiB: lưu thành CSV UTF-8 rồi gửi.",
            "The workbook is larger than 64 MiB: save it as CSV UTF-8 and send that.",
        ));
    }
    let since_1904 = check_unpacked(&whole)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(whole)).map_err(broken)?;
    let Some(name) = book.sheet_names().first().cloned() else {
        return Err(refusal("no_sheet", "Bảng tính không có trang nào.", "The workbook has no sheet."));
    };
    let mut cells = book.worksheet_cells_reader(&name).map_err(broken)?;
    let mut sheet = Sheet::new(job, kind, sink)?;
    sheet.options.reading.since_1904 = since_1904;
    let (mut at, mut row) = (0, Vec::new());
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        let (line, column) = cell.get_position();
        let (line, column) = (i64::from(line) + 1, usize::try_from(column).unwrap_or(usize::MAX));
        if line < at || column >= MAX_COLUMNS {
            return Err(broken("rows or columns out of place"));
        }
        if line > at {
            if !sheet.take(at, std::mem::take(&mut row))? {
                return Ok(());
            }
            at = line;
        }
        row.resize(Ord::max(row.len(), column), Cell::Empty);
        row.push(workbook_cell(cell.get_value()));
    }
    sheet.take(at, row)?;
    sheet.end()
}

/// Refuses a workbook that would not fit into memory once unpacked, by what it says of itself; tells
/// whether it counts its days from 1904.
fn check_unpacked(whole: &[u8]) -> Result<bool, Refusal> {
    let mut archive = zip::ZipArchive::new(Cursor::new(whole)).map_err(broken)?;
    let mut unpacked = 0_u64;
    for at in 0..archive.len() {
        unpacked = unpacked.saturating_add(archive.by_index_raw(at).map_err(broken)?.size());
    }
    let head = beginning(&mut archive, "xl/sharedStrings.xml")?;
    let named = head.split_once("uniqueCount=\"").and_then(|(_, rest)| rest.split('"').next());
    let strings: u64 = named.map_or(Ok(0), str::parse).map_err(broken)?;
    if unpacked > MAX_UNPACKED || strings > MAX_STRINGS {
        return Err(refusal(
            "workbook_too_large",
            "Bảng tính quá lớn sau khi giải nén: lưu thành CSV UTF-8 rồi gửi.",
            "The workbook is too large once unpacked: save it as CSV UTF-8 and send that.",
        ));
    }
    let book = beginning(&mut archive, "xl/workbook.xml")?;
    Ok(["date1904=\"1\"", "date1904=\"true\""].iter().any(|flag| book.contains(flag)))
}

/// How a part of a workbook begins; nothing where there is no such part.
fn beginning(archive: &mut zip::ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<String, Refusal> {
    let mut head = Vec::new();
    if let Ok(part) = archive.by_name(name) {
        part.take(4_096).read_to_end(&mut head).map_err(broken)?;
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

fn workbook_cell(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Int(number) => number.to_string().parse().map_or(Cell::Empty, Cell::Number),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::SharedString(text) => Cell::Text((*text).to_owned()),
        DataRef::Bool(yes) => Cell::Boolean(*yes),
        DataRef::DateTime(instant) => day(instant).map_or(Cell::Number(instant.as_f64()), Cell::Date),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::Text(text.clone()),
        DataRef::Error(_) => Cell::Broken,
        DataRef::Empty => Cell::Empty,
    }
}

/// The day of a cell, by the calendar of its workbook; none for what has a time of day too.
fn day(instant: &ExcelDateTime) -> Option<NaiveDate> {
    let serial = instant.as_f64();
    let whole = instant.is_datetime() && serial.fract() == 0.0 && (1.0..=2_958_465.0).contains(&serial);
    let (year, month, day, ..) = instant.to_ymd_hms_milli();
    NaiveDate::from_ymd_opt(year.into(), month.into(), day.into()).filter(|_| whole)
}
