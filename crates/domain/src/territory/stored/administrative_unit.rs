//! A row per administrative unit of both eras, in its last state.
//!
//! A record's `commune_code` is joined by `code` where `valid_to` is null.

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;

use crate::{
    Decimal2, List,
    territory::unit::{Unit, UnitChange, UnitKind, UnitLevel},
    text::fold,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "administrative_unit")]
pub struct Model {
    /// `00004@2025-07-01`, `00004@legacy`, `d001@legacy`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub code: String,
    pub level: UnitLevel,
    pub kind: UnitKind,
    pub name: String,
    pub name_with_type: String,
    pub parent_id: Option<String>,
    pub province_code: String,
    pub district_code: Option<String>,
    pub valid_from: Option<NaiveDate>,
    pub valid_to: Option<NaiveDate>,
    pub changes: List<UnitChange>,
    /// Hundredths of a km².
    pub area_km2: Option<Decimal2>,
    pub last_resolution_no: Option<String>,
    pub last_resolution_on: Option<NaiveDate>,
    pub citizen_id_code: Option<String>,
    /// The name with its kind, folded for search.
    pub search_text: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<&Unit> for Model {
    fn from(unit: &Unit) -> Self {
        let unit = unit.clone();
        Self {
            parent_id: unit.parent_id(),
            search_text: fold(&unit.name_with_type),
            id: unit.id,
            code: unit.code,
            level: unit.level,
            kind: unit.kind,
            name: unit.name,
            name_with_type: unit.name_with_type,
            province_code: unit.province_code,
            district_code: unit.district_code,
            valid_from: unit.valid_from,
            valid_to: unit.valid_to,
            changes: unit.changes.into(),
            area_km2: unit.area_km2,
            last_resolution_no: unit.last_resolution_no,
            last_resolution_on: unit.last_resolution_on,
            citizen_id_code: unit.citizen_id_code,
        }
    }
}
