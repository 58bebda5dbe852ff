//! A date of which only the year or the month may be known, as older papers often give it.

use std::str::FromStr;

use async_graphql::{InputObject, SimpleObject};
use chrono::NaiveDate;
use sea_orm::DeriveValueType;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Checks, code_enum};

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
    /// ISO 8601: `YYYY-MM-DD`, `YYYY-MM` or `YYYY`, as `precision` says.
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
        (full.len() == 10).then(|| NaiveDate::parse_from_str(&full, "%Y-%m-%d").ok()).flatten()
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
        self.earliest().map(|d| chrono::Datelike::year(&d))
    }

    /// Refuses a text that does not fit the precision, and a date after `today`.
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
            Some(_) => {}
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
    use super::{DatePrecision, PartialDate};

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
}
