//! Places of records, administrative units and code lists.
//!
//! Units and lists are public reference data in static memory: reading them needs no token and
//! no database. `load` copies them into tables for people with SQL.

pub mod code_list;
pub mod load;
pub mod place;
pub mod succession;
pub mod unit;
