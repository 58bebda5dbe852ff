//! Secrets of clients: made at random, kept as Argon2id, compared without telling how much fits.
//!
//! A comparison takes tens of milliseconds and 19 MiB, so it runs beside the async threads and
//! few at a time: a flood of wrong secrets must not take the memory of the service.

use std::sync::LazyLock;

use argon2::{Argon2, PasswordHasher, PasswordVerifier, password_hash::phc::PasswordHash};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use tokio::sync::Semaphore;

use crate::{Ctx, Error, Result, access::policy::Permission};

/// Comparisons at a time.
static GATE: Semaphore = Semaphore::const_new(4);

/// The hash of a secret that nobody has, so that an unknown client costs what a known one costs.
static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| hash_now(&generate().ok()?).ok());

/// A new secret: 256 random bits, with a beginning by which a leaked one is found.
fn generate() -> Result<String> {
    let mut bytes = [0_u8; 32];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| Error::internal("no randomness"))?;
    Ok(format!("gdtx_{}", URL_SAFE_NO_PAD.encode(bytes)))
}

/// A new secret with its hash.
pub(super) struct Secret {
    secret: String,
    /// To keep, in PHC string format.
    pub hash: String,
}

impl Secret {
    /// Hashing takes long and has few places, so only who may write clients gets that far; it
    /// comes before the transaction of the write, since others wait for a writer.
    pub async fn new(ctx: &Ctx) -> Result<Self> {
        ctx.read().await?.require(Permission::ClientWrite)?;
        let secret = generate()?;
        let copy = secret.clone();
        let hash = beside(move || hash_now(&copy)).await??;
        Ok(Self { secret, hash })
    }

    /// The secret, for the one who asked; none of a rehearsal, since it would open nothing.
    pub fn tell(self, ctx: &Ctx) -> Option<String> {
        (!ctx.dry_run).then_some(self.secret)
    }
}

fn hash_now(secret: &str) -> Result<String> {
    let hash: PasswordHash =
        Argon2::default().hash_password(secret.as_bytes()).map_err(|e| Error::internal(e.to_string()))?;
    Ok(hash.to_string())
}

/// Whether a secret is the one behind one of two hashes. A wrong secret costs two comparisons,
/// whether hashes are there or not.
pub(crate) async fn matches(secret: &str, current: Option<String>, previous: Option<String>) -> Result<bool> {
    let secret = secret.to_owned();
    beside(move || fits(&secret, current.as_deref()) || fits(&secret, previous.as_deref())).await
}

fn fits(secret: &str, hash: Option<&str>) -> bool {
    let against = hash.or(NOBODY.as_deref()).unwrap_or_default();
    let same = Argon2::default().verify_password(secret.as_bytes(), against).is_ok();
    same && hash.is_some()
}

async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let _turn = GATE.acquire().await.map_err(Error::internal)?;
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_argon2id_and_fits_its_own_secret_only() {
        let (secret, other) = (generate().unwrap_or_default(), generate().unwrap_or_default());
        let hash = hash_now(&secret).unwrap_or_default();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(fits(&secret, Some(&hash)));
        assert!(!fits(&other, Some(&hash)));
        assert!(!fits(&secret, None));
        assert!(!fits("", Some("")));
    }

    #[test]
    fn a_secret_can_be_found_when_it_leaks() {
        let secret = generate().unwrap_or_default();
        assert!(secret.starts_with("gdtx_"));
        assert_eq!(secret.len(), 48);
    }
}
