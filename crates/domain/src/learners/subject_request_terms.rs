//! How soon a request of a data subject is to be acknowledged and answered.

use std::sync::LazyLock;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::Deserialize;

use super::subject_request::SubjectRequestKind;
use crate::Mark;

/// The terms in force.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Terms {
    /// Document and article.
    pub basis: String,
    /// First day on which they hold.
    pub valid_from: NaiveDate,
    pub acknowledge_working_days: u32,
    pub mark: Mark,
    term: Vec<Term>,
}

/// The term of some kinds of request, in calendar days from the day of receipt.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Term {
    kinds: Vec<SubjectRequestKind>,
    days: u64,
    with_processor: Option<u64>,
    extension: u64,
}

static TERMS: LazyLock<Terms> = LazyLock::new(|| {
    toml::from_str(include_str!("../../rules/data_subject_requests.toml"))
        .unwrap_or_else(|error| panic!("rules/data_subject_requests.toml: {error}"))
});

/// The terms in force.
pub fn terms() -> &'static Terms {
    &TERMS
}

impl Terms {
    /// The last day to tell the requester that the request was received. Saturdays and Sundays do
    /// not count; public holidays do, so the day is never later than the law allows.
    pub fn acknowledge_by(&self, received: NaiveDate) -> NaiveDate {
        let working = received.iter_days().skip(1).filter(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun));
        working.take(self.acknowledge_working_days as usize).last().unwrap_or(received)
    }

    /// The last day to answer.
    pub fn due_on(&self, kind: SubjectRequestKind, received: NaiveDate, processor: bool, extended: bool) -> NaiveDate {
        let Some(term) = self.term.iter().find(|term| term.kinds.contains(&kind)) else { return received };
        let days = term.with_processor.filter(|_| processor).unwrap_or(term.days);
        let more = if extended { term.extension } else { 0 };
        received.checked_add_days(Days::new(days + more)).unwrap_or(NaiveDate::MAX)
    }

    /// The legal basis as it is shown, with its evidence.
    pub fn shown(&self) -> String {
        match self.mark {
            Mark::Verified => self.basis.clone(),
            mark => format!("{} ({})", self.basis, mark.label().vi.to_lowercase()),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::terms;
    use crate::learners::subject_request::SubjectRequestKind::{self, *};

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    /// NĐ 356/2025 art. 5, days written by hand: received on 1 March 2026.
    #[test]
    fn each_kind_has_its_term() {
        let cases: [(SubjectRequestKind, &str, &str, &str); 8] = [
            (WithdrawConsent, "2026-03-16", "2026-03-21", "2026-03-31"),
            (Restrict, "2026-03-16", "2026-03-21", "2026-03-31"),
            (Object, "2026-03-16", "2026-03-21", "2026-03-31"),
            (View, "2026-03-11", "2026-03-16", "2026-03-21"),
            (Correct, "2026-03-11", "2026-03-16", "2026-03-21"),
            (Provide, "2026-03-11", "2026-03-16", "2026-03-21"),
            (Erase, "2026-03-21", "2026-03-31", "2026-04-10"),
            (Protect, "2026-03-16", "2026-03-16", "2026-03-31"),
        ];
        let received = day("2026-03-01");
        for (kind, plain, processor, extended) in cases {
            assert_eq!(terms().due_on(kind, received, false, false), day(plain), "{kind}");
            assert_eq!(terms().due_on(kind, received, true, false), day(processor), "{kind}");
            assert_eq!(terms().due_on(kind, received, false, true), day(extended), "{kind}");
        }
        assert_eq!(cases.len(), SubjectRequestKind::ALL.len());
    }

    #[test]
    fn two_working_days_skip_the_weekend() {
        // Thursday 5 March 2026, Friday, Saturday, Sunday, Monday.
        for (received, by) in [
            ("2026-03-05", "2026-03-09"),
            ("2026-03-06", "2026-03-10"),
            ("2026-03-07", "2026-03-10"),
            ("2026-03-08", "2026-03-10"),
            ("2026-03-09", "2026-03-11"),
        ] {
            assert_eq!(terms().acknowledge_by(day(received)), day(by), "{received}");
        }
    }
}
