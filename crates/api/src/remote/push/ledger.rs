//! What became of each file: enough to go on with it or to leave it alone, and nothing of its content.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::remote::{Trouble, fresh_name, shelf};

/// The files that were sent by one client, and so to one service.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Kept {
    client_id: Uuid,
    files: BTreeMap<String, Sent>,
}

/// A file as it was sent last.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sent {
    sha256: String,
    /// How it was to be read and written.
    options: String,
    /// Of this sending alone: sent with it again, it is the same import, and whatever was sent before is another.
    pub key: String,
    /// The import, once it was opened.
    pub import: Option<String>,
    /// How it ended; none while it is on its way.
    pub outcome: Option<Outcome>,
}

/// How a sending ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "state")]
pub enum Outcome {
    Done { rejected: u64 },
    Failed,
}

impl Sent {
    /// The same content once more.
    pub fn next(&mut self) {
        *self = Self { key: fresh_name(), import: None, outcome: None, ..self.clone() };
    }
}

/// The files and where they are noted.
pub struct Ledger {
    path: PathBuf,
    kept: Kept,
}

impl Ledger {
    /// Opens what is kept. That of another client says nothing here.
    pub fn open(path: &Path, client_id: Uuid) -> Result<Self, Trouble> {
        let known: Option<Kept> = shelf::read(path)?;
        let kept = match known {
            Some(known) if known.client_id == client_id => known,
            Some(_) => {
                return Err(Trouble::about(
                    path,
                    "thuộc ứng dụng khác: nêu tệp khác bằng --state",
                    "is of another client: name another file by --state",
                ));
            }
            None => Kept { client_id, files: BTreeMap::new() },
        };
        Ok(Self { path: path.to_owned(), kept })
    }

    /// What is known of a file with this content and these options. Another content is another sending, also
    /// when it is one that was sent before the last.
    pub fn entry(&self, file: &Path, digest: &[u8], options: &str) -> Sent {
        let sha256 = hex::encode(digest);
        match self.kept.files.get(&*file.to_string_lossy()) {
            Some(sent) if sent.sha256 == sha256 && sent.options == options => sent.clone(),
            _ => Sent { sha256, options: options.to_owned(), key: fresh_name(), import: None, outcome: None },
        }
    }

    pub fn keep(&mut self, file: &Path, sent: &Sent) -> Result<(), Trouble> {
        self.kept.files.insert(file.to_string_lossy().into_owned(), sent.clone());
        shelf::keep(&self.path, &self.kept)
    }
}
