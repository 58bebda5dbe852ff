//! Centres, their campuses, land and rooms, and the events of their lives.

pub mod centre;
pub(crate) mod relocation;
