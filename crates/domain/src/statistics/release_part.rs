//! Cells of a release, some thousands in one row: a release is written once and read whole.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "statistics_release_part")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub release_id: Uuid,
    /// From 0; the cells of one part stand before those of the next.
    #[sea_orm(primary_key, auto_increment = false)]
    pub part: i32,
    /// Keys and values as JSON, compressed (zlib).
    pub cells: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
