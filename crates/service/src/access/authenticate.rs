//! Who is behind a client id: by secret, or by a signed assertion (RFC 7523).
//!
//! Every failure looks the same from outside, so that nobody learns which clients exist.

use chrono::{DateTime, Utc};
use gdtx_domain::access::{
    client,
    role::{ClientState, Role},
};
use sea_orm::EntityTrait;
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    client::secret,
    policy::{self, Permission},
    token,
};
use crate::{Ctx, Error, tx::Tx};

/// A client that proved who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authenticated {
    pub client_id: Uuid,
    pub role: Role,
    /// What its role may do: the `scope` of its tokens.
    pub permissions: Vec<Permission>,
}

/// Why a client did not get in.
#[derive(Debug)]
pub enum NotAuthenticated {
    /// `invalid_client` of RFC 6749: unknown, not active, wrong secret or assertion.
    InvalidClient,
    /// The service itself failed.
    Failed(Error),
}

impl<E: Into<Error>> From<E> for NotAuthenticated {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Authenticates by secret. During a rotation the old secret is good too.
pub async fn by_secret(ctx: &Ctx, client_id: &str, secret: &str) -> Result<Authenticated, NotAuthenticated> {
    let client = find(&ctx.read_primary().await?, client_id).await?;
    let now = ctx.clock.now();
    let (current, previous) = client.as_ref().map_or((None, None), |c| {
        let overlap = c.previous_secret_until.is_some_and(|until| now < until);
        (c.secret_hash.clone(), c.previous_secret_hash.clone().filter(|_| overlap))
    });
    let good = secret::matches(secret, current, previous).await?;
    admit(client.filter(|_| good))
}

/// The public keys (RFC 7517) against which an assertion of this client is to be verified.
pub async fn assertion_keys(ctx: &Ctx, client_id: &str) -> Result<Value, NotAuthenticated> {
    let client = find(&ctx.read_primary().await?, client_id).await?;
    let client = client.filter(|c| c.state == ClientState::Active).ok_or(NotAuthenticated::InvalidClient)?;
    client.jwks.ok_or(NotAuthenticated::InvalidClient)
}

/// Authenticates by an assertion whose signature and claims were verified with
/// [`assertion_keys`]. Its `jti` is good once, until the assertion expires.
pub async fn by_assertion(
    ctx: &Ctx,
    client_id: &str,
    jti: &str,
    expires_at: DateTime<Utc>,
) -> Result<Authenticated, NotAuthenticated> {
    let tx = ctx.write().await?;
    let admitted = admit(find(&tx, client_id).await?)?;
    // Hashed, because a client may make it of any length; its own, because others may use the same.
    let once = format!("assertion:{}", hex::encode(Sha256::digest(format!("{}\n{jti}", admitted.client_id))));
    if !token::note(&tx, &once, expires_at).await? {
        return Err(NotAuthenticated::InvalidClient);
    }
    tx.commit().await?;
    Ok(admitted)
}

#[expect(clippy::disallowed_methods, reason = "a client is found by its id before it has proved anything")]
async fn find(tx: &Tx, client_id: &str) -> Result<Option<client::Model>, NotAuthenticated> {
    let Ok(id) = client_id.parse::<Uuid>() else { return Ok(None) };
    Ok(client::Entity::find_by_id(id).one(&tx.db).await?)
}

fn admit(client: Option<client::Model>) -> Result<Authenticated, NotAuthenticated> {
    match client {
        Some(c) if c.state == ClientState::Active => {
            Ok(Authenticated { client_id: c.id, role: c.role, permissions: policy::granted(c.role) })
        }
        _ => Err(NotAuthenticated::InvalidClient),
    }
}
