//! What travels between systems: keys of other systems, the journal, files that bring records in, and
//! answers kept for retries.

pub mod external_id;
pub mod idempotency;
pub mod import;
pub mod journal;
pub mod journal_head;
pub mod record_key;
pub mod resource;
