//! How long a recognition is kept and how soon the next level may follow.

use chrono::{Datelike, Months, NaiveDate};

use super::{kind::RecognitionKind, recognition::RecognitionState};

/// The days on which a recognition counts, both inclusive; `None` when the kind sets no period.
///
/// TT 24/2023 and TT 25/2023 keep a result for 36 months following the recognised year. The
/// recognised year is taken to be the assessed calendar year (an assumption: the texts count the
/// assessment from 1 January to 31 December), so the period ends on 31 December three years
/// later. Literacy and universal education are recognised every year: twelve months. A decision
/// taken before the assessed year is over counts from its own day.
pub fn validity(kind: &RecognitionKind, assessed_year: i32, decided_on: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    let months = kind.validity_months?;
    let start = NaiveDate::from_ymd_opt(assessed_year.checked_add(1)?, 1, 1)?;
    let end = start.checked_add_months(Months::new(months))?.pred_opt()?;
    Some((start.min(decided_on), end))
}

/// Whether a decision on level 2 may be taken on `new_decision`.
///
/// Upgrading needs at least twelve months since the decision on level 1 (TT 24/2023, TT 25/2023).
/// A first application may ask for level 2 at once, since a dossier is submitted "at the level met":
/// then `previous_level_1` is `None`.
pub fn upgrade_allowed(kind: &RecognitionKind, previous_level_1: Option<NaiveDate>, new_decision: NaiveDate) -> bool {
    match (kind.upgrade_after_months, previous_level_1) {
        (Some(months), Some(previous)) => {
            previous.checked_add_months(Months::new(months)).is_some_and(|earliest| new_decision >= earliest)
        }
        _ => true,
    }
}

/// The state to show on a day: a grant past its last day is expired, though it is stored as granted.
pub fn state_on(state: RecognitionState, valid_to: Option<NaiveDate>, on: NaiveDate) -> RecognitionState {
    let over = valid_to.is_some_and(|last| on > last);
    if state == RecognitionState::Granted && over { RecognitionState::Expired } else { state }
}

/// Whether a year can be assessed on a day: not before it has begun, nor before records began.
pub fn year_assessable(assessed_year: i32, on: NaiveDate) -> bool {
    (1990..=on.year()).contains(&assessed_year)
}

#[cfg(test)]
mod tests {
    use chrono::{Months, NaiveDate};

    use super::{state_on, upgrade_allowed, validity, year_assessable};
    use crate::recognitions::{
        kind::{RecognitionKind, all, find},
        recognition::RecognitionState,
    };

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap_or_default()
    }

    fn kind(code: &str) -> &'static RecognitionKind {
        find(code).unwrap_or(&all()[0])
    }

    #[test]
    fn a_learning_unit_is_kept_three_calendar_years() {
        let unit = kind("learning_unit_province");
        let period = validity(unit, 2025, day("2026-02-10"));
        assert_eq!(period, Some((day("2026-01-01"), day("2028-12-31"))));
        for k in all().iter().filter(|k| k.validity_months == Some(36)) {
            let (from, to) = validity(k, 2024, day("2025-03-31")).unwrap_or_default();
            assert!(to.succ_opt() >= from.checked_add_months(Months::new(36)), "{}", k.code);
        }
    }

    #[test]
    fn standards_of_a_place_are_kept_one_year() {
        let literacy = kind("literacy_place");
        assert_eq!(validity(literacy, 2025, day("2025-12-20")), Some((day("2025-12-20"), day("2026-12-31"))));
        assert_eq!(validity(kind("pcgd_place"), 2025, day("2026-01-15")), Some((day("2026-01-01"), day("2026-12-31"))));
        assert_eq!(validity(kind("unesco_learning_city"), 2024, day("2024-02-14")), None);
    }

    #[test]
    fn upgrading_waits_twelve_months_from_the_decision() {
        let unit = kind("learning_unit_province");
        let first = Some(day("2025-02-15"));
        assert!(!upgrade_allowed(unit, first, day("2026-02-14")));
        assert!(upgrade_allowed(unit, first, day("2026-02-15")));
        assert!(upgrade_allowed(unit, None, day("2025-02-15")));
        assert!(upgrade_allowed(unit, Some(day("2024-02-29")), day("2025-02-28")));
        assert!(upgrade_allowed(kind("literacy_place"), first, day("2025-02-16")));
    }

    #[test]
    fn a_grant_expires_after_its_last_day() {
        let last = Some(day("2028-12-31"));
        let granted = RecognitionState::Granted;
        assert_eq!(state_on(granted, last, day("2028-12-31")), granted);
        assert_eq!(state_on(granted, last, day("2029-01-01")), RecognitionState::Expired);
        assert_eq!(state_on(RecognitionState::Refused, last, day("2029-01-01")), RecognitionState::Refused);
        assert!(year_assessable(2026, day("2026-12-01")) && !year_assessable(2027, day("2026-12-01")));
    }
}
