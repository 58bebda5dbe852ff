//! Centres on both surfaces.

use async_graphql::{ID, Object};
use gdtx_service::centres::centre::{Centre, CentreFilter, CentrePatch, Centres, NewCentre};

use crate::resource::resource;

resource! {
    Centres, "/v1/centres", "Centre", "Centres",
    "centres of continuing education (cơ sở giáo dục thường xuyên): GDTX and GDNN-GDTX centres, community learning centres, language, IT, life-skill and other centres.";
    record Centre, new NewCentre, patch CentrePatch, filter CentreFilter, node CentreNode;
    query CentreQuery { list_centres, get_centre }
    mutation CentreMutation { create_centre, update_centre, retire_centre, put_centre_by_external_id }
}

/// A centre with its relations.
#[derive(Clone)]
pub struct CentreNode(pub Centre);

/// A centre of continuing education (cơ sở giáo dục thường xuyên).
#[Object(name = "Centre")]
impl CentreNode {
    /// Identity: UUIDv7, given by the service.
    pub async fn id(&self) -> ID {
        self.0.id.into()
    }

    #[graphql(flatten)]
    async fn fields(&self) -> &Centre {
        &self.0
    }
}
