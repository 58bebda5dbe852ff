//! Reads the rows of a payload: lines of JSON, or a sheet under its headings.

use std::{
    io::{BufRead, BufReader, Read},
    sync::{
        Arc, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

use flate2::bufread::MultiGzDecoder;
use gdtx_domain::{
    FieldProblem,
    exchange::{
        import::{
            column::{KEY, Layout, RESOURCE},
            job::{self, ImportFormat},
        },
        resource::ResourceKind,
    },
    text,
};
use serde_json::{Map, Value};
use tokio::{runtime::Handle, sync::mpsc};
use uuid::Uuid;

use super::{
    heading,
    kinds::{Importable, KINDS, importable},
    payload::Stream,
    receipts::RowProblem,
    row::{Builder, Content, Options, Row},
    sheet,
};
use crate::{Database, Error};

/// Rows that are handed on together.
pub(super) const ROWS: usize = 500;
/// Bytes of rows that are handed on together.
const HELD: usize = 4 * 1024 * 1024;
/// Bytes that a compressed payload may hold.
const MOST_UNPACKED: u64 = 8 * 1024 * 1024 * 1024;
/// The longest row.
pub(super) const LONGEST: usize = 1024 * 1024;

/// Why a payload cannot be read any further.
pub(super) type Refusal = Vec<RowProblem>;
/// Some rows; no row at all is the end of a payload that was read to its end.
pub(super) type Rows = Result<Vec<Row>, Trouble>;

/// Why there are no more rows.
pub(super) enum Trouble {
    /// The payload is at fault.
    Refused(Refusal),
    /// The database is: another run may read it.
    Failed(Error),
}

/// Where rows go; false when nobody wants more.
pub(super) struct Sink {
    send: mpsc::Sender<Rows>,
    rows: Vec<Row>,
    /// Bytes of those rows.
    held: usize,
    read: Arc<AtomicI64>,
    /// The kind that is wanted in this pass, in a batch of several; the first pass takes those of no kind too.
    wanted: Option<(ResourceKind, bool)>,
    after: i64,
    /// Whose headings they are, and where they are kept.
    job: Uuid,
    db: Database,
}

impl Sink {
    /// Keeps the headings of a sheet, so that receipts can repeat rows under them. Receipts do without
    /// where the database does not take them.
    pub fn head(&self, headings: String) {
        if let Err(error) = Handle::current().block_on(heading::keep(&self.db, self.job, headings)) {
            tracing::warn!(error = ?error.source, "the headings of a sheet were not kept");
        }
    }

    /// Hands a row on, unless it is another pass's or was done before. `build` is not called for those.
    pub fn put(&mut self, line: i64, kind: Option<ResourceKind>, row: impl FnOnce() -> Row) -> bool {
        let mine = self.wanted.is_none_or(|(wanted, first)| kind.map_or(first, |kind| kind == wanted));
        if line <= self.after || !mine {
            return !self.send.is_closed();
        }
        let mut row = row();
        row.read = self.read.load(Ordering::Relaxed);
        self.held += row.sent.len();
        self.rows.push(row);
        (self.rows.len() < ROWS && self.held < HELD) || self.flush()
    }

    fn flush(&mut self) -> bool {
        self.held = 0;
        let rows = std::mem::take(&mut self.rows);
        rows.is_empty() || self.send.blocking_send(Ok(rows)).is_ok()
    }
}

/// Begins to read one pass over a payload, after a line.
pub(super) fn open(db: Database, job: &job::Model, pass: ResourceKind, after: i64) -> mpsc::Receiver<Rows> {
    let (send, rows) = mpsc::channel(2);
    let (stream, failure) = Stream::open(db.clone(), job.id, job.bytes);
    let wanted = job.resource.is_none().then(|| (pass, KINDS.first() == Some(&pass)));
    let (rows_held, read) = (Vec::new(), stream.meter());
    let mut sink = Sink { send: send.clone(), rows: rows_held, held: 0, read, wanted, after, job: job.id, db };
    let job = job.clone();
    tokio::task::spawn_blocking(move || {
        let outcome = unpacked(stream).map_err(broken).and_then(|bytes| match job.format {
            ImportFormat::Ndjson => lines(bytes, &job, &mut sink),
            ImportFormat::Csv => sheet::csv(bytes, &job, pass, &mut sink),
            ImportFormat::Xlsx => sheet::xlsx(bytes, &job, pass, &mut sink),
        });
        // Rows before the fault count: those of a file that was cut are known by it.
        sink.flush();
        let failure = failure.lock().unwrap_or_else(PoisonError::into_inner).take();
        let end = match (failure, outcome) {
            (Some(error), _) => Err(Trouble::Failed(error)),
            (None, Err(refusal)) => Err(Trouble::Refused(refusal)),
            (None, Ok(())) => Ok(Vec::new()),
        };
        // Nobody listens when the import was cancelled.
        let _ = send.blocking_send(end);
    });
    rows
}

/// The payload without its compression.
fn unpacked(stream: Stream) -> std::io::Result<Box<dyn BufRead>> {
    let mut bytes = BufReader::with_capacity(64 * 1024, stream);
    let packed = bytes.fill_buf()?.starts_with(&[0x1F, 0x8B]);
    Ok(if packed {
        Box::new(BufReader::new(Unpacked { inner: MultiGzDecoder::new(bytes), left: MOST_UNPACKED }))
    } else {
        Box::new(bytes)
    })
}

/// Bytes that come out of a compressed payload, of which there may not be endlessly many.
struct Unpacked<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(into)?;
        self.left = self.left.checked_sub(count as u64).ok_or_else(|| std::io::Error::other("too much unpacked"))?;
        Ok(count)
    }
}

/// What a payload that breaks off tells.
pub(super) fn broken(error: impl std::fmt::Display) -> Refusal {
    tracing::info!(%error, "a payload cannot be read");
    refusal("unreadable_file", "Tệp không đọc được đến hết.", "The file cannot be read to its end.")
}

pub(super) fn refusal(code: &'static str, vi: &str, en: &str) -> Refusal {
    vec![problem("", code, vi, en)]
}

pub(super) fn problem(pointer: &str, code: &'static str, vi: impl Into<String>, en: impl Into<String>) -> RowProblem {
    let detail = gdtx_domain::Label::new(vi, en);
    RowProblem::from(&FieldProblem { pointer: pointer.to_owned(), code, detail, links: Vec::new() })
}

/// The hint about a text that is no UTF-8.
pub(super) fn not_utf8() -> RowProblem {
    problem(
        "",
        "not_utf8",
        "Văn bản không phải UTF-8, có thể là Windows-1258 hoặc bảng mã cũ: lưu lại dạng “CSV UTF-8” rồi gửi.",
        "The text is not UTF-8, perhaps Windows-1258 or an older code page: save it as “CSV UTF-8” and send it again.",
    )
}

/// Lines of JSON objects.
fn lines(mut bytes: Box<dyn BufRead>, job: &job::Model, sink: &mut Sink) -> Result<(), Refusal> {
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        // A line that never ends must not fill the memory.
        let read = (&mut bytes).take(LONGEST as u64 + 1).read_until(b'\n', &mut line).map_err(broken)?;
        if read == 0 {
            break;
        }
        if line.len() > LONGEST {
            return Err(refusal("line_too_long", "Một dòng dài quá 1 MiB.", "A line is longer than 1 MiB."));
        }
        let text = line.strip_prefix(b"\xEF\xBB\xBF".as_slice()).filter(|_| number == 1).unwrap_or(&line);
        if text.trim_ascii().is_empty() {
            continue;
        }
        if !json(number, text, job, sink) {
            break;
        }
    }
    Ok(())
}

/// Hands on one line; false when nobody wants more.
fn json(line: i64, bytes: &[u8], job: &job::Model, sink: &mut Sink) -> bool {
    let sent = || String::from_utf8_lossy(bytes).trim().to_owned();
    let refused = |sink: &mut Sink, kind, problems| {
        sink.put(line, kind, || Row { line, kind, sent: sent(), read: 0, content: Err(problems) })
    };
    let Ok(text) = std::str::from_utf8(bytes) else { return refused(sink, job.resource, vec![not_utf8()]) };
    let Ok(Value::Object(mut members)) = serde_json::from_str::<Value>(text) else {
        let said = problem("", "invalid_json", "Dòng không phải một đối tượng JSON.", "The line is no JSON object.");
        return refused(sink, job.resource, vec![said]);
    };
    match kind_of(&mut members, job.resource) {
        Err((kind, said)) => refused(sink, kind, said),
        Ok(one) => {
            let kind = Some(one.kind());
            let options = Options::from(job);
            sink.put(line, kind, || Row { line, kind, sent: sent(), read: 0, content: content(one, members, &options) })
        }
    }
}

/// The kind of record of a JSON object that may name it.
pub(super) fn kind_of(
    members: &mut Map<String, Value>,
    known: Option<ResourceKind>,
) -> Result<&'static dyn Importable, (Option<ResourceKind>, Vec<RowProblem>)> {
    let kind = match (known, members.remove(RESOURCE)) {
        (known, None) => known,
        (None, Some(named)) => named.as_str().and_then(ResourceKind::from_code),
        (Some(known), Some(named)) if named == known.code() => Some(known),
        (Some(_), Some(_)) => {
            let said = problem(
                "/resource",
                "other_resource",
                "Tệp này chỉ chứa một loại bản ghi; dòng nêu loại khác.",
                "This file holds one kind of record; the line names another.",
            );
            return Err((known, vec![said]));
        }
    };
    kind.and_then(|kind| importable(kind).ok()).ok_or_else(|| {
        let names = KINDS.iter().map(|kind| kind.code()).collect::<Vec<_>>().join(", ");
        let said = problem(
            "/resource",
            "unknown_code",
            format!("Nêu loại bản ghi trong “resource”, là một trong: {names}."),
            format!("Name the kind of record in “resource”, one of: {names}."),
        );
        (None, vec![said])
    })
}

/// The content of a JSON object of a kind.
pub(super) fn content(
    one: &dyn Importable,
    members: Map<String, Value>,
    options: &Options,
) -> Result<Content, Vec<RowProblem>> {
    Builder::new(one.layout(), options).object(members, &options.ignored)
}

/// A column that no field goes by, with the name that may be meant.
pub(super) fn unknown_column(name: &str, layout: &Layout) -> RowProblem {
    let shown: String = name.chars().take(60).collect();
    let near = nearest(name, layout.names().chain([KEY]));
    let (vi, en) = near.map_or_else(
        || {
            (
                "Bỏ cột, hoặc nêu trong tham số ignore.".to_owned(),
                "Drop it, or name it in the parameter ignore.".to_owned(),
            )
        },
        |near| (format!("Ý bạn là “{near}”?"), format!("Did you mean “{near}”?")),
    );
    problem(
        &format!("/{}", shown.replace('~', "~0").replace('/', "~1")),
        "unknown_column",
        format!("Không có trường nào tên “{shown}”. {vi}"),
        format!("No field goes by “{shown}”. {en}"),
    )
}

/// The known name that is nearest, when it is near enough to be meant.
fn nearest<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = text::fold(wrong);
    known
        .map(|name| (strsim::jaro_winkler(&wrong, &name.to_lowercase()), name))
        .filter(|(score, _)| *score > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}
