//! The only place that reads the time and makes ids, so that tests can set both.

use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use uuid::Uuid;

/// Where the time comes from.
#[derive(Clone, Copy, Debug, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// A fixed instant, for demonstration data and tests.
    Fixed(DateTime<Utc>),
}

/// Viet Nam is UTC+7 all year; legal days are local days.
const LOCAL_OFFSET_SECONDS: i32 = 7 * 3600;

impl Clock {
    /// Now, with microseconds: what both databases keep.
    #[expect(clippy::disallowed_methods, reason = "this is the house clock")]
    pub fn now(self) -> DateTime<Utc> {
        match self {
            Self::System => Utc::now().trunc_subsecs(6),
            Self::Fixed(instant) => instant,
        }
    }

    /// Today in Viet Nam.
    pub fn today(self) -> NaiveDate {
        (self.now() + chrono::Duration::seconds(LOCAL_OFFSET_SECONDS.into())).date_naive()
    }
}

/// A new record id: UUIDv7, sortable by time of creation.
#[expect(clippy::disallowed_methods, reason = "this is the house source of ids")]
pub fn new_id() -> Uuid {
    Uuid::now_v7()
}
