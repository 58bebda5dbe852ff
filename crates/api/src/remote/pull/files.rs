//! The files of a copy: a record a line, in the order of ids, and changes folded into them.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufRead, BufReader, Read, Seek, SeekFrom},
    path::Path,
};

use serde::Deserialize;
use uuid::Uuid;

use crate::remote::{Trouble, shelf::Draft};

/// The newest state of records that changed: their version and their line, none for those that are gone.
pub type Pending = BTreeMap<Uuid, (i64, Option<String>)>;

/// What folding did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub added: u64,
    pub changed: u64,
    pub removed: u64,
    /// Records afterwards.
    pub total: u64,
}

impl Tally {
    pub fn and(self, later: Self) -> Self {
        Self {
            added: self.added + later.added,
            changed: self.changed + later.changed,
            removed: self.removed + later.removed,
            total: later.total,
        }
    }
}

/// What a line is about.
#[derive(Deserialize)]
struct Head {
    id: Uuid,
    version: i64,
}

/// Folds changes into a file: what has a greater version than the line that is there takes its place,
/// so changes that were folded in before change nothing. The file is the old one or the new one, whole.
pub fn fold(path: &Path, pending: &Pending) -> Result<Tally, Trouble> {
    let mut old = BufReader::with_capacity(256 * 1024, File::open(path).map_err(|e| Trouble::at(path, &e))?);
    let mut fold = Fold { draft: Draft::begin(path)?, tally: Tally::default() };
    let (mut pending, mut line) = (pending.iter().peekable(), Vec::new());
    while old.read_until(b'\n', &mut line).map_err(|e| Trouble::at(path, &e))? > 0 {
        let head: Head = serde_json::from_slice(&line).map_err(|_| changed(path))?;
        while let Some((_, (_, new))) = pending.next_if(|(id, _)| **id < head.id) {
            fold.add(new.as_deref())?;
        }
        match pending.next_if(|(id, _)| **id == head.id) {
            Some((_, (version, new))) if *version > head.version => fold.replace(new.as_deref())?,
            _ => fold.put(&line)?,
        }
        line.clear();
    }
    for (_, (_, new)) in pending {
        fold.add(new.as_deref())?;
    }
    fold.draft.settle()?;
    Ok(fold.tally)
}

/// Whether a file is there and ends with a line.
pub fn is_whole(path: &Path) -> bool {
    let Ok(mut file) = File::open(path) else { return false };
    let mut last = [0];
    match file.seek(SeekFrom::End(-1)) {
        Ok(_) => file.read_exact(&mut last).is_ok() && last == *b"\n",
        // It is empty.
        Err(_) => true,
    }
}

/// What is said of a file that is not as it was left.
pub fn changed(path: &Path) -> Trouble {
    Trouble::about(
        path,
        "đã bị sửa hoặc xóa bên ngoài: chạy với --full để tạo lại bản sao",
        "was changed or deleted by somebody else: run with --full to make the copy anew",
    )
}

/// A file in the making.
struct Fold {
    draft: Draft,
    tally: Tally,
}

impl Fold {
    fn put(&mut self, line: &[u8]) -> Result<(), Trouble> {
        self.tally.total += 1;
        self.draft.write(line)
    }

    /// What was not there; what has gone since needs no line.
    fn add(&mut self, new: Option<&str>) -> Result<(), Trouble> {
        let Some(new) = new else { return Ok(()) };
        self.tally.added += 1;
        self.put(new.as_bytes())
    }

    fn replace(&mut self, new: Option<&str>) -> Result<(), Trouble> {
        let Some(new) = new else {
            self.tally.removed += 1;
            return Ok(());
        };
        self.tally.changed += 1;
        self.put(new.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn line(n: u128, version: i64) -> String {
        format!("{{\"id\":\"{}\",\"version\":{version},\"x\":\"ở\"}}\n", id(n))
    }

    #[test]
    fn changes_find_their_place_and_older_ones_change_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rooms.ndjson");
        std::fs::write(&path, [line(2, 1), line(4, 5), line(6, 1)].concat()).unwrap();
        let pending: Pending = [
            (id(1), (1, Some(line(1, 1)))),
            (id(2), (2, Some(line(2, 2)))),
            (id(3), (2, None)),
            (id(4), (4, Some(line(4, 4)))),
            (id(6), (2, None)),
            (id(7), (3, Some(line(7, 3)))),
        ]
        .into();
        let after = [line(1, 1), line(2, 2), line(4, 5), line(7, 3)].concat();
        let tally = fold(&path, &pending).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), after);
        assert_eq!(tally, Tally { added: 2, changed: 1, removed: 1, total: 4 });
        // The same again.
        assert_eq!(fold(&path, &pending).unwrap(), Tally { total: 4, ..Tally::default() });
        assert_eq!(std::fs::read_to_string(&path).unwrap(), after);
        std::fs::write(&path, "hello\n").unwrap();
        assert!(matches!(fold(&path, &pending), Err(Trouble::Here(_))));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "hello\n");
    }
}
