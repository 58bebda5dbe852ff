//! Tables of centres and of those who work there.

pub mod m0003_centres;
pub mod m0014_staff;
