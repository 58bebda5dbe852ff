//! Centres, their history, campuses, land, rooms and staff, and the public directory.

pub mod campus;
pub mod centre;
pub mod directory;
pub mod event;
pub mod land;
pub mod room;
pub mod staff_member;
