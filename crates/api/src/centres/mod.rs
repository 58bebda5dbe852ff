//! Centres on both surfaces.

pub mod centre;
