//! What moves in bulk: imports, exports, the change feed and deliveries to webhooks, each beside its
//! floor in the same run.

mod bare;
mod deliveries;
mod export;
mod feed;
mod import;
mod receiver;

use std::net::SocketAddr;

use crate::{process::Place, report::Rates, sample};

/// Who calls, and where.
pub struct Bench<'a> {
    pub place: &'a Place,
    pub address: SocketAddr,
    /// What is measured against.
    pub floor: SocketAddr,
    pub token: &'a str,
}

/// Measures all of it; `only` is a part of the names of those that run.
pub async fn run(place: &Place, rounds: usize, only: &str) -> Vec<Rates> {
    let (service, _) = place.serve_with(&deliveries::SETTINGS).await;
    let provinces = sample::provinces(place).await;
    let (_, id, secret) = sample::client(place, service.address, &provinces).await;
    let token = format!("Bearer {}", sample::token(service.address, &id, &secret).await);
    let floor = place.floor();
    let bench = Bench { place, address: service.address, floor: floor.address, token: &token };
    let mut all = Vec::new();
    if import::NAME.contains(only) {
        all.push(import::run(&bench, rounds).await);
    }
    if export::NAME.contains(only) {
        all.extend(export::run(&bench, rounds).await);
    }
    if feed::NAME.contains(only) {
        all.push(feed::run(&bench, rounds).await);
    }
    if deliveries::NAME.contains(only) {
        all.push(deliveries::run(&bench, rounds).await);
    }
    all
}
