//! Receipts on REST: in runs as JSON, or all of them as a file that goes back to who mends the rows.

use std::time::Duration;

use actix_web::{
    HttpResponse,
    http::header,
    web::{Bytes, Path},
};
use futures::{StreamExt, TryStreamExt, stream};
use gdtx_domain::exchange::import::receipt::{COLUMNS, RowOutcome};
use gdtx_service::{
    Ctx,
    exchange::imports::{self, ImportReceipt, ImportReceipts, ReceiptsRequest},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::sheet::cells;
use crate::{
    exchange::sheet::{self, Book, XLSX},
    headers::Caller,
    problem::Failure,
    rest::refusals::{Common, OfOne},
    rest::{
        operations::{Answer, parse_id},
        query, respond,
    },
};

/// The form of receipts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ReceiptFormat {
    /// A run of receipts.
    #[default]
    Json,
    /// All of them, a JSON object a line; while the import runs, as they come.
    Ndjson,
    /// All of them as a sheet, with the sent row beside what is wrong with it.
    Csv,
    /// The same as a workbook.
    Xlsx,
}

/// Which receipts to read.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct ReceiptsParameters {
    /// Receipts after this place; `nextAfter` of the run before.
    #[param(minimum = 0)]
    after: Option<i64>,
    /// Receipts in the answer, 1 to 1,000; 200 when absent.
    #[param(minimum = 1, maximum = 1000)]
    first: Option<u32>,
    /// Rows with this outcome only.
    #[param(inline)]
    outcome: Option<RowOutcome>,
    /// `json` (when absent) in runs; `ndjson`, `csv` and `xlsx` as one file.
    #[param(inline)]
    format: ReceiptFormat,
}

/// Read the receipts of an import
///
/// What became of each row, in the order in which rows were judged, while the import runs and for 90
/// days: the record and its version, or what is wrong with the row, in Vietnamese and English.
/// Rows with something to mend are repeated as they were sent, in a sheet under the headings of theirs: such a
/// sheet, mended, is imported as it is with the same parameters.
#[utoipa::path(
    get, path = "/v1/imports/{id}/receipts", operation_id = "listImportReceipts", tag = "imports",
    params(("id" = Uuid, Path, description = "The import."), ReceiptsParameters),
    responses(
        (status = 200, description = "A run of receipts, or all of them as a file.", content(
            (ImportReceipts = "application/json"),
            (String = "application/x-ndjson"),
            (String = "text/csv"),
            (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        )),
        Common,
        OfOne,
    ),
    security(("oauth2" = []))
)]
pub async fn list(req: actix_web::HttpRequest, Caller(ctx): Caller, id: Path<String>) -> Answer {
    let (asked, id) = (query::typed_query::<ReceiptsParameters>(req.query_string())?, parse_id(&id)?);
    let request = ReceiptsRequest { after: asked.after, first: asked.first, outcome: asked.outcome };
    let first = imports::list_receipts(&ctx, id, request).await?;
    let (kind, name) = match asked.format {
        ReceiptFormat::Json => return Ok(respond::json(&first)),
        ReceiptFormat::Ndjson => ("application/x-ndjson", "ndjson"),
        ReceiptFormat::Csv => ("text/csv; charset=utf-8", "csv"),
        ReceiptFormat::Xlsx => (XLSX, "xlsx"),
    };
    // The row stands under the headings that its sender gave it.
    let names = COLUMNS.into_iter().map(str::to_owned).chain(imports::headings(&ctx, id).await?);
    let names: Vec<String> = names.collect();
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::CONTENT_TYPE, kind))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"receipts-{id}.{name}\"")));
    // Lines are told as they come, a sheet holds what there is.
    let follow = asked.format == ReceiptFormat::Ndjson;
    let all = whole(ctx, id, ReceiptsRequest { first: Some(1_000), ..request }, follow);
    Ok(match asked.format {
        ReceiptFormat::Xlsx => {
            let book = all.map_err(|failure| failure.0).try_fold(
                Book::new(names.into_iter().map(fitting))?,
                |mut book, items| {
                    sheet::aside(move || {
                        book.add(items.iter().map(|item| cells(item).into_iter().map(fitting).collect()))?;
                        Ok(book)
                    })
                },
            );
            let book = book.await?;
            response.streaming(sheet::pieces(sheet::aside(move || book.finish()).await?))
        }
        ReceiptFormat::Csv => {
            let head = stream::once(async { Ok(Bytes::from(sheet::heading(names))) });
            response.streaming(
                head.chain(all.map(|run| run.map(|items| Bytes::from(sheet::lines(items.iter().map(cells))))))
                    .map_err(told),
            )
        }
        _ => response.streaming(all.map(|run| run.map(|items| json_lines(&items))).map_err(told)),
    })
}

/// Characters that a cell of a workbook holds; a sender may have put more into one.
const MOST_IN_CELL: usize = 32_767;

fn fitting(mut cell: String) -> String {
    if let Some((end, _)) = cell.char_indices().nth(MOST_IN_CELL) {
        cell.truncate(end);
    }
    cell
}

/// How often new receipts are looked for.
const LOOK: Duration = Duration::from_millis(500);

/// Every receipt, run by run; to follow means until the import is over.
fn whole(
    ctx: Ctx,
    id: Uuid,
    request: ReceiptsRequest,
    follow: bool,
) -> impl futures::Stream<Item = Result<Vec<ImportReceipt>, Failure>> {
    stream::try_unfold((ctx, Some(request)), move |(ctx, request)| async move {
        let Some(request) = request else { return Ok(None) };
        let mut run = imports::list_receipts(&ctx, id, request).await?;
        while run.items.is_empty() && run.has_more && follow {
            tokio::time::sleep(LOOK).await;
            run = imports::list_receipts(&ctx, id, request).await?;
        }
        if run.items.is_empty() {
            return Ok(None);
        }
        let next = ReceiptsRequest { after: Some(run.next_after), ..request };
        Ok(Some((run.items, (ctx, Some(next)))))
    })
}

/// An answer that is under way can only break off.
fn told(failure: Failure) -> gdtx_service::Error {
    failure.0
}

fn json_lines(items: &[ImportReceipt]) -> Bytes {
    let mut out = Vec::new();
    for item in items {
        out.extend(serde_json::to_vec(item).unwrap_or_default());
        out.push(b'\n');
    }
    out.into()
}
