//! Sheets: rows of cells under headings, as CSV or as the first sheet of a workbook.

mod csv;
mod workbook;

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
    reader::{Refusal, Sink, broken},
    receipts::RowProblem,
    row::{Builder, Options, Row},
};

pub(super) use csv::csv;
pub(super) use workbook::xlsx;

/// More columns than any record has.
const MAX_COLUMNS: usize = 1_000;
/// The fewest columns of which the delimiters between them tell rows from a text of several lines.
const FEWEST_COLUMNS: usize = 4;
/// The largest whole number that every spreadsheet keeps as it is.
const LARGEST_WHOLE: f64 = 1e15;

/// What spreadsheets write for a formula that fails.
const BROKEN: [&str; 7] = ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"];

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
        let width = self.columns.as_ref().map(|columns| columns.len() + self.receipts);
        let holds_rows = width.is_some_and(|width| self.holds_rows(width, &cells));
        cells.drain(..self.receipts.min(cells.len()));
        if cells.iter().all(is_blank) && !holds_rows {
            return Ok(true);
        }
        if self.columns.is_some() {
            return Ok(self.hand_on(line, cells, holds_rows));
        }
        match self.headings.take(line, cells)? {
            Headed::Not => Ok(true),
            Headed::Columns(columns, mut headings, first) => {
                for (heading, column) in headings.iter_mut().zip(&columns) {
                    // What stands over a column that holds nothing, such as a year, is no heading.
                    if *column == Column::Blank {
                        *heading = Cell::Empty;
                    }
                }
                self.sink.head(sent(&headings));
                let width = columns.len();
                self.columns = Some(columns);
                Ok(first.is_none_or(|(line, cells)| {
                    let holds_rows = self.holds_rows(width, &cells);
                    self.hand_on(line, cells, holds_rows)
                }))
            }
        }
    }

    /// Hands on a row below the headings; false when nobody wants more.
    fn hand_on(&mut self, line: i64, cells: Vec<Cell>, holds_rows: bool) -> bool {
        let columns = self.columns.as_deref().unwrap_or_default();
        let (options, layout, kind) = (&self.options, self.layout, self.kind);
        self.sink.put(line, Some(kind), || {
            let sent = sent(&cells);
            let problem = if holds_rows { Some(heading::unclosed(line)) } else { heading::beyond(columns, &cells) };
            let content = match problem {
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

    /// Whether a cell of a row of text holds the rows after it, since a quotation mark was opened in one row and
    /// closed in another: its line breaks then go with as many delimiters as stand in whole rows.
    fn holds_rows(&self, width: usize, cells: &[Cell]) -> bool {
        let Some(delimiter) = self.delimiter.filter(|_| width >= FEWEST_COLUMNS) else { return false };
        let (mut breaks, mut delimiters) = (0, cells.len().saturating_sub(1));
        for cell in cells {
            let Cell::Text(text) = cell else { continue };
            let within = text.replace("\r\n", "\n").bytes().filter(|b| matches!(b, b'\n' | b'\r')).count();
            if within > 0 {
                breaks += within;
                delimiters += text.bytes().filter(|b| *b == delimiter).count();
            }
        }
        breaks > 0 && delimiters >= (width - 1) * (breaks + 1)
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
        // As a spreadsheet shows it: 15, and not 15.0.
        #[allow(clippy::cast_possible_truncation, reason = "whole and within the bounds checked")]
        Cell::Number(number) if number.fract() == 0.0 && number.abs() < LARGEST_WHOLE => (*number as i64).into(),
        Cell::Number(number) => (*number).into(),
        Cell::Boolean(yes) => (*yes).into(),
        Cell::Date(date) => date.to_string().into(),
        Cell::Json(value) => value.clone(),
        Cell::Broken => BROKEN[0].into(),
    });
    serde_json::Value::Array(shown.collect()).to_string()
}
