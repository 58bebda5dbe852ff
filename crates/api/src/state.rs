//! What every request shares: database, settings, token keys and the GraphQL schema.

use std::sync::{Arc, atomic::AtomicBool};

use gdtx_domain::exchange::webhook::target::Targets;
use gdtx_service::{Clock, Database, access::quota::Quotas};
use ipnet::IpNet;
use tokio::sync::watch;

use crate::{
    Settings,
    access::token::Tokens,
    exchange::{events::Streams, webhooks::HttpCourier},
    graphql::{Documents, Schema},
    telemetry::traces::Traces,
};

/// The application, shared by all workers.
pub struct App {
    pub db: Database,
    /// Whether the process is about to end: no new connections are wanted.
    pub draining: AtomicBool,
    /// Turns true when answers that have no end must come to one.
    pub closing: watch::Sender<bool>,
    /// The streams of changes that are open.
    pub streams: Streams,
    pub clock: Clock,
    pub settings: Settings,
    pub tokens: Tokens,
    /// How often callers may ask.
    pub quotas: Arc<Quotas>,
    /// Networks whose `X-Forwarded-For` is believed.
    pub proxies: Vec<IpNet>,
    /// Where webhooks may point.
    pub targets: Targets,
    /// What posts their messages.
    pub courier: Arc<HttpCourier>,
    /// What the schema takes, to say what is wrong with what was sent.
    pub inputs: crate::graphql::Inputs,
    pub schema: Schema,
    /// The documents that may run.
    pub documents: Arc<Documents>,
    /// Where spans go, when a collector is named.
    pub traces: Option<Traces>,
}
