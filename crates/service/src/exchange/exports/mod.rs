//! Exports: whole lists as files, streamed at once or made beside requests as durable jobs.
//!
//! How a file is written is the wire's affair. A job keeps it in sealed pieces, since any process may
//! go on with it and any may hand it out; who dies over it leaves it to another one, which begins it anew.

mod claim;
mod file;
mod forget;
mod job;
mod list;
mod new;
mod run;
mod work;

pub use super::imports::shown as columns;
pub use file::{ExportFile, open, pieces, trace};
pub use forget::forget_old;
pub(crate) use forget::make_anew;
pub(crate) use job::own;
pub use job::{ExportJob, Terms, authorise, cancel, create, get, list};
pub use list::{own_system, probe, run as run_of, settled};
pub use new::{NewExport, NewExportJob};
pub use run::{Make, Runner, Step, Steps, run, run_once};
