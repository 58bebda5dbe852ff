//! The points of a school year at which statistics are taken.

use chrono::NaiveDate;

use crate::{SchoolYear, code_enum};

code_enum! {
    /// A point of a school year.
    StatisticsPeriod {
        /// As of 30 September (TT 25/2024/TT-BGDĐT).
        Start = "start" ("Đầu năm học (30/9)", "Start of the school year (30 September)"),
        /// As of 31 May (TT 24/2018/TT-BGDĐT; the day under TT 25/2024 is unverified).
        End = "end" ("Cuối năm học (31/5)", "End of the school year (31 May)"),
        /// As the records stand now.
        Live = "live" ("Hiện tại", "Live"),
    }
}

impl StatisticsPeriod {
    /// The day of a school year; none for the present.
    pub fn day(self, year: SchoolYear) -> Option<NaiveDate> {
        match self {
            Self::Start => NaiveDate::from_ymd_opt(year.0, 9, 30),
            Self::End => NaiveDate::from_ymd_opt(year.0 + 1, 5, 31),
            Self::Live => None,
        }
    }

    /// Whether somebody takes part at this point who entered and left on these days. The last day is a day of
    /// taking part.
    pub fn counts(self, year: SchoolYear, entered: NaiveDate, left: Option<NaiveDate>, is_current: bool) -> bool {
        match self.day(year) {
            Some(day) => entered <= day && left.is_none_or(|left| day <= left),
            None => is_current,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::StatisticsPeriod as Period;
    use crate::SchoolYear;

    #[test]
    fn who_takes_part_on_the_day_is_counted() {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap_or_default();
        let counted = |entered, left: Option<NaiveDate>| {
            Period::ALL
                .iter()
                .filter(|p| p.counts(SchoolYear(2025), entered, left, left.is_none()))
                .map(|p| p.code())
                .collect::<Vec<_>>()
        };
        assert_eq!(counted(day(2025, 9, 30), None), ["start", "end", "live"]);
        assert_eq!(counted(day(2025, 10, 1), None), ["end", "live"]);
        assert_eq!(counted(day(2025, 9, 5), Some(day(2025, 9, 30))), ["start"], "the last day counts");
        assert_eq!(counted(day(2025, 9, 5), Some(day(2025, 9, 29))), Vec::<&str>::new());
        assert_eq!(counted(day(2025, 9, 5), Some(day(2026, 5, 31))), ["start", "end"]);
        assert_eq!(counted(day(2026, 6, 1), None), ["live"]);
    }
}
