//! What exists and which rules hold: entities, closed enums, code lists and pure rules.
//!
//! This floor knows nobody: no queries, no I/O, no clock. Everything here can be
//! tested with a pencil and the text of the law.

pub mod access;
pub mod centres;
pub mod envelope;
pub mod exchange;
pub mod learners;
pub mod programmes;
pub mod recognitions;
pub mod statistics;
pub mod territory;

pub mod check;
pub mod class;
mod code_enum;
pub mod label;
pub mod list;
pub mod mark;
pub mod number;
pub mod partial_date;
pub mod refusal;
pub mod rule;
pub mod school_year;
pub mod text;

pub use check::{Checks, FieldProblem};
pub use class::DataClass;
pub use label::{Label, Lang};
pub use list::List;
pub use mark::Mark;
pub use number::Decimal2;
pub use partial_date::{DatePrecision, PartialDate};
pub use refusal::Refusal;
pub use rule::{Rule, Ruled};
pub use school_year::SchoolYear;
