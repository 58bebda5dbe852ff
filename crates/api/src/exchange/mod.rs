//! The change feed, batches, imports and exports.

pub mod batch;
pub mod changes;
pub mod exports;
pub mod imports;
pub mod sheet;
