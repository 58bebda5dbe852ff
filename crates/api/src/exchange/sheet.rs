//! Sheets as they leave the service: lines of CSV, and workbooks filled row by row.

use std::{
    fs::File,
    io::{Read, Seek},
};

use actix_web::web::{self, Bytes};
use futures::{Stream, stream};
use gdtx_domain::exchange::import::cell::RUNNING;
use gdtx_service::{Code, Error, Result};
use rust_xlsxwriter::{Format, Workbook};

/// The media type of a workbook.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// The mark by which spreadsheets know UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";
/// Bytes of a file that are in memory at a time.
const PIECE: usize = 64 * 1024;
/// Rows of a sheet.
const MOST_ROWS: u32 = 1_048_576;

/// A text that a spreadsheet does not run as a formula; telephone and other numbers stay as they are.
fn harmless(cell: &str) -> String {
    let number = |rest: &str| rest.chars().all(|c| c.is_ascii_digit() || " ().,;/-".contains(c));
    let runs = match cell.chars().next() {
        Some('+' | '-') => !number(&cell[1..]),
        // A mark of its own, which a reader of the sheet would take for ours.
        Some('\'') => cell[1..].starts_with(RUNNING),
        first => first.is_some_and(|first| RUNNING.contains(&first)),
    };
    if runs { format!("'{cell}") } else { cell.to_owned() }
}

/// The first line of a file.
pub fn heading(names: impl IntoIterator<Item = String>) -> Vec<u8> {
    let mut out = MARK.to_vec();
    out.extend(lines(std::iter::once(names.into_iter().collect())));
    out
}

/// Lines of CSV (RFC 4180).
pub fn lines(rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().flexible(true).terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        // Writing into memory does not fail.
        let _ = writer.write_record(row.iter().map(|cell| harmless(cell)));
    }
    writer.into_inner().unwrap_or_default()
}

/// Work that takes time, away from those who serve other requests.
pub async fn aside<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    web::block(work).await.map_err(Error::internal)?
}

/// A file, piece by piece.
pub fn pieces(file: File) -> impl Stream<Item = Result<Bytes>> {
    stream::try_unfold(file, |mut file| async move {
        aside(move || {
            let mut piece = Vec::with_capacity(PIECE);
            (&mut file).take(PIECE as u64).read_to_end(&mut piece).map_err(Error::internal)?;
            Ok((!piece.is_empty()).then(|| (Bytes::from(piece), file)))
        })
        .await
    })
}

/// A workbook of one sheet; its rows lie in a file while they come.
pub struct Book {
    book: Workbook,
    rows: u32,
}

impl Book {
    pub fn new(names: impl IntoIterator<Item = String>) -> Result<Self> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet_with_constant_memory().map_err(Error::internal)?;
        let bold = Format::new().set_bold();
        for (at, name) in (0..).zip(names) {
            sheet.write_string_with_format(0, at, name, &bold).map_err(Error::internal)?;
        }
        Ok(Self { book, rows: 1 })
    }

    /// # Errors
    /// `invalid_parameter` when a sheet holds no more rows.
    pub fn add(&mut self, rows: impl Iterator<Item = Vec<String>>) -> Result<()> {
        let sheet = self.book.worksheet_from_index(0).map_err(Error::internal)?;
        for row in rows {
            if self.rows >= MOST_ROWS {
                return Err(Error::field(
                    Code::InvalidParameter,
                    "format",
                    "too_many_rows",
                    "Bảng tính không chứa đủ số dòng này: dùng format=csv, hoặc lọc bớt.",
                    "A workbook does not hold that many rows: use format=csv, or filter.",
                ));
            }
            // A text is a text in a workbook: nothing runs it.
            for (at, cell) in (0..).zip(row) {
                sheet.write_string(self.rows, at, cell).map_err(Error::internal)?;
            }
            self.rows += 1;
        }
        Ok(())
    }

    /// The whole file, in a file without a name that is gone with its last reader.
    pub fn finish(mut self) -> Result<File> {
        let mut file = tempfile::tempfile().map_err(Error::internal)?;
        self.book.save_to_writer(&mut file).map_err(Error::internal)?;
        file.rewind().map_err(Error::internal)?;
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn no_cell_runs_and_numbers_stay() {
        let row = ["=1+1", "@a", "+84 225 300", "-5", "+cmd|x", "a,\"b\"", "'=x", "'x"].map(str::to_owned).to_vec();
        let text = String::from_utf8(lines(std::iter::once(row))).unwrap_or_default();
        assert_eq!(text, "'=1+1,'@a,+84 225 300,-5,'+cmd|x,\"a,\"\"b\"\"\",''=x,'x\r\n");
    }
}
