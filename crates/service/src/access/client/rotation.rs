//! Gives a client a new secret while the old one works on for a while, so that nothing stands still.

use chrono::Duration;
use gdtx_domain::Checks;
use uuid::Uuid;

use super::{Client, Registered, life::check_changeable, load, registration::store, secret::Secret};
use crate::{Ctx, Result, access::policy::Permission, error::accept};

/// Hours for which the old secret works on, when nothing else is asked.
pub const DEFAULT_OVERLAP_HOURS: u32 = 24;
/// The most that may be asked: 30 days.
pub const MAX_OVERLAP_HOURS: u32 = 720;

/// Issues a new secret. The old one is accepted for `overlap_hours` more (0 to 720; 24 when
/// absent); one that was old already is refused from now on.
pub async fn rotate_secret(ctx: &Ctx, id: Uuid, overlap_hours: Option<u32>) -> Result<Registered> {
    let operation = format!("rotate:clients:{id}");
    let secret = Secret::new(ctx).await?;
    let tx = ctx.write().await?;
    tx.require(Permission::ClientWrite)?;
    if let Some(kept) = tx.replay::<Registered>(&operation, &overlap_hours).await? {
        return Ok(kept);
    }
    let hours = overlap_hours.unwrap_or(DEFAULT_OVERLAP_HOURS);
    let mut checks = Checks::default();
    checks.range("/overlapHours", Some(hours), 0, MAX_OVERLAP_HOURS);
    accept(checks)?;
    let before = load(&tx, id, true).await?;
    check_changeable(&before, None)?;

    let mut after = before.clone();
    after.previous_secret_hash = after.secret_hash.take().filter(|_| hours > 0);
    after.previous_secret_until =
        after.previous_secret_hash.as_ref().map(|_| tx.ctx.clock.now() + Duration::hours(hours.into()));
    after.secret_hash = Some(secret.hash.clone());
    let client: Client = store(&tx, &before, after).await?;
    let kept = tx.finish(&operation, &overlap_hours, Registered { client, client_secret: None }).await?;
    Ok(Registered { client_secret: secret.tell(ctx), ..kept })
}
