//! A date of which only the year or the month may be known, as older papers often give it.

use std::str::FromStr;

use async_graphql::{InputObject, SimpleObject};
use chrono::{Datelike, NaiveDate};
use sea_orm::DeriveValueType;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Checks, code_enum};

/// No date and no year of birth on record is older: such a year is a slip of the pen.
pub const FIRST_YEAR: i64 = 1880;
/// The last year that four digits can write.
pub const LAST_YEAR: i64 = 9999;

code_enum! {
    /// How much of a date is known.
    DatePrecision {
        /// The full date, `1971-03-25`.
        Day = "day" ("Ngày", "Day"),
        /// Month and year, `1971-03`.
        Month = "month" ("Tháng", "Month"),
        /// The year only, `1971`.
        Year = "year" ("Năm", "Year"),
    }
}

/// A date with its precision: `{"value": "1971-03", "precision": "month"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, InputObject, ToSchema, DeriveValueType)]
#[serde(deny_unknown_fields)]
#[graphql(input_name = "PartialDateInput")]
#[sea_orm(value_type = "String")]
pub struct PartialDate {
    /// ISO 8601: `YYYY-MM-DD`, `YYYY-MM` or `YYYY`, as `precision` says; from 1880.
    #[schema(pattern = "^(18[89][0-9]|19[0-9]{2}|[2-9][0-9]{3})(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$")]
    pub value: String,
    /// How much of the date is known.
    pub precision: DatePrecision,
}

impl PartialDate {
    /// A fully known date.
    pub fn day(date: NaiveDate) -> Self {
        Self { value: date.format("%Y-%m-%d").to_string(), precision: DatePrecision::Day }
    }

    /// The first day the date can mean; `None` when the text is not a date.
    pub fn earliest(&self) -> Option<NaiveDate> {
        let full = match self.precision {
            DatePrecision::Day => self.value.clone(),
            DatePrecision::Month => format!("{}-01", self.value),
            DatePrecision::Year => format!("{}-01-01", self.value),
        };
        // The reader takes signs and blanks between the parts; what it read is spelled in one way only.
        NaiveDate::parse_from_str(&full, "%Y-%m-%d").ok().filter(|date| date.to_string() == full)
    }

    /// The last day the date can mean.
    pub fn latest(&self) -> Option<NaiveDate> {
        let first = self.earliest()?;
        match self.precision {
            DatePrecision::Day => Some(first),
            DatePrecision::Month => first.checked_add_months(chrono::Months::new(1))?.pred_opt(),
            DatePrecision::Year => first.checked_add_months(chrono::Months::new(12))?.pred_opt(),
        }
    }

    /// The year, when the text is a date.
    pub fn year(&self) -> Option<i32> {
        self.earliest().map(|d| d.year())
    }

    /// Refuses a text that does not fit the precision, a year before [`FIRST_YEAR`] and a date after `today`.
    pub fn check(&self, pointer: &str, today: NaiveDate, checks: &mut Checks) {
        match self.earliest() {
            None => checks.refuse(
                &format!("{pointer}/value"),
                "invalid_date",
                "Ngày không đúng dạng ISO 8601 theo độ chính xác đã khai (YYYY-MM-DD, YYYY-MM hoặc YYYY).",
                "Not an ISO 8601 date of the given precision (YYYY-MM-DD, YYYY-MM or YYYY).",
            ),
            Some(day) if day > today => checks.refuse(
                &format!("{pointer}/value"),
                "date_in_future",
                "Ngày nằm trong tương lai.",
                "The date lies in the future.",
            ),
            Some(day) => checks.range(&format!("{pointer}/value"), Some(i64::from(day.year())), FIRST_YEAR, LAST_YEAR),
        }
    }
}

impl std::fmt::Display for PartialDate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.value)
    }
}

impl FromStr for PartialDate {
    type Err = std::convert::Infallible;

    /// Reads the stored form, whose length tells the precision.
    fn from_str(value: &str) -> Result<Self, Self::Err> {
        let precision = match value.len() {
            0..=4 => DatePrecision::Year,
            5..=7 => DatePrecision::Month,
            _ => DatePrecision::Day,
        };
        Ok(Self { value: value.to_owned(), precision })
    }
}

#[cfg(test)]
mod tests {
    use chrono::{Datelike, NaiveDate};
    use proptest::prelude::*;

    use super::{DatePrecision, FIRST_YEAR, PartialDate};
    use crate::Checks;

    fn date(value: &str, precision: DatePrecision) -> PartialDate {
        PartialDate { value: value.to_owned(), precision }
    }

    #[test]
    fn a_month_spans_its_days() {
        let m = date("1972-02", DatePrecision::Month);
        assert_eq!(m.earliest().map(|d| d.to_string()).as_deref(), Some("1972-02-01"));
        assert_eq!(m.latest().map(|d| d.to_string()).as_deref(), Some("1972-02-29"));
    }

    #[test]
    fn text_and_precision_must_agree() {
        assert_eq!(date("1972-02-03", DatePrecision::Month).earliest(), None);
        assert_eq!(date("1972", DatePrecision::Day).earliest(), None);
        assert_eq!(date("25/03/1971", DatePrecision::Day).earliest(), None);
    }

    #[test]
    fn signs_and_blanks_make_no_date() {
        for wrong in ["+197-03-25", " 971-03-25", "1971-3-025", "1971- 3-25", "-971-03-25", "1971-03-25 "] {
            assert_eq!(date(wrong, DatePrecision::Day).earliest(), None, "{wrong}");
        }
        assert_eq!(date("+197", DatePrecision::Year).earliest(), None);
        assert_eq!(date("-001-01", DatePrecision::Month).earliest(), None);
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_again(year in 0..=9999_i32, month in 1..=12_u32, day in 1..=31_u32) {
            let Some(full) = NaiveDate::from_ymd_opt(year, month, day) else { return Ok(()) };
            for (form, precision) in
                [("%Y-%m-%d", DatePrecision::Day), ("%Y-%m", DatePrecision::Month), ("%Y", DatePrecision::Year)]
            {
                let known = date(&full.format(form).to_string(), precision);
                prop_assert_eq!(known.to_string().parse(), Ok(known.clone()));
                prop_assert!(known.earliest() <= Some(full) && Some(full) <= known.latest(), "{}", known);
            }
        }

        #[test]
        fn any_text_is_a_date_of_its_precision_or_refused(
            value in r"(?s).{0,12}|[-+ ]?[0-9]{1,5}[-/. ]{0,2}[0-9]{0,3}-?[ +]?[0-9]{0,3}",
            precision in prop::sample::select(DatePrecision::ALL),
        ) {
            let known = date(&value, precision);
            let mut checks = Checks::default();
            known.check("/x", NaiveDate::MAX, &mut checks);
            let digits = match precision { DatePrecision::Day => "dddd-dd-dd", DatePrecision::Month => "dddd-dd", DatePrecision::Year => "dddd" };
            let shape: String = value.chars().map(|c| if c.is_ascii_digit() { 'd' } else { c }).collect();
            prop_assert!(!checks.is_ok() || shape == digits, "{} was taken", value);
            prop_assert_eq!(checks.is_ok(), known.earliest().is_some_and(|day| i64::from(day.year()) >= FIRST_YEAR));
            for problem in checks.problems {
                let code = if known.earliest().is_some() { "out_of_range" } else { "invalid_date" };
                prop_assert_eq!((problem.pointer.as_str(), problem.code), ("/x/value", code));
                prop_assert!(problem.detail.vi != problem.detail.en && !problem.detail.en.is_empty());
            }
        }
    }
}
