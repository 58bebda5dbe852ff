//! Centres of continuing education: what kinds there are, what they have and how they live.

pub mod beginning;
pub mod campus;
pub mod centre;
pub mod digital_level;
pub mod event;
pub mod event_rules;
pub mod kind;
pub mod land;
pub mod life_cycle;
pub mod room;
pub mod staff_member;

#[cfg(test)]
mod official_fields;
