//! Releases of data sets: what was published stays as it was, under a number of its own, and what another release
//! changes can be read cell by cell.

mod changes;
mod create;
mod kept;
mod parts;
mod read;
mod shape;

pub use changes::{StatisticsReleaseChange, changes};
pub use create::create;
pub use read::{LATEST, ask, get, list, newest};
pub use shape::{
    NewStatisticsRelease, StatisticsRelease, StatisticsReleaseFilter, StatisticsReleasePatch, StatisticsReleases,
};

pub(super) use kept::Kept;
