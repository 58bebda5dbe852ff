//! Where something is: the code as it was sent, and today's unit it resolved to.
//!
//! A bare commune code is ambiguous in time (1,812 codes carry another name today), so what a
//! sender said and what it was taken to mean are both kept.

use async_graphql::{InputObject, SimpleObject};
use chrono::NaiveDate;
use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A place as a sender names it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, SimpleObject, InputObject, ToSchema, FromJsonQueryResult)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[graphql(name = "SentPlace", input_name = "PlaceInput")]
pub struct PlaceInput {
    /// Commune code (5 digits) or province code (2 digits), as valid on `asOf`.
    /// QĐ 4998: `XA_PHUONG_ID` / `TINH_THANH_ID`.
    pub code: String,
    /// The day on which `code` was valid; today when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<NaiveDate>,
    /// Legacy district code (3 digits), valid to 2025-06-30 only. QĐ 4998: `QUAN_HUYEN_ID`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub district_code: Option<String>,
}

/// A place as the service keeps it: today's unit, and what was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema, FromJsonQueryResult)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// Today's province code. QĐ 4998: `TINH_THANH_ID`.
    pub province_code: String,
    /// Today's province name.
    pub province_name: String,
    /// Today's commune code, absent when only a province was sent. QĐ 4998: `XA_PHUONG_ID`.
    pub commune_code: Option<String>,
    /// Today's commune name.
    pub commune_name: Option<String>,
    /// The legacy district of the sent code, for places sent as of 2025-06-30 or before.
    /// QĐ 4998: `QUAN_HUYEN_ID`.
    pub district_code: Option<String>,
    /// The place as it was sent.
    pub sent: PlaceInput,
}

impl From<&Place> for PlaceInput {
    fn from(place: &Place) -> Self {
        place.sent.clone()
    }
}
