//! What every record starts with: identity, version, times, the keys that decide who sees it.

use chrono::{DateTime, Utc};
use gdtx_domain::{List, access::reach::Keys, exchange::external_id::ExternalId};
use uuid::Uuid;

use crate::Ctx;

/// The columns that every record starts with.
#[derive(Clone, Debug, PartialEq)]
pub struct Meta {
    pub id: Uuid,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub deleted_at: Option<DateTime<Utc>>,
    pub province_code: Option<String>,
    pub commune_code: Option<String>,
    pub centre_id: Option<Uuid>,
    pub search_text: String,
    pub external_ids: List<ExternalId>,
}

impl Meta {
    /// The head of a record that comes to be now; its keys follow from its owner or its place.
    pub(crate) fn fresh(ctx: &Ctx) -> Self {
        let now = ctx.clock.now();
        Self {
            id: ctx.new_id(),
            version: 1,
            created_at: now,
            updated_at: now,
            deleted_at: None,
            province_code: None,
            commune_code: None,
            centre_id: None,
            search_text: String::new(),
            external_ids: List::default(),
        }
    }

    /// The keys that decide who may see the record.
    pub fn keys(&self) -> Keys {
        Keys {
            province_code: self.province_code.clone(),
            commune_code: self.commune_code.clone(),
            centre_id: self.centre_id,
        }
    }

    /// Puts the record where another one is (children follow their centre).
    pub fn set_keys(&mut self, keys: &Keys) {
        self.province_code.clone_from(&keys.province_code);
        self.commune_code.clone_from(&keys.commune_code);
        self.centre_id = keys.centre_id;
    }
}
