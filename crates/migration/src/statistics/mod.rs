//! Tables of statistics.

pub mod m0013_statistics;
pub mod m0015_release;
pub mod m0016_report;
