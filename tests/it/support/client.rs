//! A client of the service, as a vendor would write one.

use gdtx_domain::access::reach::Reach;
use gdtx_service::access::client::{self, NewClient};
use reqwest::{Method, StatusCode, header::HeaderMap};
use serde_json::{Value, json};

use super::Service;

/// A caller with or without a token.
#[derive(Clone)]
pub struct Client {
    pub base: String,
    pub id: Option<uuid::Uuid>,
    pub secret: Option<String>,
    pub token: Option<String>,
    http: reqwest::Client,
    headers: Vec<(String, String)>,
    /// Answers 503 instead of failing the test when nobody answers.
    tolerant: bool,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
    pub text: String,
    /// What came, text or not.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// Fails the test, showing the answer, unless the status is this one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }

    /// A header, or an empty text.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    /// The id of the record in the body.
    #[track_caller]
    pub fn id(&self) -> String {
        self.body["id"].as_str().unwrap_or_else(|| panic!("no id in {}", self.text)).to_owned()
    }

    /// The pointers (or parameters, or headers) of `errors[]`, with their codes.
    pub fn faults(&self) -> Vec<(String, String)> {
        let errors = self.body["errors"].as_array().cloned().unwrap_or_default();
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        errors
            .iter()
            .map(|e| {
                let place = ["pointer", "parameter", "header"].into_iter().find(|name| e[name].is_string());
                (place.map(|name| text(&e[name])).unwrap_or_default(), text(&e["code"]))
            })
            .collect()
    }

    /// Fails the test unless `errors[]` names this field with this code.
    #[track_caller]
    pub fn refuses(self, field: &str, code: &str) -> Self {
        assert!(self.faults().iter().any(|(f, c)| f == field && c == code), "{field} {code}: {}", self.text);
        self
    }
}

impl Client {
    pub fn new(base: &str, token: Option<String>) -> Self {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .expect("an HTTP client");
        Self { base: base.to_owned(), id: None, secret: None, token, http, headers: Vec::new(), tolerant: false }
    }

    /// Registers a client (invented) and gets it a token.
    pub async fn register(service: &Service, role: &str, reach: Reach, data_kinds: &[&str]) -> Self {
        let agreement = (!data_kinds.is_empty()).then(|| {
            json!({
                "reference": "TEST-01", "purposes": ["school_administration", "inspection"], "dataKinds": data_kinds,
                "validFrom": "2020-01-01", "validTo": "2099-12-31", "legalBasis": "Invented for tests",
            })
        });
        let input: NewClient = serde_json::from_value(json!({
            "name": format!("Invented {role}"), "organisation": "Invented organisation", "role": role,
            "system": format!("t{}", service.system().new_id().simple()),
            "reach": reach, "agreement": agreement,
        }))
        .expect("a client");
        let registered = client::register(&service.system(), input).await.expect("a registered client");
        let mut client = Self::new(&service.base, None);
        client.id = Some(registered.client.id);
        client.secret = registered.client_secret;
        client.token = Some(client.fetch_token().await);
        // Whoever agreed to something reads for that purpose, unless a test says otherwise.
        if data_kinds.is_empty() { client } else { client.with("data-purpose", "school_administration") }
    }

    /// A token by `client_secret_basic`.
    pub async fn fetch_token(&self) -> String {
        let answer = self
            .http
            .post(format!("{}/oauth/token", self.base))
            .basic_auth(self.id.expect("a client id"), self.secret.clone())
            .form(&[("grant_type", "client_credentials")])
            .send()
            .await
            .expect("an answer");
        let body: Value = answer.json().await.expect("JSON");
        body["access_token"].as_str().unwrap_or_else(|| panic!("no token: {body}")).to_owned()
    }

    /// The same address, without a token.
    pub fn public(&self) -> Self {
        Self::new(&self.base, None)
    }

    /// The same client at another process.
    pub fn at(&self, running: &gdtx_api::Running) -> Self {
        self.based(&format!("http://{}", running.address))
    }

    /// The same client at another address.
    pub fn based(&self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self.clone() }
    }

    /// The same client with this header on each request.
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut client = self.clone();
        client.headers.retain(|(known, _)| known != name);
        client.headers.push((name.to_owned(), value.to_owned()));
        client
    }

    /// The same client, which does not say what it reads for.
    pub fn without_purpose(&self) -> Self {
        let mut client = self.clone();
        client.headers.retain(|(known, _)| known != "data-purpose");
        client
    }

    /// The same client, for a service that may be killed: no answer counts as 503.
    pub fn tolerant(&self) -> Self {
        Self { tolerant: true, ..self.clone() }
    }

    /// The same client, answered in English.
    pub fn english(&self) -> Self {
        self.with("accept-language", "en")
    }

    /// Whether a path answers with success at all.
    pub async fn try_get(&self, path: &str) -> bool {
        self.http.get(format!("{}{path}", self.base)).send().await.is_ok_and(|r| r.status().is_success())
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, Some(body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    /// A GraphQL request; the answer's `data` and `errors` are in the body.
    pub async fn graphql(&self, query: &str, variables: Value) -> Answer {
        self.post("/graphql", json!({ "query": query, "variables": variables })).await
    }

    /// `data` of a GraphQL request that must have no errors.
    #[track_caller]
    pub fn data(&self, query: &str, variables: Value) -> impl Future<Output = Value> + use<'_> {
        let query = query.to_owned();
        async move {
            let answer = self.graphql(&query, variables).await;
            assert!(answer.body["errors"].is_null(), "{}", answer.text);
            answer.body["data"].clone()
        }
    }

    /// Any request, with a JSON body or none.
    pub async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let text = body.map(|b| b.to_string());
        self.raw(method, path, "application/json", text).await
    }

    /// Any request with any body.
    pub async fn raw(&self, method: Method, path: &str, media: &str, body: Option<String>) -> Answer {
        self.bytes(method, path, media, body.map(String::into_bytes)).await
    }

    /// Any request with any bytes, text or not.
    pub async fn bytes(&self, method: Method, path: &str, media: &str, body: Option<Vec<u8>>) -> Answer {
        let mut request = self.http.request(method.clone(), format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some(body) = body {
            request = request.header("content-type", media).body(body);
        }
        let answered = async {
            let response = request.send().await?;
            let (status, headers) = (response.status(), response.headers().clone());
            response.bytes().await.map(|bytes| (status, headers, bytes.to_vec()))
        };
        let (status, headers, bytes) = match answered.await {
            Ok(answer) => answer,
            Err(_) if self.tolerant => (StatusCode::SERVICE_UNAVAILABLE, HeaderMap::new(), b"no answer".to_vec()),
            Err(error) => panic!("no answer: {error}"),
        };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        if text != "no answer" {
            let media = headers.get("content-type").and_then(|v| v.to_str().ok()).unwrap_or_default();
            super::contract::check(method.as_str(), path, status.as_u16(), media, &body, &text);
        }
        Answer { status, headers, body, text, bytes }
    }
}
