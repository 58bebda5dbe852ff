//! Which units a unit went into or came from, and how much of it.
//!
//! A link alone holds codes; whoever follows it wants the unit at its other end as well.

use chrono::NaiveDate;
use gdtx_domain::territory::{
    find::by_id,
    successor::{self, UnitLink},
    unit::{Unit, as_of},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::unit::{day_in, lookup};
use crate::{Ctx, Page, PageRequest, Result, page::slice};

/// A link between a legacy unit and a unit of today, with the unit at the end that was not asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UnitSuccession {
    #[serde(flatten)]
    pub link: UnitLink,
    /// The successor as it is today, or the predecessor as it was on 2025-06-30.
    pub unit: Unit,
}

/// Lists the units of today that a legacy unit went into, by code; none for a unit of today.
pub fn successors(
    ctx: &Ctx,
    code: &str,
    day: Option<NaiveDate>,
    request: &PageRequest,
) -> Result<Page<UnitSuccession>> {
    let (unit, _) = lookup(ctx, code, None, day)?;
    let links = successor::successors(unit).into_iter();
    let found = links.filter_map(|link| Some(with_unit(ctx, by_id(&link.to_id)?, link))).collect();
    slice(found, |s: &UnitSuccession| &s.unit.id, &[], request, "successors", &(&unit.id, day))
}

/// Lists the legacy units that went into a unit of today, by code; none for a legacy unit.
pub fn predecessors(
    ctx: &Ctx,
    code: &str,
    day: Option<NaiveDate>,
    request: &PageRequest,
) -> Result<Page<UnitSuccession>> {
    let (unit, _) = lookup(ctx, code, None, day)?;
    let links = successor::predecessors(unit).into_iter();
    let found = links.filter_map(|link| Some(with_unit(ctx, by_id(&link.from_id)?, link))).collect();
    slice(found, |s: &UnitSuccession| &s.unit.id, &[], request, "predecessors", &(&unit.id, day))
}

fn with_unit(ctx: &Ctx, unit: &'static Unit, link: UnitLink) -> UnitSuccession {
    UnitSuccession { link, unit: as_of(unit, day_in(unit, ctx.clock.today())).clone() }
}
