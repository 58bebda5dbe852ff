//! Places of records; units and code lists are read from the domain's own data.

pub mod place;
