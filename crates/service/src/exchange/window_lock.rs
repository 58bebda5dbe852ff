//! The steps of a window: locked and unlocked, each with its reason.

use async_graphql::InputObject;
use gdtx_domain::{Checks, exchange::resource::Operation};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::window::{SyncWindow, SyncWindows, level, speaks_for};
use crate::{
    Code, Ctx, Error, Record, Resource, Result, Written,
    access::scope::Scope,
    error::accept,
    resource::{Request, check_live, load_visible, once, revise, store},
    tx::Tx,
};

/// Why a window is locked or unlocked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, InputObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WindowReason {
    /// The reason (Lý do), at most 1,000 characters; those who are refused read it.
    pub reason: String,
}

gdtx_domain::rules!(WindowReason { reason: text(1000) });

/// Locks a window. Writes that were judged before are waited for: once it is locked, nothing comes.
///
/// # Errors
/// `impossible_transition` when it is locked; `forbidden` for a department that ranks below the one
/// that set it.
pub async fn lock(ctx: &Ctx, id: Uuid, input: WindowReason, expected: Option<i64>) -> Result<Written<SyncWindow>> {
    step(ctx, id, "lock", input, expected).await
}

/// Unlocks a window: its times hold again.
///
/// # Errors
/// `impossible_transition` when it is not locked; `forbidden` for a department that ranks below the
/// one that locked it.
pub async fn unlock(ctx: &Ctx, id: Uuid, input: WindowReason, expected: Option<i64>) -> Result<Written<SyncWindow>> {
    step(ctx, id, "unlock", input, expected).await
}

async fn step(
    ctx: &Ctx,
    id: Uuid,
    name: &'static str,
    input: WindowReason,
    expected: Option<i64>,
) -> Result<Written<SyncWindow>> {
    let operation = format!("{name}:{}:{id}", SyncWindows::KIND);
    let request = Request { operation, permission: SyncWindows::WRITE, input: &(expected, &input) };
    let locks = name == "lock";
    once::<SyncWindows, _>(ctx, request, |tx, scope| Box::pin(step_in(tx, scope, id, locks, input.clone(), expected)))
        .await
}

async fn step_in(
    tx: &Tx,
    scope: &Scope,
    id: Uuid,
    locks: bool,
    mut input: WindowReason,
    expected: Option<i64>,
) -> Result<Written<SyncWindow>> {
    let mut model = load_visible::<SyncWindows>(tx, scope, id).await?;
    let before = SyncWindow::from_model(model.clone());
    check_live(&SyncWindow::split(model.clone()).0, expected)?;
    speaks_for(tx, model.authority())?;
    if model.locked_at.is_some() == locks {
        return Err(impossible(locks));
    }
    let mut checks = Checks::default();
    checks.fields(&mut input);
    let (now, reason) = (tx.ctx.clock.now(), Some(input.reason));
    if locks {
        (model.locked_at, model.locked_by, model.lock_reason) = (Some(now), Some(level(tx)), reason);
    } else {
        (model.locked_at, model.locked_by, model.lock_reason) = (None, None, None);
        (model.unlocked_at, model.unlock_reason) = (Some(now), reason);
    }
    let warnings = accept(checks)?;
    let draft = revise(tx, before, model);
    Box::pin(store::<SyncWindows>(tx, draft, Operation::Updated, warnings)).await
}

fn impossible(locks: bool) -> Error {
    if locks {
        Error::new(Code::ImpossibleTransition, "Kỳ này đã khóa.", "The window is locked already.")
    } else {
        Error::new(Code::ImpossibleTransition, "Kỳ này không khóa.", "The window is not locked.")
    }
}
