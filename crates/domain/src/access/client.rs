//! A client: one system with one role, one reach and at most one agreement.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use super::{
    agreement::Agreement,
    reach::Reach,
    role::{ClientState, Role},
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "client")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub name: String,
    pub organisation: String,
    pub egov_id: Option<String>,
    pub role: Role,
    pub state: ClientState,
    /// The client's own namespace of external ids.
    pub system: String,
    pub reach: Reach,
    pub agreement: Option<Agreement>,
    /// Argon2id, PHC string format.
    pub secret_hash: Option<String>,
    pub previous_secret_hash: Option<String>,
    pub previous_secret_until: Option<DateTime<Utc>>,
    /// Public keys for `private_key_jwt` (RFC 7523).
    pub jwks: Option<Json>,
    pub external_issuer: Option<String>,
    pub external_subject: Option<String>,
    /// Name, organisation and system, folded for search.
    pub search_text: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
