//! Reading the past: records as they were at a moment, from the journal and from nothing else.
//!
//! Who may see a record is decided as for the present: by its reader's reach of today and the place
//! where the record lies today. What was erased is gone from the past too.

mod history;
mod moment;
mod read;
mod select;

pub use history::{Version, history};
pub use moment::AsOf;

pub(crate) use moment::check_present;
pub(super) use read::{find, list, list_of, many, run};
pub(crate) use select::ASIDE;
