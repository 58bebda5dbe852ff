//! The record that another one belongs to.

use gdtx_domain::{Checks, access::reach::Keys};
use uuid::Uuid;

use crate::{Code, Result, shape::Record, tx::Tx};

use super::{
    Resource,
    read::{Lock, load},
};

/// Loads the record that a new one names as its owner, in the caller's read scope, or explains
/// at the pointer why it cannot be used. Until the write ends the owner neither moves nor ends.
pub(crate) async fn owner<P: Resource>(
    tx: &Tx,
    pointer: &str,
    id: Uuid,
    checks: &mut Checks,
) -> Result<Option<(P::Record, Keys)>> {
    let row = owner_row::<P>(tx, pointer, id, Lock::Shared, checks).await?;
    Ok(row.map(|model| (P::Record::from_model(model.clone()), P::Record::keys(&model))))
}

/// The same as a row, for rules that judge an owner and its children together.
pub(crate) async fn owner_row<P: Resource>(
    tx: &Tx,
    pointer: &str,
    id: Uuid,
    lock: Lock,
    checks: &mut Checks,
) -> Result<Option<P::Model>> {
    let row = kept_owner_row::<P>(tx, pointer, id, lock, checks).await?;
    if row.as_ref().is_some_and(|model| P::Record::split(model.clone()).0.deleted_at.is_some()) {
        checks.refuse(pointer, "retired", "Bản ghi này đã bị hủy.", "That record is retired.");
    }
    Ok(row)
}

/// The same for what may belong to a retired record too: its data are still there.
pub(crate) async fn kept_owner_row<P: Resource>(
    tx: &Tx,
    pointer: &str,
    id: Uuid,
    lock: Lock,
    checks: &mut Checks,
) -> Result<Option<P::Model>> {
    let scope = tx.require(P::READ)?;
    match load::<P>(tx, &scope, id, lock).await {
        Ok(model) => Ok(Some(model)),
        Err(error) if error.code == Code::NotFound => {
            checks.refuse(
                pointer,
                "unknown_record",
                "Không có bản ghi này trong phạm vi.",
                "There is no such record within reach.",
            );
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
