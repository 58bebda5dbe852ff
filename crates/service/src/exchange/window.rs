//! Sync windows: what is sent and shown, and what must hold before one is written.

use chrono::{DateTime, Datelike, SubsecRound, Utc};
use gdtx_domain::{
    Checks, SchoolYear,
    access::{reach::Keys, role::Role},
    exchange::{
        resource::ResourceKind,
        window::{self, SyncKind, WindowLevel},
    },
    territory::place::{Place, PlaceInput},
    text,
};
use sea_orm::{ColumnTrait, Condition, QueryFilter};
use uuid::Uuid;

use crate::{
    Code, Error, Record, Result,
    access::{caller::Caller, policy::Permission},
    centres::centre::Centres,
    filter::filter,
    programmes::programme::immutable,
    resource::{Draft, Resource, Sort, owner},
    shape::record,
    territory::place,
    tx::Tx,
};

record! {
    /// A sync window (kỳ đồng bộ): when the records of a unit may be written for a school year. With a
    /// kind of synchronisation it governs imports that name that period; without one it governs the
    /// books of the year (sổ năm học): imports of every kind, and any other write of a record of that
    /// school year.
    SyncWindow("SyncWindowFields"), NewSyncWindow, SyncWindowPatch, SyncWindowManaged of window::Model {
    initial {
        /// The centre that the window is for; absent for a place or the country. Never changes.
        centre_id: Uuid,
    }
    required {
        /// School year (Năm học), `2026` or `2026-2027`. Never changes.
        school_year: SchoolYear,
    }
    optional {
        /// What is sent in it (Loại đồng bộ), list `sync_kind`; absent for the school year as a whole.
        /// Never changes.
        sync_kind: SyncKind = None,
        /// The first instant at which it is open (Mở từ); always open before `closesAt` when absent.
        opens_at: DateTime<Utc> = None,
        /// The first instant at which it is closed (Đóng lúc); it does not close when absent.
        closes_at: DateTime<Utc> = None,
        /// Remark (Ghi chú), at most 1,000 characters.
        note: String [text(1000)] = None,
    }
    sent {
        /// The province or commune that the window is for (Địa bàn); absent for a centre or the
        /// country. Never changes.
        place: PlaceInput as Place = None,
    }
    managed {
        /// How large the unit is (Cấp).
        unit: WindowLevel,
        /// The highest department that set its times (Cấp đặt kỳ): a lower one does not change them.
        set_by: WindowLevel,
    }
    managed_optional {
        /// Since when it is locked (Khóa từ), whatever its times say; null while it is not.
        locked_at: DateTime<Utc> = None,
        /// The department that locked it (Cấp khóa): a lower one does not unlock it.
        locked_by: WindowLevel = None,
        /// Why it is locked (Lý do khóa).
        lock_reason: String = None,
        /// When it was unlocked last (Mở khóa lúc).
        unlocked_at: DateTime<Utc> = None,
        /// Why it was unlocked (Lý do mở khóa).
        unlock_reason: String = None,
    }
    }
}

filter! {
    /// Which windows to list.
    SyncWindowFilter of window::Entity {
        /// School year, `2026` or `2026-2027`.
        school_year: SchoolYear => "school_year" eq,
        /// What is sent in it.
        sync_kind: SyncKind => "sync_kind" eq,
        /// How large the unit is.
        unit: WindowLevel => "unit" eq,
        /// The centre that it is for.
        centre_id: Uuid => "centre_id" eq,
        /// Today's province code of the unit (2 digits).
        province_code: String => "province_code" eq,
        /// Today's commune code of the unit (5 digits).
        commune_code: String => "commune_code" eq,
    }
}

/// Sync windows as a resource.
pub struct SyncWindows;

impl Resource for SyncWindows {
    type Entity = window::Entity;
    type Model = window::Model;
    type ActiveModel = window::ActiveModel;
    type Record = SyncWindow;
    type Filter = SyncWindowFilter;

    const KIND: ResourceKind = ResourceKind::SyncWindows;
    const BY_CLASS: bool = true;
    const READ: Permission = Permission::WindowRead;
    const WRITE: Permission = Permission::WindowWrite;
    const SORTS: &'static [Sort] = &[Sort::ID, Sort::CREATED_AT, Sort::UPDATED_AT];

    fn managed(_: &NewSyncWindow) -> SyncWindowManaged {
        SyncWindowManaged {
            place: None,
            unit: WindowLevel::Country,
            set_by: WindowLevel::Centre,
            locked_at: None,
            locked_by: None,
            lock_reason: None,
            unlocked_at: None,
            unlock_reason: None,
        }
    }

    async fn prepare(tx: &Tx, draft: &mut Draft<SyncWindow>, checks: &mut Checks) -> Result<()> {
        checks.fields(&mut draft.new);
        match draft.before.clone() {
            None => settle(tx, draft, checks).await?,
            Some(before) => keep(draft, &before, checks),
        }
        if let Some(before) = &draft.before {
            speaks_for(tx, before.set_by)?;
        }
        draft.managed.set_by = draft.managed.set_by.min(level(tx));
        instants(&mut draft.new, checks);
        let window = SyncWindow::model(draft.meta.clone(), draft.new.clone(), draft.managed.clone());
        let (period, unit) = (window::name(window.school_year, window.sync_kind), window::unit_name(&window));
        draft.meta.search_text = text::fold(&format!("{} {} {}", period.vi, unit.vi, period.en));
        if checks.is_ok() { check_alone(tx, &window).await } else { Ok(()) }
    }

    async fn check_retire(tx: &Tx, record: &SyncWindow) -> Result<()> {
        speaks_for(tx, record.locked_by.unwrap_or(record.set_by))?;
        if record.locked_at.is_none() {
            return Ok(());
        }
        Err(Error::new(
            Code::Conflict,
            "Kỳ đang khóa; hãy mở khóa và nêu lý do trước khi hủy.",
            "The window is locked: unlock it, with a reason, before it is retired.",
        ))
    }
}

/// The rank of the department that asks; who is no department ranks below all of them.
pub(crate) fn level(tx: &Tx) -> WindowLevel {
    match &tx.caller {
        Caller::System => WindowLevel::Country,
        _ => tx.role().map_or(WindowLevel::Centre, level_of),
    }
}

/// The rank of a role.
pub(crate) const fn level_of(role: Role) -> WindowLevel {
    match role {
        Role::Ministry => WindowLevel::Country,
        Role::ProvinceDepartment => WindowLevel::Province,
        Role::CommuneOffice => WindowLevel::Commune,
        _ => WindowLevel::Centre,
    }
}

/// Refuses a department that ranks below the one whose word stands.
pub(super) fn speaks_for(tx: &Tx, authority: WindowLevel) -> Result<()> {
    if level(tx) <= authority {
        return Ok(());
    }
    let set = authority.label();
    Err(Error::new(
        Code::Forbidden,
        format!("Kỳ này do cấp {} đặt hoặc khóa; quyền window_write của cấp dưới không thay đổi được.", set.vi),
        format!(
            "This window was set or locked at the level “{}”: the grant window_write of a lower one does not change it.",
            set.en
        ),
    ))
}

/// Finds out which unit a new window is for.
async fn settle(tx: &Tx, draft: &mut Draft<SyncWindow>, checks: &mut Checks) -> Result<()> {
    if let Some(centre) = draft.new.centre_id {
        if draft.new.place.is_some() {
            checks.refuse(
                "/place",
                "not_allowed_here",
                "Kỳ của một cơ sở không nêu địa bàn.",
                "A window of a centre names no place.",
            );
        }
        draft.managed.unit = WindowLevel::Centre;
        if let Some((_, keys)) = owner::<Centres>(tx, "/centreId", centre, checks).await? {
            draft.meta.set_keys(&keys);
        }
        return Ok(());
    }
    draft.managed.place = place::resolve_opt(tx, "/place", draft.new.place.as_ref(), checks);
    if let Some(place) = &draft.managed.place {
        let commune = place.commune_code.is_some();
        draft.managed.unit = if commune { WindowLevel::Commune } else { WindowLevel::Province };
        draft.meta.set_keys(&Keys {
            province_code: Some(place.province_code.clone()),
            commune_code: place.commune_code.clone(),
            centre_id: None,
        });
    }
    Ok(())
}

/// The unit, the year and the kind of a window stay.
fn keep(draft: &mut Draft<SyncWindow>, before: &SyncWindow, checks: &mut Checks) {
    let new = &draft.new;
    if new.school_year != before.school_year {
        immutable("/schoolYear", checks);
    }
    if new.sync_kind != before.sync_kind {
        immutable("/syncKind", checks);
    }
    if new.place.as_ref() != before.place.as_ref().map(|place| &place.sent) {
        immutable("/place", checks);
    }
    if new.centre_id.is_some() && new.centre_id != before.centre_id {
        immutable("/centreId", checks);
    }
}

/// Both databases keep microseconds, and years that people live in.
fn instants(new: &mut NewSyncWindow, checks: &mut Checks) {
    for (pointer, instant) in [("/opensAt", &mut new.opens_at), ("/closesAt", &mut new.closes_at)] {
        *instant = instant.map(|at| at.trunc_subsecs(6));
        checks.range(pointer, instant.map(|at| at.year()), 1945, 2200);
    }
    if let (Some(opens), Some(closes)) = (new.opens_at, new.closes_at)
        && closes <= opens
    {
        checks.refuse(
            "/closesAt",
            "dates_out_of_order",
            "Thời điểm đóng phải sau thời điểm mở.",
            "It closes after it opens.",
        );
    }
}

/// Refuses a second window of the same unit and period at the same time.
async fn check_alone(tx: &Tx, window: &window::Model) -> Result<()> {
    use window::Column;
    let select = tx
        .select::<window::Entity>(&tx.require(Permission::WindowRead)?)
        .filter(Column::DeletedAt.is_null())
        .filter(Column::Id.ne(window.id))
        .filter(Column::SchoolYear.eq(window.school_year))
        .filter(same_unit(window))
        .filter(window.sync_kind.map_or_else(|| Column::SyncKind.is_null(), |kind| Column::SyncKind.eq(kind)));
    // These are few: none of them overlaps another one.
    let others = select.all(&tx.db).await?;
    let Some(twin) = others.iter().find(|other| other.overlaps(window)) else { return Ok(()) };
    Err(Error::field(
        Code::Conflict,
        "/opensAt",
        "windows_overlap",
        format!("Trùng thời gian với kỳ khác của cùng đơn vị, năm học và loại đồng bộ: {}.", twin.id),
        format!("It overlaps another window of the same unit, school year and kind: {}.", twin.id),
    ))
}

/// The windows of the very unit of a window.
fn same_unit(window: &window::Model) -> Condition {
    use window::Column;
    let of = Condition::all().add(Column::Unit.eq(window.unit));
    match window.unit {
        WindowLevel::Country => of,
        WindowLevel::Province => of.add(Column::ProvinceCode.eq(window.province_code.clone())),
        WindowLevel::Commune => of.add(Column::CommuneCode.eq(window.commune_code.clone())),
        WindowLevel::Centre => of.add(Column::CentreId.eq(window.centre_id)),
    }
}
