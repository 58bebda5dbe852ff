//! The cells, counted from the journal: each entry exactly once, and everything anew when asked to.

mod affected;
mod attributes;
mod count;
mod fact;
mod forget;
mod rebuild;
mod recount;
mod subject;

pub use count::{run, run_once};
pub(crate) use forget::forget;
pub use rebuild::rebuild;
