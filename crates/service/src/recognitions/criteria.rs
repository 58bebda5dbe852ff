//! The criteria sets as public reference data: criteria, indicators, targets and what was not read.

use async_graphql::InputObject;
use chrono::NaiveDate;
use gdtx_domain::recognitions::criteria::{self, CriteriaSet};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::{
    Error, Page, PageRequest, Result,
    page::{SortBy, slice},
};

const SORTS: &[SortBy<CriteriaSet>] = &[("code", |set| set.code.clone())];

/// Which criteria sets to list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, InputObject, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct CriteriaSetFilter {
    /// Sets in force on this day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<NaiveDate>,
}

/// Lists the criteria sets, by code.
pub fn list(filter: &CriteriaSetFilter, request: &PageRequest) -> Result<Page<CriteriaSet>> {
    let wanted = |set: &&CriteriaSet| filter.as_of.is_none_or(|day| set.in_force_on(day));
    let mut found: Vec<_> = criteria::all().iter().filter(wanted).cloned().collect();
    found.sort_by(|a, b| a.code.cmp(&b.code));
    slice(found, |set| &set.code, SORTS, request, "criteria-sets", filter)
}

/// Reads one set by its code.
pub fn get(code: &str) -> Result<CriteriaSet> {
    criteria::find(code).cloned().ok_or_else(Error::not_found)
}
