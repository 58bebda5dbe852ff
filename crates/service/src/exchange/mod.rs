//! The journal, its sequencer and the change feed.

pub mod changes;
pub mod exports;
pub mod image;
pub mod imports;
pub mod journal;
pub mod sequencer;
