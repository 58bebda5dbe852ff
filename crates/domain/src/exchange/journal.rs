//! The journal: one entry per changed record, written in the transaction of the change.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use super::resource::{Operation, ResourceKind};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "journal")]
pub struct Model {
    /// Order of writing; may have holes (rollbacks).
    #[sea_orm(primary_key)]
    pub seq: i64,
    /// Dense, strictly rising; given right before the commit or after it.
    pub position: Option<i64>,
    pub resource: ResourceKind,
    pub record_id: Uuid,
    pub version: i64,
    pub operation: Operation,
    /// The record after the change, as JSON text, unmasked.
    pub after_image: Option<String>,
    /// Role or `system`.
    pub actor: String,
    pub client_id: Option<Uuid>,
    pub centre_id: Option<Uuid>,
    pub province_code: Option<String>,
    pub commune_code: Option<String>,
    pub request_id: String,
    pub recorded_at: DateTime<Utc>,
    /// SHA-256 over the previous hash and this entry, hex.
    pub hash: Option<String>,
    /// What the record was found by, for lists of the past; null where that is personal data.
    pub search_text: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
