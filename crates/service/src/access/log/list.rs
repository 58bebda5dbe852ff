//! Reads the access log: who saw whom, for what, and when. The auditor reads all of it, a centre
//! what concerns the records that it keeps.

use std::collections::HashMap;

use async_graphql::{InputObject, SimpleObject};
use chrono::{DateTime, Utc};
use gdtx_domain::{
    access::{access_entry, access_record, purpose::Purpose, role::Role},
    exchange::resource::ResourceKind,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, Query},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    Ctx, Page, PageRequest, Result,
    access::{policy::Permission, scope::Scope},
    pager::{Pager, Sort},
    tx::Tx,
};

/// One read that showed personal data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccessEntry {
    /// Identity: UUIDv7.
    pub id: Uuid,
    /// Dense, strictly rising number of the entry.
    pub position: i64,
    /// When it was read (UTC).
    pub recorded_at: DateTime<Utc>,
    /// The client that read.
    pub client_id: Uuid,
    /// Its organisation (Tổ chức) at that time.
    pub organisation: String,
    /// Electronic organisation id (Mã định danh điện tử).
    pub egov_id: Option<String>,
    /// Its role (Vai trò).
    pub role: Role,
    /// What it read for (Mục đích).
    pub purpose: Purpose,
    /// Reference of the data-sharing agreement (Thỏa thuận chia sẻ dữ liệu).
    pub agreement: String,
    /// Legal basis that the agreement names (Căn cứ pháp lý).
    pub legal_basis: String,
    /// The request that read; the service's log has it too.
    pub request_id: String,
    /// Kind of record.
    pub resource: ResourceKind,
    /// Names of the personal fields that were shown of any of the records.
    pub fields: Vec<String>,
    /// How many records the read showed in all.
    pub result_count: i32,
    /// The records, as far as they lie within the reach of who reads the log.
    pub records: Vec<SeenRecord>,
}

/// A record that was shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SeenRecord)]
pub struct SeenRecord {
    /// The record.
    pub id: Uuid,
    /// The learner whose data they are; null for others, such as the director of a centre.
    pub learner_id: Option<Uuid>,
    /// The centre that keeps the record.
    pub centre_id: Option<Uuid>,
}

/// Which entries to list: who saw whom, when and for what.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, InputObject, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct AccessLogFilter {
    /// The learner whose data were shown, by whichever record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub learner_id: Option<Uuid>,
    /// The record that was shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record_id: Option<Uuid>,
    /// The centre that keeps the record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub centre_id: Option<Uuid>,
    /// The client that read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<Uuid>,
    /// What it read for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
    /// Kind of record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<ResourceKind>,
    /// Read at this instant or later (RFC 3339).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<DateTime<Utc>>,
    /// Read before this instant (RFC 3339).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<DateTime<Utc>>,
}

const RECORDED_AT: Sort = Sort { name: "recordedAt", column: "recorded_at", instant: true };

/// Lists entries of the access log, the newest last unless asked for otherwise.
#[expect(clippy::disallowed_methods, reason = "entries lie in no place: they are seen by their records")]
pub async fn list(ctx: &Ctx, filter: AccessLogFilter, request: PageRequest) -> Result<Page<AccessEntry>> {
    let tx = ctx.read().await?;
    let scope = tx.require(Permission::AccessLogRead)?;
    let pager = Pager::new(&tx, &[RECORDED_AT], &request)?;
    let print = pager.print("access_log", &filter);
    let select = access_entry::Entity::find().filter(narrowed(&scope, &filter));
    let total_count = pager.count(&tx, &select).await?;
    let rows = pager.cut(select, print)?.all(&tx.db).await?;
    let page = pager.page(print, rows, total_count, |entry| (entry.recorded_at.to_rfc3339(), entry.id))?;
    let mut records = records_of(&tx, &scope, &page.items).await?;
    let page = page.map(|entry| {
        let seen = records.remove(&entry.id).unwrap_or_default();
        shown(entry, seen)
    });
    tx.end(page).await
}

fn narrowed(scope: &Scope, filter: &AccessLogFilter) -> Condition {
    use access_entry::Column;
    let whom = [("learner_id", filter.learner_id), ("record_id", filter.record_id), ("centre_id", filter.centre_id)];
    let mut seen = Query::select().column("entry_id").from(access_record::Entity).cond_where(held(scope)).to_owned();
    for (column, id) in whom {
        if let Some(id) = id {
            seen.and_where(Expr::col(column).eq(id));
        }
    }
    let by_record = !scope.reach.country || whom.iter().any(|(_, id)| id.is_some());
    Condition::all()
        .add_option(by_record.then(|| Column::Id.in_subquery(seen)))
        .add_option(filter.client_id.map(|id| Column::ClientId.eq(id)))
        .add_option(filter.purpose.map(|purpose| Column::Purpose.eq(purpose)))
        .add_option(filter.resource.map(|kind| Column::Resource.eq(kind)))
        .add_option(filter.from.map(|from| Column::RecordedAt.gte(from)))
        .add_option(filter.to.map(|to| Column::RecordedAt.lt(to)))
}

/// The rows about records of centres within reach.
fn held(scope: &Scope) -> Condition {
    if scope.reach.country {
        return Condition::all();
    }
    let centres = Query::select().column("id").from("centre").cond_where(scope.condition()).to_owned();
    Condition::all().add(Expr::col("centre_id").in_subquery(centres))
}

#[expect(clippy::disallowed_methods, reason = "seen through the scope condition above")]
async fn records_of(
    tx: &Tx,
    scope: &Scope,
    entries: &[access_entry::Model],
) -> Result<HashMap<Uuid, Vec<access_record::Model>>> {
    let rows = access_record::Entity::find()
        .filter(access_record::Column::EntryId.is_in(entries.iter().map(|entry| entry.id)))
        .filter(held(scope))
        .order_by_asc(access_record::Column::RecordId)
        .all(&tx.db)
        .await?;
    let mut found: HashMap<Uuid, Vec<_>> = HashMap::new();
    for row in rows {
        found.entry(row.entry_id).or_default().push(row);
    }
    Ok(found)
}

fn shown(entry: access_entry::Model, records: Vec<access_record::Model>) -> AccessEntry {
    let seen =
        |r: access_record::Model| SeenRecord { id: r.record_id, learner_id: r.learner_id, centre_id: r.centre_id };
    AccessEntry {
        id: entry.id,
        position: entry.position,
        recorded_at: entry.recorded_at,
        client_id: entry.client_id,
        organisation: entry.organisation,
        egov_id: entry.egov_id,
        role: entry.role,
        purpose: entry.purpose,
        agreement: entry.agreement,
        legal_basis: entry.legal_basis,
        request_id: entry.request_id,
        resource: entry.resource,
        fields: entry.fields.into(),
        result_count: entry.result_count,
        records: records.into_iter().map(seen).collect(),
    }
}
