//! What is recognised: kinds and criteria, dossiers and decisions, and the standards of a place.

pub mod criteria;
pub mod criteria_check;
pub mod decision;
pub mod kind;
pub mod literacy;
pub mod period;
pub mod recognition;
pub mod standard;
