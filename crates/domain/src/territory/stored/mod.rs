//! The tables of reference data, so that people with SQL and reports can join what records name
//! by code.
//!
//! The service itself answers from static memory; these rows are a copy of the embedded data.

pub mod administrative_unit;
pub mod code_list_code;
pub mod code_list_item;
pub mod reference_data;
pub mod unit_successor;
