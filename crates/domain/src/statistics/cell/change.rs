//! Which cells a revision of a count changed: whoever has read an earlier one reads these again.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "statistics_cell_change")]
pub struct Model {
    /// The count that it belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub generation: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub revision: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub data_set: String,
    /// How many cells.
    pub cells: i64,
    /// Their keys, a line each; sealed, since those of one moment may be of one person.
    pub keys: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
