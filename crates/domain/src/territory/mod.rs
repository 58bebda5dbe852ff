//! Administrative units, their versions in time, and code lists.

pub mod code_list;
pub mod country;
pub mod find;
pub mod place;
pub mod resolution;
pub mod resolve;
pub mod search;
pub mod stored;
pub mod successor;
pub mod unit;

mod data;
mod name;
mod rows;
mod source;

#[cfg(test)]
mod tests;
