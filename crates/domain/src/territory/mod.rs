//! Administrative units, their versions in time, and code lists.

pub mod place;
