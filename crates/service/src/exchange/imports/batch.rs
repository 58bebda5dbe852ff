//! Some records of any kinds in one call, by the caller's own keys, each with an answer of its own.

use async_graphql::SimpleObject;
use gdtx_domain::{
    SchoolYear,
    exchange::{
        import::{
            cell::Reading,
            job::{DateFormat, ImportMode},
            receipt::RowOutcome,
        },
        resource::ResourceKind,
        window::SyncKind,
    },
    territory::code_list::CodeScheme,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    kinds::KINDS,
    reader::{content, kind_of, problem},
    receipts::RowProblem,
    row::{Options, Row},
    write::{self, Judged},
};
use crate::{
    Code, Ctx, Error, Result,
    access::policy::Permission,
    exchange::period::{Period, SyncPeriods},
    tx::Tx,
};

/// Records in one call at most.
pub const MOST: usize = 500;
/// How often a batch begins again after it lost a race.
const ATTEMPTS: u32 = 5;

/// What became of one record of a batch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BatchAnswer {
    /// Its place in the batch, from 0.
    pub index: i64,
    /// The kind of record; null when the record does not tell it.
    pub resource: Option<ResourceKind>,
    pub outcome: RowOutcome,
    /// The record; null for a rejected one, and for one that a rehearsal would create.
    #[graphql(name = "recordId")]
    pub id: Option<Uuid>,
    /// Its version after the batch.
    pub version: Option<i64>,
    /// Why it was rejected, or what is worth a look.
    pub errors: Vec<RowProblem>,
}

/// What became of a batch, in the order in which its records were sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BatchResult {
    pub items: Vec<BatchAnswer>,
    pub created: i64,
    pub updated: i64,
    pub unchanged: i64,
    pub rejected: i64,
}

/// How a batch is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchTerms {
    pub mode: ImportMode,
    /// The period that the records are for; with its kind or not at all.
    pub school_year: Option<SchoolYear>,
    pub sync_kind: Option<SyncKind>,
    /// Whether a period must be named.
    pub sync_periods: SyncPeriods,
}

/// Writes records in one transaction, those first that others refer to. A refused one leaves the others
/// alone, unless the mode is all or none.
///
/// # Errors
/// `validation_failed` for more than [`MOST`] records, and without the period that must be named.
pub async fn put(ctx: &Ctx, terms: BatchTerms, records: Vec<Map<String, Value>>) -> Result<BatchResult> {
    let period = (terms.school_year, terms.sync_kind);
    let period = Period::named(period, terms.sync_periods, Code::ValidationFailed, "/")?;
    let (ctx, mode) = (&Ctx { period, ..ctx.clone() }, terms.mode);
    if records.len() > MOST {
        return Err(Error::field(
            Code::ValidationFailed,
            "/records",
            "too_many",
            format!("Tối đa {MOST} bản ghi một lần; nhiều hơn thì dùng /v1/imports."),
            format!("At most {MOST} records in one call; use /v1/imports for more."),
        ));
    }
    for _ in 1..ATTEMPTS {
        match attempt(ctx, mode, &records).await {
            Err(error) if error.lost_race() => {}
            answer => return answer,
        }
    }
    attempt(ctx, mode, &records).await
}

async fn attempt(ctx: &Ctx, mode: ImportMode, records: &[Map<String, Value>]) -> Result<BatchResult> {
    let tx = ctx.write_many().await?;
    tx.require(Permission::ImportRun)?;
    let period = tx.ctx.period.map(|period| (period.school_year, period.kind));
    let input = (mode.code(), period, records);
    if let Some(kept) = tx.replay::<BatchResult>("put:batch", &input).await? {
        return tx.end(kept).await;
    }
    let mut judged = judge(&tx, rows(records)).await?;
    let refused = judged.iter().any(|row| row.outcome == RowOutcome::Rejected);
    if mode == ImportMode::Atomic && refused {
        for row in &mut judged {
            row.reject(problem(
                "",
                "other_rows_refused",
                "Bản ghi này đúng, nhưng không ghi vì bản ghi khác bị từ chối.",
                "This record is right; it was not written because others were refused.",
            ));
        }
        tx.db.rollback().await?;
        return Ok(result(judged, false));
    }
    let answer = result(judged, ctx.dry_run);
    tx.finish("put:batch", &input, answer).await
}

fn rows(records: &[Map<String, Value>]) -> Vec<Row> {
    let options = Options {
        reading: Reading { scheme: CodeScheme::Api, dates: DateFormat::Iso, since_1904: false },
        places_as_of: None,
        key: None,
        ignored: Vec::new(),
    };
    let each = records.iter().zip(0..).map(|(record, line)| {
        let mut members = record.clone();
        let (kind, content) = match kind_of(&mut members, None) {
            Ok(one) => (Some(one.kind()), content(one, members, &options)),
            Err((kind, said)) => (kind, Err(said)),
        };
        Row { line, kind, sent: String::new(), read: 0, content }
    });
    each.collect()
}

/// Judges the rows kind by kind; those of no kind are refused already.
async fn judge(tx: &Tx, rows: Vec<Row>) -> Result<Vec<Judged>> {
    let (known, mut unknown): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| row.kind.is_some());
    let (mut judged, mut known) = (Vec::new(), known);
    for (nth, kind) in KINDS.iter().enumerate() {
        let (mut now, later): (Vec<Row>, Vec<Row>) = known.into_iter().partition(|row| row.kind == Some(*kind));
        if nth == 0 {
            now.append(&mut unknown);
        }
        if !now.is_empty() {
            judged.extend(write::judge(tx, *kind, now).await?);
        }
        known = later;
    }
    judged.sort_by_key(|row| row.line);
    Ok(judged)
}

fn result(judged: Vec<Judged>, rehearsed: bool) -> BatchResult {
    let count = |outcome| i64::try_from(judged.iter().filter(|row| row.outcome == outcome).count()).unwrap_or(i64::MAX);
    let (created, updated) = (count(RowOutcome::Created), count(RowOutcome::Updated));
    let (unchanged, rejected) = (count(RowOutcome::Unchanged), count(RowOutcome::Rejected));
    let items = judged.into_iter().map(|row| {
        let record = row.record.filter(|_| !(rehearsed && row.outcome == RowOutcome::Created));
        BatchAnswer {
            index: row.line,
            resource: row.kind,
            outcome: row.outcome,
            id: record.map(|(id, _)| id),
            version: record.map(|(_, version)| version),
            errors: row.problems,
        }
    });
    BatchResult { items: items.collect(), created, updated, unchanged, rejected }
}
