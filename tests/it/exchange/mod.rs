//! The journal and the change feed.

mod batch;
mod changes;
mod client;
mod concurrency;
mod export_jobs;
mod exports;
mod external_ids;
mod follow;
pub mod imports;
mod past;
mod periods;
mod positions;
mod records;
mod replicas;
mod restart;
mod retry;
mod sandbox;
mod sync;
pub mod webhooks;
mod windows;
