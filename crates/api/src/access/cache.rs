//! Remembers tokens whose signature was verified, by their SHA-256, until they expire.
//!
//! What a token may do is never remembered: that is read with each request.

use std::{collections::HashMap, sync::Mutex};

use sha2::{Digest, Sha256};

/// The most tokens that are remembered; each takes some 200 bytes.
const MAX_ENTRIES: usize = 10_000;

/// Verified tokens.
pub struct Cache<T>(Mutex<HashMap<[u8; 32], (i64, T)>>);

impl<T> Default for Cache<T> {
    fn default() -> Self {
        Self(Mutex::new(HashMap::new()))
    }
}

impl<T: Clone> Cache<T> {
    /// What a token said, when it was verified before and has not expired (Unix seconds).
    pub fn get(&self, token: &str, now: i64) -> Option<T> {
        let entries = self.0.lock().ok()?;
        entries.get(&print(token)).filter(|(exp, _)| now < *exp).map(|(_, value)| value.clone())
    }

    /// Remembers a token until `exp`. Makes room by forgetting the expired, or else everything.
    pub fn put(&self, token: &str, now: i64, exp: i64, value: T) {
        let Ok(mut entries) = self.0.lock() else { return };
        if entries.len() >= MAX_ENTRIES {
            entries.retain(|_, (exp, _)| now < *exp);
        }
        if entries.len() >= MAX_ENTRIES {
            entries.clear();
        }
        entries.insert(print(token), (exp, value));
    }
}

fn print(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_remembered_until_it_expires() {
        let cache = Cache::default();
        cache.put("a", 0, 10, 1);
        assert_eq!(cache.get("a", 9), Some(1));
        assert_eq!(cache.get("a", 10), None);
        assert_eq!(cache.get("b", 0), None);
    }

    #[test]
    fn the_expired_make_room() {
        let cache = Cache::default();
        for i in 0..MAX_ENTRIES {
            cache.put(&i.to_string(), 0, 10, i);
        }
        cache.put("new", 10, 20, 0);
        assert_eq!(cache.0.lock().map(|e| e.len()).ok(), Some(1));
    }
}
