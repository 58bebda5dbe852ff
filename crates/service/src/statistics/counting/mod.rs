//! The cells, counted from the journal: each entry exactly once, and everything anew when asked to.

mod affected;
mod attributes;
mod count;
mod counted;
mod fact;
mod forget;
mod rebuild;
mod recount;
mod subject;

pub use count::{run, run_once};
pub(super) use counted::{Counted, counted};
pub(crate) use forget::forget;
pub use rebuild::rebuild;
