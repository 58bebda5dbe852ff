//! Which state of the embedded data stands in the tables; also the lock of those who fill them.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// The name of the row about units and code lists.
pub const TERRITORY: &str = "territory";

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reference_data")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// SHA-256 over everything that was loaded, hex; empty before the first time.
    pub fingerprint: String,
    pub loaded_at: Option<DateTime<Utc>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
