//! Where the keys of what lies encrypted come from: the settings, or a file that the first start makes.

use std::{io::Write, path::Path};

use gdtx_service::Keyring;
use secrecy::ExposeSecret;

use crate::Settings;

/// The file in the data folder.
const FILE: &str = "data.keys";

/// The keys of these settings; the error is one line for the terminal.
pub fn keyring(settings: &Settings) -> Result<Keyring, String> {
    let told = settings.data_keys.expose_secret();
    let wrong = |error: String| format!("configuration: data_keys: {error}");
    if !told.is_empty() {
        return Keyring::parse(told).map_err(wrong);
    }
    let path = settings.data_dir.join(FILE);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => make(&path)?,
        Err(error) => return Err(wrong(format!("{}: {error}", path.display()))),
    };
    Keyring::parse(&text).map_err(|error| wrong(format!("{}: {error}", path.display())))
}

/// Makes the file; of two processes that start at once the first one wins.
fn make(path: &Path) -> Result<String, String> {
    let wrong = |error: std::io::Error| format!("configuration: data_keys: {}: {error}", path.display());
    let entry = format!("{}\n", Keyring::generate("first")?);
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(wrong)?;
    // Written beside and linked into place, so that nobody reads half a key.
    let mut draft = tempfile::NamedTempFile::new_in(folder).map_err(wrong)?;
    draft.write_all(entry.as_bytes()).map_err(wrong)?;
    draft.as_file().sync_all().map_err(wrong)?;
    match draft.persist_noclobber(path) {
        Ok(_) => {
            tracing::warn!(file = %path.display(), "made the data keys: keep a copy, without them personal data stay unreadable");
            Ok(entry)
        }
        Err(_) => std::fs::read_to_string(path).map_err(wrong),
    }
}
