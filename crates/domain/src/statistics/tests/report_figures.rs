//! Figures follow from what is known, and what does not fit is named by its place.

use super::{Known, ReportFigure, ReportOrigin, check_entries, check_figures, compare_below, figures, place};
use crate::{
    Checks, Decimal2,
    statistics::{
        report::ReportEntry,
        report_form::{ReportForm, find},
    },
};

fn form(code: &str) -> &'static ReportForm {
    find(code).unwrap_or_else(|| panic!("a form"))
}

fn entry(line: &str, column: &str, value: i64, why: Option<&str>) -> ReportEntry {
    ReportEntry {
        line: line.to_owned(),
        column: column.to_owned(),
        value: Some(value),
        explanation: why.map(str::to_owned),
    }
}

fn one<'a>(all: &'a [ReportFigure], line: &str, column: &str) -> (usize, &'a ReportFigure) {
    let found = all.iter().enumerate().find(|(_, f)| f.line == line && f.column == column);
    found.unwrap_or_else(|| panic!("{line} {column}"))
}

/// The codes of refusals with their pointers.
fn refused(form: &ReportForm, all: &[ReportFigure]) -> Vec<(String, &'static str)> {
    let mut checks = Checks::default();
    check_figures(form, all, &mut checks);
    checks.problems.into_iter().map(|problem| (problem.pointer, problem.code)).collect()
}

#[test]
fn sums_are_made_and_held_to() {
    let form = form("stat_year_start");
    let mut known = Known::default();
    for line in ["02", "03", "04", "05", "06", "07"] {
        known.counted.insert(place(line, "total"), 2);
    }
    let all = figures(form, &known, &[]);
    let (_, total) = one(&all, "01", "total");
    assert_eq!((total.origin, total.computed, total.reported), (ReportOrigin::Summed, Some(12), Some(12)));
    let (_, unknown) = one(&all, "01", "public");
    assert_eq!((unknown.origin, unknown.computed, unknown.reported), (ReportOrigin::Entered, None, None));
    assert_eq!(Known::of(&all).counted, known.counted, "what was known is read off again");
    let all = figures(
        form,
        &known,
        &[entry("01", "total", 11, None), entry("02", "public", 1, None), entry("02", "non_public", 3, None)],
    );
    let refused = refused(form, &all);
    let at = |line: &str, column: &str| format!("/figures/{}/reported", one(&all, line, column).0);
    assert!(refused.contains(&(at("01", "total"), "sum_mismatch")), "{refused:?}");
    assert!(refused.contains(&(at("02", "total"), "sum_mismatch")), "{refused:?}");
    assert!(refused.contains(&(at("20", "total"), "required")), "{refused:?}");
    assert!(!refused.iter().any(|(pointer, _)| *pointer == at("20", "female")), "{refused:?}");
}

#[test]
fn what_changed_is_explained_and_small_numbers_are_not() {
    let form = form("department_summary");
    let mut known = Known::default();
    for (line, now, before) in [("01", 125, 100), ("10", 120, 100), ("11", 4, 1), ("12", 5, 0)] {
        known.counted.insert(place(line, "total"), now);
        known.previous.insert(place(line, "total"), before);
    }
    let all = figures(form, &known, &[entry("13", "total", 7, None)]);
    assert_eq!(one(&all, "01", "total").1.change_percent, Some(Decimal2(2500)));
    assert_eq!(one(&all, "12", "total").1.change_percent, None);
    let why: Vec<_> = refused(form, &all).into_iter().filter(|(_, code)| *code == "explanation_required").collect();
    let at = |line: &str| (format!("/figures/{}/explanation", one(&all, line, "total").0), "explanation_required");
    assert_eq!(why, [at("01"), at("12")], "20 % is not more than 20 %, and 3 is less than 5");
    let corrected =
        figures(form, &known, &[entry("10", "total", 119, None), entry("01", "total", 125, Some("Thành lập mới"))]);
    let why: Vec<_> =
        refused(form, &corrected).into_iter().filter(|(_, code)| *code == "explanation_required").collect();
    assert_eq!(why, [at("10"), at("12")], "a correction is explained, however small");
}

#[test]
fn parts_stay_within_the_whole() {
    let form = form("pcgd_xmc");
    let entries = [entry("03", "15_25", 10, None), entry("04", "15_25", 11, None), entry("03", "15_35", 9, None)];
    let all = figures(form, &Known::default(), &entries);
    let wrong: Vec<_> = refused(form, &all).into_iter().filter(|(_, code)| *code == "exceeds_whole").collect();
    let at = |line: &str| (format!("/figures/{}/reported", one(&all, line, "15_25").0), "exceeds_whole");
    assert_eq!(wrong, [at("03"), at("04")]);
}

#[test]
fn what_is_told_below_stands_beside_what_is_counted() {
    let form = form("department_summary");
    let mut known = Known::default();
    for (line, counted, below) in [("10", 48, 48), ("11", 48, 31)] {
        known.counted.insert(place(line, "total"), counted);
        known.collected.insert(place(line, "total"), below);
    }
    known.collected.insert(place("12", "total"), 5);
    let all = figures(form, &known, &[]);
    let (at, differs) = one(&all, "11", "total");
    assert_eq!((differs.origin, differs.computed, differs.collected), (ReportOrigin::Counted, Some(48), Some(31)));
    assert_eq!((one(&all, "12", "total").1.computed, Known::of(&all).collected), (Some(5), known.collected));
    let mut checks = Checks::default();
    compare_below(form, &all, &mut checks);
    let warned: Vec<_> = checks.warnings.iter().map(|warning| (warning.pointer.clone(), warning.code)).collect();
    assert_eq!(warned, [(format!("/figures/{at}/collected"), "differs_from_below")]);
}

#[test]
fn entries_name_what_the_form_has() {
    let mut checks = Checks::default();
    let entries = [
        entry("99", "total", 1, None),
        entry("01", "female", 1, None),
        entry("02", "total", -1, None),
        entry("02", "total", 1, None),
    ];
    check_entries(form("stat_year_start"), &entries, &mut checks);
    let wrong: Vec<_> = checks.problems.iter().map(|problem| (problem.pointer.as_str(), problem.code)).collect();
    assert_eq!(
        wrong,
        [
            ("/entries/0/line", "unknown_code"),
            ("/entries/1/column", "unknown_code"),
            ("/entries/2/value", "out_of_range"),
            ("/entries/3/line", "duplicate"),
        ]
    );
}
