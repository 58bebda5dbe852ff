//! Whether a record may be written in the period it belongs to, judged in the transaction of the write.

use std::sync::Arc;

use async_graphql::{InputObject, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use gdtx_domain::{
    Checks, Label, SchoolYear,
    access::reach::Keys,
    exchange::window::{self, SyncKind, Verdict, WindowLevel},
    territory::{find::find, unit::UnitLevel},
};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QuerySelect};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::window::{SyncWindow, level};
use crate::{
    Code, Ctx, Error, Record, Resource, Result,
    access::{
        policy::Permission,
        reach::{unknown_commune, unknown_province},
    },
    centres::centre::{Centre, Centres},
    resource::{Draft, Lock, load},
    tx::Tx,
};

/// How imports and batches name the period that their rows are for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncPeriods {
    /// As they like; a period without a window is open.
    #[default]
    Optional,
    /// Each one; a period without a window is open.
    Named,
    /// Each one; a period without a window is closed.
    Declared,
}

/// The period that the rows of an import are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    pub school_year: SchoolYear,
    pub kind: SyncKind,
    /// Whether a period for which no window was declared is closed.
    pub must_be_declared: bool,
}

impl Period {
    /// The period that a request names: both of its parts, or, where none need be named, none.
    /// `pointer` tells where the parts stand.
    ///
    /// # Errors
    /// `required` for the part that is missing, with the code of the error as given.
    pub fn named(
        (school_year, kind): (Option<SchoolYear>, Option<SyncKind>),
        rule: SyncPeriods,
        code: Code,
        pointer: &str,
    ) -> Result<Option<Self>> {
        let missing = match (school_year, kind) {
            (Some(school_year), Some(kind)) => {
                return Ok(Some(Self { school_year, kind, must_be_declared: rule == SyncPeriods::Declared }));
            }
            (None, None) if rule == SyncPeriods::Optional => return Ok(None),
            (None, _) => "schoolYear",
            (Some(_), None) => "syncKind",
        };
        Err(Error::field(
            code,
            &format!("{pointer}{missing}"),
            "required",
            "Nêu kỳ của dữ liệu bằng cả schoolYear và syncKind.",
            "Name the period of the data by both schoolYear and syncKind.",
        ))
    }
}

/// Refuses a record whose period is not open, unless the caller speaks for the department that closed
/// it. Windows stay as they are until the write ends.
pub(crate) async fn check<R: Resource>(tx: &Tx, draft: &Draft<R::Record>) -> Result<()> {
    let named = tx.ctx.period;
    if named.is_none() && R::YEAR_AT.is_none() {
        return Ok(());
    }
    let windows = governing(tx, &draft.meta.keys(), Lock::Shared).await?;
    // Who closed the books may mend them.
    let speaks_for =
        |w: &window::Model| level(tx) <= w.authority() && tx.may(Permission::WindowWrite, &SyncWindow::keys(w));
    let judge = |year, kind| window::judge_for(&windows, year, kind, tx.ctx.clock.now(), speaks_for);
    if let Some(Period { school_year, kind, must_be_declared }) = named {
        let verdict = judge(school_year, Some(kind));
        if must_be_declared && verdict == Verdict::Undeclared {
            return Err(undeclared(school_year, kind));
        }
        pass(verdict.stricter(judge(school_year, None)))?;
    }
    let Some(member) = R::YEAR_AT else { return Ok(()) };
    // Most units have no books that could be closed: then nothing more is asked.
    if named.is_some() || windows.iter().any(|window| window.sync_kind.is_none()) {
        for year in R::school_years(tx, draft).await? {
            if let Some(period) = named {
                check_year(period, year, member)?;
            }
            pass(judge(year, None))?;
        }
    }
    Ok(())
}

/// Rows are of the school year that their import names: another one has periods, and locks, of its own.
/// Historic data are those of the year and of all before it.
fn check_year(period: Period, year: SchoolYear, member: &str) -> Result<()> {
    let named = period.school_year;
    if year == named || (period.kind == SyncKind::Historic && year < named) {
        return Ok(());
    }
    let label = period.kind.label();
    Err(Error::field(
        Code::ValidationFailed,
        member,
        "other_school_year",
        format!("Bản ghi thuộc năm học {year}, còn kỳ đã nêu là “{}” năm học {named}.", label.vi),
        format!("The record is of the school year {year}; the period named is “{}” of {named}.", label.en),
    ))
}

fn pass(verdict: Verdict<'_>) -> Result<()> {
    let Verdict::Closed(window, stand) = verdict else { return Ok(()) };
    let (code, words) = window::refusal(window, stand);
    Err(refused(code, words))
}

fn refused(code: &'static str, words: Label) -> Error {
    let fields = Error::field(Code::PeriodClosed, "", code, words.vi.clone(), words.en.clone()).fields;
    Error { fields, ..Error::new(Code::PeriodClosed, words.vi, words.en) }
}

fn undeclared(year: SchoolYear, kind: SyncKind) -> Error {
    let period = window::name(year, Some(kind));
    refused(
        "period_not_declared",
        Label::new(
            format!("{} chưa được mở cho đơn vị này; hãy hỏi Sở.", period.vi),
            format!("{} was not opened for this unit: ask the department.", period.en),
        ),
    )
}

/// The windows that hold for a unit, of every year and kind.
async fn governing(tx: &Tx, keys: &Keys, lock: Lock) -> Result<Arc<Vec<window::Model>>> {
    use window::Column;
    if let Some(known) = tx.known_windows(keys) {
        return Ok(known);
    }
    let unit = |unit: WindowLevel| Condition::all().add(Column::Unit.eq(unit));
    let units = Condition::any()
        .add(unit(WindowLevel::Country))
        .add_option(
            keys.province_code.as_ref().map(|p| unit(WindowLevel::Province).add(Column::ProvinceCode.eq(p.as_str()))),
        )
        .add_option(
            keys.commune_code.as_ref().map(|c| unit(WindowLevel::Commune).add(Column::CommuneCode.eq(c.as_str()))),
        )
        .add_option(keys.centre_id.map(|c| unit(WindowLevel::Centre).add(Column::CentreId.eq(c))));
    let select = tx
        .select::<window::Entity>(&tx.existence(Permission::WindowRead))
        .filter(units)
        .filter(Column::DeletedAt.is_null());
    let select = if lock == Lock::Shared { select.lock_shared() } else { select };
    let windows = Arc::new(select.all(&tx.db).await?);
    tx.found_windows(keys.clone(), Arc::clone(&windows));
    Ok(windows)
}

/// A period of a unit that is asked about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, InputObject, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct SyncPeriodQuery {
    /// School year, `2026` or `2026-2027`.
    #[param(required = true)]
    pub school_year: Option<SchoolYear>,
    /// What is to be sent; absent for any other write of a record of that year.
    #[param(inline)]
    pub sync_kind: Option<SyncKind>,
    /// The centre whose records are meant.
    pub centre_id: Option<Uuid>,
    /// Today's province code (2 digits), where no centre is named.
    #[param(pattern = "^[0-9]{2}$")]
    pub province_code: Option<String>,
    /// Today's commune code (5 digits), where no centre is named.
    #[param(pattern = "^[0-9]{5}$")]
    pub commune_code: Option<String>,
}

/// Whether a period is open for a unit, and by which window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SyncPeriod {
    /// Whether records may be written now.
    pub is_open: bool,
    /// `open`, `not_declared` (open unless imports must be declared), `period_not_open`,
    /// `period_closed` or `period_locked`.
    pub code: String,
    /// The reason and the date, in the language of the request.
    pub detail: Option<String>,
    /// The window that decides; null where none was declared.
    pub window_id: Option<Uuid>,
    /// When it opens or opened.
    pub opens_at: Option<DateTime<Utc>>,
    /// When it closes or closed.
    pub closes_at: Option<DateTime<Utc>>,
}

/// Tells whether a period is open for a unit, for those who do not speak for the department that set it.
///
/// # Errors
/// `invalid_parameter` without a school year, for a centre out of sight or a place that does not exist.
pub async fn stand(ctx: &Ctx, query: SyncPeriodQuery) -> Result<SyncPeriod> {
    let tx = ctx.read().await?;
    tx.require(Permission::WindowRead)?;
    let mut checks = Checks::default();
    checks.required("schoolYear", query.school_year.as_ref());
    let keys = match query.centre_id {
        Some(id) => unit_of(&tx, id, &mut checks).await?,
        None => place_of(&query, ctx.clock.today(), &mut checks),
    };
    let Some(year) = query.school_year.filter(|_| checks.is_ok()) else {
        return Err(Error { fields: checks.problems, ..Error::of(Code::InvalidParameter) });
    };
    let windows = governing(&tx, &keys, Lock::Free).await?;
    let judge = |kind| window::judge(&windows, year, kind, ctx.clock.now());
    let verdict = query.sync_kind.map_or_else(|| judge(None), |kind| judge(Some(kind)).stricter(judge(None)));
    let told = told(verdict, ctx);
    tx.end(told).await
}

/// The keys of a place of today; a commune lies in its province.
fn place_of(query: &SyncPeriodQuery, today: NaiveDate, checks: &mut Checks) -> Keys {
    let (province, commune) = (query.province_code.as_deref(), query.commune_code.as_deref());
    let unit = province.map(|code| find(code, Some(UnitLevel::Province), today));
    if let (Some(code), Some(None)) = (province, unit) {
        unknown_province("provinceCode", code, checks);
    }
    let unit = commune.map(|code| find(code, Some(UnitLevel::Commune), today));
    if let (Some(code), Some(None)) = (commune, unit) {
        unknown_commune("communeCode", code, checks);
    }
    let around = unit.flatten().map(|unit| unit.province_code.clone());
    if let (Some(named), Some(around)) = (province, &around)
        && named != around
    {
        checks.refuse(
            "communeCode",
            "other_province",
            format!("Xã, phường này thuộc tỉnh, thành phố mã “{around}”."),
            format!("This commune lies in the province “{around}”."),
        );
    }
    Keys {
        province_code: around.or_else(|| query.province_code.clone()),
        commune_code: query.commune_code.clone(),
        centre_id: None,
    }
}

/// The keys of a centre in sight.
async fn unit_of(tx: &Tx, centre: Uuid, checks: &mut Checks) -> Result<Keys> {
    match load::<Centres>(tx, &tx.require(Centres::READ)?, centre, Lock::Free).await {
        Ok(model) => Ok(Centre::keys(&model)),
        Err(error) if error.code == Code::NotFound => {
            checks.refuse(
                "centreId",
                "unknown_record",
                "Không có cơ sở này trong phạm vi.",
                "There is no such centre within reach.",
            );
            Ok(Keys::default())
        }
        Err(error) => Err(error),
    }
}

fn told(verdict: Verdict<'_>, ctx: &Ctx) -> SyncPeriod {
    let (code, detail, window) = match verdict {
        Verdict::Undeclared => ("not_declared", None, None),
        Verdict::Open(window) => ("open", None, Some(window)),
        Verdict::Closed(window, stand) => {
            let (code, words) = window::refusal(window, stand);
            (code, Some(words.in_lang(ctx.lang).to_owned()), Some(window))
        }
    };
    SyncPeriod {
        is_open: !matches!(verdict, Verdict::Closed(..)),
        code: code.to_owned(),
        detail,
        window_id: window.map(|window| window.id),
        opens_at: window.and_then(|window| window.opens_at),
        closes_at: window.and_then(|window| window.closes_at),
    }
}

/// The school year of a class, for what belongs to it.
pub(crate) async fn year_of_class(tx: &Tx, class_id: Uuid) -> Result<Vec<SchoolYear>> {
    use crate::programmes::class::Classes;
    let class = load::<Classes>(tx, &tx.existence(Classes::READ), class_id, Lock::Free).await;
    match class {
        Ok(class) => Ok(vec![class.school_year]),
        Err(error) if error.code == Code::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}
