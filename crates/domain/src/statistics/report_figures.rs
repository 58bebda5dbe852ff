//! The figures of a report: what was filled in, what is reported, the year before, and what must hold between them.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::SimpleObject;
use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    report::ReportEntry,
    report_form::{ReportColumn, ReportForm, ReportLine},
};
use crate::{Checks, Decimal2, code_enum};

code_enum! {
    /// Where a figure was filled in from.
    ReportOrigin {
        /// Counted from the records.
        Counted = "counted" ("Tổng hợp từ hồ sơ", "Counted from records"),
        /// Added up from the accepted reports of the level below.
        Collected = "collected" ("Cộng từ báo cáo cấp dưới đã tiếp nhận", "From accepted reports below"),
        /// Added up from other figures of the report.
        Summed = "summed" ("Cộng từ các dòng, cột khác", "From other figures"),
        /// Nothing was there to fill it in from.
        Entered = "entered" ("Nhập tay", "Entered by hand"),
    }
}

/// One figure of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema, FromJsonQueryResult)]
#[serde(rename_all = "camelCase")]
pub struct ReportFigure {
    /// Code of the line.
    pub line: String,
    /// Code of the column.
    pub column: String,
    /// Where `computed` comes from.
    pub origin: ReportOrigin,
    /// What was filled in; null where there was nothing to fill it in from.
    pub computed: Option<i64>,
    /// What the accepted reports of the level below add up to; null where none of them tells it.
    pub collected: Option<i64>,
    /// What is reported; null until it is entered.
    pub reported: Option<i64>,
    /// The same of the year before: as accepted then, else as counted for then; null where neither is known.
    pub previous: Option<i64>,
    /// How much more than the year before, in per cent; null where there is nothing to compare with.
    pub change_percent: Option<Decimal2>,
    /// Why it is not what was filled in, or why it changed.
    pub explanation: Option<String>,
}

/// Figures by line and column.
pub type Places = BTreeMap<(String, String), i64>;

/// What is known of the figures of a report besides what its body says.
#[derive(Clone, Debug, Default)]
pub struct Known {
    pub counted: Places,
    pub collected: Places,
    pub previous: Places,
}

impl Known {
    /// What was known when figures were made.
    pub fn of(figures: &[ReportFigure]) -> Self {
        let mut known = Self::default();
        for figure in figures {
            let place = (figure.line.clone(), figure.column.clone());
            if let Some(value) = figure.computed.filter(|_| figure.origin == ReportOrigin::Counted) {
                known.counted.insert(place.clone(), value);
            }
            if let Some(value) = figure.collected {
                known.collected.insert(place.clone(), value);
            }
            if let Some(value) = figure.previous {
                known.previous.insert(place, value);
            }
        }
        known
    }
}

fn place(line: &str, column: &str) -> (String, String) {
    (line.to_owned(), column.to_owned())
}

/// The figures of a form.
pub fn figures(form: &ReportForm, known: &Known, entries: &[ReportEntry]) -> Vec<ReportFigure> {
    let entered: BTreeMap<_, _> = entries.iter().map(|entry| (place(&entry.line, &entry.column), entry)).collect();
    let told: Places = entered.iter().filter_map(|(place, entry)| Some((place.clone(), entry.value?))).collect();
    let (nothing, filled) = (Places::default(), (&known.counted, &known.collected));
    let figure = |(line, column): (&ReportLine, &ReportColumn)| {
        let at = place(&line.code, &column.code);
        let (origin, computed) = value(form, (line, column), &nothing, filled);
        let (_, reported) = value(form, (line, column), &told, filled);
        let previous = known.previous.get(&at).copied();
        let change = reported.zip(previous).filter(|(_, before)| *before > 0);
        ReportFigure {
            line: at.0.clone(),
            column: at.1.clone(),
            origin,
            computed,
            collected: known.collected.get(&at).copied(),
            reported,
            previous,
            change_percent: change.map(|(now, before)| Decimal2((now - before) * 10_000 / before)),
            explanation: entered.get(&at).and_then(|entry| entry.explanation.clone()),
        }
    };
    form.places().map(figure).collect()
}

/// A figure as it is told, else counted, else the sum of other lines, else collected, else the sum of other columns.
fn value(
    form: &ReportForm,
    (line, column): (&ReportLine, &ReportColumn),
    told: &Places,
    (counted, collected): (&Places, &Places),
) -> (ReportOrigin, Option<i64>) {
    let at = place(&line.code, &column.code);
    if let Some(value) = told.get(&at) {
        return (ReportOrigin::Entered, Some(*value));
    }
    if let Some(value) = counted.get(&at) {
        return (ReportOrigin::Counted, Some(*value));
    }
    let find = |line: &str, column: &str| {
        let other = form.places().find(|(l, c)| l.code == line && c.code == column)?;
        value(form, other, told, (counted, collected)).1
    };
    let all = |values: Vec<Option<i64>>| values.into_iter().try_fold(0_i64, |sum, value| Some(sum + value?));
    let lines = (!line.sum.is_empty()).then(|| line.sum.iter().map(|other| find(other, &column.code)).collect());
    if let Some(sum) = lines.and_then(all) {
        return (ReportOrigin::Summed, Some(sum));
    }
    if let Some(value) = collected.get(&at) {
        return (ReportOrigin::Collected, Some(*value));
    }
    let columns =
        (!column.parts.is_empty()).then(|| column.parts.iter().map(|other| find(&line.code, other)).collect());
    match columns.and_then(all) {
        Some(sum) => (ReportOrigin::Summed, Some(sum)),
        None => (ReportOrigin::Entered, None),
    }
}

/// The most that a figure can be.
const MOST: i64 = 1_000_000_000;

/// Refuses entries of what the form does not have.
pub fn check_entries(form: &ReportForm, entries: &[ReportEntry], checks: &mut Checks) {
    let places: BTreeSet<_> = form.places().map(|(line, column)| (line.code.as_str(), column.code.as_str())).collect();
    if entries.len() > places.len() {
        let most = places.len();
        let (vi, en) = (format!("Biểu có {most} ô."), format!("The form has {most} figures."));
        checks.refuse("/entries", "too_many", vi, en);
        return;
    }
    let mut seen = BTreeSet::new();
    for (at, entry) in entries.iter().enumerate() {
        let pointer = |field: &str| format!("/entries/{at}/{field}");
        let place = (entry.line.as_str(), entry.column.as_str());
        if !places.iter().any(|(line, _)| *line == entry.line) {
            checks.refuse(&pointer("line"), "unknown_code", "Biểu không có dòng này.", "The form has no such line.");
        } else if !places.contains(&place) {
            let (vi, en) = ("Dòng này không có cột đó.", "The line has no such column.");
            checks.refuse(&pointer("column"), "unknown_code", vi, en);
        }
        if !seen.insert(place) {
            let (vi, en) = ("Ô này đã có ở trên.", "The figure is named above already.");
            checks.refuse(&pointer("line"), "duplicate", vi, en);
        }
        checks.range(&pointer("value"), entry.value, 0, MOST);
    }
}

/// Refuses figures that are missing, do not add up or are not explained; pointers name the report's own figures.
pub fn check_figures(form: &ReportForm, figures: &[ReportFigure], checks: &mut Checks) {
    let known: Places = figures.iter().filter_map(|f| Some((place(&f.line, &f.column), f.reported?))).collect();
    for (at, ((line, column), figure)) in form.places().zip(figures).enumerate() {
        let pointer = format!("/figures/{at}/reported");
        let Some(reported) = figure.reported else {
            if column.required {
                let (vi, en) = (named(line, column).0, named(line, column).1);
                checks.refuse(
                    &pointer,
                    "required",
                    format!("Chưa có số liệu: {vi}."),
                    format!("There is no figure of {en}."),
                );
            }
            continue;
        };
        check_sums(form, (line, column), reported, &known, (&pointer, checks));
        check_bounds(form, (line, column), reported, &known, (&pointer, checks));
        if figure.explanation.is_none() && line.sum.is_empty() {
            check_explained(form, (line, column), figure, &format!("/figures/{at}/explanation"), checks);
        }
    }
}

/// Warns of figures that records tell otherwise than the reports of the level below, once all of these are there.
pub fn compare_below(form: &ReportForm, figures: &[ReportFigure], checks: &mut Checks) {
    for (at, ((line, column), figure)) in form.places().zip(figures).enumerate() {
        let (Some(reported), Some(below)) = (figure.reported, figure.collected) else { continue };
        if reported != below {
            let (vi, en) = named(line, column);
            checks.warn(
                &format!("/figures/{at}/collected"),
                "differs_from_below",
                format!("Báo cáo cấp dưới cộng lại là {below}, còn {vi} là {reported}."),
                format!("The reports of the level below add up to {below}, and {en} is {reported}."),
            );
        }
    }
}

fn named(line: &ReportLine, column: &ReportColumn) -> (String, String) {
    (
        format!("dòng {} “{}”, cột “{}”", line.code, line.label_vi, column.label_vi),
        format!("line {} “{}”, column “{}”", line.code, line.label_en, column.label_en),
    )
}

/// A total is the sum of its parts, as far as these are known.
fn check_sums(
    form: &ReportForm,
    (line, column): (&ReportLine, &ReportColumn),
    reported: i64,
    known: &Places,
    (pointer, checks): (&str, &mut Checks),
) {
    let lines = line.sum.iter().map(|other| place(other, &column.code)).collect::<Vec<_>>();
    let columns = column.parts.iter().map(|other| place(&line.code, other)).collect::<Vec<_>>();
    for parts in [lines, columns].into_iter().filter(|parts| !parts.is_empty()) {
        let has = |part: &(String, String)| form.places().any(|(l, c)| l.code == part.0 && c.code == part.1);
        let sum = parts.iter().filter(|part| has(part)).try_fold(0, |sum, part| Some(sum + known.get(part)?));
        let Some(sum) = sum.filter(|sum| *sum != reported) else { continue };
        let (vi, en) = named(line, column);
        let parts = parts.iter().map(|(line, column)| format!("{line}/{column}")).collect::<Vec<_>>().join(" + ");
        checks.refuse(
            pointer,
            "sum_mismatch",
            format!("Không khớp tổng: {vi} là {reported}, còn {parts} là {sum}."),
            format!("It does not add up: {en} is {reported}, and {parts} is {sum}."),
        );
    }
}

/// A part is not more than the whole.
fn check_bounds(
    form: &ReportForm,
    (line, column): (&ReportLine, &ReportColumn),
    reported: i64,
    known: &Places,
    (pointer, checks): (&str, &mut Checks),
) {
    let lines = line.within.iter().map(|other| place(other, &column.code));
    let columns = column.within.iter().map(|other| place(&line.code, other));
    for whole in lines.chain(columns) {
        let Some(most) = known.get(&whole).filter(|most| reported > **most) else { continue };
        let Some((of, at)) = form.places().find(|(l, c)| l.code == whole.0 && c.code == whole.1) else { continue };
        let ((vi, en), (of_vi, of_en)) = (named(line, column), named(of, at));
        checks.refuse(
            pointer,
            "exceeds_whole",
            format!("{vi} là {reported}, lớn hơn {of_vi} ({most})."),
            format!("{en} is {reported}, more than {of_en} ({most})."),
        );
    }
}

/// What differs from what was filled in, or changed much against the year before, is explained.
fn check_explained(
    form: &ReportForm,
    (line, column): (&ReportLine, &ReportColumn),
    figure: &ReportFigure,
    pointer: &str,
    checks: &mut Checks,
) {
    let reported = figure.reported.unwrap_or_default();
    let (vi, en) = named(line, column);
    if let Some(computed) = figure.computed.filter(|computed| *computed != reported) {
        checks.refuse(
            pointer,
            "explanation_required",
            format!("Giải thích vì sao {vi} là {reported}, không phải {computed}."),
            format!("Explain why {en} is {reported} and not {computed}."),
        );
        return;
    }
    let changed = |before: &i64| {
        let change = (reported - before).abs();
        change >= form.change_least && change * 100 > form.change_percent * before
    };
    // What explains a total explains its parts.
    if let Some(before) = figure.previous.filter(|before| column.required && changed(before)) {
        checks.refuse(
            pointer,
            "explanation_required",
            format!("Giải thích biến động: {vi} là {reported}, năm trước là {before}."),
            format!("Explain the change: {en} is {reported}, and was {before} the year before."),
        );
    }
}

#[cfg(test)]
#[path = "tests/report_figures.rs"]
mod tests;
