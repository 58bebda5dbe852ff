//! The REST face: reading requests, writing answers, and the standard operations of a resource.

pub mod body;
pub mod describe;
pub mod history;
pub mod limits;
pub mod operations;
pub mod query;
pub mod reference;
pub mod refusals;
pub mod respond;
pub mod shared;
pub mod step;
mod strict;
pub mod value;
