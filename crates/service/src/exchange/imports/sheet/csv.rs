//! Comma-separated values, as spreadsheets and programs write them.

use std::{
    cell::Cell as Cell_,
    io::{BufRead, Read},
    rc::Rc,
};

use gdtx_domain::exchange::{
    import::{
        cell::{Cell, RUNNING},
        job,
    },
    resource::ResourceKind,
};

use super::{
    super::{
        heading,
        reader::{LONGEST, Refusal, Sink, broken, not_utf8, refusal},
    },
    BROKEN, MAX_COLUMNS, Sheet, sent,
};

/// The row that is put behind the last of a text: it stands alone, unless a quotation mark is open there. No text
/// in UTF-8 holds such bytes.
const END: &[u8] = b"\n\xFF\0\xFF\n";

/// Comma-separated values; semicolons and tabs serve as well, as spreadsheets here write them.
pub fn csv(mut bytes: Box<dyn BufRead>, job: &job::Model, kind: ResourceKind, sink: &mut Sink) -> Result<(), Refusal> {
    let start = bytes.fill_buf().map_err(broken)?;
    if start.starts_with(&[0xFF, 0xFE]) || start.starts_with(&[0xFE, 0xFF]) {
        return Err(vec![not_utf8()]);
    }
    let (delimiter, ends) = (delimiter(start), Ends::of(start));
    let left = Rc::new(Cell_::new(LONGEST));
    let capped = Capped { inner: bytes.chain(END), left: Rc::clone(&left) };
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(capped);
    let mut sheet = Sheet { delimiter: Some(delimiter), ..Sheet::new(job, kind, sink)? };
    let (mut record, mut last) = (csv::ByteRecord::new(), 0);
    loop {
        // A row without an end is one in a quotation mark without an end.
        let overlong = |error| if left.get() == 0 { vec![heading::unclosed(last + 1)] } else { broken(error) };
        if !reader.read_byte_record(&mut record).map_err(overlong)? {
            break;
        }
        left.set(LONGEST);
        let line = ends.line(record.position().map_or(0, csv::Position::line), last);
        match record.iter().next_back() {
            Some(cell) if record.len() == 1 && cell == END.trim_ascii() => break,
            Some(cell) if cell.ends_with(END) => return Err(vec![heading::unclosed(line)]),
            _ => {}
        }
        last = line;
        if record.as_slice().len() > LONGEST || record.len() > MAX_COLUMNS {
            return Err(refusal("line_too_long", "Một dòng dài quá 1 MiB.", "A row is longer than 1 MiB."));
        }
        let more = match std::str::from_utf8(record.as_slice()) {
            Err(_) if !sheet.is_headed() => return Err(vec![not_utf8()]),
            Err(_) => {
                let cells: Vec<Cell> =
                    record.iter().map(|cell| Cell::Text(String::from_utf8_lossy(cell).into_owned())).collect();
                sheet.refuse(line, not_utf8(), sent(&cells))
            }
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
    let marked = text.strip_prefix('\'').filter(|rest| rest.starts_with(RUNNING));
    match marked.unwrap_or(text) {
        "" => Cell::Empty,
        text if BROKEN.contains(&text) => Cell::Broken,
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
