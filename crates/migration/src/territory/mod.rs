//! Tables of administrative units.

pub mod m0007_territory;
