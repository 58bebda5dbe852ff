//! The Ed25519 keys that sign access tokens, shared by every process on one database.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "signing_key")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub kid: String,
    /// PKCS#8, base64.
    pub private_key: String,
    /// Raw 32 bytes, base64url.
    pub public_key: String,
    pub created_at: DateTime<Utc>,
    /// No longer signs from here on.
    pub retired_at: Option<DateTime<Utc>>,
    /// No longer verifies from here on.
    pub expires_at: Option<DateTime<Utc>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
