//! Age bands of statistics, by the age that somebody reaches in the year in which a school year begins.
//!
//! Only the year of birth is known of many people, so completed years on a day cannot be told of all; the
//! age of a year can.

use crate::{SchoolYear, code_enum};

code_enum! {
    /// An age band. The bands of literacy statistics, 15 to 25, 15 to 35 and 15 to 60, are sums of these.
    AgeBand {
        Under15 = "under_15" ("Dưới 15 tuổi", "Under 15"),
        From15To25 = "15_25" ("15 đến 25 tuổi", "15 to 25"),
        From26To35 = "26_35" ("26 đến 35 tuổi", "26 to 35"),
        From36To60 = "36_60" ("36 đến 60 tuổi", "36 to 60"),
        Over60 = "over_60" ("Trên 60 tuổi", "Over 60"),
    }
}

impl AgeBand {
    /// The band of somebody born in a year; none for who was not born by then.
    pub fn of(birth_year: i32, year: SchoolYear) -> Option<Self> {
        match year.0 - birth_year {
            ..0 => None,
            0..15 => Some(Self::Under15),
            15..=25 => Some(Self::From15To25),
            26..=35 => Some(Self::From26To35),
            36..=60 => Some(Self::From36To60),
            _ => Some(Self::Over60),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::AgeBand;
    use crate::SchoolYear;

    #[test]
    fn bands_meet_where_the_tables_of_literacy_do() {
        let band = |age: i32| AgeBand::of(2025 - age, SchoolYear(2025)).map(AgeBand::code);
        for (age, code) in [
            (-1, None),
            (0, Some("under_15")),
            (14, Some("under_15")),
            (15, Some("15_25")),
            (25, Some("15_25")),
            (26, Some("26_35")),
            (35, Some("26_35")),
            (36, Some("36_60")),
            (60, Some("36_60")),
            (61, Some("over_60")),
        ] {
            assert_eq!(band(age), code, "{age}");
        }
    }
}
