//! Posts messages of webhooks over HTTP: to allowed addresses only, wherever a name leads at that
//! moment, without following redirects, and without waiting for long.

use std::{error::Error, net::SocketAddr, sync::Arc, time::Duration};

use gdtx_domain::exchange::webhook::{delivery::DeliveryFault, target::Targets};
use gdtx_service::exchange::webhooks::{Courier, Post, Reply};
use reqwest::{
    Client, Response,
    dns::{Addrs, Name, Resolve, Resolving},
    header,
    redirect::Policy,
};

/// How long a connection and an answer may take.
const CONNECT: Duration = Duration::from_secs(5);
const ANSWER: Duration = Duration::from_secs(15);
/// How much of an answer is read, so that the connection serves again.
const READ: usize = 16 * 1024;

/// Posts over HTTP.
pub struct HttpCourier {
    http: Client,
    targets: Arc<Targets>,
}

/// No address of the host may be reached.
#[derive(Debug, thiserror::Error)]
#[error("the address is not allowed")]
struct Forbidden;

/// The name of the host is unknown.
#[derive(Debug, thiserror::Error)]
#[error("the host is unknown")]
struct Unknown;

/// Finds addresses, and leaves out those that webhooks may not reach.
struct Guard(Arc<Targets>);

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let targets = Arc::clone(&self.0);
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await.map_err(|_| Unknown)?;
            let found: Vec<SocketAddr> = found.collect();
            if found.is_empty() {
                return Err(Unknown.into());
            }
            let allowed: Vec<SocketAddr> = found.into_iter().filter(|address| targets.allows(address.ip())).collect();
            if allowed.is_empty() {
                return Err(Forbidden.into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

impl HttpCourier {
    /// # Errors
    /// One line for the terminal.
    pub fn new(targets: Targets) -> Result<Self, String> {
        let targets = Arc::new(targets);
        let http = Client::builder()
            .dns_resolver(Arc::new(Guard(Arc::clone(&targets))))
            .redirect(Policy::none())
            .no_proxy()
            .referer(false)
            .connect_timeout(CONNECT)
            .timeout(ANSWER)
            .user_agent(concat!("gdtx/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|e| format!("no HTTP client for webhooks: {e}"))?;
        Ok(Self { http, targets })
    }
}

impl Courier for HttpCourier {
    async fn post(&self, message: Post) -> Reply {
        // Settings may have become stricter; and an address in figures asks no resolver.
        if self.targets.check(&message.url).is_err() {
            return Reply::Lost(DeliveryFault::ForbiddenAddress);
        }
        let mut request = self.http.post(&message.url).header(header::CONTENT_TYPE, "application/json");
        for (name, value) in message.headers {
            request = request.header(name, value);
        }
        match request.body(message.body).send().await {
            Ok(response) => answered(response).await,
            Err(error) => Reply::Lost(fault(&error)),
        }
    }
}

/// The status of an answer; its beginning is read and forgotten.
async fn answered(mut response: Response) -> Reply {
    let status = response.status().as_u16();
    let wait = response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    let mut read = 0;
    while let Ok(Some(some)) = response.chunk().await {
        read += some.len();
        if read > READ {
            break;
        }
    }
    Reply::Answered { status, wait: wait.map(Duration::from_secs) }
}

fn fault(error: &reqwest::Error) -> DeliveryFault {
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(one) = cause {
        if one.is::<Forbidden>() {
            return DeliveryFault::ForbiddenAddress;
        }
        if one.is::<Unknown>() {
            return DeliveryFault::Unresolved;
        }
        cause = one.source();
    }
    if error.is_timeout() { DeliveryFault::Timeout } else { DeliveryFault::Unreachable }
}
