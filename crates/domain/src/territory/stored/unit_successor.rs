//! A row per link from a legacy unit to a unit of today, with its extents.
//!
//! Links of districts are derived from their communes and marked so in `evidence`.

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;

use crate::territory::successor::{AreaExtent, LinkEvidence, PopulationExtent, UnitLink};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unit_successor")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub from_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub to_id: String,
    pub from_code: String,
    pub to_code: String,
    pub area_extent: AreaExtent,
    pub population_extent: PopulationExtent,
    pub evidence: LinkEvidence,
    pub note: Option<String>,
    pub effective_on: NaiveDate,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl From<UnitLink> for Model {
    fn from(link: UnitLink) -> Self {
        Self {
            from_id: link.from_id,
            to_id: link.to_id,
            from_code: link.from_code,
            to_code: link.to_code,
            area_extent: link.area_extent,
            population_extent: link.population_extent,
            evidence: link.evidence,
            note: link.note,
            effective_on: link.effective_on,
        }
    }
}
