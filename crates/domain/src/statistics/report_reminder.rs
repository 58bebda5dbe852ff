//! A reminder that a client was sent: each is told once, whichever process comes to it.

use sea_orm::entity::prelude::*;

use crate::SchoolYear;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_reminder")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub client_id: Uuid,
    /// Code of the form.
    #[sea_orm(primary_key, auto_increment = false)]
    pub form: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub school_year: SchoolYear,
    /// The place that reports.
    #[sea_orm(primary_key, auto_increment = false)]
    pub place_key: String,
    /// So many days before the last one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub days: i64,
    /// The last day: nobody is reminded after it.
    pub due_on: Date,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
