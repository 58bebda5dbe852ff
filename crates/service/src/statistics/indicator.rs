//! Indicators: figures of one query divided by those of another, with both told.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};
use gdtx_domain::{
    SchoolYear,
    statistics::{
        data_set,
        dimension::{Dimension, NOT_TOLD},
        indicator::{self, COMMUNES, Indicator, Part},
    },
    territory::{
        find::units,
        unit::{Unit, UnitLevel},
    },
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    answer::{AnswerDimension, FigureStatus, Row, Slice, StatisticsAnswer},
    ask::{ask, latest_year, shown_dimension},
    disclosure::ROUNDED_TO,
    grid::TOTAL,
    query::{StatisticsCondition, StatisticsQuery, refuse},
};
use crate::{Code, Ctx, Error, Result};

/// An indicator and how it is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatisticsIndicator {
    pub id: String,
    pub title: String,
    /// Its definition.
    pub about: String,
    pub unit: String,
    /// The text that defines it or asks for it.
    pub source: String,
    /// What is divided by what, as an expression over data sets.
    pub formula: String,
    /// What it can be broken down by.
    pub dimensions: Vec<Dimension>,
}

/// The indicators.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatisticsIndicators {
    pub items: Vec<StatisticsIndicator>,
}

/// An indicator of one combination of members.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "StatisticsIndicatorRow")]
#[schema(as = StatisticsIndicatorRow)]
pub struct IndicatorRow {
    /// The members, in the order of `groupBy`.
    pub members: Vec<String>,
    /// With two decimal places; null where nothing is there to divide by, or where it is withheld, since either side is
    /// rounded and below 50.
    pub value: Option<f64>,
    pub numerator: i64,
    pub denominator: i64,
    /// What was done to the figures that it is made of; null where they are exact.
    pub status: Option<FigureStatus>,
}

/// An indicator with its values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatisticsIndicatorAnswer {
    pub indicator: StatisticsIndicator,
    /// The position of the journal that the figures are true at: the lower one of the two sides.
    pub position: i64,
    /// When they were counted.
    pub counted_at: DateTime<Utc>,
    /// Changes with the figures of either side.
    pub version: String,
    pub dimensions: Vec<AnswerDimension>,
    /// What it is of in dimensions that it is not broken down by: the school year, also where none was asked for, and
    /// what was asked for.
    pub slice: Vec<Slice>,
    pub rows: Vec<IndicatorRow>,
}

/// Lists the indicators.
pub fn indicators(ctx: &Ctx) -> StatisticsIndicators {
    StatisticsIndicators { items: indicator::all().iter().map(|indicator| told(ctx, indicator)).collect() }
}

/// Answers an indicator, broken down and filtered as the query says; of the latest school year unless the query
/// names one.
///
/// # Errors
/// `not_found` for an indicator that is none; `invalid_parameter` for what its data sets do not have both.
pub async fn indicate(ctx: &Ctx, id: &str, query: &StatisticsQuery) -> Result<StatisticsIndicatorAnswer> {
    let indicator = indicator::find(id).ok_or_else(|| {
        Error::new(
            Code::NotFound,
            "Không có chỉ tiêu này; danh sách ở /v1/statistics/indicators.",
            "There is no such indicator: /v1/statistics/indicators lists them.",
        )
    })?;
    check(query, indicator, &told(ctx, indicator).dimensions)?;
    // Both sides are of the same year; where nobody is enrolled yet, of the one that has begun.
    let (mut query, year) = (query.clone(), latest_year(ctx).await?);
    let year = year.unwrap_or_else(|| SchoolYear::of(ctx.clock.today()));
    query.of_latest(year);
    let query = &query;
    let numerator = side(ctx, &indicator.numerator, query, year).await?;
    let denominator = if indicator.denominator.of == COMMUNES {
        Side { figures: communes(query)?, answer: numerator.answer.clone() }
    } else {
        side(ctx, &indicator.denominator, query, year).await?
    };
    let mut answer = denominator.answer;
    let mut members: BTreeSet<Vec<String>> = numerator.figures.keys().cloned().collect();
    // A year that has not begun is not beside the one before it.
    if indicator.denominator.years_before == 0 {
        members.extend(denominator.figures.keys().cloned());
    }
    let (dimensions, about) = (dimensions(&query.group_by, &members, ctx), told(ctx, indicator));
    let is_told = |one: &Slice| about.dimensions.contains(&one.code) && one.member.code != TOTAL;
    let slice = numerator.answer.slice.iter().filter(|one| is_told(one)).cloned().collect();
    let row = |members: Vec<String>| {
        let (over, rounded) = numerator.figures.get(&members).copied().unwrap_or((0, numerator.answer.status_of_zero));
        let (under, other) = denominator.figures.get(&members).copied().unwrap_or((0, answer.status_of_zero));
        let status = rounded.or(other);
        let is_told = status.is_none() || over.min(under) >= LEAST_ROUNDED;
        let value = divided(over, under, indicator.times).filter(|_| is_told);
        let status = if is_told { status } else { Some(FigureStatus::Withheld) };
        IndicatorRow { members, value, numerator: over, denominator: under, status }
    };
    let rows = members.into_iter().map(row).collect();
    let version = format!("{}-{}.{}", numerator.answer.version, answer.version, year.0);
    if answer.position > numerator.answer.position {
        (answer.position, answer.counted_at) = (numerator.answer.position, numerator.answer.counted_at);
    }
    Ok(StatisticsIndicatorAnswer {
        indicator: about,
        position: answer.position,
        counted_at: answer.counted_at,
        version,
        dimensions,
        slice,
        rows,
    })
}

/// Rounded figures are divided where there are at least this many on both sides: of fewer the quotient would say more of
/// the rounding than of people.
const LEAST_ROUNDED: i64 = 10 * ROUNDED_TO;

/// What rows are broken down by, with every member of theirs.
fn dimensions(groups: &[Dimension], rows: &BTreeSet<Vec<String>>, ctx: &Ctx) -> Vec<AnswerDimension> {
    let members = |at: usize| rows.iter().map(|members| members[at].clone()).collect::<BTreeSet<_>>();
    let shown = |(at, dimension): (usize, &Dimension)| {
        shown_dimension(*dimension, members(at).into_iter().collect(), ctx.lang, ctx.clock.today())
    };
    groups.iter().enumerate().map(shown).collect()
}

/// What an indicator does not do.
fn check(query: &StatisticsQuery, indicator: &Indicator, dimensions: &[Dimension]) -> Result<()> {
    if let Some(other) = query.group_by.iter().find(|dimension| !dimensions.contains(dimension)) {
        let (code, names) = (other.code(), dimensions.iter().map(|known| known.code()).collect::<Vec<_>>().join(", "));
        return Err(refuse(
            "groupBy",
            "unknown_code",
            format!("Chỉ số không chia theo “{code}”; chia theo: {names}."),
            format!("The indicator is not broken down by “{code}”; it is by: {names}."),
        ));
    }
    let own = indicator.numerator.only.keys().chain(indicator.denominator.only.keys());
    if let Some(own) = own.into_iter().find(|dimension| query.names(**dimension)) {
        let all = query.filter.iter().flat_map(|filter| &filter.all);
        let nth = all.into_iter().position(|condition| condition.dimension == Some(*own));
        return Err(refuse(
            &nth.map_or_else(|| "filter".to_owned(), |nth| format!("filter/all/{nth}/dimension")),
            "not_allowed_here",
            format!("Chỉ số tự định {own}: không lọc theo chiều này."),
            format!("The indicator says itself what it is of by {own}: it is not filtered by that."),
        ));
    }
    let given = [
        ("measures", !query.measures.is_empty()),
        ("totals", query.totals),
        ("sort", query.sort.is_some()),
        ("top", query.top.is_some()),
        ("boundaries", query.boundaries.is_some()),
    ];
    match given.iter().find(|(_, given)| *given) {
        None => Ok(()),
        Some((name, _)) => Err(refuse(
            name,
            "not_allowed_here",
            "Chỉ số chỉ nhận groupBy và điều kiện lọc.",
            "An indicator takes groupBy and conditions only.",
        )),
    }
}

/// Figures by their members, with what was done to them.
type Figures = BTreeMap<Vec<String>, (i64, Option<FigureStatus>)>;

/// The figures of one side, and the answer that they come from.
struct Side {
    figures: Figures,
    answer: StatisticsAnswer,
}

async fn side(ctx: &Ctx, part: &Part, query: &StatisticsQuery, year: SchoolYear) -> Result<Side> {
    let set = data_set::find(&part.of).ok_or_else(|| Error::internal("an indicator of no data set"))?;
    let mut all: Vec<StatisticsCondition> =
        query.filter.iter().map(|filter| before(filter, part.years_before)).collect();
    all.extend(part.only.iter().map(|(dimension, members)| StatisticsCondition::of(*dimension, members.clone())));
    if set.dimensions.contains(&Dimension::SchoolYear) && !query.names(Dimension::SchoolYear) {
        all.push(before(&StatisticsCondition::of(Dimension::SchoolYear, vec![year.to_string()]), part.years_before));
    }
    let places = part.places && !query.group_by.contains(&Dimension::Commune);
    let asked = StatisticsQuery {
        measures: part.measure.iter().cloned().collect(),
        group_by: query.group_by.iter().copied().chain(places.then_some(Dimension::Commune)).collect(),
        filter: Some(StatisticsCondition { all, ..StatisticsCondition::default() }),
        ..StatisticsQuery::default()
    };
    let answer = ask(ctx, &set.id, asked, |_| false).await.map_err(of_query)?;
    let mut answer = answer.ok_or_else(|| Error::internal("no answer"))?;
    let mut figures = Figures::new();
    let is_place = |row: &Row| !places || row.members.last().is_some_and(|commune| commune != NOT_TOLD);
    for mut row in std::mem::take(&mut answer.rows).into_iter().filter(is_place) {
        row.members.truncate(query.group_by.len());
        later(&mut row.members, &query.group_by, part.years_before);
        let figure = figures.entry(row.members).or_default();
        figure.0 += if part.places { 1 } else { row.values.first().copied().unwrap_or_default() };
        figure.1 = figure.1.or(row.status);
    }
    Ok(Side { figures, answer })
}

/// A refusal of the query's own filter, which stands first among the conditions of a side.
fn of_query(mut error: Error) -> Error {
    for field in &mut error.fields {
        if let Some(rest) = field.pointer.strip_prefix("filter/all/0") {
            field.pointer = format!("filter{rest}");
        }
    }
    error
}

/// How many communes there are today of those that are asked for, in the whole country or by province.
fn communes(query: &StatisticsQuery) -> Result<Figures> {
    let mut counts = Figures::new();
    for unit in units().filter(|unit| unit.level == UnitLevel::Commune && unit.valid_to.is_none()) {
        let is_asked = query.filter.as_ref().map_or(Ok(true), |filter| covers(filter, unit, true));
        if is_asked.map_err(|other| beside_places(other.code()))? {
            let members = query.group_by.iter().map(|_| unit.province_code.clone()).collect();
            counts.entry(members).or_insert((0, None)).0 += 1;
        }
    }
    Ok(counts)
}

/// Whether a condition holds for a commune; a dimension that says nothing of communes is given back, unless it is of
/// a time that is asked for beside everything else.
fn covers(condition: &StatisticsCondition, unit: &Unit, is_beside: bool) -> std::result::Result<bool, Dimension> {
    let own = match condition.dimension {
        None => true,
        Some(Dimension::Province) => condition.members.contains(&unit.province_code),
        Some(Dimension::Commune) => condition.members.contains(&unit.code),
        Some(time) if time.is_time() && is_beside => true,
        Some(other) => return Err(other),
    };
    let holds = |list: &[StatisticsCondition], is_beside: bool| {
        list.iter().map(|part| covers(part, unit, is_beside)).collect::<std::result::Result<Vec<bool>, _>>()
    };
    let (all, any) = (holds(&condition.all, is_beside)?, holds(&condition.any, false)?);
    let none = holds(&condition.none, false)?;
    let is_any = any.is_empty() || any.contains(&true);
    Ok(own && is_any && !all.contains(&false) && !none.contains(&true))
}

fn beside_places(code: &str) -> Error {
    refuse(
        "filter",
        "not_allowed_here",
        format!("Chỉ số này tính trên số xã: chỉ lọc theo province, commune và năm, không lọc theo {code}."),
        format!("This indicator divides by communes: it is filtered by province, commune and year, and not by {code}."),
    )
}

/// The same condition on school years so many before.
fn before(condition: &StatisticsCondition, years: usize) -> StatisticsCondition {
    let inner = |list: &[StatisticsCondition]| list.iter().map(|condition| before(condition, years)).collect();
    let moved = |member: &String| match member.parse::<SchoolYear>() {
        Ok(year) => SchoolYear(year.0 - i32::try_from(years).unwrap_or_default()).to_string(),
        Err(_) => member.clone(),
    };
    let is_year = condition.dimension == Some(Dimension::SchoolYear);
    StatisticsCondition {
        dimension: condition.dimension,
        members: condition.members.iter().map(|member| if is_year { moved(member) } else { member.clone() }).collect(),
        all: inner(&condition.all),
        any: inner(&condition.any),
        none: inner(&condition.none),
    }
}

/// Figures of so many years before stand beside those of the year that is asked for.
fn later(members: &mut [String], groups: &[Dimension], years: usize) {
    let years = i32::try_from(years).unwrap_or_default();
    for (member, _) in members.iter_mut().zip(groups).filter(|(_, dimension)| **dimension == Dimension::SchoolYear) {
        if let Ok(year) = member.parse::<SchoolYear>() {
            *member = SchoolYear(year.0 + years).to_string();
        }
    }
}

/// The quotient with two decimal places.
fn divided(over: i64, under: i64, times: u32) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "numbers of people are far below 2^53")]
    (under != 0).then(|| (over as f64 * f64::from(times) / under as f64 * 100.0).round() / 100.0)
}

fn told(ctx: &Ctx, indicator: &Indicator) -> StatisticsIndicator {
    let text = |label: gdtx_domain::Label| label.in_lang(ctx.lang).to_owned();
    let (over, under) = (formula(&indicator.numerator), formula(&indicator.denominator));
    let times = if indicator.times == 1 { String::new() } else { format!("{} × ", indicator.times) };
    let has = |part: &Part, dimension: Dimension| match data_set::find(&part.of) {
        Some(set) => set.dimensions.contains(&dimension),
        None => dimension == Dimension::Province,
    };
    let can = |dimension: &&Dimension| {
        has(&indicator.numerator, **dimension)
            && has(&indicator.denominator, **dimension)
            && !indicator.numerator.only.contains_key(dimension)
            && !indicator.denominator.only.contains_key(dimension)
            && !indicator.never_by.contains(dimension)
    };
    StatisticsIndicator {
        id: indicator.id.clone(),
        title: text(indicator.title()),
        about: text(indicator.about()),
        unit: text(indicator.unit()),
        source: indicator.source.clone(),
        formula: format!("{times}{over} / {under}"),
        dimensions: Dimension::ALL.iter().filter(can).copied().collect(),
    }
}

/// One side as an expression: `enrolments[period=start, gender=female]`.
fn formula(part: &Part) -> String {
    let mut only: Vec<String> =
        part.only.iter().map(|(dimension, members)| format!("{dimension}={}", members.join("|"))).collect();
    if part.years_before > 0 {
        only.push(format!("schoolYear-{}", part.years_before));
    }
    let measure = part.measure.as_ref().map(|measure| format!(".{measure}")).unwrap_or_default();
    let only = if only.is_empty() { String::new() } else { format!("[{}]", only.join(", ")) };
    let figures = format!("{}{measure}{only}", part.of);
    if part.places { format!("communes with {figures}") } else { figures }
}
