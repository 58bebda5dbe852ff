//! Centres of continuing education: what kinds there are, what they have and how they live.

pub mod centre;
pub mod digital_level;
pub mod kind;
pub mod life_cycle;
