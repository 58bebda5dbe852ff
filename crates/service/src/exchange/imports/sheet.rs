//! Sheets: rows of cells under headings, as CSV or as the first sheet of a workbook.

use std::{
    cell::Cell as Cell_,
    io::{BufRead, Cursor, Read},
    rc::Rc,
};

use calamine::{DataRef, Reader, Xlsx};
use chrono::{Days, NaiveDate};
use gdtx_domain::exchange::{
    import::{
        cell::Cell,
        column::{Column, Layout},
        job,
    },
    resource::ResourceKind,
};

use super::{
    kinds::layout_of,
    reader::{LONGEST, Refusal, Sink, broken, not_utf8, problem, refusal, unknown_column},
    receipts::RowProblem,
    row::{Builder, Options, Row},
};

/// The largest workbook: it is unpacked from memory.
pub const MAX_WORKBOOK: u64 = 64 * 1024 * 1024;
/// The most that it unpacks to, and the most texts that it holds.
const MAX_UNPACKED: u64 = 1024 * 1024 * 1024;
const MAX_STRINGS: u64 = 4_000_000;
/// Rows above the headings, such as a title.
const TITLES: usize = 10;
/// More columns than any record has.
const MAX_COLUMNS: usize = 1_000;

/// Turns rows of cells into rows of fields once the headings were found.
struct Sheet<'a> {
    job: &'a job::Model,
    layout: &'static Layout,
    kind: ResourceKind,
    columns: Option<Vec<Column>>,
    /// Rows that may stand above the headings.
    above: Vec<Vec<Cell>>,
    sink: &'a mut Sink,
}

impl<'a> Sheet<'a> {
    fn new(job: &'a job::Model, kind: ResourceKind, sink: &'a mut Sink) -> Result<Self, Refusal> {
        let layout = layout_of(kind).map_err(broken)?;
        Ok(Self { job, layout, kind, columns: None, above: Vec::new(), sink })
    }

    /// Takes a row; false when nobody wants more.
    fn take(&mut self, line: i64, cells: Vec<Cell>) -> Result<bool, Refusal> {
        if cells.iter().all(is_blank) {
            return Ok(true);
        }
        let Some(columns) = &self.columns else {
            return self.head(cells).map(|()| true);
        };
        let (options, layout, kind) = (Options::from(self.job), self.layout, self.kind);
        Ok(self.sink.put(line, Some(kind), || {
            let sent = sent(&cells);
            let content = match beyond(columns, &cells) {
                Some(problem) => Err(vec![problem]),
                None => Builder::new(layout, &options)
                    .build(columns.iter().copied().zip(cells.into_iter().chain(std::iter::repeat(Cell::Empty)))),
            };
            Row { line, kind: Some(kind), sent, read: 0, content }
        }))
    }

    /// Hands on a row that cannot be read; false when nobody wants more.
    fn refuse(&mut self, line: i64, problem: RowProblem, sent: String) -> bool {
        let kind = Some(self.kind);
        self.sink.put(line, kind, || Row { line, kind, sent, read: 0, content: Err(vec![problem]) })
    }

    /// Looks whether a row holds the headings: most of its texts are names of fields.
    fn head(&mut self, cells: Vec<Cell>) -> Result<(), Refusal> {
        let known = cells.iter().filter(|cell| self.column(cell).is_some()).count();
        if known > 0 && known * 2 >= cells.iter().filter(|cell| !is_blank(cell)).count() {
            self.columns = Some(self.columns(&cells)?);
            return Ok(());
        }
        self.above.push(cells);
        if self.above.len() < TITLES { Ok(()) } else { Err(Self::headless()) }
    }

    fn column(&self, cell: &Cell) -> Option<Column> {
        let Cell::Text(heading) = cell else { return None };
        let heading = heading.trim();
        if self.job.ignored.0.iter().any(|ignored| ignored == heading) {
            return Some(Column::Ignored);
        }
        self.layout.find(heading)
    }

    fn columns(&self, cells: &[Cell]) -> Result<Vec<Column>, Refusal> {
        let (mut columns, mut problems) = (Vec::with_capacity(cells.len()), Vec::new());
        for cell in cells {
            let column = self.column(cell);
            let at_field = |column: &Column| match column {
                Column::Field { field, .. } => Some(*field),
                _ => None,
            };
            match (column, cell) {
                (Some(column), Cell::Text(heading)) => {
                    // A province beside a commune names the same place less closely.
                    let twice = |other: &Column| {
                        *other == column && *other != Column::Ignored
                            || at_field(other).is_some_and(|field| {
                                at_field(&column) == Some(field) && !self.layout.fields[field].is_place()
                            })
                    };
                    if columns.iter().any(twice) {
                        problems.push(problem(
                            &format!("/{}", heading.trim()),
                            "repeated",
                            "Hai cột cùng một trường.",
                            "Two columns hold the same field.",
                        ));
                    }
                    columns.push(column);
                }
                (None, Cell::Text(heading)) if !heading.trim().is_empty() => {
                    problems.push(unknown_column(heading.trim(), self.layout));
                }
                // A column without a heading may only be blank.
                _ => columns.push(Column::Ignored),
            }
        }
        if let Some(key) = &self.job.key_column {
            let wanted = self.layout.find(key).and_then(|column| at(&column));
            if wanted.is_none() || !columns.iter().any(|column| at(column) == wanted) {
                problems.push(problem(
                    "/key",
                    "unknown_column",
                    "Tệp không có cột khóa đã nêu.",
                    "The file lacks the column that was named as the key.",
                ));
            }
        }
        if problems.is_empty() { Ok(blank_unnamed(columns, cells)) } else { Err(problems) }
    }

    /// The refusal of a sheet whose headings were not found.
    fn headless() -> Refusal {
        // What stands there may be data of people: it is not repeated.
        refusal(
            "no_headings",
            "Không thấy dòng tiêu đề: đặt tên trường (fullName), ký hiệu (HO_TEN) hoặc tên tiếng Việt ở dòng đầu.",
            "No row of headings was found: name fields (fullName), symbols (HO_TEN) or Vietnamese names in the first row.",
        )
    }

    /// The end of the sheet.
    fn end(self) -> Result<(), Refusal> {
        if self.columns.is_some() || self.above.is_empty() { Ok(()) } else { Err(Self::headless()) }
    }
}

fn at(column: &Column) -> Option<usize> {
    match column {
        Column::Field { field, .. } => Some(*field),
        _ => None,
    }
}

/// Cuts the blank headings at the end, so that values below them are seen.
fn blank_unnamed(mut columns: Vec<Column>, cells: &[Cell]) -> Vec<Column> {
    let named = cells.iter().rposition(|cell| !is_blank(cell)).map_or(0, |last| last + 1);
    columns.truncate(named);
    columns
}

/// What is wrong with a row that has values where no heading is, as below merged cells.
fn beyond(columns: &[Column], cells: &[Cell]) -> Option<RowProblem> {
    let place = cells.iter().skip(columns.len()).position(|cell| !is_blank(cell))? + columns.len() + 1;
    Some(problem(
        "",
        "value_without_heading",
        format!("Cột thứ {place} có giá trị nhưng không có tiêu đề; nếu tiêu đề là ô gộp, hãy tách ra."),
        format!("Column {place} holds a value and has no heading; if the heading is a merged cell, split it."),
    ))
}

fn is_blank(cell: &Cell) -> bool {
    match cell {
        Cell::Empty => true,
        Cell::Text(text) => text.trim().is_empty(),
        _ => false,
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
    let capped = Capped { inner: bytes, left: Rc::clone(&left) };
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(capped);
    let mut sheet = Sheet::new(job, kind, sink)?;
    let (mut record, mut last) = (csv::ByteRecord::new(), 0);
    while reader.read_byte_record(&mut record).map_err(broken)? {
        left.set(LONGEST);
        let line = ends.line(record.position().map_or(0, csv::Position::line), last);
        last = line;
        if record.as_slice().len() > LONGEST || record.len() > MAX_COLUMNS {
            return Err(refusal("line_too_long", "Một dòng dài quá 1 MiB.", "A row is longer than 1 MiB."));
        }
        let more = match std::str::from_utf8(record.as_slice()) {
            Err(_) if sheet.columns.is_none() => return Err(vec![not_utf8()]),
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
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.is_empty() => Cell::Text(text.to_owned()),
        _ => Cell::Empty,
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
    check_unpacked(&whole)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(whole)).map_err(broken)?;
    let Some(name) = book.sheet_names().first().cloned() else {
        return Err(refusal("no_sheet", "Bảng tính không có trang nào.", "The workbook has no sheet."));
    };
    let mut cells = book.worksheet_cells_reader(&name).map_err(broken)?;
    let mut sheet = Sheet::new(job, kind, sink)?;
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

/// Refuses a workbook that would not fit into memory once unpacked, by what it says of itself.
fn check_unpacked(whole: &[u8]) -> Result<(), Refusal> {
    let mut archive = zip::ZipArchive::new(Cursor::new(whole)).map_err(broken)?;
    let mut unpacked = 0_u64;
    for at in 0..archive.len() {
        unpacked = unpacked.saturating_add(archive.by_index_raw(at).map_err(broken)?.size());
    }
    let mut head = Vec::new();
    if let Ok(strings) = archive.by_name("xl/sharedStrings.xml") {
        strings.take(4_096).read_to_end(&mut head).map_err(broken)?;
    }
    let head = String::from_utf8_lossy(&head);
    let named = head.split_once("uniqueCount=\"").and_then(|(_, rest)| rest.split('"').next());
    let strings: u64 = named.map_or(Ok(0), str::parse).map_err(broken)?;
    if unpacked > MAX_UNPACKED || strings > MAX_STRINGS {
        return Err(refusal(
            "workbook_too_large",
            "Bảng tính quá lớn sau khi giải nén: lưu thành CSV UTF-8 rồi gửi.",
            "The workbook is too large once unpacked: save it as CSV UTF-8 and send that.",
        ));
    }
    Ok(())
}

fn workbook_cell(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Int(number) => number.to_string().parse().map_or(Cell::Empty, Cell::Number),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::SharedString(text) => Cell::Text((*text).to_owned()),
        DataRef::Bool(yes) => Cell::Boolean(*yes),
        DataRef::DateTime(instant) => day(instant.as_f64()).map_or(Cell::Number(instant.as_f64()), Cell::Date),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::Text(text.clone()),
        DataRef::Error(_) => Cell::Broken,
        DataRef::Empty => Cell::Empty,
    }
}

/// The day with a number; none for what has a time of day too.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be whole and small")]
fn day(serial: f64) -> Option<NaiveDate> {
    let whole = serial.fract() == 0.0 && (1.0..=2_958_465.0).contains(&serial);
    let epoch = NaiveDate::from_ymd_opt(1899, 12, 30).filter(|_| whole)?;
    epoch.checked_add_days(Days::new(serial as u64))
}
