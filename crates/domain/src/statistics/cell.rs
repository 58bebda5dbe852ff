//! A cell: how many there are of one combination of members.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "statistics_cell")]
pub struct Model {
    /// The count that it belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub generation: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub data_set: String,
    /// The members, in the order of the data set's dimensions, and the measure behind them.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    pub value: i64,
    /// The revision of the count with which it changed last: whoever has read the cells of one before reads it again.
    pub revision: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What stands between the members of a key.
pub const BETWEEN: char = '|';
