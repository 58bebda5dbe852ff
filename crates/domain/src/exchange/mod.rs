//! What travels between systems: keys of other systems, the journal, files of many records in and out, the
//! periods in which they may come, and answers kept for retries.

pub mod export;
pub mod external_id;
pub mod idempotency;
pub mod import;
pub mod journal;
pub mod journal_head;
pub mod record_key;
pub mod resource;
pub mod webhook;
pub mod window;
