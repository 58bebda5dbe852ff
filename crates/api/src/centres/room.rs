//! Rooms on both surfaces.

use async_graphql::{Context, ID, Object};
use gdtx_service::centres::{
    centre::Centres,
    room::{NewRoom, Room, RoomFilter, RoomPatch, Rooms},
};

use super::centre::CentreNode;
use crate::{graphql, resource::resource};

resource! {
    Rooms, "/v1/rooms", "Room", "Rooms",
    "rooms (phòng) of centres by kind: how many, how large, in what condition; QĐ 4998/QĐ-BGDĐT section 5.5.";
    record Room, new NewRoom, patch RoomPatch, filter RoomFilter, node RoomNode;
    query RoomQuery { list_rooms, get_room, list_room_history }
    mutation RoomMutation { create_room, update_room, retire_room, put_room_by_external_id }
}

/// Rooms with their relations.
#[derive(Clone)]
pub struct RoomNode(pub Room);

/// Rooms of one kind in a centre (phòng).
#[Object(name = "Room")]
impl RoomNode {
    /// Identity: UUIDv7, given by the service.
    pub async fn id(&self) -> ID {
        self.0.id.into()
    }

    #[graphql(flatten)]
    async fn fields(&self) -> &Room {
        &self.0
    }

    /// The centre.
    async fn centre(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<CentreNode>> {
        graphql::follow::<Centres, CentreNode>(ctx, self.0.centre_id).await
    }
}
