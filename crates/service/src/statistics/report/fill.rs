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
        report_form::{ReportColumn, ReportCondition, ReportForm, ReportLine},
    },
    territory::{find::units, unit::UnitLevel},
};
use sea_orm::{ColumnTrait, QueryFilter};

use super::Reports;
use crate::{
    Error, Resource, Result,
    statistics::{StatisticsAnswer, StatisticsCondition, StatisticsQuery, ask::exactly, query::written_year},
    tx::Tx,
};

/// The states in which the level above has taken a report.
const ACCEPTED: [ReportState; 2] = [ReportState::Accepted, ReportState::Locked];

/// Fills a report in: what is known, and the figures that follow with what its body says.
pub(super) async fn fill(tx: &Tx, form: &'static ReportForm, model: &mut Model) -> Result<()> {
    let before = SchoolYear(model.school_year.0 - 1);
    let mut known = Known::default();
    let mut counted_before = Places::default();
    let mut position = None;
    for set in sets(form) {
        let Some(asked) = question(form, set, model) else { continue };
        let answer = exactly(tx, set, asked).await?;
        position = Some(position.map_or(answer.position, |least: i64| least.min(answer.position)));
        count(form, set, &answer, model.school_year, &mut known.counted);
        if tells(&answer, before) {
            count(form, set, &answer, before, &mut counted_before);
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

/// Whether anything is on record for a year: where nothing is, the year is not known rather than zero.
fn tells(answer: &StatisticsAnswer, year: SchoolYear) -> bool {
    let time = answer.dimensions.iter().enumerate().find(|(_, dimension)| dimension.code.is_time());
    time.is_some_and(|(at, dimension)| {
        let code = written_year(dimension.code, year.0);
        answer.rows.iter().any(|row| row.members[at] == code)
    })
}

/// One question for all figures of a form that a data set has, of the year and of the one before; none when it does
/// not tell places of this level apart.
fn question(form: &ReportForm, set: &DataSet, model: &Model) -> Option<StatisticsQuery> {
    let mut all = Vec::new();
    if let Some((dimension, code)) = place(model) {
        all.push(StatisticsCondition::of(set.dimensions.contains(&dimension).then_some(dimension)?, vec![code]));
    }
    for dimension in set.dimensions.iter().filter(|dimension| dimension.is_time()) {
        let year = model.school_year;
        all.push(StatisticsCondition::of(
            *dimension,
            vec![written_year(*dimension, year.0), written_year(*dimension, year.0 - 1)],
        ));
    }
    let lines = form.places().filter(|(line, _)| line.of.as_deref() == Some(&set.id));
    let named = |conditions: &[ReportCondition]| conditions.iter().map(|one| one.dimension).collect::<Vec<_>>();
    let mut groups: BTreeSet<Dimension> =
        lines.flat_map(|(line, column)| [named(&line.only), named(&column.only)].concat()).collect();
    groups.extend(set.dimensions.iter().filter(|dimension| dimension.is_time()));
    groups.retain(|dimension| set.dimensions.contains(dimension));
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

/// Adds up the rows of an answer for each figure that the data set tells.
fn count(form: &ReportForm, set: &DataSet, answer: &StatisticsAnswer, year: SchoolYear, into: &mut Places) {
    let groups: BTreeMap<Dimension, usize> =
        answer.dimensions.iter().enumerate().map(|(at, dimension)| (dimension.code, at)).collect();
    let of_year: Vec<(usize, String)> = groups
        .iter()
        .filter(|(dimension, _)| dimension.is_time())
        .map(|(dimension, at)| (*at, written_year(*dimension, year.0)))
        .collect();
    for (line, column) in form.places().filter(|(line, _)| line.of.as_deref() == Some(&set.id)) {
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
    let below = match model.unit {
        WindowLevel::Country => WindowLevel::Province,
        WindowLevel::Province => WindowLevel::Commune,
        WindowLevel::Commune | WindowLevel::Centre => return Ok(()),
    };
    if form.clock(below).is_none() {
        return Ok(());
    }
    let mut select = of_year(tx, model, model.school_year)?.filter(report::Column::Unit.eq(below));
    if model.unit == WindowLevel::Province {
        select = select.filter(report::Column::ProvinceCode.eq(model.place_key.as_str()));
    }
    let reports = select.all(&tx.db).await?;
    for figure in reports.iter().flat_map(|report| &report.figures.0) {
        if let Some(reported) = figure.reported {
            *into.entry((figure.line.clone(), figure.column.clone())).or_default() += reported;
        }
    }
    model.accepted_below = Some(i32::try_from(reports.len()).map_err(Error::internal)?);
    model.units_below = Some(i32::try_from(units_below(model)).map_err(Error::internal)?);
    Ok(())
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
    let select = of_year(tx, model, year)?.filter(report::Column::PlaceKey.eq(model.place_key.as_str()));
    Ok(select.one(&tx.db).await?)
}

/// The accepted reports on the form for a year.
fn of_year(tx: &Tx, model: &Model, year: SchoolYear) -> Result<sea_orm::Select<report::Entity>> {
    Ok(tx
        .select::<report::Entity>(&tx.require(Reports::READ)?)
        .filter(report::Column::DeletedAt.is_null())
        .filter(report::Column::Form.eq(model.form.as_str()))
        .filter(report::Column::SchoolYear.eq(year))
        .filter(report::Column::State.is_in(ACCEPTED)))
}
