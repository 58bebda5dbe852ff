//! `gdtx import FILE`: sends a file, waits until every row was judged, and says what became of them.
//!
//! The same command is safe to run again: within a day it goes on with the same import, after that
//! the same rows change nothing.

use std::{
    fs::File,
    io::{IsTerminal, Read, Seek, SeekFrom, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use reqwest::Method;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Connection, Ending, Target, Trouble};

/// What `gdtx import` takes.
#[derive(Debug, Args)]
pub struct Import {
    #[command(flatten)]
    target: Target,
    /// The file: .ndjson, .csv or .xlsx, each also with .gz behind it.
    file: PathBuf,
    /// The kind of record; absent for an NDJSON file of several kinds.
    #[arg(long)]
    resource: Option<String>,
    /// perRow or atomic.
    #[arg(long, default_value = "perRow")]
    mode: String,
    /// Judge every row and write none.
    #[arg(long)]
    dry_run: bool,
    /// The coding of codes in the file.
    #[arg(long)]
    code_scheme: Option<String>,
    /// iso or dmy, for dates without a format in their heading.
    #[arg(long)]
    date_format: Option<String>,
    /// The column that holds the sender's own key.
    #[arg(long)]
    key: Option<String>,
    /// Columns to leave out, comma-separated.
    #[arg(long)]
    ignore: Option<String>,
    /// Where to write the receipts of rejected rows, as CSV.
    #[arg(long, value_name = "FILE")]
    rejected: Option<PathBuf>,
    /// Print the finished job as JSON.
    #[arg(long)]
    json: bool,
}

/// Bytes in one request.
const PIECE: usize = 4 * 1024 * 1024;
/// How often the job is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// Sends the file and waits for the end.
///
/// # Errors
/// One line for the terminal.
pub async fn run(import: Import) -> Result<(Ending, String), String> {
    let format = format_of(&import.file)?;
    let mut file = File::open(&import.file).map_err(|e| format!("{}: {e}", import.file.display()))?;
    let (digest, bytes) = digest(&mut file).map_err(|e| format!("{}: {e}", import.file.display()))?;
    let query = query(&import, format);
    let rejected = import.rejected.clone();
    let (json, connection) = (import.json, Connection::new(import.target)?);
    let bar = bar(json);
    let sent = send(&connection, &mut file, (&digest, bytes), &query, &bar).await;
    let job = match sent {
        Ok(id) => wait(&connection, &id, bytes, &bar).await,
        Err(trouble) => Err(trouble),
    };
    bar.finish_and_clear();
    let job = match job {
        Ok(job) => job,
        Err(Trouble::Away { reason, .. }) => {
            return Ok((Ending::Later, format!("{reason}; run the same command again\n")));
        }
        Err(refused) => return Err(refused.to_string()),
    };
    if let Some(path) = rejected.filter(|_| job["rejected"].as_i64() > Some(0)) {
        keep_rejected(&connection, &job, &path).await?;
    }
    told(&job, json)
}

fn format_of(file: &Path) -> Result<&'static str, String> {
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_lowercase();
    let plain = name.strip_suffix(".gz").unwrap_or(&name);
    match plain.rsplit('.').next() {
        Some("ndjson" | "jsonl") => Ok("ndjson"),
        Some("csv" | "tsv") => Ok("csv"),
        Some("xlsx") => Ok("xlsx"),
        _ => Err(format!("{}: not a .ndjson, .csv or .xlsx file", file.display())),
    }
}

fn digest(file: &mut File) -> std::io::Result<([u8; 32], u64)> {
    let (mut hasher, mut buffer, mut bytes) = (Sha256::new(), vec![0; 64 * 1024], 0);
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            return Ok((hasher.finalize().into(), bytes));
        }
        hasher.update(&buffer[..count]);
        bytes += count as u64;
    }
}

fn query(import: &Import, format: &str) -> String {
    let mut pairs = vec![("format", format.to_owned()), ("mode", import.mode.clone())];
    let options = [
        ("resource", &import.resource),
        ("codeScheme", &import.code_scheme),
        ("dateFormat", &import.date_format),
        ("key", &import.key),
        ("ignore", &import.ignore),
    ];
    pairs.extend(options.into_iter().filter_map(|(name, value)| Some((name, value.clone()?))));
    if import.dry_run {
        pairs.push(("dryRun", "true".to_owned()));
    }
    serde_urlencoded::to_string(pairs).unwrap_or_default()
}

/// Opens the import, or finds the one that this file began, and sends what is missing.
async fn send(
    connection: &Connection,
    file: &mut File,
    (digest, bytes): (&[u8; 32], u64),
    query: &str,
    bar: &ProgressBar,
) -> Result<String, Trouble> {
    let key = hex::encode(Sha256::digest([digest.as_slice(), query.as_bytes()].concat()));
    let open = |request: reqwest::RequestBuilder| {
        request
            .header("idempotency-key", &key)
            .header("upload-complete", "?0")
            .header("repr-digest", format!("sha-256=:{}:", STANDARD.encode(digest)))
    };
    let job = connection.json(Method::POST, &format!("/v1/imports?{query}"), open).await?;
    let id = job["id"].as_str().unwrap_or_default().to_owned();
    let path = format!("/v1/imports/{id}/upload");
    bar.set_length(bytes);
    loop {
        let here = connection.send(Method::HEAD, &path, |request| request).await?;
        let header = |name: &str| here.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        if header("upload-complete") == "?1" {
            return Ok(id);
        }
        let offset: u64 = header("upload-offset").parse().unwrap_or_default();
        bar.set_position(offset);
        let piece = piece(file, offset).map_err(|e| Trouble::Refused {
            status: 0,
            detail: format!("the file cannot be read: {e}"),
            body: Box::default(),
        })?;
        let last = if offset + piece.len() as u64 == bytes { "?1" } else { "?0" };
        let carry = |request: reqwest::RequestBuilder| {
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

fn piece(file: &mut File, offset: u64) -> std::io::Result<Vec<u8>> {
    let mut piece = Vec::with_capacity(PIECE);
    file.seek(SeekFrom::Start(offset))?;
    file.take(PIECE as u64).read_to_end(&mut piece)?;
    Ok(piece)
}

/// Waits until the import is over.
async fn wait(connection: &Connection, id: &str, bytes: u64, bar: &ProgressBar) -> Result<Value, Trouble> {
    loop {
        let job = connection.json(Method::GET, &format!("/v1/imports/{id}"), |request| request).await?;
        let rows = job["rowsDone"].as_u64().unwrap_or_default();
        bar.set_position(job["bytesDone"].as_u64().unwrap_or_default().min(bytes));
        bar.set_message(format!("{rows} rows"));
        if job["finishedAt"].is_string() {
            return Ok(job);
        }
        tokio::time::sleep(LOOK).await;
    }
}

async fn keep_rejected(connection: &Connection, job: &Value, path: &Path) -> Result<(), String> {
    let id = job["id"].as_str().unwrap_or_default();
    let address = format!("/v1/imports/{id}/receipts?format=csv&outcome=rejected");
    let answer = connection.send(Method::GET, &address, |request| request).await.map_err(|e| e.to_string())?;
    let bytes = answer.bytes().await.map_err(|_| "the line broke".to_owned())?;
    // It may hold data of people: for its owner alone.
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let written = options.open(path).and_then(|mut file| file.write_all(&bytes));
    written.map_err(|e| format!("{}: {e}", path.display()))
}

fn bar(json: bool) -> ProgressBar {
    if json || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes} {msg} {elapsed}");
    style.map_or_else(|_| ProgressBar::hidden(), |style| ProgressBar::new(0).with_style(style))
}

fn told(job: &Value, json: bool) -> Result<(Ending, String), String> {
    let count = |name: &str| job[name].as_i64().unwrap_or_default();
    let text = if json {
        format!("{job}\n")
    } else {
        format!(
            "{}: {} rows: {} created, {} updated, {} unchanged, {} rejected\n",
            job["state"].as_str().unwrap_or_default(),
            count("rowsDone"),
            count("created"),
            count("updated"),
            count("unchanged"),
            count("rejected"),
        )
    };
    if job["state"] == "done" {
        return Ok((if count("rejected") > 0 { Ending::Rejected } else { Ending::Good }, text));
    }
    let errors = job["errors"].as_array().cloned().unwrap_or_default();
    let said: Vec<&str> = errors.iter().filter_map(|error| error["detailEn"].as_str()).collect();
    if json {
        return Ok((Ending::Failed, text));
    }
    Err(format!("{}: {}", job["state"].as_str().unwrap_or_default(), said.join(" ")))
}
