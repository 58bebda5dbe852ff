//! Receipts as a sheet: what is wrong with a row stands beside the row as it was sent.

use gdtx_service::{
    Code, Error, Result,
    exchange::imports::{ImportReceipt, RowProblem},
};
use rust_xlsxwriter::{Format, Workbook};
use serde_json::Value;

/// The columns before those of the sent row.
const HEADINGS: [&str; 8] =
    ["line", "outcome", "resource", "id", "version", "errors", "lỗi (tiếng Việt)", "errors (English)"];

/// Rows of a sheet.
const MOST_ROWS: u32 = 1_048_576;

/// The cells of a receipt.
fn cells(receipt: &ImportReceipt) -> Vec<String> {
    let each = |of: fn(&RowProblem) -> String| receipt.errors.iter().map(of).collect::<Vec<_>>().join("; ");
    let at =
        |pointer: &str, text: &str| if pointer.is_empty() { text.to_owned() } else { format!("{pointer}: {text}") };
    let mut cells = vec![
        receipt.line.to_string(),
        receipt.outcome.code().to_owned(),
        receipt.resource.map(|kind| kind.code().to_owned()).unwrap_or_default(),
        receipt.id.map(|id| id.to_string()).unwrap_or_default(),
        receipt.version.map(|version| version.to_string()).unwrap_or_default(),
        each(|p| format!("{} {}", p.code, p.pointer).trim_end().to_owned()),
        receipt.errors.iter().map(|p| at(&p.pointer, &p.detail_vi)).collect::<Vec<_>>().join("; "),
        receipt.errors.iter().map(|p| at(&p.pointer, &p.detail_en)).collect::<Vec<_>>().join("; "),
    ];
    // A row of a sheet was kept as a list of its cells, a line of JSON as it was.
    match receipt.row.as_deref().map(serde_json::from_str::<Value>) {
        Some(Ok(Value::Array(sent))) => cells.extend(sent.into_iter().map(|cell| match cell {
            Value::Null => String::new(),
            Value::String(text) => text,
            other => other.to_string(),
        })),
        _ => cells.extend(receipt.row.clone()),
    }
    cells.iter().map(|cell| harmless(cell)).collect()
}

/// A text that a spreadsheet does not run as a formula.
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

/// The first line, with the mark by which spreadsheets know UTF-8.
pub fn heading() -> actix_web::web::Bytes {
    let mut out = b"\xEF\xBB\xBF".to_vec();
    out.extend(csv(std::iter::once(HEADINGS.map(str::to_owned).to_vec())));
    out.into()
}

/// The lines of some receipts.
pub fn lines(items: &[ImportReceipt]) -> actix_web::web::Bytes {
    csv(items.iter().map(cells)).into()
}

fn csv(rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().flexible(true).terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        // Writing into memory does not fail.
        let _ = writer.write_record(row);
    }
    writer.into_inner().unwrap_or_default()
}

/// Receipts as a workbook, row by row.
pub struct Book {
    book: Workbook,
    rows: u32,
}

impl Book {
    pub fn new() -> Result<Self> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet_with_low_memory().map_err(Error::internal)?;
        let bold = Format::new().set_bold();
        for (column, heading) in (0..).zip(HEADINGS) {
            sheet.write_string_with_format(0, column, heading, &bold).map_err(Error::internal)?;
        }
        Ok(Self { book, rows: 1 })
    }

    /// # Errors
    /// `invalid_parameter` when a sheet holds no more rows.
    pub fn add(&mut self, items: &[ImportReceipt]) -> Result<()> {
        let sheet = self.book.worksheet_from_index(0).map_err(Error::internal)?;
        for item in items {
            if self.rows >= MOST_ROWS {
                return Err(Error::field(
                    Code::InvalidParameter,
                    "format",
                    "too_many_rows",
                    "Bảng tính không chứa đủ số dòng này: dùng format=csv, hoặc lọc theo outcome.",
                    "A workbook does not hold that many rows: use format=csv, or filter by outcome.",
                ));
            }
            for (column, cell) in (0..).zip(cells(item)) {
                sheet.write_string(self.rows, column, cell).map_err(Error::internal)?;
            }
            self.rows += 1;
        }
        Ok(())
    }

    pub fn finish(mut self) -> Result<Vec<u8>> {
        self.book.save_to_buffer().map_err(Error::internal)
    }
}
