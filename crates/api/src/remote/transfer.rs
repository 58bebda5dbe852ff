//! A file on its way: opened or found again, sent piece by piece, waited for, and its receipts kept.

use std::{
    fmt::Write,
    fs::File,
    io::{Read, Seek, SeekFrom},
    path::Path,
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use clap::Args;
use indicatif::ProgressBar;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{
    Connection, Trouble,
    shelf::Draft,
    words::{self, say},
};

/// How files are to be read and written.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// The kind of record; absent for an NDJSON file of several kinds.
    #[arg(long)]
    pub resource: Option<String>,
    /// perRow or atomic.
    #[arg(long, default_value = "perRow")]
    pub mode: String,
    /// Judge every row and write none.
    #[arg(long)]
    pub dry_run: bool,
    /// The coding of codes in the file.
    #[arg(long)]
    pub code_scheme: Option<String>,
    /// iso or dmy, for dates without a format in their heading.
    #[arg(long)]
    pub date_format: Option<String>,
    /// The column that holds the sender's own key.
    #[arg(long)]
    pub key: Option<String>,
    /// Columns to leave out, comma-separated.
    #[arg(long)]
    pub ignore: Option<String>,
    /// The day of the names of places in the file, YYYY-MM-DD.
    #[arg(long)]
    pub places_as_of: Option<String>,
    /// The school year that the rows are for, with --sync-kind.
    #[arg(long, requires = "sync_kind")]
    pub school_year: Option<String>,
    /// What the rows are sent for: year_start, change, year_end or historic.
    #[arg(long, requires = "school_year")]
    pub sync_kind: Option<String>,
}

impl Options {
    /// As the service takes them.
    pub fn query(&self, format: &str) -> String {
        let mut pairs = vec![("format", format.to_owned()), ("mode", self.mode.clone())];
        let options = [
            ("resource", &self.resource),
            ("codeScheme", &self.code_scheme),
            ("dateFormat", &self.date_format),
            ("key", &self.key),
            ("ignore", &self.ignore),
            ("placesAsOf", &self.places_as_of),
            ("schoolYear", &self.school_year),
            ("syncKind", &self.sync_kind),
        ];
        pairs.extend(options.into_iter().filter_map(|(name, value)| Some((name, value.clone()?))));
        if self.dry_run {
            pairs.push(("dryRun", "true".to_owned()));
        }
        serde_urlencoded::to_string(pairs).unwrap_or_default()
    }
}

/// Bytes in one request.
const PIECE: usize = 4 * 1024 * 1024;
/// How often the job is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// The form of lines of JSON, which may be of several kinds.
pub const NDJSON: &str = "ndjson";

/// What is said of a file of another form.
pub fn no_format() -> &'static str {
    say("không phải tệp .ndjson, .csv hoặc .xlsx", "not a .ndjson, .csv or .xlsx file")
}

/// The form of a file, by its name.
pub fn format_of(file: &Path) -> Option<&'static str> {
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_lowercase();
    let plain = name.strip_suffix(".gz").unwrap_or(&name);
    match plain.rsplit_once('.')?.1 {
        "ndjson" | "jsonl" => Some(NDJSON),
        "csv" | "tsv" => Some("csv"),
        "xlsx" => Some("xlsx"),
        _ => None,
    }
}

/// A file to be sent.
pub struct Payload {
    file: File,
    pub digest: [u8; 32],
    pub bytes: u64,
}

impl Payload {
    pub fn open(path: &Path) -> Result<Self, Trouble> {
        let read = || {
            let mut file = File::open(path)?;
            let (mut hasher, mut buffer, mut bytes) = (Sha256::new(), vec![0; 64 * 1024], 0);
            loop {
                let count = file.read(&mut buffer)?;
                if count == 0 {
                    return Ok(Self { file, digest: hasher.finalize().into(), bytes });
                }
                hasher.update(&buffer[..count]);
                bytes += count as u64;
            }
        };
        read().map_err(|e| Trouble::at(path, &e))
    }

    fn piece(&mut self, offset: u64) -> Result<Vec<u8>, Trouble> {
        let mut read = || {
            let mut piece = Vec::with_capacity(PIECE);
            self.file.seek(SeekFrom::Start(offset))?;
            Read::by_ref(&mut self.file).take(PIECE as u64).read_to_end(&mut piece)?;
            Ok(piece)
        };
        let piece: Vec<u8> = read().map_err(|e: std::io::Error| {
            Trouble::Here(format!("{}: {e}", say("không đọc được tệp", "the file cannot be read")))
        })?;
        // Nothing more would ever come.
        if piece.is_empty() && offset < self.bytes {
            let said = say("tệp bị ngắn đi trong khi gửi", "the file became shorter while it was sent");
            return Err(Trouble::Here(said.to_owned()));
        }
        Ok(piece)
    }
}

/// Opens an import, or finds the one that was opened with the same key; its id.
pub async fn open(connection: &Connection, payload: &Payload, query: &str, key: &str) -> Result<String, Trouble> {
    let carry = |request: RequestBuilder| {
        request
            .header("idempotency-key", key)
            .header("upload-complete", "?0")
            .header("repr-digest", format!("sha-256=:{}:", STANDARD.encode(payload.digest)))
    };
    let job: Value = connection.json(Method::POST, &format!("/v1/imports?{query}"), carry).await?;
    Ok(job["id"].as_str().unwrap_or_default().to_owned())
}

/// Whether an import is over.
pub async fn is_over(connection: &Connection, id: &str) -> Result<bool, Trouble> {
    let job: Value = connection.json(Method::GET, &format!("/v1/imports/{id}"), |request| request).await?;
    Ok(job["finishedAt"].is_string())
}

/// Sends what is missing.
pub async fn upload(
    connection: &Connection,
    id: &str,
    payload: &mut Payload,
    bar: &ProgressBar,
) -> Result<(), Trouble> {
    let path = format!("/v1/imports/{id}/upload");
    bar.set_length(payload.bytes);
    loop {
        let here = connection.send(Method::HEAD, &path, |request| request).await?;
        let header = |name: &str| here.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        if header("upload-complete") == "?1" {
            return Ok(());
        }
        let offset: u64 = header("upload-offset").parse().unwrap_or_default();
        bar.set_position(offset);
        let piece = payload.piece(offset)?;
        let last = if offset + piece.len() as u64 == payload.bytes { "?1" } else { "?0" };
        let carry = |request: RequestBuilder| {
            request
                .header("upload-offset", offset)
                .header("upload-complete", last)
                .header("content-type", "application/partial-upload")
                .body(piece.clone())
        };
        match connection.send(Method::PATCH, &path, carry).await {
            // The piece arrived, and its answer did not: ask anew.
            Ok(_) | Err(Trouble::Refused { status: 409, .. }) => {}
            Err(trouble) => return Err(trouble),
        }
    }
}

/// Waits until the import is over.
pub async fn wait(connection: &Connection, id: &str, bytes: u64, bar: &ProgressBar) -> Result<Value, Trouble> {
    loop {
        let job: Value = connection.json(Method::GET, &format!("/v1/imports/{id}"), |request| request).await?;
        let rows = job["rowsDone"].as_u64().unwrap_or_default();
        bar.set_position(job["bytesDone"].as_u64().unwrap_or_default().min(bytes));
        bar.set_message(words::rows(rows));
        if job["finishedAt"].is_string() {
            return Ok(job);
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// How many rows were rejected.
pub fn rejected(job: &Value) -> u64 {
    job["rejected"].as_u64().unwrap_or_default()
}

/// Keeps the receipts of rejected rows as a sheet.
pub async fn keep_rejected(connection: &Connection, job: &Value, path: &Path) -> Result<(), Trouble> {
    let id = job["id"].as_str().unwrap_or_default();
    let address = format!("/v1/imports/{id}/receipts?format=csv&outcome=rejected");
    let attempt = || async {
        let mut answer = connection.once(&Method::GET, &address, |request| request).await?;
        let mut draft = Draft::begin(path)?;
        while let Some(chunk) = answer.chunk().await.map_err(|e| super::connection::away(&e))? {
            draft.write(&chunk)?;
        }
        draft.settle()
    };
    connection.patiently(attempt).await
}

/// What became of a file, in a line.
pub fn line(job: &Value) -> String {
    let count = |name: &str| job[name].as_u64().unwrap_or_default();
    let (state, rows) = (job["state"].as_str().unwrap_or_default(), count("rowsDone"));
    let dry = job["dryRun"] == true;
    let rehearsed = if dry { words::say("chạy thử, không ghi gì; ", "dry run, nothing written; ") } else { "" };
    let mut said = format!("{rehearsed}{state}: {}", words::rows(rows));
    if rows == 0 {
        return said;
    }
    let names =
        words::say(["mới", "đã sửa", "không đổi", "bị từ chối"], ["created", "updated", "unchanged", "rejected"]);
    let counts = ["created", "updated", "unchanged", "rejected"].map(count);
    let parts: Vec<String> = counts.iter().zip(names).map(|(count, name)| format!("{count} {name}")).collect();
    let _ = write!(said, ": {}", parts.join(", "));
    let over: Vec<&str> = job["passedOver"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if !over.is_empty() {
        let _ = write!(said, "; {} {}", words::say("cột không đọc:", "columns not read:"), over.join(", "));
    }
    said
}

/// Why an import that is over did not get to its end; none when it did.
pub fn failure(job: &Value) -> Option<String> {
    if job["state"] == "done" {
        return None;
    }
    let errors = job["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    let said: Vec<&str> = errors.iter().map(words::fault_text).collect();
    Some(format!("{}: {}", job["state"].as_str().unwrap_or_default(), said.join(" ")))
}
