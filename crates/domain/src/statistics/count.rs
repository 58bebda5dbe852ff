//! How far a count of the journal has come. One is shown; another may be made anew beside it.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "statistics_count")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub generation: i64,
    /// The last position of the journal that is counted.
    pub position: i64,
    /// How often its cells were changed.
    pub revision: i64,
    /// The revision since which it is told which cells changed.
    pub told_since: i64,
    /// Whether it is the one that is shown.
    pub is_shown: bool,
    /// What its cells mean: empty until something is counted.
    pub meaning: String,
    /// When it was last moved on, or the cells changed by the day.
    pub counted_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
