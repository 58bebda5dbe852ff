//! How old someone is on a day, even when only the month or year of birth is known.
//!
//! Ages are derived when they are read, never stored: a stored age is wrong the next day.

use chrono::NaiveDate;

use super::learner;
use crate::{Checks, PartialDate, code_enum};

/// A child is under 16 (Luật Trẻ em 102/2016/QH13 art. 1).
pub const CHILD_UNDER: u32 = 16;

/// The ages, in completed years, that a date of birth allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AgeRange {
    /// The age of someone born on the last possible day.
    pub youngest: u32,
    /// The age of someone born on the first possible day.
    pub oldest: u32,
}

impl AgeRange {
    /// The age when there is only one it can be.
    pub fn exact(self) -> Option<u32> {
        (self.youngest == self.oldest).then_some(self.oldest)
    }
}

/// The age on a day; `None` when the date is not one or lies after that day. Someone born on
/// 29 February grows older on 1 March of a common year.
pub fn age_on(birth: &PartialDate, on: NaiveDate) -> Option<AgeRange> {
    let oldest = on.years_since(birth.earliest()?)?;
    let youngest = birth.latest().and_then(|last| on.years_since(last)).unwrap_or(0);
    Some(AgeRange { youngest, oldest })
}

/// Whether someone is a child on a day; `None` when the date of birth leaves it open.
pub fn is_child(birth: &PartialDate, on: NaiveDate) -> Option<bool> {
    let age = age_on(birth, on)?;
    match (age.youngest < CHILD_UNDER, age.oldest < CHILD_UNDER) {
        (true, true) => Some(true),
        (false, false) => Some(false),
        _ => None,
    }
}

/// Refuses a child without a parent, guardian or representative; adults need none. Warns when it
/// is open whether the learner is a child (Luật 91/2025/QH15 art. 24: a representative acts).
pub fn check_guardian(learner: &learner::Model, on: NaiveDate, checks: &mut Checks) {
    let named = [&learner.father_name, &learner.mother_name, &learner.guardian_name, &learner.representative_name];
    if named.iter().any(|name| name.is_some()) {
        return;
    }
    match learner.date_of_birth.as_ref().map(|birth| is_child(birth, on)) {
        Some(Some(true)) => checks.refuse(
            "/guardianName",
            "guardian_required",
            "Học viên dưới 16 tuổi: cần cha, mẹ, người đỡ đầu hoặc người đại diện.",
            "A learner under 16 needs a parent, a guardian or a representative.",
        ),
        Some(None) => checks.warn(
            "/dateOfBirth",
            "childhood_undetermined",
            "Ngày sinh chưa đủ để biết học viên đã đủ 16 tuổi chưa.",
            "The date of birth leaves open whether the learner is under 16.",
        ),
        Some(Some(false)) | None => {}
    }
}

code_enum! {
    /// Age bands of the statistics of this service; none overlaps another.
    AgeBand {
        Under15 = "under_15" ("Dưới 15 tuổi", "Under 15"),
        From15To25 = "from_15_to_25" ("15 - 25 tuổi", "15 to 25"),
        From26To35 = "from_26_to_35" ("26 - 35 tuổi", "26 to 35"),
        From36To60 = "from_36_to_60" ("36 - 60 tuổi", "36 to 60"),
        Over60 = "over_60" ("Trên 60 tuổi", "Over 60"),
    }
}

impl AgeBand {
    /// The band of an age in completed years.
    pub const fn of(age: u32) -> Self {
        match age {
            0..=14 => Self::Under15,
            15..=25 => Self::From15To25,
            26..=35 => Self::From26To35,
            36..=60 => Self::From36To60,
            _ => Self::Over60,
        }
    }

    /// The band that a date of birth allows, when there is only one.
    pub fn on(birth: &PartialDate, on: NaiveDate) -> Option<Self> {
        let age = age_on(birth, on)?;
        let band = Self::of(age.oldest);
        (band == Self::of(age.youngest)).then_some(band)
    }
}

code_enum! {
    /// Bands of the literacy standards; each contains the one before (NĐ 20/2014/NĐ-CP art. 17, 20, 21).
    LiteracyBand {
        From15To25 = "from_15_to_25" ("15 - 25 tuổi", "15 to 25"),
        From15To35 = "from_15_to_35" ("15 - 35 tuổi", "15 to 35"),
        From15To60 = "from_15_to_60" ("15 - 60 tuổi", "15 to 60"),
    }
}

impl LiteracyBand {
    /// Whether an age in completed years lies in the band; both ends belong to it.
    pub const fn contains(self, age: u32) -> bool {
        let last = match self {
            Self::From15To25 => 25,
            Self::From15To35 => 35,
            Self::From15To60 => 60,
        };
        age >= 15 && age <= last
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{AgeBand, AgeRange, LiteracyBand, age_on, is_child};
    use crate::{DatePrecision, PartialDate};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap_or_default()
    }

    fn birth(value: &str) -> PartialDate {
        let precision = match value.len() {
            4 => DatePrecision::Year,
            7 => DatePrecision::Month,
            _ => DatePrecision::Day,
        };
        PartialDate { value: value.to_owned(), precision }
    }

    #[test]
    fn a_birthday_counts_from_its_own_day() {
        let age = |on| age_on(&birth("2010-09-05"), day(on)).and_then(AgeRange::exact);
        assert_eq!(age("2026-09-04"), Some(15));
        assert_eq!(age("2026-09-05"), Some(16));
        assert_eq!(age("2010-09-05"), Some(0));
        assert_eq!(age("2010-09-04"), None);
    }

    #[test]
    fn a_leap_day_birthday_comes_on_the_first_of_march() {
        let age = |on| age_on(&birth("2008-02-29"), day(on)).and_then(AgeRange::exact);
        assert_eq!(age("2026-02-28"), Some(17));
        assert_eq!(age("2026-03-01"), Some(18));
    }

    #[test]
    fn a_year_alone_leaves_two_ages() {
        assert_eq!(age_on(&birth("2010"), day("2026-11-21")), Some(AgeRange { youngest: 15, oldest: 16 }));
        assert_eq!(age_on(&birth("2010"), day("2010-05-01")), Some(AgeRange { youngest: 0, oldest: 0 }));
        assert_eq!(age_on(&birth("nonsense"), day("2026-11-21")), None);
    }

    #[test]
    fn childhood_ends_with_sixteen_or_stays_open() {
        assert_eq!(is_child(&birth("2010-11-22"), day("2026-11-21")), Some(true));
        assert_eq!(is_child(&birth("2010-11-21"), day("2026-11-21")), Some(false));
        assert_eq!(is_child(&birth("2010-11"), day("2026-11-21")), None);
        assert_eq!(is_child(&birth("2011"), day("2026-11-21")), Some(true));
        assert_eq!(is_child(&birth("1971"), day("2026-11-21")), Some(false));
    }

    #[test]
    fn bands_meet_without_gap_or_overlap() {
        assert_eq!(
            [14, 15, 25, 26, 35, 36, 60, 61].map(AgeBand::of),
            [
                AgeBand::Under15,
                AgeBand::From15To25,
                AgeBand::From15To25,
                AgeBand::From26To35,
                AgeBand::From26To35,
                AgeBand::From36To60,
                AgeBand::From36To60,
                AgeBand::Over60,
            ]
        );
        assert_eq!(AgeBand::on(&birth("2001"), day("2026-06-30")), Some(AgeBand::From15To25));
        assert_eq!(AgeBand::on(&birth("2000"), day("2026-06-30")), None);
    }

    #[test]
    fn literacy_bands_contain_both_ends() {
        assert!(!LiteracyBand::From15To35.contains(14) && LiteracyBand::From15To35.contains(15));
        assert!(LiteracyBand::From15To35.contains(35) && !LiteracyBand::From15To35.contains(36));
        assert!(LiteracyBand::From15To60.contains(60) && !LiteracyBand::From15To25.contains(26));
    }
}
