//! The journal, its sequencer, the change feed and the full copies that begin with it, webhooks, files in and
//! out, and when they may come.

pub mod changes;
pub mod exports;
pub mod image;
pub mod imports;
pub mod journal;
pub(crate) mod partition;
pub mod period;
pub(crate) mod queue;
pub mod sequencer;
pub mod sync;
pub mod webhooks;
pub mod window;
pub mod window_lock;
