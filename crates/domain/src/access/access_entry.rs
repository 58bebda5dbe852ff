//! The access log: one entry for each read that showed personal data, chained by hashes.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use super::{purpose::Purpose, role::Role};
use crate::{List, exchange::resource::ResourceKind};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "access_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Dense, strictly rising.
    pub position: i64,
    pub recorded_at: DateTime<Utc>,
    pub client_id: Uuid,
    pub organisation: String,
    pub egov_id: Option<String>,
    pub role: Role,
    pub purpose: Purpose,
    /// Reference of the agreement that covered the read.
    pub agreement: String,
    pub legal_basis: String,
    pub request_id: String,
    pub resource: ResourceKind,
    /// Names of the fields that were shown, on the wire.
    pub fields: List<String>,
    /// How many records the read showed.
    pub result_count: i32,
    /// SHA-256 over the previous hash, this entry and its records, hex.
    pub hash: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
