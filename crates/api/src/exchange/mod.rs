//! The change feed and imports on both surfaces.

pub mod changes;
pub mod imports;
