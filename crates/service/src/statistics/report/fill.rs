//! What is known of a report before anybody says anything: counted, collected from below, and of the year before.

use std::collections::{BTreeMap, BTreeSet};

use gdtx_domain::{
    SchoolYear,
    exchange::window::WindowLevel,
    statistics::{
        data_set::{self, DataSet},
        dimension::Dimension,
        report::{self, Model, ReportState},
        report_figures::{Known, Places, figures},
        report_form::{self, ReportColumn, ReportCondition, ReportForm, ReportLine},
    },
    territory::{find::units, unit::UnitLevel},
};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, Select};

use super::record::of_round;
use crate::{
    Ctx, Error, Result,
    statistics::{
        StatisticsAnswer, StatisticsCondition, StatisticsQuery,
        ask::{exactly, opened},
        lineage::may_know,
        query::written_year,
    },
    tx::Tx,
};

/// The states in which the level above has taken a report.
const ACCEPTED: [ReportState; 2] = [ReportState::Accepted, ReportState::Locked];

/// Makes ready what reports are filled in from, before a transaction begins: reading cells takes a connection of its
/// own.
pub(super) async fn make_ready(ctx: &Ctx) -> Result<()> {
    let sets: BTreeSet<&str> = report_form::all().iter().flat_map(sets).map(|set| set.id.as_str()).collect();
    for set in sets {
        opened(ctx, set, |_| false).await?;
    }
    Ok(())
}

/// Fills a report in: what is known, and the figures that follow with what its body says.
pub(super) async fn fill(tx: &Tx, form: &'static ReportForm, model: &mut Model) -> Result<()> {
    let before = SchoolYear(model.school_year.0 - 1);
    let mut known = Known::default();
    let mut counted_before = Places::default();
    let mut position = None;
    for set in sets(form) {
        let places = counted(tx, form, set);
        let Some(asked) = question(tx, (form, set, &places), model) else { continue };
        let answer = exactly(&tx.ctx, set, asked).await?;
        position = Some(position.map_or(answer.position, |least: i64| least.min(answer.position)));
        count(&places, &answer, model.school_year, &mut known.counted);
        if tells(&answer, before) {
            count(&places, &answer, before, &mut counted_before);
        }
    }
    collect(tx, form, model, &mut known.collected).await?;
    let report = accepted(tx, model, before).await?;
    model.previous_report_id = report.as_ref().map(|report| report.id);
    known.previous = if let Some(report) = report {
        let reported = report.figures.0.into_iter();
        reported.filter_map(|figure| Some(((figure.line, figure.column), figure.reported?))).collect()
    } else {
        // Sums of the year before are made as those of this one are.
        let then = Known { counted: counted_before, ..Known::default() };
        let then = figures(form, &then, &[]).into_iter();
        then.filter_map(|figure| Some(((figure.line, figure.column), figure.computed?))).collect()
    };
    model.position = position.unwrap_or_default();
    model.filled_at = tx.ctx.clock.now();
    model.figures = figures(form, &known, &model.entries.0).into();
    Ok(())
}

/// The data sets that a form is counted from.
fn sets(form: &ReportForm) -> Vec<&'static DataSet> {
    let ids: BTreeSet<&str> = form.places().filter_map(|(line, _)| line.of.as_deref()).collect();
    ids.into_iter().filter_map(data_set::find).collect()
}

/// A figure of a form.
type Figure<'a> = (&'a ReportLine, &'a ReportColumn);

/// The figures of a form that a data set tells, of what the caller may know of people.
fn counted<'a>(tx: &Tx, form: &'a ReportForm, set: &DataSet) -> Vec<Figure<'a>> {
    let may = |one: &ReportCondition| may_know(tx, set, one.dimension);
    let is_counted = |(line, column): &Figure<'_>| {
        line.of.as_deref() == Some(&set.id) && !column.entered && line.only.iter().chain(&column.only).all(may)
    };
    form.places().filter(is_counted).collect()
}

/// Whether anything is on record for a year: where nothing is, the year is not known rather than zero.
fn tells(answer: &StatisticsAnswer, year: SchoolYear) -> bool {
    let time = answer.dimensions.iter().enumerate().find(|(_, dimension)| dimension.code.is_time());
    time.is_some_and(|(at, dimension)| {
        let code = written_year(dimension.code, year.0);
        answer.rows.iter().any(|row| row.members[at] == code)
    })
}

/// One question for all figures of a form that a data set has, of the year and of the one before; none when it does
/// not tell places of this level apart, or tells of today alone and the report is of an earlier round.
fn question(
    tx: &Tx,
    (form, set, places): (&ReportForm, &DataSet, &[Figure<'_>]),
    model: &Model,
) -> Option<StatisticsQuery> {
    let has = |dimension: &Dimension| set.dimensions.contains(dimension);
    let (year, times) = (model.school_year, set.dimensions.iter().copied().filter(|one| one.is_time()));
    if times.clone().next().is_none() && form.clock(model.unit)?.year_on(tx.ctx.clock.today()) != year {
        return None;
    }
    let years = |time: Dimension| [year.0, year.0 - 1].map(|year| written_year(time, year)).to_vec();
    let mut all: Vec<_> = times.clone().map(|time| StatisticsCondition::of(time, years(time))).collect();
    if let Some((dimension, code)) = place(model) {
        all.push(StatisticsCondition::of(Some(dimension).filter(has)?, vec![code]));
    }
    let conditions = places.iter().flat_map(|(line, column)| line.only.iter().chain(&column.only));
    let groups: BTreeSet<Dimension> = conditions.map(|one| one.dimension).filter(has).chain(times).collect();
    Some(StatisticsQuery {
        group_by: groups.into_iter().collect(),
        filter: Some(StatisticsCondition { all, ..StatisticsCondition::default() }),
        ..StatisticsQuery::default()
    })
}

/// The place of a report as a member; none for the country.
fn place(model: &Model) -> Option<(Dimension, String)> {
    match model.unit {
        WindowLevel::Commune => Some((Dimension::Commune, model.place_key.clone())),
        WindowLevel::Province => Some((Dimension::Province, model.place_key.clone())),
        WindowLevel::Country | WindowLevel::Centre => None,
    }
}

/// Adds up the rows of an answer for each figure.
fn count(places: &[Figure<'_>], answer: &StatisticsAnswer, year: SchoolYear, into: &mut Places) {
    let groups: BTreeMap<Dimension, usize> =
        answer.dimensions.iter().enumerate().map(|(at, dimension)| (dimension.code, at)).collect();
    let of_year: Vec<(usize, String)> = groups
        .iter()
        .filter(|(dimension, _)| dimension.is_time())
        .map(|(dimension, at)| (*at, written_year(*dimension, year.0)))
        .collect();
    for (line, column) in places {
        let Some(only) = tests(line, column, &groups) else { continue };
        let measure = line.measure.as_ref().and_then(|code| answer.measures.iter().position(|one| one.code == *code));
        let counts = |members: &[String]| {
            of_year.iter().all(|(at, code)| members[*at] == *code)
                && only.iter().all(|(at, codes)| codes.contains(&members[*at]))
        };
        let rows = answer.rows.iter().filter(|row| counts(&row.members));
        let sum = rows.map(|row| row.values[measure.unwrap_or_default()]).sum();
        into.insert((line.code.clone(), column.code.clone()), sum);
    }
}

/// What the members of a row must be; none when the data set does not tell it.
fn tests<'a>(
    line: &'a ReportLine,
    column: &'a ReportColumn,
    groups: &BTreeMap<Dimension, usize>,
) -> Option<Vec<(usize, &'a [String])>> {
    let conditions = line.only.iter().chain(&column.only);
    conditions.map(|one| Some((*groups.get(&one.dimension)?, one.members.as_slice()))).collect()
}

/// Adds up what the accepted reports of the level below say, and tells how many these are.
async fn collect(tx: &Tx, form: &ReportForm, model: &mut Model, into: &mut Places) -> Result<()> {
    let Some(below) = below(tx, form, model)? else { return Ok(()) };
    let reports = below.all(&tx.db).await?;
    for figure in reports.iter().flat_map(|report| &report.figures.0) {
        if let Some(reported) = figure.reported {
            *into.entry((figure.line.clone(), figure.column.clone())).or_default() += reported;
        }
    }
    model.accepted_below = Some(i32::try_from(reports.len()).map_err(Error::internal)?);
    model.units_below = Some(i32::try_from(units_below(model)).map_err(Error::internal)?);
    Ok(())
}

/// How many reports of the level below are accepted now; none where no level below reports.
pub(super) async fn accepted_below(tx: &Tx, form: &ReportForm, model: &Model) -> Result<Option<i32>> {
    let Some(below) = below(tx, form, model)? else { return Ok(None) };
    Ok(Some(i32::try_from(below.count(&tx.db).await?).map_err(Error::internal)?))
}

/// The accepted reports of the level below, where it reports on the form.
fn below(tx: &Tx, form: &ReportForm, model: &Model) -> Result<Option<Select<report::Entity>>> {
    let level = match model.unit {
        WindowLevel::Country => WindowLevel::Province,
        WindowLevel::Province => WindowLevel::Commune,
        WindowLevel::Commune | WindowLevel::Centre => return Ok(None),
    };
    if form.clock(level).is_none() {
        return Ok(None);
    }
    let select = accepted_of(tx, model, model.school_year)?.filter(report::Column::Unit.eq(level));
    let in_province = report::Column::ProvinceCode.eq(model.place_key.as_str());
    Ok(Some(if model.unit == WindowLevel::Province { select.filter(in_province) } else { select }))
}

fn units_below(model: &Model) -> usize {
    let today = units().filter(|unit| unit.valid_to.is_none());
    match model.unit {
        WindowLevel::Country => today.filter(|unit| unit.level == UnitLevel::Province).count(),
        _ => today.filter(|unit| unit.level == UnitLevel::Commune && unit.province_code == model.place_key).count(),
    }
}

/// The accepted report of the same place and form for another year.
async fn accepted(tx: &Tx, model: &Model, year: SchoolYear) -> Result<Option<Model>> {
    let select = accepted_of(tx, model, year)?.filter(report::Column::PlaceKey.eq(model.place_key.as_str()));
    Ok(select.one(&tx.db).await?)
}

/// The accepted reports on the form for a year.
fn accepted_of(tx: &Tx, model: &Model, year: SchoolYear) -> Result<Select<report::Entity>> {
    Ok(of_round(tx, &model.form, year)?.filter(report::Column::State.is_in(ACCEPTED)))
}
