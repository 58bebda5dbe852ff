//! The change feed on both surfaces.

pub mod changes;
