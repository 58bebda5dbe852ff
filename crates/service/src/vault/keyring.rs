//! The keys that the operator holds: never in the database, so that a copy of it tells nothing.

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};

/// Length of a key in bytes.
pub const KEY_LEN: usize = 32;

/// Master keys by name; the first one locks, all of them open.
#[derive(Clone)]
pub struct Keyring(Vec<(String, [u8; KEY_LEN])>);

impl Keyring {
    /// Reads `name:base64` entries separated by commas or lines; the first is the one that locks.
    ///
    /// # Errors
    /// One line for the terminal, without any part of a key.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut keys: Vec<(String, [u8; KEY_LEN])> = Vec::new();
        for (i, entry) in
            text.split([',', '\n']).map(str::trim).filter(|e| !e.is_empty() && !e.starts_with('#')).enumerate()
        {
            let wrong = |why: &str| format!("data key {}: {why}", i + 1);
            let (name, key) = entry.split_once(':').ok_or_else(|| wrong("expected name:base64"))?;
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            if name.is_empty() || name.len() > 40 || !name.chars().all(plain) {
                return Err(wrong("a name is 1 to 40 lower-case letters, digits and hyphens"));
            }
            if keys.iter().any(|(known, _)| known == name) {
                return Err(wrong("the name stands twice"));
            }
            let bytes = STANDARD.decode(key).map_err(|_| wrong("the key is not base64"))?;
            let key = bytes.try_into().map_err(|_| wrong("a key is 32 bytes in base64"))?;
            keys.push((name.to_owned(), key));
        }
        if keys.is_empty() { Err("no data key".to_owned()) } else { Ok(Self(keys)) }
    }

    /// A new entry, `name:base64`, from the system's randomness.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub fn generate(name: &str) -> Result<String, String> {
        let mut key = [0_u8; KEY_LEN];
        aws_lc_rs::rand::fill(&mut key).map_err(|_| "no randomness".to_owned())?;
        Ok(format!("{name}:{}", STANDARD.encode(key)))
    }

    /// The key that locks, with its name. A ring is never empty.
    pub(super) fn current(&self) -> (&str, &[u8; KEY_LEN]) {
        let (name, key) = &self.0[0];
        (name, key)
    }

    pub(super) fn get(&self, name: &str) -> Option<&[u8; KEY_LEN]> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, key)| key)
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.0.iter().map(|(name, _)| name).collect();
        f.debug_tuple("Keyring").field(&names).finish()
    }
}
