//! The journal and the change feed.

mod changes;
mod concurrency;
