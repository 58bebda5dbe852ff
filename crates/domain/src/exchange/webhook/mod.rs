//! Webhooks: who is told of changes and where, what became of each delivery, and the rules of both.

pub mod delivery;
pub mod patience;
pub mod subscription;
pub mod target;
