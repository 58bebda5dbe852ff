//! Imports: files of many records, as durable jobs with a receipt for each row.
//!
//! A payload is kept first and read afterwards, so that a line that breaks or a process that dies
//! costs nobody a row: what was judged is on record with its receipts in one transaction, and the
//! next process goes on behind it.

mod batch;
mod claim;
mod forget;
mod heading;
mod intake;
mod job;
mod kinds;
mod layout;
mod payload;
mod reader;
mod receipts;
mod row;
mod run;
mod seen;
mod sheet;
mod write;

pub use batch::{BatchAnswer, BatchResult, BatchTerms, put as put_batch};
pub use heading::headings;
pub use intake::{ImportUpload, NewImport, Piece, append, create, digest_of, upload};
pub(crate) use job::own;
pub use job::{ImportJob, authorise, cancel, get, list};
pub use kinds::{KINDS, layout_of};
pub use layout::shown;
pub use payload::PIECE;
pub(super) use receipts::problems;
pub use receipts::{ImportReceipt, ImportReceipts, ReceiptsRequest, RowProblem, list as list_receipts};
pub use run::{Runner, run, run_once};
