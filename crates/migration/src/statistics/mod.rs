//! Tables of statistics.

pub mod m0013_statistics;
