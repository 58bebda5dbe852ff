//! Reading the past: as of a position or an instant, and the history of a record.

mod history;
mod lists;
mod people;
mod reads;
mod whole;

use serde_json::Value;

use crate::support::Client;

/// The values of a field in a list.
async fn values(client: &Client, path: &str, field: &str) -> Vec<Value> {
    let page = client.get(path).await.expect(200).body;
    page["items"].as_array().expect("items").iter().map(|item| item[field].clone()).collect()
}
