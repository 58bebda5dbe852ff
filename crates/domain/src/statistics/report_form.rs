//! Report forms: their lines, columns and clocks. They are data, so that a form of another year is a change of a file.

use std::{collections::BTreeMap, sync::LazyLock};

use async_graphql::SimpleObject;
use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize, de::Error};
use utoipa::ToSchema;

use super::dimension::Dimension;
use crate::{Mark, SchoolYear, code_enum, exchange::window::WindowLevel};

code_enum! {
    /// What a report is for a year of.
    ReportCalendar {
        SchoolYear = "school_year" ("Năm học", "School year"),
        /// The calendar year in which the school year begins.
        Year = "year" ("Năm", "Calendar year"),
    }
}

/// Members of a dimension, of which one must hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportCondition {
    pub dimension: Dimension,
    pub members: Vec<String>,
}

/// The clock of a form at one level. Days are `MM-DD`: those before July lie in the second calendar year of the
/// school year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReportClock {
    /// Whose report it is: a commune's, a province's, the country's.
    pub level: WindowLevel,
    /// The day that the figures are of.
    pub as_of: String,
    /// The last day to hand it in.
    pub due: String,
    pub mark: Mark,
}

impl ReportClock {
    pub fn as_of_day(&self, year: SchoolYear) -> NaiveDate {
        day(&self.as_of, year)
    }

    pub fn due_day(&self, year: SchoolYear) -> NaiveDate {
        day(&self.due, year)
    }

    /// The latest year whose figures are due by a day: the day that they are of has come.
    pub fn year_on(&self, today: NaiveDate) -> SchoolYear {
        let year = SchoolYear::of(today);
        if self.as_of_day(year) <= today { year } else { SchoolYear(year.0 - 1) }
    }
}

/// A day of a school year. The catalogue holds days that every year has.
fn day(text: &str, year: SchoolYear) -> NaiveDate {
    let of = |calendar: i32| format!("{calendar}-{text}").parse::<NaiveDate>().unwrap_or_default();
    let first = of(year.0);
    if SchoolYear::of(first) == year { first } else { of(year.0 + 1) }
}

/// A column of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReportColumn {
    pub code: String,
    pub label_vi: String,
    pub label_en: String,
    /// What of a line counts.
    #[serde(default, deserialize_with = "conditions")]
    pub only: Vec<ReportCondition>,
    /// Whether it is entered by hand, whatever records tell of the line.
    #[serde(default)]
    pub entered: bool,
    /// Whether a report without it is not handed in.
    #[serde(default)]
    pub required: bool,
    /// Columns that add up to it.
    #[serde(default)]
    pub parts: Vec<String>,
    /// Columns that it cannot exceed.
    #[serde(default)]
    pub within: Vec<String>,
}

/// A line of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReportLine {
    /// Code of the line (Mã số).
    pub code: String,
    /// Number in front of it (STT).
    pub number: String,
    pub label_vi: String,
    pub label_en: String,
    pub unit_vi: String,
    pub unit_en: String,
    /// The data set that it is counted from.
    pub of: Option<String>,
    /// The measure of the data set; its first one when absent.
    pub measure: Option<String>,
    /// What of the data set counts.
    #[serde(default, deserialize_with = "conditions")]
    pub only: Vec<ReportCondition>,
    /// Lines that add up to it.
    #[serde(default)]
    pub sum: Vec<String>,
    /// The two lines of which it is the first in per cent of the second: shown in files alone.
    #[serde(default)]
    pub share: Vec<String>,
    /// A line that it cannot exceed.
    pub within: Option<String>,
}

/// Lines under one heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReportSection {
    pub code: String,
    pub number: String,
    pub label_vi: String,
    pub label_en: String,
    /// Codes of the columns that its lines have; all of the form when empty.
    #[serde(default)]
    pub columns: Vec<String>,
    #[serde(rename(deserialize = "line"))]
    pub lines: Vec<ReportLine>,
}

/// A report form (biểu mẫu báo cáo).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReportForm {
    pub code: String,
    /// Symbol of the form (Ký hiệu biểu), where it has one.
    pub symbol: Option<String>,
    pub title_vi: String,
    pub title_en: String,
    /// The text that asks for it, and what of it was not read.
    pub source: String,
    /// How well lines and symbol were checked against the text.
    pub mark: Mark,
    pub calendar: ReportCalendar,
    /// A change against the year before by more per cent than this is explained.
    pub change_percent: i64,
    /// A change by less than this is not.
    pub change_least: i64,
    /// So many days before the last one the report is asked for.
    pub reminders: Vec<i64>,
    /// Whose report it is and when, from below: each is received by the next.
    pub levels: Vec<ReportClock>,
    pub columns: Vec<ReportColumn>,
    #[serde(rename(deserialize = "section"))]
    pub sections: Vec<ReportSection>,
}

impl ReportForm {
    pub fn clock(&self, level: WindowLevel) -> Option<&ReportClock> {
        self.levels.iter().find(|clock| clock.level == level)
    }

    /// The columns of a section.
    pub fn columns_of<'a>(&'a self, section: &'a ReportSection) -> impl Iterator<Item = &'a ReportColumn> {
        let has = |column: &&ReportColumn| section.columns.is_empty() || section.columns.contains(&column.code);
        self.columns.iter().filter(has)
    }

    /// Every place of a figure, in the order of the form.
    pub fn places(&self) -> impl Iterator<Item = (&ReportLine, &ReportColumn)> {
        self.sections.iter().flat_map(|section| {
            let lines = section.lines.iter().filter(|line| line.share.is_empty());
            lines.flat_map(|line| self.columns_of(section).map(move |column| (line, column)))
        })
    }
}

/// Reads `{ gender = "female", ageBand = "15_25,26_35" }`.
fn conditions<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<ReportCondition>, D::Error> {
    let map = BTreeMap::<String, String>::deserialize(deserializer)?;
    let condition = |(code, members): (String, String)| {
        let dimension = Dimension::from_code(&code).ok_or_else(|| D::Error::custom(format!("no dimension {code}")))?;
        Ok(ReportCondition { dimension, members: members.split(',').map(str::to_owned).collect() })
    };
    map.into_iter().map(condition).collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Catalogue {
    form: Vec<ReportForm>,
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    toml::from_str(include_str!("../../rules/report_forms.toml"))
        .unwrap_or_else(|error| panic!("rules/report_forms.toml: {error}"))
});

/// Every form.
pub fn all() -> &'static [ReportForm] {
    &CATALOGUE.form
}

/// The form with this code.
pub fn find(code: &str) -> Option<&'static ReportForm> {
    all().iter().find(|form| form.code == code)
}

#[cfg(test)]
#[path = "tests/report_form.rs"]
mod tests;
