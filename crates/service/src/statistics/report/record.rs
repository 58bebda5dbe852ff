//! Reports: what is sent and shown, and what must hold while one is being prepared.

use chrono::{DateTime, NaiveDate, Utc};
use gdtx_domain::{
    Checks, SchoolYear,
    access::reach::Keys,
    exchange::{resource::ResourceKind, window::WindowLevel},
    statistics::{
        report::{self, ReportEntry, ReportSignature, ReportState},
        report_figures::{Known, ReportFigure, check_entries, figures},
        report_form::{self, ReportForm},
    },
    territory::place::{Place, PlaceInput},
    text,
};
use sea_orm::{ColumnTrait, QueryFilter, Select};
use uuid::Uuid;

use super::fill::{fill, make_ready};
use crate::{
    Code, Ctx, Error, Record, Result,
    access::{caller::Caller, policy::Permission},
    exchange::window::level,
    filter::filter,
    programmes::programme::immutable,
    resource::{Draft, Resource, Sort},
    shape::record,
    territory::place,
    tx::{Tx, outside_reach},
};

record! {
    /// A report (báo cáo) of a commune, a province or the country on a form for a year. It is filled in from the
    /// records, corrected and explained by the body of the place, and handed to the level above.
    Report("ReportFields"), NewReport, ReportPatch, ReportManaged of report::Model {
    required {
        /// The form (Biểu mẫu): a code of `/v1/report-forms`. Never changes.
        form: String [text(60)],
        /// School year (Năm học), `2026` or `2026-2027`; for a form of calendar years the one that begins in the year.
        /// Never changes.
        school_year: SchoolYear,
    }
    optional {
        /// Remark (Ghi chú), at most 2,000 characters.
        note: String [text(2000)] = None,
    }
    lists {
        /// Figures entered, corrected or explained (Số liệu nhập, đính chính, giải thích): one of a line and column.
        entries: ReportEntry [any()] = None,
    }
    sent {
        /// The commune or province that reports (Địa bàn); absent for the country. Never changes.
        place: PlaceInput as Place = None,
    }
    managed {
        /// Whose report it is (Cấp báo cáo).
        unit: WindowLevel,
        /// Where it stands (Trạng thái).
        state: ReportState,
        /// The day that the figures are of (Số liệu có đến ngày).
        as_of: NaiveDate,
        /// The last day to hand it in (Hạn gửi).
        due_on: NaiveDate,
        /// The position of the journal that what was filled in is true at.
        position: i64,
        /// When it was filled in last (Thời điểm lấy số liệu).
        filled_at: DateTime<Utc>,
    }
    managed_lists {
        /// The figures (Số liệu), in the order of the form.
        figures: ReportFigure,
    }
    managed_optional {
        /// The accepted report of the year before (Báo cáo năm trước).
        previous_report_id: Uuid = None,
        /// Accepted reports of the level below that went into it (Số báo cáo cấp dưới đã tiếp nhận).
        accepted_below: i32 = None,
        /// How many places there are at the level below (Số đơn vị cấp dưới).
        units_below: i32 = None,
        /// Who signed it, without a name, and what (Chữ ký).
        signature: ReportSignature = None,
        /// Day on which it was handed in last (Ngày gửi).
        submitted_on: NaiveDate = None,
        /// Why it was last sent back (Lý do trả lại).
        return_reason: String = None,
        /// Day on which the level above took it (Ngày tiếp nhận).
        accepted_on: NaiveDate = None,
        /// Day on which it became final (Ngày khóa).
        locked_on: NaiveDate = None,
    }
    hidden {
        place_key: String,
    }
    }
}

filter! {
    /// Which reports to list.
    ReportFilter of report::Entity {
        /// Code of the form.
        form: String => "form" eq,
        /// School year, `2026` or `2026-2027`.
        school_year: SchoolYear => "school_year" eq,
        /// Where they stand.
        state: ReportState => "state" eq,
        /// Whose reports.
        unit: WindowLevel => "unit" eq,
        /// Today's province code (2 digits).
        province_code: String => "province_code" eq,
        /// Today's commune code (5 digits).
        commune_code: String => "commune_code" eq,
        /// Due on this day or earlier.
        due_to: NaiveDate => "due_on" lte,
    }
}

/// Reports as a resource.
pub struct Reports;

/// The key of the country in the place of a code.
pub(super) const COUNTRY: &str = "country";

impl Resource for Reports {
    type Entity = report::Entity;
    type Model = report::Model;
    type ActiveModel = report::ActiveModel;
    type Record = Report;
    type Filter = ReportFilter;

    const KIND: ResourceKind = ResourceKind::Reports;
    const BY_CLASS: bool = true;
    const READ: Permission = Permission::ReportRead;
    const WRITE: Permission = Permission::ReportWrite;
    const SORTS: &'static [Sort] = &[Sort::ID, Sort::CREATED_AT, Sort::UPDATED_AT];

    fn managed(_: &NewReport) -> ReportManaged {
        ReportManaged {
            place: None,
            unit: WindowLevel::Country,
            state: ReportState::Draft,
            as_of: NaiveDate::default(),
            due_on: NaiveDate::default(),
            position: 0,
            filled_at: DateTime::default(),
            figures: Vec::new(),
            previous_report_id: None,
            accepted_below: None,
            units_below: None,
            signature: None,
            submitted_on: None,
            return_reason: None,
            accepted_on: None,
            locked_on: None,
            place_key: COUNTRY.to_owned(),
        }
    }

    async fn make_ready(ctx: &Ctx) -> Result<()> {
        make_ready(ctx).await
    }

    async fn prepare(tx: &Tx, draft: &mut Draft<Report>, checks: &mut Checks) -> Result<()> {
        checks.fields(&mut draft.new);
        if let Some(before) = draft.before.clone() {
            return change(tx, draft, &before, checks);
        }
        let Some(form) = settle(tx, draft, checks) else { return Ok(()) };
        check_entries(form, &draft.new.entries, checks);
        if !checks.is_ok() {
            return Ok(());
        }
        check_reporter(tx, draft.managed.unit)?;
        if !tx.may(Self::WRITE, &draft.meta.keys()) {
            return Err(outside_reach(Self::WRITE));
        }
        let mut model = Report::model(draft.meta.clone(), draft.new.clone(), draft.managed.clone());
        check_alone(tx, &model).await?;
        fill(tx, form, &mut model).await?;
        (draft.meta, draft.new, draft.managed) = Report::split(model);
        Ok(())
    }

    async fn check_retire(tx: &Tx, record: &Report) -> Result<()> {
        check_reporter(tx, record.unit)?;
        if record.state == ReportState::Draft { Ok(()) } else { Err(frozen(record.state)) }
    }
}

/// Refuses whoever is not the body of the place: figures are the reporter's own word.
pub(super) fn check_reporter(tx: &Tx, unit: WindowLevel) -> Result<()> {
    if matches!(tx.caller, Caller::System) || level(tx) == unit {
        return Ok(());
    }
    let of = unit.label();
    Err(Error::new(
        Code::Forbidden,
        format!("Báo cáo cấp “{}” do chính cơ quan cấp đó lập (quyền report_write).", of.vi),
        format!("A report of the level “{}” is made by the body of that level (grant report_write).", of.en),
    ))
}

/// The refusal to change a report that was handed in.
fn frozen(state: ReportState) -> Error {
    let label = state.label();
    Error::new(
        Code::ImpossibleTransition,
        format!("Báo cáo ở trạng thái “{}” không sửa được.", label.vi),
        format!("A report in the state “{}” is not changed.", label.en),
    )
}

/// Finds out which form and place a new report is for, and when it is due.
fn settle(tx: &Tx, draft: &mut Draft<Report>, checks: &mut Checks) -> Option<&'static ReportForm> {
    let (new, managed) = (&draft.new, &mut draft.managed);
    managed.place = place::resolve_opt(tx, "/place", new.place.as_ref(), checks);
    if let Some(place) = &managed.place {
        let commune = place.commune_code.clone();
        managed.unit = if commune.is_some() { WindowLevel::Commune } else { WindowLevel::Province };
        managed.place_key = commune.clone().unwrap_or_else(|| place.province_code.clone());
        let province_code = Some(place.province_code.clone());
        draft.meta.set_keys(&Keys { province_code, commune_code: commune, centre_id: None });
    }
    let today = tx.ctx.clock.today();
    if new.school_year > SchoolYear::of(today) {
        let (vi, en) = ("Năm học chưa bắt đầu.", "The school year has not begun.");
        checks.refuse("/schoolYear", "in_future", vi, en);
    }
    let Some(form) = report_form::find(&new.form) else {
        checks.refuse("/form", "unknown_code", "Không có biểu mẫu này.", "There is no such form.");
        return None;
    };
    let Some(clock) = form.clock(managed.unit) else {
        let (vi, en) = ("Cấp này không lập biểu này.", "This level does not report on this form.");
        checks.refuse("/place", "level_not_allowed", vi, en);
        return None;
    };
    (managed.as_of, managed.due_on) = (clock.as_of_day(new.school_year), clock.due_day(new.school_year));
    let name = managed.place.as_ref().map(|place| place.commune_name.as_ref().unwrap_or(&place.province_name));
    let words = [form.title_vi.as_str(), form.title_en.as_str(), name.map_or("", String::as_str)];
    draft.meta.search_text = text::fold(&words.join(" "));
    Some(form)
}

/// A report changes while it is open, and what it is for stays.
fn change(tx: &Tx, draft: &mut Draft<Report>, before: &Report, checks: &mut Checks) -> Result<()> {
    let new = &draft.new;
    for (pointer, stays) in [
        ("/form", new.form == before.form),
        ("/schoolYear", new.school_year == before.school_year),
        ("/place", new.place.as_ref() == before.place.as_ref().map(|place| &place.sent)),
    ] {
        if !stays {
            immutable(pointer, checks);
        }
    }
    let is_same = new.entries == before.entries && new.note == before.note && new.external_ids == before.external_ids;
    if !before.state.is_open() {
        // A repeated upsert of the same content passes.
        return if is_same && checks.is_ok() { Ok(()) } else { Err(frozen(before.state)) };
    }
    check_reporter(tx, before.unit)?;
    let form = report_form::find(&before.form).ok_or_else(|| Error::internal("a report on no form"))?;
    check_entries(form, &new.entries, checks);
    draft.managed.figures = figures(form, &Known::of(&before.figures), &new.entries);
    Ok(())
}

/// The reports on a form for a year.
pub(super) fn of_round(tx: &Tx, form: &str, year: SchoolYear) -> Result<Select<report::Entity>> {
    Ok(tx
        .select::<report::Entity>(&tx.require(Reports::READ)?)
        .filter(report::Column::DeletedAt.is_null())
        .filter(report::Column::Form.eq(form))
        .filter(report::Column::SchoolYear.eq(year)))
}

/// Refuses a second report of the same place on the same form for the same year.
async fn check_alone(tx: &Tx, new: &report::Model) -> Result<()> {
    let twins = of_round(tx, &new.form, new.school_year)?.filter(report::Column::PlaceKey.eq(new.place_key.as_str()));
    let Some(twin) = twins.one(&tx.db).await? else { return Ok(()) };
    Err(Error::field(
        Code::Conflict,
        "/form",
        "duplicate_report",
        format!("Địa bàn này đã có báo cáo cùng biểu, cùng năm: {}.", twin.id),
        format!("This place has a report on this form for this year already: {}.", twin.id),
    ))
}
