//! `gdtx import FILE`: sends a file, waits until every row was judged, and says what became of them.
//!
//! The same command is safe to run again: it goes on with an import that is not over, and else imports
//! anew, which changes nothing where nothing has changed.

use std::path::{Path, PathBuf};

use clap::Args;
use sha2::{Digest, Sha256};

use super::{
    Connection, Ending, Target, Told, Trouble, bar, shelf,
    transfer::{self, Options, Payload},
    within,
};

/// What `gdtx import` takes.
#[derive(Debug, Args)]
pub struct Import {
    #[command(flatten)]
    target: Target,
    /// The file: .ndjson, .csv or .xlsx, each also with .gz behind it.
    file: PathBuf,
    #[command(flatten)]
    options: Options,
    /// Where to write the receipts of rejected rows, as CSV.
    #[arg(long, value_name = "FILE")]
    rejected: Option<PathBuf>,
    /// Print the finished job as JSON.
    #[arg(long)]
    json: bool,
}

/// The bar of a file on its way.
pub(super) const BAR: &str = "{bar:40} {bytes}/{total_bytes} {msg} {elapsed}";

/// Sends the file and waits for the end.
pub async fn run(import: Import) -> (Ending, String) {
    within(None, work(import)).await
}

/// The key of an import that keeps nothing beside: by it a run finds what an earlier one of the same file began.
fn key(payload: &Payload, query: &str, attempt: u32) -> String {
    let hasher = Sha256::new_with_prefix(payload.digest).chain_update(query);
    hex::encode(hasher.chain_update(attempt.to_be_bytes()).finalize())
}

async fn work(import: Import) -> Told {
    let format = transfer::format_of(&import.file)
        .ok_or_else(|| Trouble::Here(format!("{}: {}", import.file.display(), transfer::no_format())))?;
    if let Some(folder) = import.rejected.as_deref().and_then(Path::parent).filter(|f| !f.as_os_str().is_empty()) {
        // Found out before anything is sent.
        std::fs::read_dir(folder).map_err(|e| Trouble::at(folder, &e))?;
    }
    let mut payload = Payload::open(&import.file)?;
    let query = import.options.query(format);
    let connection = Connection::new(import.target)?;
    let bar = bar(import.json, BAR);
    let mut attempt = 0;
    let id = loop {
        let key = key(&payload, &query, attempt);
        let id = transfer::open(&connection, &payload, &query, &key).await?;
        // What was sent earlier and is over tells of then: other rows may have come since.
        if !transfer::is_over(&connection, &id).await? {
            break id;
        }
        attempt += 1;
    };
    transfer::upload(&connection, &id, &mut payload, &bar).await?;
    let job = transfer::wait(&connection, &id, payload.bytes, &bar).await?;
    bar.finish_and_clear();
    let rejected = transfer::rejected(&job) > 0;
    if let Some(path) = import.rejected {
        if rejected {
            transfer::keep_rejected(&connection, &job, &path).await?;
        } else {
            // Receipts of an earlier import would look like those of this one.
            shelf::forget(&path)?;
        }
    }
    let text = if import.json { format!("{job}\n") } else { format!("{}\n", transfer::line(&job)) };
    match transfer::failure(&job) {
        Some(failure) if !import.json => Err(Trouble::Here(format!("{failure}\n  {}", transfer::line(&job)))),
        Some(_) => Ok((Ending::Refused, text)),
        None => Ok((if rejected { Ending::Rejected } else { Ending::Good }, text)),
    }
}
