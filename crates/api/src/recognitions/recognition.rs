//! Recognitions on both surfaces.

use async_graphql::{Context, ID, Object};
use gdtx_domain::recognitions::kind::{RecognitionKind, find};
use gdtx_service::{
    centres::centre::Centres,
    recognitions::recognition::{NewRecognition, Recognition, RecognitionFilter, RecognitionPatch, Recognitions},
};

use crate::{centres::centre::CentreNode, graphql, resource::resource};

resource! {
    Recognitions, "/v1/recognitions", "Recognition", "Recognitions",
    "recognitions (công nhận): dossiers of holders for one kind and year, and the decisions they end with. A dossier is edited as a draft; once handed in it changes by its own operations only.";
    record Recognition, new NewRecognition, patch RecognitionPatch, filter RecognitionFilter, node RecognitionNode;
    query RecognitionQuery { list_recognitions, get_recognition, list_recognition_history }
    mutation RecognitionMutation { create_recognition, update_recognition, retire_recognition, put_recognition_by_external_id }
}

/// A recognition with its relations.
#[derive(Clone)]
pub struct RecognitionNode(pub Recognition);

/// A recognition (công nhận).
#[Object(name = "Recognition")]
impl RecognitionNode {
    /// Identity: UUIDv7, given by the service.
    pub async fn id(&self) -> ID {
        self.0.id.into()
    }

    #[graphql(flatten)]
    async fn fields(&self) -> &Recognition {
        &self.0
    }

    /// The centre that is the holder; null when the holder is no centre or out of reach.
    async fn centre(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<CentreNode>> {
        graphql::follow::<Centres, CentreNode>(ctx, self.0.centre_id).await
    }

    /// The recognition that this one renews or upgrades.
    async fn previous_recognition(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Self>> {
        graphql::follow::<Recognitions, Self>(ctx, self.0.previous_recognition_id).await
    }

    /// The kind with its labels, legal basis and levels.
    async fn recognition_kind(&self) -> Option<RecognitionKind> {
        find(&self.0.kind).cloned()
    }
}
