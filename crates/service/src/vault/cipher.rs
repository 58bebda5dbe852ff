//! Authenticated encryption: AES-256-GCM-SIV (RFC 8452), which forgives a nonce used twice.
//!
//! What is sealed is bound to where it lies: the same bytes under another record do not open.

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

use super::keyring::KEY_LEN;
use crate::{Error, Result};

/// Seals bytes at a place; base64.
pub(super) fn seal(key: &[u8; KEY_LEN], place: &str, bytes: Vec<u8>) -> Result<String> {
    seal_bytes(key, place, bytes).map(|sealed| STANDARD.encode(sealed))
}

/// Opens what was sealed at a place.
pub(super) fn open(key: &[u8; KEY_LEN], place: &str, text: &str) -> Result<Vec<u8>> {
    open_bytes(key, place, STANDARD.decode(text).map_err(Error::internal)?)
}

/// Seals bytes at a place.
pub(super) fn seal_bytes(key: &[u8; KEY_LEN], place: &str, mut bytes: Vec<u8>) -> Result<Vec<u8>> {
    let fail = |_| Error::internal("sealing failed");
    cipher(key)?.seal_in_place_append_tag(nonce(place), Aad::from(place.as_bytes()), &mut bytes).map_err(fail)?;
    Ok(bytes)
}

/// Opens bytes that were sealed at a place.
pub(super) fn open_bytes(key: &[u8; KEY_LEN], place: &str, mut bytes: Vec<u8>) -> Result<Vec<u8>> {
    let fail = |_| Error::internal(format!("what is sealed at {place} does not open"));
    let plain = cipher(key)?.open_in_place(nonce(place), Aad::from(place.as_bytes()), &mut bytes).map_err(fail)?;
    Ok(plain.to_vec())
}

fn cipher(key: &[u8; KEY_LEN]) -> Result<LessSafeKey> {
    let unbound = UnboundKey::new(&AES_256_GCM_SIV, key).map_err(|_| Error::internal("not a key"))?;
    Ok(LessSafeKey::new(unbound))
}

/// Each place is written once under a key, or again with the same content: its name is its nonce.
/// Only the place of a cursor comes again when its record has changed, which this cipher forgives.
fn nonce(place: &str) -> Nonce {
    let mut bytes = [0; NONCE_LEN];
    bytes.copy_from_slice(&Sha256::digest(place)[..NONCE_LEN]);
    Nonce::assume_unique_for_key(bytes)
}

#[cfg(test)]
mod tests {
    use super::{open, seal};

    #[test]
    fn what_is_sealed_opens_with_its_key_at_its_place_only() {
        let (key, other) = ([7; 32], [8; 32]);
        let text = seal(&key, "learner/1", b"invented".to_vec()).unwrap_or_default();
        assert!(!text.is_empty() && !text.contains("invented"));
        assert_eq!(open(&key, "learner/1", &text).ok().as_deref(), Some(b"invented".as_slice()));
        assert!(open(&key, "learner/2", &text).is_err());
        assert!(open(&other, "learner/1", &text).is_err());
        assert!(open(&key, "learner/1", &text.replace(&text[..2], "zz")).is_err());
    }
}
