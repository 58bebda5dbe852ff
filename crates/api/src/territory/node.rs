//! An administrative unit in GraphQL, with its relations as of the day that was asked for.
//!
//! A relation never leaves the unit's era by accident: only successors and predecessors cross it.

use async_graphql::{Context, ID, Object};
use chrono::NaiveDate;
use gdtx_domain::territory::unit::Unit;
use gdtx_service::{
    Count, Ctx, Page, PageRequest, Result,
    territory::{
        succession,
        unit::{self, AdministrativeUnitFilter, day_in},
    },
};

use super::succession::{SuccessionNode, successions};
use crate::graphql::{self, Connection};

/// A unit with its relations.
#[derive(Clone)]
pub struct UnitNode {
    unit: Unit,
    /// The day as of which the unit and its relations are shown.
    on: NaiveDate,
}

impl UnitNode {
    pub fn new(ctx: &Ctx, day: Option<NaiveDate>, unit: Unit) -> Self {
        let on = day_in(&unit, day.unwrap_or_else(|| ctx.clock.today()));
        Self { unit, on }
    }
}

/// A page of units as a connection.
pub fn nodes(
    ctx: &Ctx,
    day: Option<NaiveDate>,
    page: Result<Page<Unit>>,
) -> async_graphql::Result<Connection<UnitNode>> {
    graphql::wrap(ctx, page).map(|page| Connection::new(page.map(|unit| UnitNode::new(ctx, day, unit))))
}

/// A province, legacy district or commune, as it was on one day.
#[Object(name = "AdministrativeUnit")]
impl UnitNode {
    /// Unique over levels and eras: `00004@2025-07-01`, `00004@legacy`, `d001@legacy` (district).
    pub async fn id(&self) -> ID {
        ID(self.unit.id.clone())
    }

    #[graphql(flatten)]
    async fn fields(&self) -> &Unit {
        &self.unit
    }

    /// The unit directly above.
    async fn parent(&self) -> Option<UnitNode> {
        unit::parent(&self.unit, self.on).map(|unit| Self { unit, on: self.on })
    }

    /// The units directly below, by code.
    #[graphql(complexity = "crate::graphql::pages(first, child_complexity)")]
    async fn children(
        &self,
        ctx: &Context<'_>,
        first: Option<u32>,
        after: Option<String>,
        sort: Option<String>,
        count: Option<Count>,
    ) -> async_graphql::Result<Connection<UnitNode>> {
        let request = graphql::caller(ctx)?;
        let parent_code = Some(self.unit.code.clone());
        let filter =
            AdministrativeUnitFilter { as_of: Some(self.on), parent_code, ..AdministrativeUnitFilter::default() };
        nodes(&request, Some(self.on), unit::list(&request, &filter, &PageRequest { first, after, sort, count }))
    }

    /// The units above, the nearest first.
    #[graphql(complexity = "4 * child_complexity.max(1) + 1")]
    async fn ancestors(
        &self,
        ctx: &Context<'_>,
        first: Option<u32>,
        after: Option<String>,
        sort: Option<String>,
        count: Option<Count>,
    ) -> async_graphql::Result<Connection<UnitNode>> {
        let request = graphql::caller(ctx)?;
        let found = unit::ancestors(&request, &self.unit.id, Some(self.on), &PageRequest { first, after, sort, count });
        nodes(&request, Some(self.on), found)
    }

    /// All units below, each followed by its own.
    #[graphql(complexity = "crate::graphql::pages(first, child_complexity)")]
    async fn descendants(
        &self,
        ctx: &Context<'_>,
        first: Option<u32>,
        after: Option<String>,
        sort: Option<String>,
        count: Option<Count>,
    ) -> async_graphql::Result<Connection<UnitNode>> {
        let request = graphql::caller(ctx)?;
        let found =
            unit::descendants(&request, &self.unit.id, Some(self.on), &PageRequest { first, after, sort, count });
        nodes(&request, Some(self.on), found)
    }

    /// The units of today that a legacy unit went into.
    #[graphql(complexity = "10 * child_complexity.max(1) + 1")]
    async fn successors(
        &self,
        ctx: &Context<'_>,
        first: Option<u32>,
        after: Option<String>,
        sort: Option<String>,
        count: Option<Count>,
    ) -> async_graphql::Result<Connection<SuccessionNode>> {
        let request = graphql::caller(ctx)?;
        let found =
            succession::successors(&request, &self.unit.id, Some(self.on), &PageRequest { first, after, sort, count });
        successions(&request, found)
    }

    /// The legacy units that went into a unit of today.
    #[graphql(complexity = "10 * child_complexity.max(1) + 1")]
    async fn predecessors(
        &self,
        ctx: &Context<'_>,
        first: Option<u32>,
        after: Option<String>,
        sort: Option<String>,
        count: Option<Count>,
    ) -> async_graphql::Result<Connection<SuccessionNode>> {
        let request = graphql::caller(ctx)?;
        let found = succession::predecessors(
            &request,
            &self.unit.id,
            Some(self.on),
            &PageRequest { first, after, sort, count },
        );
        successions(&request, found)
    }
}
