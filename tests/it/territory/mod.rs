//! Administrative units, what codes and names mean, code lists, and their copy in tables.

mod code_list;
mod load;
mod resolution;
mod succession;
mod surfaces;
mod unit;

use serde_json::Value;

/// A field of every item of a page.
fn texts(page: &Value, field: &str) -> Vec<String> {
    let items = page["items"].as_array().cloned().unwrap_or_default();
    items.iter().map(|item| item[field].as_str().unwrap_or_default().to_owned()).collect()
}
