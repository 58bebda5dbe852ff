//! Receipts: what became of each row, told to the sender alone.

use async_graphql::SimpleObject;
use gdtx_domain::{
    FieldProblem,
    exchange::{
        import::receipt::{self, RowOutcome},
        resource::ResourceKind,
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::job;
use crate::{Code, Ctx, Error, Result, written::Problem};

/// What is wrong, or worth a look, in a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RowProblem {
    /// JSON Pointer (RFC 6901) to the field, by its name in the API; empty for the row as a whole.
    pub pointer: String,
    /// Stable snake_case code.
    pub code: String,
    /// What is wrong, in Vietnamese.
    pub detail_vi: String,
    /// The same in English.
    pub detail_en: String,
    /// Addresses of the records that it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<String>,
}

impl From<&FieldProblem> for RowProblem {
    fn from(p: &FieldProblem) -> Self {
        let detail = p.detail.clone();
        Self {
            pointer: p.pointer.clone(),
            code: p.code.to_owned(),
            detail_vi: detail.vi,
            detail_en: detail.en,
            links: p.links.clone(),
        }
    }
}

impl From<Problem> for RowProblem {
    fn from(p: Problem) -> Self {
        Self { pointer: p.pointer, code: p.code, detail_vi: p.label.vi, detail_en: p.label.en, links: p.links }
    }
}

/// The problems that an error tells.
pub(in crate::exchange) fn problems(error: &Error) -> Vec<RowProblem> {
    if !error.fields.is_empty() {
        return error.fields.iter().map(RowProblem::from).collect();
    }
    let detail = error.detail.clone();
    let (pointer, code) = (String::new(), error.code.as_str().to_owned());
    vec![RowProblem { pointer, code, detail_vi: detail.vi, detail_en: detail.en, links: Vec::new() }]
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportReceipt {
    /// The line of the file, or the row of the sheet, from 1.
    pub line: i64,
    /// The kind of record; null when the row does not tell it.
    pub resource: Option<ResourceKind>,
    /// What became of it.
    pub outcome: RowOutcome,
    /// The record; null for a rejected row, and for one that a rehearsal would create.
    #[graphql(name = "recordId")]
    pub id: Option<Uuid>,
    /// The version of the record after the row.
    pub version: Option<i64>,
    /// Why it was rejected, or what is worth a look.
    pub errors: Vec<RowProblem>,
    /// The row as it was sent, where there is something to mend: a line of JSON.
    pub row: Option<String>,
}

/// A run of receipts, in the order in which rows were judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportReceipts {
    pub items: Vec<ImportReceipt>,
    /// Give it as `after` to go on.
    pub next_after: i64,
    /// Whether receipts follow now, or may follow because the import is not over.
    pub has_more: bool,
}

/// Which receipts to read.
#[derive(Clone, Copy, Debug, Default)]
pub struct ReceiptsRequest {
    /// Receipts after this place; a place is the order in which rows were judged.
    pub after: Option<i64>,
    /// Receipts in the answer, 1 to 1,000; 200 when absent.
    pub first: Option<u32>,
    pub outcome: Option<RowOutcome>,
}

/// Receipts in one answer at most.
const MOST: u32 = 1_000;

/// Reads receipts in the order in which rows were judged, while the import runs and after it.
#[expect(clippy::disallowed_methods, reason = "receipts belong to the sender, who was checked")]
pub async fn list(ctx: &Ctx, id: Uuid, request: ReceiptsRequest) -> Result<ImportReceipts> {
    let first = request.first.unwrap_or(200);
    let after = request.after.unwrap_or(0);
    if !(1..=MOST).contains(&first) {
        return Err(Error::field(
            Code::InvalidParameter,
            "first",
            "out_of_range",
            format!("first từ 1 đến {MOST}."),
            format!("first lies between 1 and {MOST}."),
        ));
    }
    let tx = ctx.read().await?;
    let job = job::own(&tx, id).await?;
    let mut select =
        receipt::Entity::find().filter(receipt::Column::JobId.eq(id)).filter(receipt::Column::Place.gt(after));
    if let Some(outcome) = request.outcome {
        select = select.filter(receipt::Column::Outcome.eq(outcome));
    }
    let mut rows = select.order_by_asc(receipt::Column::Place).limit(u64::from(first) + 1).all(&tx.db).await?;
    let has_more = rows.len() > first as usize || !job.state.is_final();
    rows.truncate(first as usize);
    let next_after = rows.last().map_or(after, |row| row.place);
    let vault = tx.ctx.db.vault();
    let items = rows.into_iter().map(|row| shown(row, |place, text| vault.open_text(place, text)));
    let items = items.collect::<Result<Vec<_>>>()?;
    tx.end(ImportReceipts { items, next_after, has_more }).await
}

/// Where the row of a receipt is sealed.
pub(super) fn place(job: Uuid, line: i64) -> String {
    format!("import/{job}/row/{line}")
}

fn shown(row: receipt::Model, open: impl Fn(&str, &str) -> Result<String>) -> Result<ImportReceipt> {
    let errors = row.problems.map(serde_json::from_value).transpose().map_err(Error::internal)?;
    let sent = row.row.map(|sealed| open(&place(row.job_id, row.line), &sealed)).transpose()?;
    Ok(ImportReceipt {
        line: row.line,
        resource: row.resource,
        outcome: row.outcome,
        id: row.record_id,
        version: row.version,
        errors: errors.unwrap_or_default(),
        row: sent,
    })
}
