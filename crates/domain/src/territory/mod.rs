//! Administrative units, their versions in time, and code lists.

pub mod find;
pub mod place;
pub mod unit;

mod data;
mod rows;
mod source;

#[cfg(test)]
mod tests;
