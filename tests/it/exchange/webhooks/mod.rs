//! Webhooks: who is told, of what, how it is signed, and what happens when a receiver is not there.

mod delivery;
mod durable;
mod life;
mod signature;
mod trouble;

use gdtx_service::{Clock, exchange::webhooks};
use serde_json::{Value, json};

use crate::support::{Answer, Client, Service, centre, receiver::Receiver};

/// Subscribes to what a story names; name and address are given.
pub async fn subscribe(client: &Client, receiver: &Receiver, more: Value) -> Answer {
    let mut input = json!({ "name": "Thử", "url": receiver.url });
    input.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    client.post("/v1/webhooks", input).await.expect(201)
}

/// The path of a webhook that was just made.
pub fn path(made: &Answer) -> String {
    format!("/v1/webhooks/{}", made.body["webhook"]["id"].as_str().expect("an id"))
}

/// Sends everything that can be sent now.
pub async fn deliver(s: &Service) {
    deliver_at(s, Clock::System).await;
}

/// The same at another time.
pub async fn deliver_at(s: &Service, clock: Clock) {
    s.sequenced().await;
    let dispatcher = s.dispatcher(clock);
    while webhooks::run_once(&dispatcher).await.expect("a round") > 0 {}
}

/// So much later than now.
pub fn later(by: chrono::Duration) -> Clock {
    Clock::Fixed(Clock::System.now() + by)
}

/// Invented centres of Hải Phòng; their ids.
pub async fn some_centres(client: &Client, count: usize) -> Vec<String> {
    let mut ids = Vec::new();
    for number in 0..count {
        ids.push(
            client.post("/v1/centres", centre(&format!("Trung tâm Thử {number}"), "11407")).await.expect(201).id(),
        );
    }
    ids
}

/// What is listed of deliveries, oldest change first.
pub async fn listed(client: &Client, path: &str, query: &str) -> Vec<Value> {
    let page = client.get(&format!("{path}/deliveries?first=200{query}")).await.expect(200);
    let mut items = page.body["items"].as_array().expect("items").clone();
    items.reverse();
    items
}
