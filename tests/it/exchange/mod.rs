//! The journal and the change feed.

mod batch;
mod changes;
mod concurrency;
mod exports;
mod external_ids;
mod imports;
mod positions;
mod records;
mod replicas;
mod restart;
mod retry;
