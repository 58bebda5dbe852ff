//! What travels between systems: keys of other systems, and the journal.

pub mod external_id;
