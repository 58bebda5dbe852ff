//! How a full copy begins: a position of the feed, and the lists cut into parts that are read side by
//! side. Whoever reads every part, in any order and while others write, and then follows the feed from
//! that position, holds what there is: see [`plan`] for the rule.

use std::collections::BTreeSet;

use async_graphql::SimpleObject;
use gdtx_domain::exchange::{
    journal, journal_head,
    resource::{Operation, ResourceKind},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    changes::{read_permission, visible},
    partition::Partition,
};
use crate::{
    Code, Ctx, Error, Result,
    access::{policy::Permission, scope::Scope},
    database::one_of,
    tx::Tx,
};

/// What to plan.
#[derive(Clone, Debug, Default)]
pub struct SyncRequest {
    /// The kinds of record; every kind that the caller may read when absent.
    pub resources: Option<Vec<ResourceKind>>,
    /// The most parts of one kind, 1 to 64; by its size when absent.
    pub partitions: Option<u32>,
}

/// Where a full copy begins, and what to read for it.
#[derive(Clone, Debug, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SyncPlan {
    /// Give it as `after` to the feed once every part was read.
    pub position: i64,
    /// The parts of the lists. Each is read by the list or the export of its kind with
    /// `partition`, without other filters.
    pub partitions: Vec<SyncPartition>,
    /// Kinds that have no list of their own: read the feed of each from 0 up to `position`.
    pub from_feed: Vec<ResourceKind>,
}

/// A part of a list.
#[derive(Clone, Debug, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SyncPartition {
    /// Kind of record.
    pub resource: ResourceKind,
    /// Give it as `partition` to the list or the export.
    pub partition: String,
    /// About how many records it holds, for those who show how far they are.
    pub estimated_records: i64,
}

const MAX_PARTITIONS: u32 = 64;
/// Records that one part holds, unless the caller says how many parts there are.
const USUAL_SIZE: i64 = 25_000;
/// Entries of the journal that are looked at to learn how many records there are, and where.
const SAMPLE: i64 = 4096;

/// Kinds whose records are listed under another record only.
const LISTED_ELSEWHERE: [ResourceKind; 3] =
    [ResourceKind::CentreEvents, ResourceKind::EnrolmentEvents, ResourceKind::StatisticsReleases];

/// Plans a full copy. It keeps nothing and locks nothing.
///
/// The rule that makes the copy exact: whatever comes, from a part or from the feed, is taken if its
/// `version` is greater than that of the copy, and dropped otherwise; a record that comes with
/// `deletedAt` is taken off the copy. A record that changes while the parts are read is then held in
/// the state of its last entry, whether its part showed it before or after the change, or never.
///
/// # Errors
/// `forbidden` without the grant to follow changes, or to read a kind that was named;
/// `invalid_parameter` for a kind without records or a number of parts beyond the limit.
pub async fn plan(ctx: &Ctx, request: SyncRequest) -> Result<SyncPlan> {
    let most = request.partitions;
    if most.is_some_and(|n| !(1..=MAX_PARTITIONS).contains(&n)) {
        return Err(Error::field(
            Code::InvalidParameter,
            "partitions",
            "out_of_range",
            format!("Từ 1 đến {MAX_PARTITIONS}."),
            format!("Between 1 and {MAX_PARTITIONS}."),
        ));
    }
    let tx = ctx.read().await?;
    let scope = tx.require(Permission::ChangesRead)?;
    let kinds = kinds(&tx, request.resources)?;
    let (from_feed, listed): (Vec<_>, Vec<_>) = kinds.into_iter().partition(|kind| LISTED_ELSEWHERE.contains(kind));
    let position = end(&tx).await?;
    let every = (position / SAMPLE).max(1);
    let created = created(&tx, &scope, sampled(position, every), &listed).await?;
    let partitions = listed.into_iter().flat_map(|kind| {
        let ids: BTreeSet<Uuid> = created.iter().filter(|(of, _)| *of == kind).map(|(_, id)| *id).collect();
        cut(kind, position, &ids.into_iter().collect::<Vec<_>>(), every, most)
    });
    let partitions = partitions.collect();
    tx.end(SyncPlan { position, partitions, from_feed }).await
}

/// The kinds to copy, each once.
fn kinds(tx: &Tx, asked: Option<Vec<ResourceKind>>) -> Result<Vec<ResourceKind>> {
    let Some(asked) = asked else {
        let readable = |kind: &ResourceKind| read_permission(*kind).is_some_and(|p| tx.require(p).is_ok());
        return Ok(ResourceKind::ALL.iter().copied().filter(readable).collect());
    };
    let mut kinds = Vec::new();
    for kind in asked {
        let Some(permission) = read_permission(kind) else {
            return Err(Error::field(
                Code::InvalidParameter,
                "resources",
                "unknown_code",
                format!("Loại {kind} không có bản ghi."),
                format!("The kind {kind} has no records."),
            ));
        };
        tx.require(permission)?;
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    Ok(kinds)
}

#[expect(clippy::disallowed_methods, reason = "the end of the journal belongs to nobody")]
async fn end(tx: &Tx) -> Result<i64> {
    Ok(journal_head::Entity::find_by_id(1).one(&tx.db).await?.map_or(0, |head| head.position))
}

/// One position out of each `every`, not always the same one of them: entries come in patterns.
fn sampled(last: i64, every: i64) -> impl Iterator<Item = i64> {
    let strata = (0..).map(move |n| n * every).take_while(move |start| *start < last);
    strata.map(move |start| start + 1 + scattered(start).rem_euclid(every)).filter(move |position| *position <= last)
}

/// A number that looks like chance and is the same each time (the finaliser of SplitMix64).
const fn scattered(n: i64) -> i64 {
    let mut z = n.cast_unsigned().wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ (z >> 31)).cast_signed()
}

/// Which records came to be at these positions, as far as the caller may see them.
#[expect(clippy::disallowed_methods, reason = "the journal has its own scope condition")]
async fn created(
    tx: &Tx,
    scope: &Scope,
    positions: impl Iterator<Item = i64>,
    kinds: &[ResourceKind],
) -> Result<Vec<(ResourceKind, Uuid)>> {
    let rows = journal::Entity::find()
        .select_only()
        .columns([journal::Column::Resource, journal::Column::RecordId])
        .filter(one_of("position", positions, scope.backend))
        .filter(journal::Column::Operation.eq(Operation::Created))
        .filter(journal::Column::Resource.is_in(kinds.iter().copied()))
        .filter(visible(tx, scope))
        .into_tuple()
        .all(&tx.db)
        .await?;
    Ok(rows)
}

/// The parts of one kind: their bounds are ids of the sample, so each holds about as many records.
fn cut(kind: ResourceKind, position: i64, ids: &[Uuid], every: i64, most: Option<u32>) -> Vec<SyncPartition> {
    let known = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    let usual = (known * every).div_euclid(USUAL_SIZE) + 1;
    let count = most.map_or(usual.min(MAX_PARTITIONS.into()), i64::from).clamp(1, known.max(1));
    let at = |n: i64| usize::try_from(n * known / count).unwrap_or(usize::MAX);
    let bound = |n: i64| ids.get(at(n)).copied().filter(|_| n > 0 && n < count);
    let parts = (0..count).map(|n| {
        let part = Partition { kind, position, from: bound(n), to: bound(n + 1) };
        let inside = (n + 1) * known / count - n * known / count;
        SyncPartition { resource: kind, partition: part.encode(), estimated_records: inside * every }
    });
    parts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cover_all_ids_once_and_are_of_like_size() {
        let ids: Vec<Uuid> = (1..=103_u128).map(|n| Uuid::from_u128(n * 7)).collect();
        let parts = cut(ResourceKind::Learners, 9, &ids, 10, Some(8));
        let parts: Vec<_> =
            parts.iter().map(|p| Partition::decode(ResourceKind::Learners, &p.partition).unwrap()).collect();
        assert_eq!((parts.len(), parts[0].from, parts[7].to), (8, None, None));
        for pair in parts.windows(2) {
            assert!(pair[0].to.is_some() && pair[0].to == pair[1].from);
        }
        for part in &parts {
            let inside =
                ids.iter().filter(|id| part.from.is_none_or(|f| **id >= f) && part.to.is_none_or(|t| **id < t));
            assert!((12..=13).contains(&inside.count()));
        }
        assert_eq!(cut(ResourceKind::Learners, 9, &[], 1, Some(8)).len(), 1, "an empty list is one part");
        assert_eq!(cut(ResourceKind::Learners, 9, &ids, 1_000, None).len(), 5, "103,000 records");
    }

    #[test]
    fn a_sample_takes_each_stratum_once_and_no_fixed_place_of_it() {
        let all: Vec<i64> = sampled(5, 1).collect();
        assert_eq!(all, [1, 2, 3, 4, 5]);
        let some: Vec<i64> = sampled(30_000, 6).collect();
        assert!(some.iter().enumerate().all(|(n, p)| i64::try_from(n).unwrap() == (p - 1) / 6));
        let places: BTreeSet<i64> = some.iter().map(|p| p % 3).collect();
        assert_eq!(places.len(), 3);
    }
}
