//! The Ed25519 keys that sign our tokens, kept in the database so that every process has the same.
//!
//! A rotation makes a new key sign at once; the old one verifies until its last token has expired.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use chrono::{DateTime, Duration, Utc};
use gdtx_domain::access::signing_key;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, sea_query::Expr,
};
use sha2::{Digest, Sha256};

use super::policy::Permission;
use crate::{Clock, Code, Ctx, Database, Error, Result, database::Session};

/// How far clocks of processes and clients may go apart.
pub const CLOCK_SKEW: Duration = Duration::seconds(30);
/// Within this time each process has read the keys again.
pub const KEY_REFRESH: Duration = Duration::seconds(60);

/// The shortest time for which an old key must verify after a rotation: the tokens that it signed
/// live on, and another process may sign with it until it reads the keys again.
pub fn min_overlap(token_lifetime: Duration) -> Duration {
    token_lifetime + KEY_REFRESH + CLOCK_SKEW
}

/// How long an old key verifies when nothing else is asked: twice the life of a token.
pub fn default_overlap(token_lifetime: Duration) -> Duration {
    Ord::max(token_lifetime * 2, min_overlap(token_lifetime))
}

/// The key that signs now.
#[derive(Clone)]
pub struct SigningKey {
    /// Its name in the header of tokens: the thumbprint of RFC 7638.
    pub kid: String,
    /// PKCS#8, DER.
    pub pkcs8: Vec<u8>,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey").field("kid", &self.kid).finish_non_exhaustive()
    }
}

/// A key whose tokens are accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyingKey {
    pub kid: String,
    /// The raw 32 bytes in base64url: `x` of its JWK.
    pub x: String,
}

/// All keys in force.
#[derive(Clone, Debug)]
pub struct Keys {
    pub signing: SigningKey,
    /// The signing key and those before it that still verify, newest first.
    pub verifying: Vec<VerifyingKey>,
}

/// The keys in force; makes the first one when there is none.
pub async fn ensure_current(db: &Database, clock: Clock) -> Result<Keys> {
    let now = clock.now();
    if let Some(keys) = read(db, &db.begin_read().await?, now).await? {
        return Ok(keys);
    }
    let tx = db.begin_write().await?;
    // Another process may have been faster. Two at the very same time make two keys: both verify.
    if read(db, &tx, now).await?.is_none() {
        generate(db, now)?.into_active_model().insert(&tx).await?;
    }
    let keys = read(db, &tx, now).await?.ok_or_else(|| Error::internal("no signing key after making one"))?;
    tx.commit().await?;
    Ok(keys)
}

/// Makes a new key sign from now on; the old ones verify for `overlap` more. Returns the new `kid`.
pub async fn rotate(ctx: &Ctx, token_lifetime: Duration, overlap: Option<Duration>) -> Result<String> {
    let tx = ctx.write().await?;
    tx.require(Permission::ClientWrite)?;
    let overlap = overlap.unwrap_or_else(|| default_overlap(token_lifetime));
    if overlap < min_overlap(token_lifetime) {
        let seconds = min_overlap(token_lifetime).num_seconds();
        return Err(Error::new(
            Code::ValidationFailed,
            format!("Thời gian gối ít nhất {seconds} giây, để token đã cấp còn dùng được."),
            format!("The overlap is at least {seconds} seconds, so that tokens in use stay good."),
        ));
    }
    let now = tx.ctx.clock.now();
    signing_key::Entity::delete_many().filter(signing_key::Column::ExpiresAt.lt(now)).exec(&tx.db).await?;
    signing_key::Entity::update_many()
        .col_expr(signing_key::Column::RetiredAt, Expr::val(now))
        .col_expr(signing_key::Column::ExpiresAt, Expr::val(now + overlap))
        .filter(signing_key::Column::RetiredAt.is_null())
        .exec(&tx.db)
        .await?;
    let key = generate(&tx.ctx.db, now)?;
    let kid = key.kid.clone();
    key.into_active_model().insert(&tx.db).await?;
    tx.finish("rotate:keys", &(), kid).await
}

#[expect(clippy::disallowed_methods, reason = "signing keys belong to the service, not to a caller")]
async fn read(db: &Database, tx: &Session, now: DateTime<Utc>) -> Result<Option<Keys>> {
    use signing_key::Column::{CreatedAt, ExpiresAt, Kid};
    let alive = Condition::any().add(ExpiresAt.is_null()).add(ExpiresAt.gt(now));
    let rows = signing_key::Entity::find().filter(alive).order_by_desc(CreatedAt).order_by_desc(Kid).all(tx).await?;
    let Some(current) = rows.iter().find(|row| row.retired_at.is_none()) else { return Ok(None) };
    let private = db.vault().open_text(&place(&current.kid), &current.private_key)?;
    let pkcs8 = STANDARD.decode(private).map_err(Error::internal)?;
    let signing = SigningKey { kid: current.kid.clone(), pkcs8 };
    let verifying = rows.iter().map(|row| VerifyingKey { kid: row.kid.clone(), x: row.public_key.clone() }).collect();
    Ok(Some(Keys { signing, verifying }))
}

/// Where a signing key is sealed.
fn place(kid: &str) -> String {
    format!("signing_key/{kid}")
}

fn generate(db: &Database, now: DateTime<Utc>) -> Result<signing_key::Model> {
    let (private, x) = pair()?;
    let kid = thumbprint(&x);
    Ok(signing_key::Model {
        private_key: db.vault().seal_text(&place(&kid), private)?,
        kid,
        public_key: x,
        created_at: now,
        retired_at: None,
        expires_at: None,
    })
}

/// A new key: PKCS#8 in base64, and its public half in base64url.
fn pair() -> Result<(String, String)> {
    let pair = Ed25519KeyPair::generate().map_err(|_| Error::internal("no Ed25519 key"))?;
    let pkcs8 = pair.to_pkcs8().map_err(|_| Error::internal("no PKCS#8 form of the key"))?;
    Ok((STANDARD.encode(pkcs8), URL_SAFE_NO_PAD.encode(pair.public_key())))
}

/// The thumbprint of an Ed25519 key (RFC 7638, RFC 8037 appendix A.3).
fn thumbprint(x: &str) -> String {
    let canonical = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    URL_SAFE_NO_PAD.encode(Sha256::digest(canonical))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_named_by_its_thumbprint() {
        // The example of RFC 8037 appendix A.3.
        let kid = thumbprint("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
        assert_eq!(kid, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    #[test]
    fn a_generated_key_can_be_read_back() {
        let (private, x) = pair().unwrap_or_default();
        let again = STANDARD.decode(private).ok().and_then(|pkcs8| Ed25519KeyPair::from_pkcs8(&pkcs8).ok());
        assert_eq!(again.map(|pair| URL_SAFE_NO_PAD.encode(pair.public_key())), Some(x));
    }

    #[test]
    fn the_overlap_outlives_every_token() {
        let minutes = Duration::minutes;
        assert_eq!(default_overlap(minutes(15)), minutes(30));
        assert_eq!(min_overlap(minutes(15)), Duration::seconds(15 * 60 + 90));
        assert_eq!(default_overlap(minutes(1)), Duration::seconds(150));
    }
}
