//! The room's rules against counts and cases taken by hand from the resolutions and tables.

mod code_list;
mod place;
mod resolve;
mod successor;
mod unit;

use chrono::NaiveDate;

/// A day of the tests; impossible days become the earliest date and fail what they test.
fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or(NaiveDate::MIN)
}

/// The day on which the data were assembled.
fn today() -> NaiveDate {
    day(2026, 11, 21)
}
