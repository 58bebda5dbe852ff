//! Tokens that are refused before they expire, and identifiers that may be used once.

use chrono::{DateTime, Duration, Utc};
use gdtx_domain::access::{client, revoked_token, role::ClientState};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, sea_query::OnConflict};
use uuid::Uuid;

use crate::{Ctx, Result, clock::new_id, tx::Tx};

/// Entries are kept this much longer than what they name, for clocks that go apart.
const SLACK: Duration = Duration::minutes(5);

/// The identity of a new token (`jti`).
pub fn new_token_id() -> String {
    new_id().to_string()
}

/// Refuses a token from now on (RFC 7009). The caller has verified that it is its own. Doing it
/// twice changes nothing. `expires_at` is the end of the token, after which nothing is kept.
pub async fn revoke(ctx: &Ctx, token_id: &str, expires_at: DateTime<Utc>) -> Result<()> {
    let tx = ctx.write().await?;
    note(&tx, token_id, expires_at).await?;
    tx.commit().await
}

/// Whether a token that is otherwise good is accepted: not revoked, and its client active.
#[expect(clippy::disallowed_methods, reason = "introspection looks at the token's own client")]
pub async fn is_active(ctx: &Ctx, client_id: Uuid, token_id: &str) -> Result<bool> {
    let tx = ctx.read_primary().await?;
    if revoked_token::Entity::find_by_id(token_id).one(&tx.db).await?.is_some() {
        return Ok(false);
    }
    let client = client::Entity::find_by_id(client_id).one(&tx.db).await?;
    Ok(client.is_some_and(|c| c.state == ClientState::Active))
}

/// Notes an identifier; tells whether it is new. Forgets what has expired meanwhile.
pub(super) async fn note(tx: &Tx, id: &str, expires_at: DateTime<Utc>) -> Result<bool> {
    let gone = tx.ctx.clock.now() - SLACK;
    revoked_token::Entity::delete_many().filter(revoked_token::Column::ExpiresAt.lt(gone)).exec(&tx.db).await?;
    let row = revoked_token::Model { jti: id.to_owned(), expires_at };
    let inserted = revoked_token::Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::column(revoked_token::Column::Jti).do_nothing().to_owned())
        .exec_without_returning(&tx.db)
        .await?;
    Ok(inserted > 0)
}
