//! The shapes of the embedded files of administrative units, and how a row becomes a unit.

use chrono::NaiveDate;
use serde::Deserialize;

use super::{
    name::plain,
    rows::filled,
    unit::{LAST_LEGACY_DAY, REFORM, Unit, UnitChange, UnitKind, UnitLevel},
};
use crate::Decimal2;

/// A row of the provinces in force, or of the communes in force.
#[derive(Deserialize)]
pub(super) struct CurrentRow {
    code: String,
    name_vi: String,
    #[serde(rename = "type")]
    kind: UnitKind,
    type_on_2025_07_01: UnitKind,
    type_effective_from: NaiveDate,
    type_changed_by: String,
    /// Absent in the file of provinces.
    province_code: Option<String>,
    area_km2: Option<f64>,
    #[serde(default)]
    last_resolution_no: String,
    last_resolution_on: Option<NaiveDate>,
}

/// A row of the legacy provinces, districts or communes.
#[derive(Deserialize)]
pub(super) struct LegacyRow {
    code: String,
    name_vi: String,
    /// Absent in the file of districts.
    name_with_type_vi: Option<String>,
    #[serde(rename = "type")]
    kind: UnitKind,
    district_code: Option<String>,
    province_code: Option<String>,
    citizen_id_code: Option<String>,
    /// Provinces only: the province of today.
    pub successor_code: Option<String>,
}

impl CurrentRow {
    /// The unit with its kind of today.
    pub fn unit(self, level: UnitLevel) -> Unit {
        let changed = self.kind != self.type_on_2025_07_01;
        let change = changed.then_some(UnitChange {
            on: self.type_effective_from,
            from_kind: self.type_on_2025_07_01,
            to_kind: self.kind,
            legal_basis: self.type_changed_by,
        });
        Unit {
            id: format!("{}@{REFORM}", self.code),
            level,
            name_with_type: format!("{} {}", self.kind.prefix(), self.name_vi),
            plain_name: plain(&self.name_vi),
            name: self.name_vi,
            kind: self.kind,
            province_code: self.province_code.unwrap_or_else(|| self.code.clone()),
            code: self.code,
            district_code: None,
            valid_from: Some(REFORM),
            valid_to: None,
            changes: change.into_iter().collect(),
            area_km2: self.area_km2.and_then(|km2| Decimal2::from_f64((km2 * 100.0).round() / 100.0)),
            last_resolution_no: filled(self.last_resolution_no),
            last_resolution_on: self.last_resolution_on,
            citizen_id_code: None,
        }
    }
}

impl LegacyRow {
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The unit as it was on 2025-06-30.
    ///
    /// Three rows give a kind that contradicts the printed name (15061, 27046, 27076), and a
    /// dozen names begin with their kind: what stands in the name is right.
    pub fn unit(self, level: UnitLevel) -> Unit {
        let printed = self.name_with_type_vi.as_deref().unwrap_or(&self.name_vi);
        let kind = kind_in_name(printed, level).unwrap_or(self.kind);
        let name = without_prefix(&self.name_vi, kind).to_owned();
        let prefix = if level == UnitLevel::District { "d" } else { "" };
        Unit {
            id: format!("{prefix}{}@legacy", self.code),
            level,
            name_with_type: format!("{} {name}", kind.prefix()),
            plain_name: plain(&name),
            name,
            kind,
            province_code: self.province_code.unwrap_or_else(|| self.code.clone()),
            code: self.code,
            district_code: self.district_code,
            valid_from: None,
            valid_to: Some(LAST_LEGACY_DAY),
            changes: Vec::new(),
            area_km2: None,
            last_resolution_no: None,
            last_resolution_on: None,
            citizen_id_code: self.citizen_id_code,
        }
    }
}

fn kind_in_name(printed: &str, level: UnitLevel) -> Option<UnitKind> {
    let of_level = |kind: &&UnitKind| match level {
        UnitLevel::Province => matches!(kind, UnitKind::CentrallyRunCity | UnitKind::Province),
        UnitLevel::District => matches!(kind, UnitKind::Quan | UnitKind::Huyen | UnitKind::ThiXa | UnitKind::ThanhPho),
        UnitLevel::Commune => matches!(kind, UnitKind::Phuong | UnitKind::Xa | UnitKind::ThiTran | UnitKind::DacKhu),
    };
    UnitKind::ALL.iter().filter(of_level).find(|kind| without_prefix(printed, **kind) != printed).copied()
}

/// Cuts the kind off a name, whatever its capitals: `Thị Trấn Ái Tử` becomes `Ái Tử`.
fn without_prefix(name: &str, kind: UnitKind) -> &str {
    let prefix = kind.prefix();
    match name.split_at_checked(prefix.len()) {
        Some((head, rest)) if head.to_lowercase() == prefix.to_lowercase() && rest.starts_with(' ') => {
            rest.trim_start()
        }
        _ => name,
    }
}
