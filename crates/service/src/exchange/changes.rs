//! The change feed: one ordered stream over all records, as this caller may see them now.
//!
//! What a caller sees is decided by where the centre of a record lies today, not where it lay when
//! the entry was written: a newly granted centre arrives with its whole past, and a lost one is
//! announced once and then silent.

use std::{collections::HashMap, time::Duration};

use async_graphql::{Json, SimpleObject};
use chrono::{DateTime, Utc};
use gdtx_domain::{
    access::reach::Reach,
    exchange::{
        journal, journal_head,
        resource::{Operation, ResourceKind},
    },
};
use sea_orm::{
    ColumnTrait, Condition, DbBackend, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Query},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::image::{self, Today};
use crate::{
    Code, Ctx, Error, Result,
    access::{
        caller::Caller,
        policy::{self, Extent, Permission},
        scope::{Scope, within},
    },
    tx::Tx,
};

/// One change, in the order in which changes happened.
#[derive(Clone, Debug, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// Dense, strictly rising number of the entry.
    pub position: i64,
    /// Kind of record.
    pub resource: ResourceKind,
    /// What happened.
    pub operation: Operation,
    /// The record.
    pub id: Uuid,
    /// Its version after the change.
    pub version: i64,
    /// The centre it belongs to.
    pub centre_id: Option<Uuid>,
    /// Today's province code at the time of the change.
    pub province_code: Option<String>,
    /// Today's commune code at the time of the change.
    pub commune_code: Option<String>,
    /// When it was recorded (UTC).
    pub recorded_at: DateTime<Utc>,
    /// The request that made it.
    pub request_id: String,
    /// The record after the change, masked for the caller; for `access_gained` and `access_lost`
    /// the reach that was gained or lost, for `webhook_disabled` what is known of the webhook, and for
    /// `report_due` the item of `/v1/reports/due`.
    #[schema(value_type = Object)]
    pub record: Option<Json<Value>>,
}

/// A run of changes.
#[derive(Clone, Debug, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Changes {
    /// The changes, oldest first.
    pub items: Vec<Change>,
    /// Give it as `after` next time. Moves on even when nothing of the run was visible.
    pub next_after: i64,
    /// The last position of the journal when the run was read.
    pub last_position: i64,
    /// Whether more entries wait after `nextAfter`.
    pub has_more: bool,
}

/// What to read.
#[derive(Clone, Debug, Default)]
pub struct ChangesRequest {
    /// The position after which to read, up to the last one; 0 reads from the beginning.
    pub after: i64,
    /// One kind of record only.
    pub resource: Option<ResourceKind>,
    /// 1 to 1,000 entries; 200 when absent.
    pub first: Option<u32>,
    /// How long to wait for a change when there is none yet, at most 60 seconds.
    pub wait: Option<u32>,
    /// Show records as lists do, for a copy that began with lists.
    pub as_listed: bool,
}

const MAX_FIRST: u32 = 1000;
const MAX_WAIT_SECONDS: u32 = 60;

/// Reads changes after a position; waits for one when asked.
pub async fn read(ctx: &Ctx, request: ChangesRequest) -> Result<Changes> {
    check(&request)?;
    let ctx = &ctx.for_many_answers();
    let mut sequenced = ctx.db.sequenced.subscribe();
    let deadline = tokio::time::Instant::now() + Duration::from_secs(request.wait.unwrap_or(0).into());
    loop {
        let changes = read_once(ctx, &request).await?;
        if !changes.items.is_empty() || changes.has_more || tokio::time::Instant::now() >= deadline {
            return Ok(changes);
        }
        // Another process may sequence without waking this one, so look again every second.
        let next_look = deadline.min(tokio::time::Instant::now() + Duration::from_secs(1));
        let _ = tokio::time::timeout_at(next_look, sequenced.changed()).await;
    }
}

/// Refuses what lies beyond the limits.
///
/// # Errors
/// `invalid_parameter`.
pub fn check(request: &ChangesRequest) -> Result<()> {
    let refuse = |parameter: &str, vi: String, en: String| {
        Err(Error::field(Code::InvalidParameter, parameter, "out_of_range", vi, en))
    };
    if request.after < 0 {
        return refuse("after", "Vị trí từ 0 trở lên.".into(), "A position is 0 or more.".into());
    }
    if request.first.is_some_and(|n| !(1..=MAX_FIRST).contains(&n)) {
        return refuse("first", format!("Từ 1 đến {MAX_FIRST}."), format!("Between 1 and {MAX_FIRST}."));
    }
    if request.wait.is_some_and(|s| s > MAX_WAIT_SECONDS) {
        return refuse(
            "wait",
            format!("Tối đa {MAX_WAIT_SECONDS} giây."),
            format!("At most {MAX_WAIT_SECONDS} seconds."),
        );
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "the journal has its own scope condition")]
async fn read_once(ctx: &Ctx, request: &ChangesRequest) -> Result<Changes> {
    let mut tx = begin(ctx, request.after).await?;
    // A record of the feed is whole: who asks for it sees all its fields.
    tx.ctx.asked = tx.ctx.asked.filter(|names| !names.contains("record"));
    tx.ctx.as_listed = request.as_listed;
    let scope = tx.require(Permission::ChangesRead)?;
    let last = journal_head::Entity::find_by_id(1).one(&tx.db).await?.map_or(0, |h| h.position);
    if request.after > last {
        return Err(Error::field(
            Code::InvalidParameter,
            "after",
            "beyond_the_end",
            format!(
                "Nhật ký kết thúc ở vị trí {last}; không có vị trí {}. Nếu dữ liệu đã được phục hồi, hãy đọc lại từ đầu.",
                request.after
            ),
            format!(
                "The journal ends at position {last}; there is no position {}. If the data were restored, read again from the beginning.",
                request.after
            ),
        ));
    }
    let mut wanted = Condition::all().add(journal::Column::Position.gt(request.after));
    if let Some(resource) = request.resource {
        wanted = wanted.add(journal::Column::Resource.eq(resource));
    }
    let changes = gather(&tx, &scope, wanted, last, request.first.unwrap_or(200) as usize).await?;
    tx.end(changes).await
}

/// The changes up to a position that are wanted and that the caller may see, oldest first.
#[expect(clippy::disallowed_methods, reason = "the journal has its own scope condition")]
async fn gather(tx: &Tx, scope: &Scope, wanted: Condition, last: i64, first: usize) -> Result<Changes> {
    let mut entries = journal::Entity::find()
        .filter(journal::Column::Position.lte(last))
        .filter(wanted)
        .filter(visible(tx, scope))
        .order_by_asc(journal::Column::Position)
        .limit(first as u64 + 1)
        .all(&tx.db)
        .await?;
    let has_more = entries.len() > first;
    entries.truncate(first);
    let next_after = match entries.last() {
        Some(entry) if has_more => entry.position.unwrap_or_default(),
        _ => last,
    };
    let today = image::today(tx, &entries).await?;
    let items = entries.into_iter().map(|e| show(tx, &scope.reach, &today, e)).collect::<Result<Vec<_>>>()?;
    Ok(Changes { items, next_after, last_position: last, has_more })
}

/// What a webhook is to be told of next.
pub(crate) struct Wanted<'a> {
    /// The changes after this position,
    pub after: i64,
    /// and those at these positions again.
    pub again: &'a [i64],
    /// Kinds of record; all when empty.
    pub resources: &'a [ResourceKind],
    /// Changes; all when empty.
    pub operations: &'a [Operation],
    /// A part of the reach.
    pub within: Option<&'a Reach>,
    /// Changes at most, beside those that are told again.
    pub first: usize,
}

/// Reads changes for a webhook, as its client may see them now.
#[expect(clippy::disallowed_methods, reason = "the head of the journal belongs to nobody")]
pub(crate) async fn wanted(ctx: &Ctx, wanted: &Wanted<'_>) -> Result<Changes> {
    let tx = ctx.read_primary().await?;
    let scope = tx.require(Permission::ChangesRead)?;
    let last = journal_head::Entity::find_by_id(1).one(&tx.db).await?.map_or(0, |h| h.position);
    let mut changes = gather(&tx, &scope, fitting(&scope, wanted), last, wanted.first + wanted.again.len()).await?;
    // Who asks for moves is told of all of them, as they are for it: moved, gained or lost.
    let is_wanted = |operation| wanted.operations.is_empty() || wanted.operations.contains(&operation);
    changes.items.retain(|change| is_wanted(change.operation) || is_wanted(Operation::Moved));
    tx.end(changes).await
}

/// Whether there may be any change for a webhook; none is shown.
#[expect(clippy::disallowed_methods, reason = "the journal has its own scope condition")]
pub(crate) async fn is_any(ctx: &Ctx, wanted: &Wanted<'_>) -> Result<bool> {
    let tx = ctx.read_primary().await?;
    let scope = tx.require(Permission::ChangesRead)?;
    let first: Option<Option<i64>> = journal::Entity::find()
        .select_only()
        .column(journal::Column::Position)
        .filter(fitting(&scope, wanted))
        .filter(visible(&tx, &scope))
        .order_by_asc(journal::Column::Position)
        .limit(1)
        .into_tuple()
        .one(&tx.db)
        .await?;
    tx.end(first.is_some()).await
}

/// Entries of which a webhook is to be told.
fn fitting(scope: &Scope, wanted: &Wanted<'_>) -> Condition {
    let mut due = Condition::any().add(journal::Column::Position.gt(wanted.after));
    if !wanted.again.is_empty() {
        due = due.add(journal::Column::Position.is_in(wanted.again.iter().copied()));
    }
    let mut fitting = Condition::all().add(due);
    if !wanted.resources.is_empty() {
        fitting = fitting.add(journal::Column::Resource.is_in(wanted.resources.iter().copied()));
    }
    if !wanted.operations.is_empty() {
        // A move is gained or lost as its reader sees it.
        let is_of_moves = |operation: &Operation| matches!(operation, Operation::AccessGained | Operation::AccessLost);
        let moved = wanted.operations.iter().any(is_of_moves).then_some(Operation::Moved);
        fitting = fitting.add(journal::Column::Operation.is_in(wanted.operations.iter().copied().chain(moved)));
    }
    if let Some(reach) = wanted.within {
        let part = places(reach, scope.backend);
        fitting = fitting.add(Condition::any().add(part).add(journal::Column::Resource.eq(ResourceKind::Access)));
    }
    fitting
}

/// Begins a read that has seen as much as the caller: the replica that answers now may be behind the one
/// that answered before. What no database has seen is refused by the reader.
async fn begin(ctx: &Ctx, after: i64) -> Result<Tx> {
    if !ctx.db.replicas().is_any() || ctx.min_position >= Some(after) {
        return ctx.read().await;
    }
    match (Ctx { min_position: Some(after), ..ctx.clone() }).read().await {
        Err(error) if error.code == Code::InvalidHeader => ctx.read_primary().await,
        begun => begun,
    }
}

/// Which entries the caller may see: kinds it may read, in places it may reach.
pub(super) fn visible(tx: &Tx, scope: &Scope) -> Condition {
    let (client_id, role) = match &tx.caller {
        Caller::Client(client) => (Some(client.id), Some(client.role)),
        Caller::Public | Caller::System => (None, None),
    };
    let may = |p| role.is_none_or(|r| policy::extent(r, p) != Extent::Nowhere);
    let kinds = ResourceKind::ALL.iter().copied().filter(|k| read_permission(*k).is_some_and(may));
    // What concerns everybody is told to everybody who may read it.
    let announced = ResourceKind::ALL.iter().copied().filter(|kind| {
        let read = read_permission(*kind).and_then(|permission| tx.require(permission).ok());
        read.is_some_and(|scope| scope.reach.country)
    });
    let mut records = Condition::all().add(journal::Column::Resource.is_in(kinds));
    if !scope.reach.country {
        let within_reach = places(&scope.reach, scope.backend).add(journal::Column::Resource.is_in(announced));
        records = records.add(within_reach);
    }
    let own_access = Condition::all()
        .add(journal::Column::Resource.eq(ResourceKind::Access))
        .add(journal::Column::RecordId.eq(client_id.unwrap_or_default()))
        .add(journal::Column::Operation.is_in(Operation::OF_ONESELF));
    Condition::any().add(records).add(own_access)
}

/// The permission that reads a kind of record.
pub(super) const fn read_permission(kind: ResourceKind) -> Option<Permission> {
    match kind {
        ResourceKind::Centres
        | ResourceKind::CentreEvents
        | ResourceKind::Campuses
        | ResourceKind::Lands
        | ResourceKind::Rooms => Some(Permission::CentreRead),
        ResourceKind::StaffMembers => Some(Permission::StaffRead),
        ResourceKind::Programmes | ResourceKind::Classes => Some(Permission::ProgrammeRead),
        ResourceKind::Learners
        | ResourceKind::Enrolments
        | ResourceKind::EnrolmentEvents
        | ResourceKind::Results
        | ResourceKind::DataSubjectRequests => Some(Permission::LearnerRead),
        ResourceKind::Recognitions => Some(Permission::RecognitionRead),
        ResourceKind::SyncWindows => Some(Permission::WindowRead),
        ResourceKind::StatisticsReleases => Some(Permission::ReleaseRead),
        ResourceKind::Reports => Some(Permission::ReportRead),
        ResourceKind::Access => None,
    }
}

fn places(reach: &Reach, backend: DbBackend) -> Condition {
    if reach.country {
        return Condition::all();
    }
    let centres = Query::select().column("id").from("centre").cond_where(within(reach, backend)).to_owned();
    let without_centre = Condition::all().add(journal::Column::CentreId.is_null()).add(within(reach, backend));
    // A move out of the reach is told once, by the entry that names the old place.
    let moved_away = Condition::all().add(journal::Column::Operation.eq(Operation::Moved)).add(moved_from(reach));
    Condition::any().add(Expr::col("centre_id").in_subquery(centres)).add(without_centre).add(moved_away)
}

/// Entries of moves whose old place lies in the reach; the old place is the head of the image.
fn moved_from(reach: &Reach) -> Condition {
    let mut any = Condition::any().add(Expr::val(1).eq(0));
    for code in &reach.provinces {
        any = any.add(Expr::col("after_image").like(format!("{{\"fromProvinceCode\":\"{code}\",%")));
    }
    for code in &reach.communes {
        any = any.add(Expr::col("after_image").like(format!("%,\"fromCommuneCode\":\"{code}\",%")));
    }
    any
}

fn show(tx: &Tx, reach: &Reach, today: &HashMap<Uuid, Today>, entry: journal::Model) -> Result<Change> {
    let (operation, record) = if entry.operation == Operation::Moved {
        seen_move(entry.after_image.as_deref().unwrap_or("null"), &entry, reach)
    } else {
        (entry.operation, image::masked(tx, &entry, today.get(&entry.record_id))?)
    };
    // Whoever loses a record is not told where it went.
    let told = operation != Operation::AccessLost;
    Ok(Change {
        position: entry.position.unwrap_or_default(),
        resource: entry.resource,
        operation,
        id: entry.record_id,
        version: entry.version,
        centre_id: entry.centre_id,
        province_code: entry.province_code.filter(|_| told),
        commune_code: entry.commune_code.filter(|_| told),
        recorded_at: entry.recorded_at,
        request_id: entry.request_id,
        record: Some(Json(record)),
    })
}

/// A move as seen from one side: gained, lost, or within.
fn seen_move(image: &str, entry: &journal::Model, reach: &Reach) -> (Operation, Value) {
    let image: Value = serde_json::from_str(image).unwrap_or_default();
    let code = |key: &str| image.get(key).and_then(Value::as_str).map(str::to_owned);
    let side = |p, c| {
        reach.covers(&gdtx_domain::access::reach::Keys {
            province_code: p,
            commune_code: c,
            centre_id: entry.centre_id,
        })
    };
    let before = side(code("fromProvinceCode"), code("fromCommuneCode"));
    let after = side(code("toProvinceCode"), code("toCommuneCode"));
    let operation = match (before, after) {
        (true, false) => Operation::AccessLost,
        (false, true) => Operation::AccessGained,
        _ => Operation::Moved,
    };
    if operation == Operation::Moved {
        return (operation, image);
    }
    (operation, serde_json::json!({ "country": false, "provinces": [], "communes": [], "centres": [entry.centre_id] }))
}
