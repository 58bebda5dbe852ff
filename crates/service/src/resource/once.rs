//! A write from end to end, safe to repeat: the frame around every use case that changes a record.

use futures::future::BoxFuture;
use serde::Serialize;

use super::{
    Person, Resource,
    read::{Lock, load},
};
use crate::{
    Code, Ctx, Record, Result, Written,
    access::{policy::Permission, scope::Scope},
    tx::{Tx, outside_reach},
};

/// How often a write begins again after it lost a race.
const ATTEMPTS: u32 = 3;

/// What a write is to the caller: which operation, what was asked, and the permission it takes.
pub(crate) struct Request<'a, I> {
    pub operation: String,
    pub permission: Permission,
    pub input: &'a I,
}

/// Authorises, answers a retry with the kept answer or else runs `body`, keeps its answer and
/// commits. Who lost a race for a key against another request begins again and sees what won.
pub(crate) async fn once<R: Resource, I: Serialize + Sync>(
    ctx: &Ctx,
    request: Request<'_, I>,
    body: impl for<'t> Fn(&'t Tx, &'t Scope) -> BoxFuture<'t, Result<Written<R::Record>>> + Sync,
) -> Result<Written<R::Record>> {
    for _ in 1..ATTEMPTS {
        match Box::pin(attempt::<R, I>(ctx, &request, &body)).await {
            Err(error) if error.lost_race() => {}
            answer => return answer,
        }
    }
    Box::pin(attempt::<R, I>(ctx, &request, &body)).await
}

async fn attempt<R: Resource, I: Serialize + Sync>(
    ctx: &Ctx,
    Request { operation, permission, input }: &Request<'_, I>,
    body: &(impl for<'t> Fn(&'t Tx, &'t Scope) -> BoxFuture<'t, Result<Written<R::Record>>> + Sync),
) -> Result<Written<R::Record>> {
    let tx = ctx.write().await?;
    let scope = tx.require(*permission)?;
    if let Some((created, kept)) = tx.replay::<(bool, Written<R::Record>)>(operation, input).await? {
        let shown = shown_again::<R>(&tx, &scope, Written { created, ..kept }).await?;
        return tx.end(shown).await;
    }
    let written = body(&tx, &scope).await?;
    // A record that a rehearsal makes is nobody's.
    if !(tx.ctx.dry_run && written.created) {
        tx.note::<R>(&written.record);
    }
    tx.finish(operation, input, (written.created, written)).await.map(|(_, written)| written)
}

/// A kept answer, as far as the caller may still see it: its reach and its agreement may have
/// shrunk since. What a person's record said is not told again once it says something else.
async fn shown_again<R: Resource>(tx: &Tx, scope: &Scope, mut kept: Written<R::Record>) -> Result<Written<R::Record>> {
    let now = load::<R>(tx, &tx.require(R::READ)?, kept.record.id(), Lock::Free).await;
    let now = R::Record::from_model(now.map_err(|error| match error.code {
        Code::NotFound => outside_reach(scope.permission),
        _ => error,
    })?);
    if now.version() != kept.record.version() && R::person(&now) != Person::Nobody {
        kept.record = now;
    }
    tx.show::<R>(&mut kept.record, tx.sight());
    if !kept.record.masked().is_empty() {
        // Warnings speak of what is hidden by now.
        kept.warnings.clear();
    }
    Ok(kept)
}
