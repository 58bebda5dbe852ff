//! Tables of access: clients, grants, keys, and who saw what.

pub mod m0002_access;
