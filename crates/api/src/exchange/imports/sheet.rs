//! Receipts as a sheet: what is wrong with a row stands beside the row as it was sent.

use gdtx_service::exchange::imports::{ImportReceipt, RowProblem};
use serde_json::Value;

/// The cells of a receipt: what became of the row, and the row.
pub fn cells(receipt: &ImportReceipt) -> Vec<String> {
    let each = |of: fn(&RowProblem) -> String| receipt.errors.iter().map(of).collect::<Vec<_>>().join("; ");
    let at =
        |pointer: &str, text: &str| if pointer.is_empty() { text.to_owned() } else { format!("{pointer}: {text}") };
    let mut cells = vec![
        receipt.line.to_string(),
        receipt.outcome.code().to_owned(),
        receipt.resource.map(|kind| kind.code().to_owned()).unwrap_or_default(),
        receipt.id.map(|id| id.to_string()).unwrap_or_default(),
        receipt.version.map(|version| version.to_string()).unwrap_or_default(),
        each(|p| format!("{} {}", p.code, p.pointer).trim_end().to_owned()),
        receipt.errors.iter().map(|p| at(&p.pointer, &p.detail_vi)).collect::<Vec<_>>().join("; "),
        receipt.errors.iter().map(|p| at(&p.pointer, &p.detail_en)).collect::<Vec<_>>().join("; "),
    ];
    // A row of a sheet was kept as a list of its cells, a line of JSON as it was.
    match receipt.row.as_deref().map(serde_json::from_str::<Value>) {
        Some(Ok(Value::Array(sent))) => cells.extend(sent.into_iter().map(|cell| match cell {
            Value::Null => String::new(),
            Value::String(text) => text,
            other => other.to_string(),
        })),
        _ => cells.extend(receipt.row.clone()),
    }
    cells
}
