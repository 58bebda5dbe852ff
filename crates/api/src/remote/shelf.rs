//! Files that a process may die over: each is there as a whole, the old one or the new one, and for
//! its owner alone, since it may hold data of people.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{BufWriter, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use serde::{Serialize, de::DeserializeOwned};

use super::{Trouble, words::say};

/// A file that takes its place when it is complete.
pub struct Draft {
    file: BufWriter<File>,
    path: PathBuf,
}

impl Draft {
    /// Begins a file that will stand at `path`. What a dead process left of an earlier one is overwritten.
    pub fn begin(path: &Path) -> Result<Self, Trouble> {
        let file = private().truncate(true).open(beside(path, "new")).map_err(|e| Trouble::at(path, &e))?;
        Ok(Self { file: BufWriter::with_capacity(256 * 1024, file), path: path.to_owned() })
    }

    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        self.file.write_all(bytes).map_err(|e| Trouble::at(&self.path, &e))
    }

    /// On the disk first, then in its place.
    pub fn settle(self) -> Result<(), Trouble> {
        let Self { file, path } = self;
        let settle = || {
            file.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
            fs::rename(beside(&path, "new"), &path)?;
            File::open(folder(&path))?.sync_all()
        };
        settle().map_err(|e: std::io::Error| Trouble::at(&path, &e))
    }
}

/// A file for its owner alone.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true).mode(0o600);
    options
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Reads what was kept; none when nothing was.
pub fn read<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, Trouble> {
    match fs::read(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Trouble::at(path, &error)),
        Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|_| {
            Trouble::about(
                path,
                "không phải trạng thái của lệnh này: chuyển tệp đi để làm lại từ đầu",
                "is no state of this command: move it away to begin anew",
            )
        }),
    }
}

/// Deletes a file, if it is there.
pub fn forget(path: &Path) -> Result<(), Trouble> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Trouble::at(path, &error)),
        _ => Ok(()),
    }
}

/// Keeps a state.
pub fn keep<T: Serialize>(path: &Path, state: &T) -> Result<(), Trouble> {
    let mut draft = Draft::begin(path)?;
    let bytes = serde_json::to_vec_pretty(state).map_err(|e| Trouble::Here(e.to_string()))?;
    draft.write(&bytes)?;
    draft.settle()
}

/// What holds a state.
pub fn lock_of(path: &Path) -> PathBuf {
    beside(path, "lock")
}

/// Holds a state against another run; given back when the process ends, however it ends.
///
/// # Errors
/// `Away` when another run holds it.
pub fn lock(path: &Path) -> Result<File, Trouble> {
    fs::create_dir_all(folder(path)).map_err(|e| Trouble::at(path, &e))?;
    let file = private().truncate(false).open(lock_of(path)).map_err(|e| Trouble::at(path, &e))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Trouble::away(say(
            "một lần chạy khác đang dùng trạng thái này",
            "another run with this state is at work",
        ))),
        Err(TryLockError::Error(error)) => Err(Trouble::at(path, &error)),
    }
}
