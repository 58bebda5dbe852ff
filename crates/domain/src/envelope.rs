//! What lies encrypted in a row: one column for all sealed fields of a record.

use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};

/// The sealed fields of a record with the key that opens them, itself locked by a master key.
///
/// Each record has a key of its own: forgetting it makes unreadable what was ever sealed with it,
/// in the row and in the journal alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Envelope {
    /// Name of the master key.
    pub master: String,
    /// The record's key, locked by the master key; base64.
    pub key: String,
    /// The sealed fields; base64.
    pub text: String,
}
