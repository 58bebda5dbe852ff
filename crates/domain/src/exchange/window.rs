//! Sync windows: when the records of a unit may be written for a school year, and who may lift that.
//!
//! Departments take data in periods: start of the year, changes, end of the year, what is old. A
//! window says when a period is open for the country, a province, a commune or one centre. One
//! without a kind of synchronisation is for the books of the school year as a whole (sổ của năm học):
//! once it is over or locked, nobody but the department that closed it writes a record of that year.

use chrono::{DateTime, FixedOffset, Utc};
use sea_orm::entity::prelude::*;

use crate::{
    Label, List, SchoolYear, access::reach::Keys, code_enum, exchange::external_id::ExternalId, territory::place::Place,
};

code_enum! {
    /// What a synchronisation is for: list `sync_kind`, as the provincial service counts them.
    SyncKind {
        /// The data with which a school year begins.
        YearStart = "year_start" ("Đồng bộ dữ liệu đầu năm", "Start of the year"),
        /// What changes in the course of the year.
        Change = "change" ("Đồng bộ dữ liệu phát sinh", "Changes"),
        /// The data with which it ends.
        YearEnd = "year_end" ("Đẩy thông tin cuối năm", "End of the year"),
        /// Data of years before.
        Historic = "historic" ("Đồng bộ dữ liệu cũ", "Historic data"),
    }
}

code_enum! {
    /// How large a unit is, and so the rank of the department that speaks for it: the larger first.
    WindowLevel {
        /// The whole country; the Ministry.
        Country = "country" ("cả nước", "country"),
        /// A province; its department (Sở).
        Province = "province" ("tỉnh, thành phố", "province"),
        /// A commune; its office (UBND cấp xã).
        Commune = "commune" ("xã, phường", "commune"),
        /// One centre.
        Centre = "centre" ("cơ sở", "centre"),
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sync_window")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub deleted_at: Option<DateTime<Utc>>,
    pub province_code: Option<String>,
    pub commune_code: Option<String>,
    /// The centre, when the window is for one.
    pub centre_id: Option<Uuid>,
    pub search_text: String,
    pub external_ids: List<ExternalId>,

    /// How large the unit is.
    pub unit: WindowLevel,
    /// The province or commune, when the window is for one.
    pub place: Option<Place>,
    pub school_year: SchoolYear,
    /// None for the school year as a whole.
    pub sync_kind: Option<SyncKind>,
    /// The first instant at which it is open; none for always.
    pub opens_at: Option<DateTime<Utc>>,
    /// The first instant at which it is closed again; none for never.
    pub closes_at: Option<DateTime<Utc>>,
    /// Remark, at most 1,000 characters.
    pub note: Option<String>,
    /// The highest department that set its times.
    pub set_by: WindowLevel,
    /// Since when it is locked, whatever its times say.
    pub locked_at: Option<DateTime<Utc>>,
    /// The department that locked it.
    pub locked_by: Option<WindowLevel>,
    /// Why, at most 1,000 characters.
    pub lock_reason: Option<String>,
    /// When it was unlocked last.
    pub unlocked_at: Option<DateTime<Utc>>,
    /// Why, at most 1,000 characters.
    pub unlock_reason: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What a window says at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stand {
    Open,
    /// Its time is over.
    Over,
    /// Its time has not come.
    NotYet,
    Locked,
}

/// What the windows of a unit say of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict<'a> {
    /// No window was declared.
    Undeclared,
    /// Open, by this window.
    Open(&'a Model),
    /// Not open, by this window.
    Closed(&'a Model, Stand),
}

impl Model {
    /// What the window says at an instant: it is open from `opens_at` on and before `closes_at`.
    pub fn stand(&self, now: DateTime<Utc>) -> Stand {
        if self.locked_at.is_some() {
            Stand::Locked
        } else if self.opens_at.is_some_and(|opens| now < opens) {
            Stand::NotYet
        } else if self.closes_at.is_some_and(|closes| now >= closes) {
            Stand::Over
        } else {
            Stand::Open
        }
    }

    /// Whether a record with these keys belongs to the unit.
    pub fn governs(&self, keys: &Keys) -> bool {
        match self.unit {
            WindowLevel::Country => true,
            WindowLevel::Province => self.province_code.is_some() && self.province_code == keys.province_code,
            WindowLevel::Commune => self.commune_code.is_some() && self.commune_code == keys.commune_code,
            WindowLevel::Centre => self.centre_id.is_some() && self.centre_id == keys.centre_id,
        }
    }

    /// The department whose word it is that the window stands as it does.
    pub fn authority(&self) -> WindowLevel {
        self.locked_by.unwrap_or(self.set_by)
    }

    /// Whether it opens what another one closes: it is for the same unit or a part of it, and set by
    /// a department of the same rank or a higher one.
    fn overrules(&self, other: &Self) -> bool {
        self.unit >= other.unit && self.set_by <= other.authority()
    }

    /// Whether both are open at one instant, locks aside.
    pub fn overlaps(&self, other: &Self) -> bool {
        let ends_first =
            |a: &Self, b: &Self| matches!((a.closes_at, b.opens_at), (Some(end), Some(start)) if end <= start);
        !ends_first(self, other) && !ends_first(other, self)
    }
}

/// Whether a period is open, by the windows that govern a unit: the closest one decides, except that
/// what a department closed is opened again for a part of its area only by itself or by a higher one.
pub fn judge(windows: &[Model], year: SchoolYear, kind: Option<SyncKind>, now: DateTime<Utc>) -> Verdict<'_> {
    judge_for(windows, year, kind, now, |_| false)
}

/// The same for somebody who may write although some windows are closed: each of the others must be open.
pub fn judge_for(
    windows: &[Model],
    year: SchoolYear,
    kind: Option<SyncKind>,
    now: DateTime<Utc>,
    excused: impl Fn(&Model) -> bool,
) -> Verdict<'_> {
    let of_period = || windows.iter().filter(move |w| w.school_year == year && w.sync_kind == kind);
    let open = || of_period().filter(|w| w.stand(now) == Stand::Open);
    let shut = |w: &&Model| w.stand(now) != Stand::Open && !open().any(|o| o.overrules(w));
    // A lock first, since it tells why; then the closest unit's word; in one unit what is still to come, then
    // what ended last.
    let reason = of_period().filter(shut).filter(|w| !excused(w)).max_by_key(|w| {
        let stand = w.stand(now);
        let soon = w.opens_at.filter(|_| stand == Stand::NotYet).map(std::cmp::Reverse);
        (stand == Stand::Locked, w.unit, stand, soon, w.closes_at, w.id)
    });
    match (reason, open().max_by_key(|w| (w.unit, w.id)).or_else(|| of_period().next())) {
        (Some(window), _) => Verdict::Closed(window, window.stand(now)),
        (None, Some(window)) => Verdict::Open(window),
        (None, None) => Verdict::Undeclared,
    }
}

impl Verdict<'_> {
    /// Of two answers the one that refuses; of two refusals the lock, since it tells why, else the first.
    #[must_use]
    pub fn stricter(self, other: Self) -> Self {
        match (self, other) {
            (Self::Closed(_, mine), Self::Closed(_, theirs)) if theirs == Stand::Locked && mine != theirs => other,
            (Self::Closed(..), _) => self,
            (_, Self::Closed(..)) => other,
            _ => self,
        }
    }
}

/// Viet Nam is UTC+7 all year.
const LOCAL_SECONDS: i32 = 7 * 3600;

/// An instant as people in Viet Nam write it.
fn local(instant: DateTime<Utc>, form: &str) -> String {
    FixedOffset::east_opt(LOCAL_SECONDS)
        .map(|zone| instant.with_timezone(&zone).format(form).to_string())
        .unwrap_or_default()
}

fn day_vi(instant: DateTime<Utc>) -> String {
    local(instant, "%H:%M ngày %d/%m/%Y")
}

fn day_en(instant: DateTime<Utc>) -> String {
    local(instant, "%Y-%m-%d %H:%M (UTC+7)")
}

/// A period in words: `Kỳ “…” năm học 2026-2027`.
pub fn name(year: SchoolYear, kind: Option<SyncKind>) -> Label {
    match kind.map(SyncKind::label) {
        Some(kind) => Label::new(
            format!("Kỳ “{}” năm học {year}", kind.vi),
            format!("The period “{}” of the school year {year}", kind.en),
        ),
        None => Label::new(format!("Sổ năm học {year}"), format!("The books of the school year {year}")),
    }
}

/// The unit of a window in words.
pub fn unit_name(window: &Model) -> Label {
    let place = window.place.as_ref();
    let named = place.map(|place| place.commune_name.clone().unwrap_or_else(|| place.province_name.clone()));
    match (window.unit, named) {
        (WindowLevel::Country, _) => Label::new("cả nước", "the whole country"),
        (WindowLevel::Centre, _) => Label::new("cơ sở này", "this centre"),
        (_, Some(name)) => Label::new(name.clone(), name),
        (unit, None) => unit.label(),
    }
}

/// Why a window refuses, as a code and in words.
pub fn refusal(window: &Model, stand: Stand) -> (&'static str, Label) {
    let (period, unit) = (name(window.school_year, window.sync_kind), unit_name(window));
    let of = Label::new(format!("{} ({})", period.vi, unit.vi), format!("{} ({})", period.en, unit.en));
    match (stand, window.locked_at, window.opens_at, window.closes_at) {
        (Stand::Locked, Some(at), ..) => {
            let why = window.lock_reason.as_deref().unwrap_or_default();
            let words = Label::new(
                format!("{} đã khóa từ {}: {why}", of.vi, day_vi(at)),
                format!("{} is locked since {}: {why}", of.en, day_en(at)),
            );
            ("period_locked", words)
        }
        (Stand::NotYet, _, Some(at), _) => {
            let words = Label::new(
                format!("{} mở từ {}; hãy gửi lại từ lúc đó.", of.vi, day_vi(at)),
                format!("{} opens at {}: send it again then.", of.en, day_en(at)),
            );
            ("period_not_open", words)
        }
        (_, _, _, Some(at)) => {
            let words = Label::new(
                format!("{} đã đóng từ {}.", of.vi, day_vi(at)),
                format!("{} closed at {}.", of.en, day_en(at)),
            );
            ("period_closed", words)
        }
        _ => ("period_closed", Label::new(format!("{} đang đóng.", of.vi), format!("{} is closed.", of.en))),
    }
}

#[cfg(test)]
#[path = "window_tests.rs"]
mod tests;
