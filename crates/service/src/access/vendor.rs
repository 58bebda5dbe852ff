//! A centre lets a vendor's system act for it, and ends that again.
//!
//! The centre itself decides, or whoever answers for it, since a vendor sees its people's data.

use async_graphql::SimpleObject;
use gdtx_domain::{
    access::role::{ClientState, Role},
    centres::centre,
};
use sea_orm::{ColumnTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    client::{
        load,
        registration::{impossible, store},
    },
    policy::Permission,
};
use crate::{Ctx, Error, Result, tx::Tx};

/// Whether a vendor acts for a centre.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VendorAssignment {
    /// The centre.
    pub centre_id: Uuid,
    /// The vendor's client.
    pub client_id: Uuid,
    /// Name of the client.
    pub name: String,
    /// Organisation of the client.
    pub organisation: String,
    /// Whether the vendor acts for the centre now, by this assignment.
    pub assigned: bool,
}

/// Lets a vendor act for a centre. Doing it twice changes nothing.
pub async fn assign_vendor(ctx: &Ctx, centre_id: Uuid, client_id: Uuid) -> Result<VendorAssignment> {
    set(ctx, centre_id, client_id, true).await
}

/// Ends it. Doing it twice changes nothing.
pub async fn unassign_vendor(ctx: &Ctx, centre_id: Uuid, client_id: Uuid) -> Result<VendorAssignment> {
    set(ctx, centre_id, client_id, false).await
}

async fn set(ctx: &Ctx, centre_id: Uuid, client_id: Uuid, assigned: bool) -> Result<VendorAssignment> {
    let operation = format!("{}:vendors:{centre_id}:{client_id}", if assigned { "assign" } else { "unassign" });
    let tx = ctx.write().await?;
    check_centre(&tx, centre_id, assigned).await?;
    if let Some(kept) = tx.replay::<VendorAssignment>(&operation, &()).await? {
        return Ok(kept);
    }
    let before = load(&tx, client_id, true).await?;
    // Whoever may not list clients learns of vendors only.
    if before.role != Role::Vendor {
        return Err(Error::not_found());
    }
    if assigned && before.state == ClientState::Revoked {
        return Err(impossible("Ứng dụng này đã bị thu hồi.", "That client is revoked."));
    }
    let mut after = before.clone();
    after.reach.centres.retain(|id| *id != centre_id);
    if assigned {
        after.reach.centres.push(centre_id);
    }
    after.reach = after.reach.tidy();
    let answer = VendorAssignment {
        centre_id,
        client_id,
        name: before.name.clone(),
        organisation: before.organisation.clone(),
        assigned,
    };
    if after.reach != before.reach {
        store(&tx, &before, after).await?;
    }
    tx.finish(&operation, &(), answer).await
}

/// The centre must lie where the caller may assign vendors; a retired one gets no new vendor.
async fn check_centre(tx: &Tx, centre_id: Uuid, assigned: bool) -> Result<()> {
    let scope = tx.require(Permission::VendorAssign)?;
    let centre = tx
        .select::<centre::Entity>(&scope)
        .filter(centre::Column::Id.eq(centre_id))
        .one(&tx.db)
        .await?
        .ok_or_else(Error::not_found)?;
    if assigned && centre.deleted_at.is_some() {
        return Err(impossible("Cơ sở này đã bị hủy.", "That centre is retired."));
    }
    Ok(())
}
