//! What statistics know of a record at the position up to which they are counted: what it adds to cells is taken
//! back by it when the record, or one that it depends on, changes.

use sea_orm::entity::prelude::*;

use crate::exchange::resource::ResourceKind;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "statistics_fact")]
pub struct Model {
    /// The count that it belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub generation: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub record_id: Uuid,
    pub resource: ResourceKind,
    pub centre_id: Option<Uuid>,
    pub programme_id: Option<Uuid>,
    pub class_id: Option<Uuid>,
    pub learner_id: Option<Uuid>,
    /// The day from which it counts differently without anything being written.
    pub changes_on: Option<Date>,
    /// The attributes as JSON; of people sealed.
    pub body: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
