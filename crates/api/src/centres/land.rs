//! Land on both surfaces.

use async_graphql::{Context, ID, Object};
use gdtx_service::centres::{
    centre::Centres,
    land::{Land, LandFilter, LandPatch, Lands, NewLand},
};

use super::centre::CentreNode;
use crate::{graphql, resource::resource};

resource! {
    Lands, "/v1/lands", "Land", "Lands",
    "pieces of land (đất đai) that centres use, QĐ 4998/QĐ-BGDĐT section 5.5.";
    record Land, new NewLand, patch LandPatch, filter LandFilter, node LandNode;
    query LandQuery { list_lands, get_land, list_land_history }
    mutation LandMutation { create_land, update_land, retire_land, put_land_by_external_id }
}

/// A piece of land with its relations.
#[derive(Clone)]
pub struct LandNode(pub Land);

/// A piece of land that a centre uses (đất đai).
#[Object(name = "Land")]
impl LandNode {
    /// Identity: UUIDv7, given by the service.
    pub async fn id(&self) -> ID {
        self.0.id.into()
    }

    #[graphql(flatten)]
    async fn fields(&self) -> &Land {
        &self.0
    }

    /// The centre.
    async fn centre(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<CentreNode>> {
        graphql::follow::<Centres, CentreNode>(ctx, self.0.centre_id).await
    }
}
