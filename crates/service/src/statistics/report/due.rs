//! What is due: every report that a form asks of the places within reach, handed in or not.

use std::collections::{BTreeSet, HashMap};

use async_graphql::{InputObject, SimpleObject};
use chrono::NaiveDate;
use gdtx_domain::{
    SchoolYear,
    access::reach::Reach,
    exchange::window::WindowLevel,
    statistics::{
        report::{self, ReportState},
        report_form::{self, ReportForm},
    },
    territory::{
        find::{check_code, units},
        unit::{Unit, UnitLevel},
    },
};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{Reports, record::COUNTRY};
use crate::{Code, Ctx, Error, Resource, Result, tx::Tx};

/// Which duties to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, InputObject, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct DueReportsQuery {
    /// The day that is counted from; today when absent. Reports are shown as they stand now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<NaiveDate>,
    /// Code of one form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// A province (2 digits): it and its communes alone.
    #[param(pattern = "^[0-9]{2}$")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub province_code: Option<String>,
    /// Only what is not handed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open: Option<bool>,
}

/// A report that a form asks of a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DueReport {
    /// Code of the form.
    pub form: String,
    pub title: String,
    /// Whose report it is.
    pub unit: WindowLevel,
    /// Code of the place today; null for the country.
    pub place_code: Option<String>,
    pub place_name: String,
    pub school_year: SchoolYear,
    /// The day that the figures are of.
    pub as_of: NaiveDate,
    /// The last day to hand it in.
    pub due_on: NaiveDate,
    /// Days to the last one; below zero when it is over.
    pub days_left: i64,
    /// The report, where there is one.
    pub report_id: Option<Uuid>,
    /// Where it stands; null when there is none.
    pub state: Option<ReportState>,
    /// Whether the last day is over and it is not handed in.
    pub overdue: bool,
    /// The reminder that holds: so many days before the last one, of those that the form names and not before the day
    /// that the figures are of; null when none holds, or it is handed in.
    pub reminder: Option<i64>,
}

/// What is due, the nearest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DueReports {
    /// The day that is counted from.
    pub on: NaiveDate,
    pub items: Vec<DueReport>,
}

/// What a form asks of every place of a level in the year that a day falls into.
pub(super) struct Round {
    form: &'static ReportForm,
    pub level: WindowLevel,
    pub year: SchoolYear,
    as_of: NaiveDate,
    due_on: NaiveDate,
}

impl Round {
    /// The reminder that holds on a day; none is of a day before that of the figures.
    pub fn reminder(&self, on: NaiveDate) -> Option<i64> {
        let (days_left, most) = ((self.due_on - on).num_days(), (self.due_on - self.as_of).num_days());
        let holds = |days: &&i64| (0..=**days).contains(&days_left) && **days <= most;
        self.form.reminders.iter().filter(holds).min().copied()
    }
}

pub(super) fn rounds(form: &'static ReportForm, on: NaiveDate) -> impl Iterator<Item = Round> {
    form.levels.iter().map(move |clock| {
        let year = clock.year_on(on);
        Round { form, level: clock.level, year, as_of: clock.as_of_day(year), due_on: clock.due_day(year) }
    })
}

/// A place that reports, by its level; the country is no unit.
pub(super) type Reporter = (WindowLevel, Option<&'static Unit>);

/// Reports by form, school year and place.
pub(super) type Found = HashMap<(String, SchoolYear, String), (Uuid, ReportState)>;

/// Lists what is due. The Ministry sees the country and the provinces, a department its province and its communes.
///
/// # Errors
/// `invalid_parameter` for a form or a province that is none.
pub async fn due(ctx: &Ctx, query: DueReportsQuery) -> Result<DueReports> {
    check(&query)?;
    let tx = ctx.read().await?;
    let scope = tx.require(Reports::READ)?;
    let on = query.on.unwrap_or_else(|| ctx.clock.today());
    let places = places(&scope.reach, query.province_code.as_deref());
    let levels = places.iter().map(|(level, _)| *level).collect();
    let asked = |form: &&'static ReportForm| query.form.as_ref().is_none_or(|code| *code == form.code);
    let rounds: Vec<Round> = report_form::all().iter().filter(asked).flat_map(|form| rounds(form, on)).collect();
    let found = found(&tx, &query, levels, rounds.iter().map(|round| round.year).collect()).await?;
    let mut items = duties(ctx, &rounds, &places, on, &found);
    items.retain(|item| !query.open.unwrap_or_default() || item.state.is_none_or(ReportState::is_open));
    items.sort_by(|a, b| (a.due_on, &a.form, &a.place_code).cmp(&(b.due_on, &b.form, &b.place_code)));
    tx.end(DueReports { on, items }).await
}

/// What rounds ask of places.
pub(super) fn duties(ctx: &Ctx, rounds: &[Round], places: &[Reporter], on: NaiveDate, found: &Found) -> Vec<DueReport> {
    let duty = |round: &Round, (level, place): &Reporter| {
        // Nobody reports of a day before there was such a place.
        let was_there = place.and_then(|unit| unit.valid_from).is_none_or(|from| from <= round.as_of);
        (*level == round.level && was_there).then(|| duty(ctx, round, *place, on, found))
    };
    rounds.iter().flat_map(|round| places.iter().filter_map(move |place| duty(round, place))).collect()
}

fn check(query: &DueReportsQuery) -> Result<()> {
    if query.form.as_ref().is_some_and(|code| report_form::find(code).is_none()) {
        let (vi, en) = ("Không có biểu mẫu này.", "There is no such form.");
        return Err(Error::field(Code::InvalidParameter, "form", "unknown_code", vi, en));
    }
    let mut checks = gdtx_domain::Checks::default();
    if query.on.is_some_and(|on| !SchoolYear::of(on).is_taken()) {
        let (vi, en) =
            ("Ngày nằm ngoài các năm học được nhận.", "The day lies outside the school years that are taken.");
        checks.refuse("on", "out_of_range", vi, en);
    }
    check_code("provinceCode", query.province_code.as_deref(), Some(UnitLevel::Province), &mut checks);
    if checks.is_ok() { Ok(()) } else { Err(Error { fields: checks.problems, ..Error::of(Code::InvalidParameter) }) }
}

/// The places of a reach that report: those of the caller itself, and those right below it.
fn places(reach: &Reach, province: Option<&str>) -> Vec<Reporter> {
    let within = |unit: &Unit| match unit.level {
        UnitLevel::Province if reach.country => true,
        UnitLevel::Province => reach.provinces.contains(&unit.province_code),
        UnitLevel::Commune => {
            let of_province = reach.provinces.contains(&unit.province_code) || (reach.country && province.is_some());
            of_province || reach.communes.contains(&unit.code)
        }
        UnitLevel::District => false,
    };
    let level =
        |unit: &Unit| if unit.level == UnitLevel::Province { WindowLevel::Province } else { WindowLevel::Commune };
    let country = (reach.country && province.is_none()).then_some((WindowLevel::Country, None));
    let today =
        units().filter(|unit| unit.valid_to.is_none() && province.is_none_or(|code| unit.province_code == code));
    country.into_iter().chain(today.filter(|unit| within(unit)).map(|unit| (level(unit), Some(unit)))).collect()
}

/// The reports of these years and levels.
pub(super) async fn found(
    tx: &Tx,
    query: &DueReportsQuery,
    levels: BTreeSet<WindowLevel>,
    years: BTreeSet<SchoolYear>,
) -> Result<Found> {
    use report::Column::{DeletedAt, Form, Id, PlaceKey, ProvinceCode, SchoolYear as Year, State, Unit as Level};
    let mut select = tx
        .select::<report::Entity>(&tx.require(Reports::READ)?)
        .select_only()
        .columns([Form, Year, PlaceKey, Id, State])
        .filter(DeletedAt.is_null())
        .filter(Year.is_in(years))
        .filter(Level.is_in(levels));
    if let Some(form) = &query.form {
        select = select.filter(Form.eq(form.as_str()));
    }
    if let Some(province) = &query.province_code {
        select = select.filter(ProvinceCode.eq(province.as_str()));
    }
    let rows: Vec<(String, SchoolYear, String, Uuid, ReportState)> = select.into_tuple().all(&tx.db).await?;
    Ok(rows.into_iter().map(|(form, year, place, id, state)| ((form, year, place), (id, state))).collect())
}

fn duty(ctx: &Ctx, round: &Round, place: Option<&Unit>, on: NaiveDate, found: &Found) -> DueReport {
    let Round { form, level, year, as_of, due_on } = *round;
    let key = place.map_or(COUNTRY, |unit| unit.code.as_str());
    let report = found.get(&(form.code.clone(), year, key.to_owned()));
    let state = report.map(|(_, state)| *state);
    let (days_left, is_open) = ((due_on - on).num_days(), state.is_none_or(ReportState::is_open));
    let label = gdtx_domain::Label::new(&form.title_vi, &form.title_en);
    let country = gdtx_domain::Label::new("Cả nước", "The whole country");
    DueReport {
        form: form.code.clone(),
        title: label.in_lang(ctx.lang).to_owned(),
        unit: level,
        place_code: place.map(|unit| unit.code.clone()),
        place_name: place.map_or_else(|| country.in_lang(ctx.lang).to_owned(), |unit| unit.name_with_type.clone()),
        school_year: year,
        as_of,
        due_on,
        days_left,
        report_id: report.map(|(id, _)| *id),
        state,
        overdue: is_open && days_left < 0,
        reminder: round.reminder(on).filter(|_| is_open),
    }
}
