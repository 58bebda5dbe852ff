//! The journal and the change feed.

mod batch;
mod changes;
mod concurrency;
mod external_ids;
mod imports;
mod positions;
mod replicas;
mod restart;
mod retry;
