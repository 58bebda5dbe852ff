//! Administrative units: what a unit is, and how its kind changed over time.
//!
//! A code alone means nothing: 3,316 of the codes in force today were codes before
//! 2025-07-01 too, most of them for other ground. A unit is therefore (code, valid from).

use async_graphql::SimpleObject;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::data;
use crate::{Decimal2, code_enum};

/// The first day of the 34 provinces and 3,321 communes without districts
/// (QĐ 19/2025/QĐ-TTg, in force 2025-07-01).
pub const REFORM: NaiveDate = day(2025, 7, 1);

/// The last day of the 63 provinces, 696 districts and 10,035 communes.
pub const LAST_LEGACY_DAY: NaiveDate = day(2025, 6, 30);

const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(date) => date,
        None => NaiveDate::MIN,
    }
}

code_enum! {
    /// The level of an administrative unit; districts existed to 2025-06-30.
    UnitLevel {
        Province = "province" ("Cấp tỉnh", "Province level"),
        District = "district" ("Cấp huyện", "District level"),
        Commune = "commune" ("Cấp xã", "Commune level"),
    }
}

code_enum! {
    /// The kind of an administrative unit, which decides what counts as urban.
    UnitKind {
        CentrallyRunCity = "centrally_run_city" ("Thành phố trực thuộc trung ương", "Centrally run city"),
        Province = "province" ("Tỉnh", "Province"),
        Quan = "quan" ("Quận", "Urban district"),
        Huyen = "huyen" ("Huyện", "Rural district"),
        ThiXa = "thi_xa" ("Thị xã", "Town"),
        ThanhPho = "thanh_pho" ("Thành phố thuộc tỉnh", "City of a province"),
        Phuong = "phuong" ("Phường", "Ward"),
        Xa = "xa" ("Xã", "Rural commune"),
        ThiTran = "thi_tran" ("Thị trấn", "Township"),
        DacKhu = "dac_khu" ("Đặc khu", "Special zone"),
    }
}

impl UnitKind {
    /// The word that stands before the name, e.g. `Phường` in `Phường Ba Đình`.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::CentrallyRunCity | Self::ThanhPho => "Thành phố",
            Self::Province => "Tỉnh",
            Self::Quan => "Quận",
            Self::Huyen => "Huyện",
            Self::ThiXa => "Thị xã",
            Self::Phuong => "Phường",
            Self::Xa => "Xã",
            Self::ThiTran => "Thị trấn",
            Self::DacKhu => "Đặc khu",
        }
    }
}

/// A dated change of kind; the unit, its code and its parent stay the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UnitChange {
    /// The first day of the new kind.
    pub on: NaiveDate,
    pub from_kind: UnitKind,
    pub to_kind: UnitKind,
    /// The resolution that made the change, e.g. `Nghị quyết 30/2026/QH16`.
    pub legal_basis: String,
}

/// A province, district or commune, as it was on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "AdministrativeUnitFields")]
#[schema(as = AdministrativeUnit)]
pub struct Unit {
    /// Unique over levels and eras: `00004@2025-07-01`, `00004@legacy`, `d001@legacy` (district).
    #[graphql(skip)]
    pub id: String,
    /// The official code: 2 digits for a province, 3 for a district, 5 for a commune.
    pub code: String,
    pub level: UnitLevel,
    /// The name without its kind, e.g. `Ba Đình`.
    pub name: String,
    /// The name with its kind, e.g. `Phường Ba Đình`.
    pub name_with_type: String,
    pub kind: UnitKind,
    /// The province that the unit belongs to, in the same era; a province names itself.
    pub province_code: String,
    /// The district of a legacy commune. QĐ 4998: `QUAN_HUYEN_ID`.
    pub district_code: Option<String>,
    /// The first day in force; unknown for legacy units.
    pub valid_from: Option<NaiveDate>,
    /// The last day in force; absent while in force.
    pub valid_to: Option<NaiveDate>,
    /// Every known change of kind, also those after the day asked for.
    pub changes: Vec<UnitChange>,
    /// Area in km², where known; rounded to two digits (93 resolutions print more).
    pub area_km2: Option<Decimal2>,
    /// The last resolution about the unit, e.g. `1656/NQ-UBTVQH15`.
    pub last_resolution_no: Option<String>,
    pub last_resolution_on: Option<NaiveDate>,
    /// The three digits that begin the citizen numbers of people registered at birth in this
    /// legacy province (Luật Căn cước 2023 art. 12).
    pub citizen_id_code: Option<String>,
    /// The name without accents, for search; not shown.
    #[serde(skip)]
    #[graphql(skip)]
    pub(super) plain_name: String,
}

impl Unit {
    /// Whether the unit belongs to the state of 2025-06-30.
    pub fn is_legacy(&self) -> bool {
        self.valid_to.is_some()
    }

    /// Whether the unit was in force on a day. Legacy units count as in force on every day
    /// before 2025-07-01, since their beginnings are not recorded here.
    pub fn in_force(&self, on: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= on) && self.valid_to.is_none_or(|to| on <= to)
    }

    /// The id of the unit directly above.
    pub fn parent_id(&self) -> Option<String> {
        match (self.level, &self.district_code) {
            (UnitLevel::Province, _) => None,
            (UnitLevel::Commune, Some(district)) => Some(format!("d{district}@legacy")),
            _ if self.is_legacy() => Some(format!("{}@legacy", self.province_code)),
            _ => Some(format!("{}@{REFORM}", self.province_code)),
        }
    }

    /// The kinds that the unit has had, today's first.
    pub fn kinds(&self) -> impl Iterator<Item = UnitKind> {
        std::iter::once(self.kind).chain(self.changes.iter().flat_map(|c| [c.to_kind, c.from_kind]))
    }
}

/// The unit as it was on a day: Đồng Nai is a province on 2026-04-29 and a city on 2026-04-30.
pub fn as_of(unit: &'static Unit, on: NaiveDate) -> &'static Unit {
    data::version(&unit.id, on).unwrap_or(unit)
}
