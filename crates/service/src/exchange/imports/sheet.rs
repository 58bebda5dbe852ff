//! Sheets: rows of cells under headings, as CSV or as the first sheet of a workbook.

use std::{
    cell::Cell as Cell_,
    io::{BufRead, Cursor, Read},
    rc::Rc,
};

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx};
use chrono::NaiveDate;
use gdtx_domain::exchange::{
    import::{
        cell::Cell,
        column::{Column, Layout},
        job,
    },
    resource::ResourceKind,
};

use super::{
    heading::{self, Headed, Headings, is_blank},
    kinds::layout_of,
    reader::{LONGEST, Refusal, Sink, broken, not_utf8, refusal},
    receipts::RowProblem,
    row::{Builder, Options, Row},
};

/// The largest workbook: it is unpacked from memory.
pub const MAX_WORKBOOK: u64 = 64 * 1024 * 1024;
/// The most that it unpacks to, and the most texts that it holds.
const MAX_UNPACKED: u64 = 1024 * 1024 * 1024;
const MAX_STRINGS: u64 = 4_000_000;
/// More columns than any record has.
const MAX_COLUMNS: usize = 1_000;
/// Columns of which the delimiters between them tell a row from a text of several lines.
const FEW: usize = 4;
/// The row that is put behind the last of a text: it stands alone, unless a quotation mark is open there.
const LAST: &[u8] = b"\n\0\n";

/// Turns rows of cells into rows of fields once the headings were found.
struct Sheet<'a> {
    options: Options,
    layout: &'static Layout,
    kind: ResourceKind,
    headings: Headings<'a>,
    columns: Option<Vec<Column>>,
    /// What divides the cells of a text.
    delimiter: Option<u8>,
    /// Columns of receipts before the sender's own.
    receipts: usize,
    sink: &'a mut Sink,
}

impl<'a> Sheet<'a> {
    fn new(job: &'a job::Model, kind: ResourceKind, sink: &'a mut Sink) -> Result<Self, Refusal> {
        let layout = layout_of(kind).map_err(broken)?;
        let (options, headings) = (Options::from(job), Headings::new(job, layout));
        Ok(Self { options, layout, kind, headings, columns: None, delimiter: None, receipts: 0, sink })
    }

    /// Takes a row; false when nobody wants more.
    fn take(&mut self, line: i64, mut cells: Vec<Cell>) -> Result<bool, Refusal> {
        if !self.is_headed() {
            self.receipts = heading::of_receipts(&cells);
        }
        cells.drain(..self.receipts.min(cells.len()));
        if cells.iter().all(is_blank) {
            return Ok(true);
        }
        if self.columns.is_some() {
            return Ok(self.hand_on(line, cells));
        }
        match self.headings.take(line, cells)? {
            Headed::Not => Ok(true),
            Headed::Columns(columns, headings, first) => {
                self.columns = Some(columns);
                self.sink.head(sent(&headings));
                Ok(first.is_none_or(|(line, cells)| self.hand_on(line, cells)))
            }
        }
    }

    /// Hands on a row below the headings; false when nobody wants more.
    fn hand_on(&mut self, line: i64, cells: Vec<Cell>) -> bool {
        let columns = self.columns.as_deref().unwrap_or_default();
        let (options, layout, kind) = (&self.options, self.layout, self.kind);
        let swallowed = self.swallowed(columns, &cells);
        self.sink.put(line, Some(kind), || {
            let sent = sent(&cells);
            let content = match swallowed.or_else(|| heading::beyond(columns, &cells)) {
                Some(problem) => Err(vec![problem]),
                None => Builder::new(layout, options)
                    .build(columns.iter().copied().zip(cells.into_iter().chain(std::iter::repeat(Cell::Empty)))),
            };
            Row { line, kind: Some(kind), sent, read: 0, content }
        })
    }

    /// Whether the headings were found.
    fn is_headed(&self) -> bool {
        self.columns.is_some() || self.headings.are_found()
    }

    /// What is wrong with a row of text of which a cell seems to hold the rows after it: a quotation mark was
    /// opened in one row and closed in another. Such a cell has several lines, and as many delimiters in each
    /// as there are between the headings; or its row lacks cells, which those who write a sheet do not leave out.
    fn swallowed(&self, columns: &[Column], cells: &[Cell]) -> Option<RowProblem> {
        let (delimiter, width) = (self.delimiter?, columns.len());
        let holds_rows = |cell: &Cell| {
            let Cell::Text(text) = cell else { return false };
            let count = |sign: u8| text.trim().bytes().filter(|b| *b == sign).count();
            let lines = count(b'\n');
            lines > 0 && (cells.len() < width || (width >= FEW && count(delimiter) >= (width - 1) * lines))
        };
        cells.iter().any(holds_rows).then(heading::unclosed)
    }

    /// Hands on a row that cannot be read; false when nobody wants more.
    fn refuse(&mut self, line: i64, problem: RowProblem, sent: String) -> bool {
        let kind = Some(self.kind);
        self.sink.put(line, kind, || Row { line, kind, sent, read: 0, content: Err(vec![problem]) })
    }

    /// The end of the sheet.
    fn end(self) -> Result<(), Refusal> {
        if self.columns.is_some() { Ok(()) } else { self.headings.end() }
    }
}

/// The row as one line of JSON, to be given back to its sender.
fn sent(cells: &[Cell]) -> String {
    let shown = cells.iter().map(|cell| match cell {
        Cell::Empty => serde_json::Value::Null,
        Cell::Text(text) => text.clone().into(),
        Cell::Number(number) => (*number).into(),
        Cell::Boolean(yes) => (*yes).into(),
        Cell::Date(date) => date.to_string().into(),
        Cell::Json(value) => value.clone(),
        Cell::Broken => "#".into(),
    });
    serde_json::Value::Array(shown.collect()).to_string()
}

/// Comma-separated values; semicolons and tabs serve as well, as spreadsheets here write them.
pub(super) fn csv(
    mut bytes: Box<dyn BufRead>,
    job: &job::Model,
    kind: ResourceKind,
    sink: &mut Sink,
) -> Result<(), Refusal> {
    let start = bytes.fill_buf().map_err(broken)?;
    if start.starts_with(&[0xFF, 0xFE]) || start.starts_with(&[0xFE, 0xFF]) {
        return Err(vec![not_utf8()]);
    }
    let (delimiter, ends) = (delimiter(start), Ends::of(start));
    let left = Rc::new(Cell_::new(LONGEST));
    let capped = Capped { inner: bytes.chain(LAST), left: Rc::clone(&left) };
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(capped);
    let mut sheet = Sheet { delimiter: Some(delimiter), ..Sheet::new(job, kind, sink)? };
    let (mut record, mut last) = (csv::ByteRecord::new(), 0);
    while reader.read_byte_record(&mut record).map_err(broken)? {
        left.set(LONGEST);
        match record.iter().next_back() {
            Some(b"\0") if record.len() == 1 => break,
            Some(cell) if cell.ends_with(LAST) => return Err(vec![heading::unclosed()]),
            _ => {}
        }
        let line = ends.line(record.position().map_or(0, csv::Position::line), last);
        last = line;
        if record.as_slice().len() > LONGEST || record.len() > MAX_COLUMNS {
            return Err(refusal("line_too_long", "Một dòng dài quá 1 MiB.", "A row is longer than 1 MiB."));
        }
        let more = match std::str::from_utf8(record.as_slice()) {
            Err(_) if !sheet.is_headed() => return Err(vec![not_utf8()]),
            Err(_) => sheet.refuse(line, not_utf8(), String::from_utf8_lossy(record.as_slice()).into_owned()),
            Ok(_) => sheet.take(line, record.iter().map(text_cell).collect())?,
        };
        if !more {
            return Ok(());
        }
    }
    sheet.end()
}

fn text_cell(bytes: &[u8]) -> Cell {
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    // The apostrophe keeps a spreadsheet from running the text behind it; it is no part of it.
    let marked = text.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '@', '+', '-', '\t', '\r']));
    match marked.unwrap_or(text) {
        "" => Cell::Empty,
        text => Cell::Text(text.to_owned()),
    }
}

/// How lines end, by which they are counted.
#[derive(Clone, Copy)]
enum Ends {
    /// The reader counts line feeds.
    Feed,
    /// It has not read the feed behind the return when it tells where the next line begins.
    ReturnFeed,
    /// There is none to count.
    Return,
}

impl Ends {
    fn of(start: &[u8]) -> Self {
        match start.iter().position(|b| matches!(b, b'\r' | b'\n')) {
            Some(at) if start[at] == b'\n' => Self::Feed,
            Some(at) if start.get(at + 1) == Some(&b'\n') => Self::ReturnFeed,
            Some(_) => Self::Return,
            None => Self::Feed,
        }
    }

    /// The number of a line; lines rise, whatever the reader counted.
    fn line(self, counted: u64, last: i64) -> i64 {
        let counted = i64::try_from(counted).unwrap_or(i64::MAX);
        let line = match self {
            Self::ReturnFeed if last > 0 => counted + 1,
            Self::Feed | Self::ReturnFeed => counted,
            Self::Return => last + 1,
        };
        Ord::max(line, last + 1)
    }
}

/// Bytes of which only so many are read for one row: a quotation mark that is never closed would take
/// the whole file.
struct Capped<R> {
    inner: R,
    left: Rc<Cell_<usize>>,
}

impl<R: Read> Read for Capped<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.left.get() == 0 {
            return Err(std::io::Error::other("a row is too long"));
        }
        let most = into.len().min(self.left.get());
        let count = self.inner.read(&mut into[..most])?;
        self.left.set(self.left.get() - count);
        Ok(count)
    }
}

/// What separates the cells of the first line.
fn delimiter(start: &[u8]) -> u8 {
    let line = start.split(|b| *b == b'\n').next().unwrap_or_default();
    let count = |sign: u8| line.split(|b| *b == sign).count();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|sign| count(*sign)).unwrap_or(b',')
}

/// The first sheet of a workbook.
pub(super) fn xlsx(
    bytes: Box<dyn BufRead>,
    job: &job::Model,
    kind: ResourceKind,
    sink: &mut Sink,
) -> Result<(), Refusal> {
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
