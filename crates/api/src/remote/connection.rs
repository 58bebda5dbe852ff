//! Requests that are safe to repeat: a token that is renewed, and patience with a service that is busy.

use std::time::{Duration, Instant};

use backon::{ExponentialBuilder, Retryable};
use reqwest::{
    Method, RequestBuilder, Response, StatusCode,
    header::{self, HeaderMap, HeaderValue},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use tokio::sync::Mutex;

use super::{
    Ending, Target,
    words::{problem, say},
};

const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_mins(1);
/// A line on which nothing comes for so long is dead; the longest poll lasts a minute.
const SILENCE: Duration = Duration::from_mins(2);
/// A token is renewed when this little of its life is left.
const MARGIN: Duration = Duration::from_mins(1);

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The service refused it: the same request will not pass.
    #[error("{status}: {detail}")]
    Refused { status: u16, detail: String, body: Box<Value> },
    /// The service is busy or away.
    #[error("{reason}; {}", say("hãy chạy lại lệnh này", "run the same command again"))]
    Away { reason: String, wait: Option<Duration> },
    /// It cannot be done on this machine.
    #[error("{0}")]
    Here(String),
}

impl Trouble {
    pub fn away(reason: &str) -> Self {
        Self::Away { reason: reason.to_owned(), wait: None }
    }

    /// A file or folder that cannot be used.
    pub fn at(path: &std::path::Path, error: &std::io::Error) -> Self {
        Self::Here(format!("{}: {error}", path.display()))
    }

    /// What is wrong with a file, or a folder.
    pub fn about(path: &std::path::Path, vi: &str, en: &str) -> Self {
        Self::Here(format!("{}: {}", path.display(), say(vi, en)))
    }

    pub const fn ending(&self) -> Ending {
        match self {
            Self::Away { .. } => Ending::Later,
            Self::Refused { .. } | Self::Here(_) => Ending::Refused,
        }
    }

    /// Whether a refusal names this fault.
    pub fn is_fault(&self, code: &str) -> bool {
        let Self::Refused { body, .. } = self else { return false };
        body["errors"].as_array().is_some_and(|errors| errors.iter().any(|error| error["code"] == code))
    }
}

/// A client of one service.
pub struct Connection {
    http: reqwest::Client,
    base: String,
    target: Target,
    secret: SecretString,
    token: Mutex<Option<(String, Instant)>>,
}

impl Connection {
    /// # Errors
    /// One line for the terminal when there is no secret.
    pub fn new(target: Target) -> Result<Self, Trouble> {
        let secret = target.secret().map_err(Trouble::Here)?;
        let told = HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, HeaderValue::from_static(say("vi", "en")))]);
        let http = reqwest::Client::builder().connect_timeout(Duration::from_secs(10)).read_timeout(SILENCE);
        let http = http.default_headers(told).build();
        let http = http.map_err(|e| Trouble::Here(format!("no HTTP client: {e}")))?;
        // Paths begin with the version: an address that ends with it is meant as the one before it.
        let base = target.url.trim_end_matches('/');
        let base = base.strip_suffix("/v1").unwrap_or(base).trim_end_matches('/').to_owned();
        Ok(Self { http, base, target, secret, token: Mutex::default() })
    }

    /// Sends a request until it is answered; `build` adds to it what it carries.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        build: impl Fn(RequestBuilder) -> RequestBuilder,
    ) -> Result<Response, Trouble> {
        self.patiently(|| self.once(&method, path, &build)).await
    }

    /// The answer to a request as JSON.
    pub async fn json<T: serde::de::DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        build: impl Fn(RequestBuilder) -> RequestBuilder,
    ) -> Result<T, Trouble> {
        self.patiently(|| async { read(self.once(&method, path, &build).await?).await }).await
    }

    /// Tries something that is safe to repeat until the service is there.
    pub async fn patiently<T, F: Future<Output = Result<T, Trouble>>>(
        &self,
        attempt: impl Fn() -> F,
    ) -> Result<T, Trouble> {
        let waits = ExponentialBuilder::default()
            .with_min_delay(FIRST_WAIT)
            .with_max_delay(LONGEST_WAIT)
            .with_max_times(self.target.retry)
            .with_jitter();
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

    /// The status with which a request under this token is answered.
    pub async fn status_with(&self, path: &str, token: &str) -> Result<u16, Trouble> {
        let sent = self.http.get(format!("{}{path}", self.base)).bearer_auth(token).send().await;
        sent.map(|response| response.status().as_u16()).map_err(|e| away(&e))
    }

    /// Sends a request once; again with a new token when the one at hand is no longer taken.
    pub async fn once(
        &self,
        method: &Method,
        path: &str,
        build: impl Fn(RequestBuilder) -> RequestBuilder,
    ) -> Result<Response, Trouble> {
        let request = async |token| {
            let request = self.http.request(method.clone(), format!("{}{path}", self.base)).bearer_auth(token);
            answered(build(request).send().await).await
        };
        match request(self.token().await?).await {
            Err(Trouble::Refused { status: 401, .. }) => {
                *self.token.lock().await = None;
                request(self.token().await?).await
            }
            answer => answer,
        }
    }

    /// The token at hand, or a new one.
    pub async fn token(&self) -> Result<String, Trouble> {
        let mut known = self.token.lock().await;
        if let Some((token, _)) = known.as_ref().filter(|(_, until)| Instant::now() < *until) {
            return Ok(token.clone());
        }
        let form = self
            .http
            .post(format!("{}/oauth/token", self.base))
            .basic_auth(self.target.client_id, Some(self.secret.expose_secret()))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body("grant_type=client_credentials");
        let answer = answered(form.send().await).await.map_err(|trouble| match trouble {
            // Only a token endpoint names an error so.
            Trouble::Refused { status, detail, body } if body["error"].is_string() => {
                let who = say("mã ứng dụng hoặc khóa bí mật không đúng", "this client id and secret are not taken");
                Trouble::Refused { status, detail: format!("{who}: {detail}"), body }
            }
            Trouble::Refused { status, .. } => no_service(&status.to_string()),
            other => other,
        })?;
        let answer: Value = read(answer).await?;
        if answer["access_token"].is_null() {
            return Err(no_service("200"));
        }
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
    let text = problem(&body);
    if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() {
        return Err(Trouble::Away { reason: format!("{}: {text}", status.as_u16()), wait });
    }
    Err(Trouble::Refused { status: status.as_u16(), detail: text, body: Box::new(body) })
}

/// The JSON of an answer. What is whole and no such JSON does not come from the service.
async fn read<T: serde::de::DeserializeOwned>(answer: Response) -> Result<T, Trouble> {
    let status = answer.status().as_u16().to_string();
    let bytes = answer.bytes().await.map_err(|e| away(&e))?;
    serde_json::from_slice(&bytes).map_err(|_| no_service(&status))
}

/// Something else answers at the address.
fn no_service(answer: &str) -> Trouble {
    let vi = "ở địa chỉ này không có dịch vụ GDTX (trả lời {}); hãy sửa --url hoặc GDTX_URL";
    let en = "there is no GDTX service at this address (it answered {}): mend --url or GDTX_URL";
    Trouble::Here(say(vi, en).replace("{}", answer))
}

/// What a line that failed means.
pub fn away(error: &reqwest::Error) -> Trouble {
    // Without the address, in which somebody may have put a secret.
    if error.is_builder() {
        let (vi, en) = ("địa chỉ dịch vụ viết sai", "the address of the service is not a URL");
        return Trouble::Here(format!("{}: --url, GDTX_URL", say(vi, en)));
    }
    if error.is_connect() && has_no_host(error) {
        let (vi, en) = ("không có máy nào mang tên trong địa chỉ này", "no machine has the name in this address");
        return Trouble::Here(format!("{}: --url, GDTX_URL", say(vi, en)));
    }
    Trouble::away(if error.is_connect() {
        say("không kết nối được với dịch vụ", "the service is not to be reached")
    } else if error.is_timeout() {
        say("dịch vụ không trả lời kịp", "the service did not answer in time")
    } else {
        say("đường truyền bị đứt", "the line broke")
    })
}

/// Whether a name is known not to exist; one that could not be asked for may be known later.
fn has_no_host(error: &reqwest::Error) -> bool {
    let causes = std::iter::successors(std::error::Error::source(error), |cause| cause.source());
    let said: Vec<String> = causes.map(ToString::to_string).collect();
    said.iter().any(|text| text.contains("failed to lookup address"))
        && !said.iter().any(|text| text.contains("Temporary failure"))
}
