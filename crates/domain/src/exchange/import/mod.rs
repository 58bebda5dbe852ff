//! Files that bring many records in: the job, what is left of its payload, a receipt a row, and how
//! a cell of a sheet becomes the value of a field.

pub mod cell;
pub mod chunk;
pub mod column;
pub mod job;
pub mod place_name;
pub mod receipt;
pub mod words;
