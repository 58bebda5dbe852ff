//! The catalogue of report forms is sound: a line that named what does not exist would be left empty unseen.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{ReportColumn, ReportCondition, ReportForm, ReportLine, all, find};
use crate::{
    SchoolYear,
    centres::kind::CentreKind,
    exchange::window::WindowLevel,
    programmes::kind,
    statistics::{data_set, dimension::Dimension},
    territory::unit::REFORM,
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn every_figure_can_be_asked_for() {
    for form in all() {
        let known = |conditions: &[ReportCondition]| {
            conditions.iter().all(|one| one.members.iter().all(|code| one.dimension.label_of(code, REFORM).is_some()))
        };
        assert!(form.columns.iter().all(|column| known(&column.only)), "{}", form.code);
        for line in form.sections.iter().flat_map(|section| &section.lines) {
            let name = format!("{} {}", form.code, line.code);
            assert!(known(&line.only), "{name}");
            let Some(of) = &line.of else {
                assert!(line.only.is_empty() && line.measure.is_none(), "{name}");
                continue;
            };
            let set = data_set::find(of).unwrap_or_else(|| panic!("{name}: {of}"));
            assert!(line.only.iter().all(|one| set.dimensions.contains(&one.dimension)), "{name}");
            assert!(line.measure.iter().all(|code| set.measures.iter().any(|known| known.code == *code)), "{name}");
            // What does not add up is told: the year by the report, the point of the year by the line.
            let told = |dimension: &&Dimension| {
                **dimension == Dimension::SchoolYear || line.only.iter().any(|one| one.dimension == **dimension)
            };
            assert!(set.dimensions.iter().filter(|dimension| !dimension.adds_up()).all(|one| told(&one)), "{name}");
            assert!(line.sum.is_empty() && line.share.is_empty(), "{name}");
        }
    }
}

/// Conditions of a figure, sorted.
fn asked(line: &ReportLine, column: &ReportColumn) -> Vec<(Dimension, Vec<String>)> {
    let conditions = line.only.iter().chain(&column.only);
    let mut all: Vec<_> = conditions.map(|one| (one.dimension, one.members.clone())).collect();
    all.sort();
    all
}

#[test]
fn no_two_columns_of_a_line_are_the_same_question() {
    for form in all() {
        let counted = form.places().filter(|(line, column)| line.of.is_some() && !column.entered);
        let questions: Vec<_> = counted.map(|(line, column)| (&line.code, asked(line, column))).collect();
        let different: BTreeSet<_> = questions.iter().collect();
        assert_eq!(different.len(), questions.len(), "{}", form.code);
    }
}

#[test]
fn every_kind_has_its_line() {
    let lines = |of: &str, dimension: Dimension| {
        let form = find("stat_year_start").unwrap_or_else(|| panic!("a form"));
        let lines =
            form.sections.iter().flat_map(|section| &section.lines).filter(|line| line.of.as_deref() == Some(of));
        let members = lines.flat_map(|line| &line.only).filter(|one| one.dimension == dimension);
        let mut codes: Vec<String> = members.flat_map(|one| one.members.clone()).collect();
        codes.sort();
        codes
    };
    let mut kinds: Vec<String> = CentreKind::ALL.iter().map(|kind| kind.code().to_owned()).collect();
    kinds.sort();
    assert_eq!(lines("centres", Dimension::CentreKind), kinds);
    let mut kinds: Vec<String> = kind::all().iter().map(|kind| kind.code.clone()).collect();
    kinds.sort();
    assert_eq!(lines("classes", Dimension::ProgrammeKind), kinds);
    assert_eq!(lines("enrolments", Dimension::ProgrammeKind), kinds);
}

#[test]
fn lines_and_columns_refer_to_what_there_is() {
    let codes: BTreeSet<_> = all().iter().map(|form| &form.code).collect();
    assert_eq!(codes.len(), all().len());
    for form in all() {
        let columns: BTreeSet<_> = form.columns.iter().map(|column| &column.code).collect();
        assert_eq!(columns.len(), form.columns.len(), "{}", form.code);
        assert!(form.columns.iter().any(|column| column.required), "{}", form.code);
        let named = form.columns.iter().flat_map(|column| column.parts.iter().chain(&column.within));
        assert!(named.chain(form.sections.iter().flat_map(|s| &s.columns)).all(|code| columns.contains(code)));
        let lines: Vec<_> = form.sections.iter().flat_map(|section| &section.lines).collect();
        let line = |code: &String| lines.iter().find(|line| line.code == *code);
        assert_eq!(lines.iter().map(|line| &line.code).collect::<BTreeSet<_>>().len(), lines.len(), "{}", form.code);
        for one in &lines {
            // Sums do not stand on sums, so none can stand on itself.
            assert!(one.sum.iter().all(|code| line(code).is_some_and(|part| part.sum.is_empty())), "{}", one.code);
            assert!(one.share.iter().chain(&one.within).all(|code| line(code).is_some()), "{}", one.code);
            assert!(one.share.is_empty() || one.share.len() == 2, "{}", one.code);
        }
        assert!(form.levels.windows(2).all(|pair| pair[0].level > pair[1].level), "{}: from below", form.code);
    }
}

#[test]
fn clocks_go_by_the_school_year() {
    let clock = |form: &str, level| find(form).and_then(|form: &ReportForm| form.clock(level)).cloned();
    let year = SchoolYear(2025);
    let start = clock("stat_year_start", WindowLevel::Province).unwrap_or_else(|| panic!("a clock"));
    assert_eq!((start.as_of_day(year), start.due_day(year)), (day("2025-09-30"), day("2025-10-31")));
    assert_eq!(start.year_on(day("2025-09-29")), SchoolYear(2024));
    assert_eq!(start.year_on(day("2025-09-30")), year);
    assert_eq!(start.year_on(day("2026-06-30")), year);
    let end = clock("stat_year_end", WindowLevel::Province).unwrap_or_else(|| panic!("a clock"));
    assert_eq!((end.as_of_day(year), end.due_day(year)), (day("2026-05-31"), day("2026-06-30")));
    assert_eq!(end.year_on(day("2026-05-30")), SchoolYear(2024));
    assert_eq!(end.year_on(day("2026-05-31")), year);
    for clock in all().iter().flat_map(|form| &form.levels) {
        assert!(clock.as_of_day(year) < clock.due_day(year), "{clock:?}");
    }
}
