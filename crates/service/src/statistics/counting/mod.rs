//! The cells, counted from the journal: each entry exactly once, and everything anew when asked to.

mod affected;
mod attributes;
mod change;
mod count;
mod counted;
mod fact;
mod forget;
mod meaning;
mod reached;
mod rebuild;
mod recount;
mod subject;

pub(super) use change::changed;
pub(super) use count::shown;
pub use count::{run, run_once};
pub(super) use counted::{Counted, Found, counted};
pub(crate) use forget::forget;
pub(super) use meaning::check_meaning;
pub(super) use reached::{check_counted, reached};
pub use rebuild::rebuild;
