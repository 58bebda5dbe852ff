//! Centres, their campuses, land, rooms and staff, and the events of their lives.

pub(crate) mod beginning;
pub mod campus;
pub mod centre;
mod centre_check;
pub mod directory;
pub mod event;
mod event_record;
pub mod land;
pub(crate) mod owned;
pub(crate) mod relocation;
pub mod room;
pub mod staff_member;
