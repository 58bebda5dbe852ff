//! Counts one request against the quotas of its caller, and tells the outcome in headers.

use std::{
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use actix_web::{
    HttpRequest,
    http::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER},
};
use gdtx_domain::access::rate::RateClass;
use gdtx_service::{
    Actor, Code, Error, Result,
    access::quota::{Quotas, Standing, Subject},
};
use ipnet::IpNet;

use crate::state::App;

/// The classes of a client.
const OF_CLIENT: [RateClass; 4] = [RateClass::Read, RateClass::Write, RateClass::Bulk, RateClass::Statistics];

/// What was charged, and what is left after it.
#[derive(Default)]
struct Bill {
    costs: Vec<(RateClass, i64)>,
    standings: Vec<Standing>,
    refused: bool,
}

/// The count of one request, or of the requests of one web socket.
pub struct Meter {
    quotas: Arc<Quotas>,
    subject: Subject,
    /// Whether the caller is a client; else its network is counted.
    client: bool,
    bill: Mutex<Bill>,
}

impl Meter {
    /// For the caller of a request. A bad token counts as none.
    pub async fn of(req: &HttpRequest, app: &App) -> Self {
        let actor = match crate::headers::bearer(req) {
            Ok(Some(token)) => app.tokens.actor(&app.db, app.clock, token).await.unwrap_or(Actor::Public),
            _ => Actor::Public,
        };
        Self::new(Arc::clone(&app.quotas), &actor, || network(app, req))
    }

    /// For the same connection with another caller.
    #[must_use]
    pub fn with(&self, actor: &Actor) -> Self {
        Self::new(Arc::clone(&self.quotas), actor, || self.subject.clone())
    }

    fn new(quotas: Arc<Quotas>, actor: &Actor, network: impl FnOnce() -> Subject) -> Self {
        let (subject, client) = match actor {
            Actor::Client { id, .. } => (quotas.client(*id), true),
            Actor::External { issuer, subject, .. } => {
                (quotas.hidden("outside", &format!("{issuer}\n{subject}")), true)
            }
            Actor::Public | Actor::System => (network(), false),
        };
        Self { quotas, subject, client, bill: Mutex::default() }
    }

    /// Counts; refused with `rate_limited` when a quota is used up.
    pub async fn charge(&self, costs: &[(RateClass, i64)]) -> Result<()> {
        let costs: Vec<(RateClass, i64)> = match costs {
            // Who has no token has one quota for all that is public.
            costs if !self.client && costs.iter().all(|(class, _)| OF_CLIENT.contains(class)) => {
                vec![(RateClass::Public, costs.iter().map(|(_, units)| units).sum())]
            }
            costs => costs.to_vec(),
        };
        let (bill, outcome) = match self.quotas.take(&self.subject, &costs).await {
            Ok(standings) => (Bill { costs, standings, refused: false }, Ok(())),
            Err(standing) => {
                let bill = Bill { costs: Vec::new(), standings: vec![standing], refused: true };
                (bill, Err(refusal(&standing)))
            }
        };
        *self.bill() = bill;
        outcome
    }

    /// Takes the charge back: the caller had the answer already.
    pub async fn refund(&self) {
        let costs = std::mem::take(&mut self.bill().costs);
        let standings = self.quotas.give_back(&self.subject, &costs).await;
        self.bill().standings = standings;
    }

    /// What the caller has of its quotas now.
    pub async fn standings(&self) -> Result<Vec<Standing>> {
        let classes: &[RateClass] = if self.client { &OF_CLIENT } else { &[RateClass::Public] };
        self.quotas.standings(&self.subject, classes).await
    }

    /// Writes `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers), and
    /// `Retry-After` on a refusal.
    pub fn write(&self, headers: &mut HeaderMap) {
        let bill = self.bill();
        if bill.standings.is_empty() {
            return;
        }
        let list = |item: &dyn Fn(&Standing) -> String| bill.standings.iter().map(item).collect::<Vec<_>>().join(", ");
        let policy = list(&|s| format!("\"{}\";q={};w={}", s.class, s.quota, s.window_seconds));
        let left = list(&|s| format!("\"{}\";r={};t={}", s.class, s.remaining, s.resets_in_seconds));
        for (name, value) in [("ratelimit-policy", policy), ("ratelimit", left)] {
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
        if let Some(standing) = bill.standings.first().filter(|_| bill.refused) {
            headers.insert(RETRY_AFTER, HeaderValue::from(standing.resets_in_seconds));
        }
    }

    fn bill(&self) -> std::sync::MutexGuard<'_, Bill> {
        self.bill.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn refusal(s: &Standing) -> Error {
    let (class, label) = (s.class, s.class.label());
    Error::new(
        Code::RateLimited,
        format!(
            "Đã dùng hết hạn mức “{class}” ({}): {} trong {} giây. Gửi lại sau {} giây.",
            label.vi, s.quota, s.window_seconds, s.resets_in_seconds
        ),
        format!(
            "The quota “{class}” is used up: {} within {} seconds. Ask again in {} seconds.",
            s.quota, s.window_seconds, s.resets_in_seconds
        ),
    )
}

/// The network that a request came from: behind a trusted proxy, the one that it names.
fn network(app: &App, req: &HttpRequest) -> Subject {
    let peer = req.peer_addr().map(|address| address.ip().to_canonical());
    let forwarded = req.headers().get_all("x-forwarded-for").filter_map(|v| v.to_str().ok());
    let named: Vec<&str> = forwarded.flat_map(|value| value.split(',')).map(str::trim).collect();
    let address = caller(peer, &named, &app.proxies);
    let bits = |ip: IpAddr| if ip.is_ipv4() { app.settings.rate_ipv4_bits } else { app.settings.rate_ipv6_bits };
    let network = address.and_then(|ip| IpNet::new(ip, bits(ip)).ok()).map(|net| net.trunc().to_string());
    app.quotas.hidden("network", &network.unwrap_or_default())
}

/// The last address on the way that is not one of our proxies.
fn caller(peer: Option<IpAddr>, named: &[&str], proxies: &[IpNet]) -> Option<IpAddr> {
    let ours = |ip: &IpAddr| proxies.iter().any(|net| net.contains(ip));
    let mut at = peer?;
    for name in named.iter().rev() {
        let Some(before) = name.parse::<IpAddr>().ok().filter(|_| ours(&at)) else { break };
        at = before.to_canonical();
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_proxies_are_believed() {
        let ip = |text: &str| text.parse::<IpAddr>().ok();
        let proxies: Vec<IpNet> = "10.0.0.0/8".parse().into_iter().collect();
        let found = |peer: &str, named: &[&str]| caller(ip(peer), named, &proxies);
        assert_eq!(found("192.0.2.1", &["198.51.100.7"]), ip("192.0.2.1"));
        assert_eq!(found("10.0.0.1", &["198.51.100.7"]), ip("198.51.100.7"));
        assert_eq!(found("10.0.0.1", &["203.0.113.9", "198.51.100.7", "10.0.0.2"]), ip("198.51.100.7"));
        assert_eq!(found("10.0.0.1", &["unknown"]), ip("10.0.0.1"));
    }
}
