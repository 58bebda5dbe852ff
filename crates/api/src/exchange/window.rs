//! Sync windows on both surfaces.

use async_graphql::{Context, ID, Object};
use gdtx_service::{
    centres::centre::Centres,
    exchange::window::{NewSyncWindow, SyncWindow, SyncWindowFilter, SyncWindowPatch, SyncWindows},
};

use crate::{centres::centre::CentreNode, graphql, resource::resource};

resource! {
    SyncWindows, "/v1/sync-windows", "SyncWindow", "SyncWindows",
    "sync windows (kỳ đồng bộ): when the records of the country, a province, a commune or a centre may be written for a school year. The closest window decides; what a department closed is opened again for a part of its area by itself or a higher one only.";
    record SyncWindow, new NewSyncWindow, patch SyncWindowPatch, filter SyncWindowFilter, node SyncWindowNode;
    query SyncWindowQuery { list_sync_windows, get_sync_window, list_sync_window_history }
    mutation SyncWindowMutation { create_sync_window, update_sync_window, retire_sync_window, put_sync_window_by_external_id }
}

/// A sync window with its relations.
#[derive(Clone)]
pub struct SyncWindowNode(pub SyncWindow);

/// A sync window (kỳ đồng bộ).
#[Object(name = "SyncWindow")]
impl SyncWindowNode {
    /// Identity: UUIDv7, given by the service.
    pub async fn id(&self) -> ID {
        self.0.id.into()
    }

    #[graphql(flatten)]
    async fn fields(&self) -> &SyncWindow {
        &self.0
    }

    /// The centre that it is for; null when it is for none or out of reach.
    async fn centre(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<CentreNode>> {
        graphql::follow::<Centres, CentreNode>(ctx, self.0.centre_id).await
    }
}
