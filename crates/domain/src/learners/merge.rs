//! What is kept of two records that were found to be one person, so that it can be undone.

use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::exchange::external_id::ExternalId;

/// What went over from a merged record to the one that stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Merge {
    /// Enrolments that went over.
    pub enrolments: Vec<Uuid>,
    /// Keys of other systems that went over.
    pub external_ids: Vec<ExternalId>,
}
