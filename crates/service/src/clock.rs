//! The only place that reads the time and makes ids, so that tests can set both.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};
use uuid::Uuid;

/// Where the time comes from.
#[derive(Clone, Copy, Debug, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// A fixed instant, for demonstration data and tests.
    Fixed(DateTime<Utc>),
    /// The machine's clock, moved: for a sandbox.
    Moved(&'static Shift),
}

/// By how much a clock is moved. It goes on from where it was set to.
#[derive(Debug, Default)]
pub struct Shift(AtomicI64);

impl Shift {
    /// Microseconds ahead of the machine's clock.
    fn micros(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Sets the clock.
    pub fn set(&self, now: DateTime<Utc>) {
        self.0.store((now - Clock::System.now()).num_microseconds().unwrap_or_default(), Ordering::Relaxed);
    }

    /// Lets it follow the machine's clock again.
    pub fn reset(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    /// Seconds ahead of the machine's clock.
    pub fn seconds(&self) -> i64 {
        self.micros() / 1_000_000
    }
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
            Self::Moved(shift) => Self::System.now() + chrono::Duration::microseconds(shift.micros()),
        }
    }

    /// The same clock as nobody moved it: what is counted by it goes on when a sandbox jumps in time.
    #[must_use]
    pub fn unmoved(self) -> Self {
        match self {
            Self::Moved(_) => Self::System,
            clock => clock,
        }
    }

    /// A clock that can be set, for as long as the process lives.
    pub fn movable() -> Self {
        Self::Moved(Box::leak(Box::default()))
    }

    /// Today in Viet Nam.
    pub fn today(self) -> NaiveDate {
        self.day_of(self.now())
    }

    /// The day of an instant in Viet Nam.
    pub fn day_of(self, instant: DateTime<Utc>) -> NaiveDate {
        (instant + chrono::Duration::seconds(LOCAL_OFFSET_SECONDS.into())).date_naive()
    }
}

/// Where ids come from.
#[derive(Clone, Debug, Default)]
pub enum Ids {
    /// UUIDv7 of the moment: sortable by time of creation.
    #[default]
    Random,
    /// UUIDv7 whose random part follows from a seed, for demonstration data that is the same
    /// each time.
    Seeded(Arc<Mutex<ChaCha8Rng>>),
}

impl Ids {
    /// Ids that follow from a seed.
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Arc::new(Mutex::new(ChaCha8Rng::seed_from_u64(seed))))
    }

    /// A new record id for this moment.
    #[expect(clippy::disallowed_methods, reason = "this is the house source of ids")]
    pub fn next(&self, now: DateTime<Utc>) -> Uuid {
        match self {
            Self::Random => Uuid::now_v7(),
            Self::Seeded(generator) => {
                let mut bytes = [0; 10];
                generator.lock().unwrap_or_else(std::sync::PoisonError::into_inner).fill_bytes(&mut bytes);
                let millis = u64::try_from(now.timestamp_millis()).unwrap_or_default();
                uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
            }
        }
    }

    /// A key of 256 bits: from the system's randomness, or from the seed. None when there is no
    /// randomness.
    pub fn key(&self) -> Option<[u8; 32]> {
        let mut bytes = [0; 32];
        match self {
            Self::Random => aws_lc_rs::rand::fill(&mut bytes).ok()?,
            Self::Seeded(generator) => {
                generator.lock().unwrap_or_else(std::sync::PoisonError::into_inner).fill_bytes(&mut bytes);
            }
        }
        Some(bytes)
    }

    /// Bits that nobody can guess, for a public code: UUIDv4, or from the seed.
    #[expect(clippy::disallowed_methods, reason = "this is the house source of ids")]
    pub fn secret(&self) -> Uuid {
        match self {
            Self::Random => Uuid::new_v4(),
            Self::Seeded(generator) => {
                let mut bytes = [0; 16];
                generator.lock().unwrap_or_else(std::sync::PoisonError::into_inner).fill_bytes(&mut bytes);
                uuid::Builder::from_random_bytes(bytes).into_uuid()
            }
        }
    }
}

/// A new record id: UUIDv7, sortable by time of creation.
#[expect(clippy::disallowed_methods, reason = "this is the house source of ids")]
pub fn new_id() -> Uuid {
    Uuid::now_v7()
}
