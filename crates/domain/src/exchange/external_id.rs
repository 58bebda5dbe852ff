//! The key under which another system knows a record, so that vendors never need our ids.

use async_graphql::{InputObject, SimpleObject};
use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A record's key in another system. A client's own key lives in its own `system`.
#[derive(
    Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, SimpleObject, InputObject, ToSchema, FromJsonQueryResult,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[graphql(input_name = "ExternalIdInput")]
pub struct ExternalId {
    /// The system's code, e.g. `sms_example` (lower snake_case, at most 60 characters).
    pub system: String,
    /// The key there (at most 255 characters).
    pub value: String,
}

// `system` has a form of its own, which the use cases check.
crate::rules!(ExternalId { system: text(60), value: text(255) });
