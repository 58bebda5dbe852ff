//! Recognitions: what can be recognised, the dossiers, their decisions and the public check of one.

pub mod criteria;
pub mod decision;
mod dossier;
mod holder;
pub mod kind;
pub mod recognition;
mod step;
pub mod verification;
