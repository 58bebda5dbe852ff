//! Centres, their history, campuses, land and rooms, and the public directory.

pub mod campus;
pub mod centre;
pub mod directory;
pub mod event;
pub mod land;
pub mod room;

use async_graphql::MergedObject;

/// What can be asked about centres.
#[derive(MergedObject, Default)]
pub struct CentresQuery(
    centre::CentreQuery,
    event::CentreEventQuery,
    campus::CampusQuery,
    land::LandQuery,
    room::RoomQuery,
    directory::DirectoryQuery,
);

/// What can be written about centres.
#[derive(MergedObject, Default)]
pub struct CentresMutation(
    centre::CentreMutation,
    event::CentreEventMutation,
    campus::CampusMutation,
    land::LandMutation,
    room::RoomMutation,
);
