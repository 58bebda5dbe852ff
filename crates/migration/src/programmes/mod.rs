//! Tables of programmes.

pub mod m0004_programmes;
