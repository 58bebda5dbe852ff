//! Who may do what and where.

pub mod policy;
pub mod scope;
