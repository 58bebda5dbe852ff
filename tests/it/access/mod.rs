//! Clients, tokens and keys as an integrator and as an attacker meet them.

mod assertion;
mod clients;
mod command_line;
mod explain;
mod forged;
mod life;
mod limits;
mod log;
mod outside;
mod purposes;
mod reach;
mod rotation;
mod token_endpoint;
mod vendors;

use reqwest::Method;

use crate::support::{Client, Service, client::Answer};

const CREDENTIALS: (&str, &str) = ("grant_type", "client_credentials");

/// A form sent to an OAuth endpoint. The values used here need no escaping.
async fn form(caller: &Client, path: &str, pairs: &[(&str, &str)]) -> Answer {
    let body: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    caller.raw(Method::POST, path, "application/x-www-form-urlencoded", Some(body.join("&"))).await
}

/// The client's own way of proving who it is, without a token.
fn basic(s: &Service, client: &Client) -> Client {
    with_secret(s, client, client.secret.as_deref().expect("a secret"))
}

fn with_secret(s: &Service, client: &Client, secret: &str) -> Client {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let id = client.id.expect("a client id");
    s.public().with("authorization", &format!("Basic {}", STANDARD.encode(format!("{id}:{secret}"))))
}

/// The same client with a token got by hand.
fn bearing(client: &Client, token: &str) -> Client {
    let mut client = client.clone();
    client.token = Some(token.to_owned());
    client
}

/// The same client talking to another process.
fn at(base: &str, client: &Client) -> Client {
    let mut client = client.clone();
    client.base = base.to_owned();
    client
}

/// A client that may manage clients.
async fn administrator(s: &Service) -> Client {
    s.client("administrator", gdtx_domain::access::reach::Reach::default()).await
}
