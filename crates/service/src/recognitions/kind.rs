//! The kinds of recognition as public reference data.
//!
//! Who decides depends on the day, so every answer can be asked for as of a day.

use async_graphql::InputObject;
use chrono::NaiveDate;
use gdtx_domain::recognitions::kind::{self, HolderKind, RecognitionKind};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::{
    Error, Page, PageRequest, Result,
    page::{SortBy, slice},
};

const SORTS: &[SortBy<RecognitionKind>] = &[("code", |kind| kind.code.clone())];

/// Which kinds of recognition to list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, InputObject, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct RecognitionKindFilter {
    /// Kinds that can be granted on this day, with the authorities of that day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<NaiveDate>,
    /// Kinds that this holder can have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holder: Option<HolderKind>,
}

/// Lists the kinds of recognition, by code.
pub fn list(filter: &RecognitionKindFilter, request: &PageRequest) -> Result<Page<RecognitionKind>> {
    let wanted = |kind: &&RecognitionKind| {
        filter.holder.is_none_or(|holder| kind.holders.contains(&holder))
            && filter.as_of.is_none_or(|day| in_force(kind, day))
    };
    let mut found: Vec<_> = kind::all().iter().filter(wanted).map(|kind| as_of(kind, filter.as_of)).collect();
    found.sort_by(|a, b| a.code.cmp(&b.code));
    slice(found, |kind| &kind.code, SORTS, request, "recognition-kinds", filter)
}

/// Reads one kind. With a day, `authorities` holds those who decide on that day: none when the
/// kind cannot be granted on it.
pub fn get(code: &str, day: Option<NaiveDate>) -> Result<RecognitionKind> {
    kind::find(code).map(|kind| as_of(kind, day)).ok_or_else(Error::not_found)
}

fn as_of(kind: &RecognitionKind, day: Option<NaiveDate>) -> RecognitionKind {
    let mut kind = kind.clone();
    if let Some(day) = day {
        let alive = in_force(&kind, day);
        kind.authorities
            .retain(|row| alive && row.from.is_none_or(|from| from <= day) && row.to.is_none_or(|to| day <= to));
    }
    kind
}

fn in_force(kind: &RecognitionKind, day: NaiveDate) -> bool {
    kind.valid_from.is_none_or(|from| from <= day) && kind.valid_to.is_none_or(|to| day <= to)
}
