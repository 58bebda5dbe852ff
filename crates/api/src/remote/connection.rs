//! Requests that are safe to repeat: a token that is renewed, and patience with a service that is busy.

use std::time::{Duration, Instant};

use backon::{ExponentialBuilder, Retryable};
use reqwest::{Method, RequestBuilder, Response, StatusCode, header};
use secrecy::ExposeSecret;
use serde_json::Value;
use tokio::sync::Mutex;

use super::Target;

/// How long a request is tried again.
const ATTEMPTS: usize = 8;
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_mins(1);
/// A token is renewed when this little of its life is left.
const MARGIN: Duration = Duration::from_mins(1);

/// Why a request did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The service refused it: the same request will not pass.
    #[error("{status}: {detail}")]
    Refused { status: u16, detail: String, body: Box<Value> },
    /// The service is busy or away.
    #[error("{reason}")]
    Away { reason: String, wait: Option<Duration> },
}

/// A client of one service.
pub struct Connection {
    http: reqwest::Client,
    base: String,
    target: Target,
    token: Mutex<Option<(String, Instant)>>,
}

impl Connection {
    /// # Errors
    /// One line for the terminal when there is no secret.
    pub fn new(target: Target) -> Result<Self, String> {
        if target.client_secret.expose_secret().is_empty() {
            return Err("set GDTX_CLIENT_SECRET to the secret of the client".to_owned());
        }
        let http = reqwest::Client::builder().connect_timeout(Duration::from_secs(10)).build();
        let http = http.map_err(|e| format!("no HTTP client: {e}"))?;
        Ok(Self { http, base: target.url.trim_end_matches('/').to_owned(), target, token: Mutex::default() })
    }

    /// Sends a request until it is answered; `build` adds to it what it carries.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        build: impl Fn(RequestBuilder) -> RequestBuilder,
    ) -> Result<Response, Trouble> {
        let waits = ExponentialBuilder::default()
            .with_min_delay(FIRST_WAIT)
            .with_max_delay(LONGEST_WAIT)
            .with_max_times(ATTEMPTS)
            .with_jitter();
        let attempt = || async {
            let token = self.token().await?;
            let request = self.http.request(method.clone(), format!("{}{path}", self.base)).bearer_auth(token);
            let response = answered(build(request).send().await).await;
            if matches!(&response, Err(Trouble::Refused { status: 401, .. })) {
                *self.token.lock().await = None;
            }
            response
        };
        attempt
            .retry(waits)
            .when(|trouble| matches!(trouble, Trouble::Away { .. }))
            // The service may say how long it needs.
            .adjust(|trouble, planned| match (trouble, planned) {
                (Trouble::Away { wait: Some(wait), .. }, Some(_)) => Some(*wait),
                (_, planned) => planned,
            })
            .await
    }

    /// The answer to a request as JSON.
    pub async fn json(
        &self,
        method: Method,
        path: &str,
        build: impl Fn(RequestBuilder) -> RequestBuilder,
    ) -> Result<Value, Trouble> {
        self.send(method, path, build).await?.json().await.map_err(|e| away(&e))
    }

    async fn token(&self) -> Result<String, Trouble> {
        let mut known = self.token.lock().await;
        if let Some((token, until)) = known.as_ref().filter(|(_, until)| Instant::now() < *until) {
            let _ = until;
            return Ok(token.clone());
        }
        let form = self
            .http
            .post(format!("{}/oauth/token", self.base))
            .basic_auth(self.target.client_id, Some(self.target.client_secret.expose_secret()))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body("grant_type=client_credentials");
        let answer: Value = answered(form.send().await).await?.json().await.map_err(|e| away(&e))?;
        let token = answer["access_token"].as_str().unwrap_or_default().to_owned();
        let life = Duration::from_secs(answer["expires_in"].as_u64().unwrap_or_default());
        *known = Some((token.clone(), Instant::now() + life.saturating_sub(MARGIN)));
        Ok(token)
    }
}

/// What an answer means for the one who waits for it.
async fn answered(sent: reqwest::Result<Response>) -> Result<Response, Trouble> {
    let response = sent.map_err(|e| away(&e))?;
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let wait = response.headers().get(header::RETRY_AFTER).and_then(|v| v.to_str().ok()?.parse().ok());
    let wait = wait.map(Duration::from_secs);
    let body: Value = response.json().await.unwrap_or_default();
    let text = body["detail"].as_str().or(body["error_description"].as_str()).unwrap_or_default().to_owned();
    if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() {
        return Err(Trouble::Away { reason: format!("{}: {text}", status.as_u16()), wait });
    }
    Err(Trouble::Refused { status: status.as_u16(), detail: text, body: Box::new(body) })
}

fn away(error: &reqwest::Error) -> Trouble {
    // Without the address, in which somebody may have put a secret.
    let reason = if error.is_connect() {
        "the service is not to be reached".to_owned()
    } else if error.is_timeout() {
        "the service did not answer in time".to_owned()
    } else {
        "the line broke".to_owned()
    };
    Trouble::Away { reason, wait: None }
}
