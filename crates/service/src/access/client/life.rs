//! Suspends, resumes and revokes clients. It holds from the client's next request on, since every
//! request reads the state in its own transaction.

use gdtx_domain::access::{client, role::ClientState};
use uuid::Uuid;

use super::{
    Client, load,
    registration::{impossible, store},
};
use crate::{Code, Ctx, Error, Result, access::policy::Permission, resource::check_version};

/// Refuses a client's requests until it is resumed.
pub async fn suspend(ctx: &Ctx, id: Uuid) -> Result<Client> {
    step(ctx, id, "suspend:clients", &[ClientState::Active], ClientState::Suspended).await
}

/// Lets a suspended client talk to the service again.
pub async fn resume(ctx: &Ctx, id: Uuid) -> Result<Client> {
    step(ctx, id, "resume:clients", &[ClientState::Suspended], ClientState::Active).await
}

/// Refuses a client for good and forgets its secrets.
pub async fn revoke(ctx: &Ctx, id: Uuid) -> Result<Client> {
    let from = [ClientState::Active, ClientState::Suspended];
    step(ctx, id, "revoke:clients", &from, ClientState::Revoked).await
}

async fn step(ctx: &Ctx, id: Uuid, operation: &str, from: &[ClientState], to: ClientState) -> Result<Client> {
    let operation = format!("{operation}:{id}");
    let tx = ctx.write().await?;
    tx.require(Permission::ClientWrite)?;
    if let Some(kept) = tx.replay::<Client>(&operation, &()).await? {
        return Ok(kept);
    }
    let before = load(&tx, id, true).await?;
    if !from.contains(&before.state) {
        let (now, then) = (before.state.label(), to.label());
        return Err(impossible(
            format!("Ứng dụng đang ở trạng thái “{}”, không chuyển sang “{}” được.", now.vi, then.vi),
            format!("The client is “{}” and cannot become “{}”.", now.en, then.en),
        ));
    }
    let mut after = before.clone();
    after.state = to;
    if to == ClientState::Revoked {
        after.secret_hash = None;
        after.previous_secret_hash = None;
        after.previous_secret_until = None;
    }
    let client = store(&tx, &before, after).await?;
    tx.finish(&operation, &(), client).await
}

/// Refuses to change a revoked client, or another version than the caller read.
pub(super) fn check_changeable(client: &client::Model, expected: Option<i64>) -> Result<()> {
    if client.state == ClientState::Revoked {
        return Err(Error::new(
            Code::Conflict,
            "Ứng dụng đã bị thu hồi, không sửa được nữa.",
            "The client is revoked and changes no more.",
        ));
    }
    check_version(client.version, expected)
}
