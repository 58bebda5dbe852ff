//! Campuses on both surfaces.

use async_graphql::{Context, ID, Object};
use gdtx_service::centres::{
    campus::{Campus, CampusFilter, CampusPatch, Campuses, NewCampus},
    centre::Centres,
};

use super::centre::CentreNode;
use crate::{graphql, resource::resource};

resource! {
    Campuses, "/v1/campuses", "Campus", "Campuses",
    "campuses (điểm trường) and operating locations (địa điểm hoạt động) of centres.";
    record Campus, new NewCampus, patch CampusPatch, filter CampusFilter, node CampusNode;
    query CampusQuery { list_campuses, get_campus, list_campus_history }
    mutation CampusMutation { create_campus, update_campus, retire_campus, put_campus_by_external_id }
}

/// A campus with its relations.
#[derive(Clone)]
pub struct CampusNode(pub Campus);

/// A campus (điểm trường) or operating location (địa điểm hoạt động) of a centre.
#[Object(name = "Campus")]
impl CampusNode {
    /// Identity: UUIDv7, given by the service.
    pub async fn id(&self) -> ID {
        self.0.id.into()
    }

    #[graphql(flatten)]
    async fn fields(&self) -> &Campus {
        &self.0
    }

    /// The centre.
    async fn centre(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<CentreNode>> {
        graphql::follow::<Centres, CentreNode>(ctx, self.0.centre_id).await
    }
}
