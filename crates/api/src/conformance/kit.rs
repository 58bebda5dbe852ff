//! What every case needs: a connection, invented records, and answers that are held against what must be.

use reqwest::{Method, RequestBuilder, header};
use serde_json::{Value, json};

use crate::remote::{Connection, Trouble};

/// One run of the kit.
pub(super) struct Kit {
    pub connection: Connection,
    /// Names what this run invents.
    pub run: String,
    pub commune: String,
    /// Where the sandbox reaches this machine.
    pub host: String,
}

/// An answer: its status, the version in its `ETag`, its body.
#[derive(Debug)]
pub(super) struct Seen {
    pub status: u16,
    pub etag: String,
    pub body: Value,
}

impl Seen {
    /// The text of a member, or an empty one.
    pub fn text(&self, pointer: &str) -> String {
        self.body.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// The number of a member, or 0.
    pub fn number(&self, pointer: &str) -> i64 {
        self.body.pointer(pointer).and_then(Value::as_i64).unwrap_or_default()
    }
}

/// Holds what was seen against what must be.
#[expect(clippy::needless_pass_by_value, reason = "most of what is held against something is a literal")]
pub(super) fn must<T: PartialEq + std::fmt::Debug>(what: &str, seen: T, wanted: T) -> Result<(), String> {
    if seen == wanted { Ok(()) } else { Err(format!("{what}: {seen:?} in place of {wanted:?}")) }
}

impl Kit {
    pub fn new(connection: Connection, commune: String, host: String) -> Self {
        Self { connection, run: crate::remote::fresh_name(), commune, host }
    }

    /// An invented centre of this run.
    pub fn centre(&self, name: &str) -> Value {
        json!({
            "name": self.name(name), "kind": "gdtx_centre", "ownership": "public", "place": { "code": self.commune },
        })
    }

    /// The name of an invented centre of this run.
    pub fn name(&self, name: &str) -> String {
        format!("Trung tâm {name} {} (mẫu)", self.run)
    }

    /// The own key of something of this run.
    pub fn key(&self, name: &str) -> String {
        format!("{}-{name}", self.run)
    }

    /// Any request; a refusal is an answer too, no answer is none.
    pub async fn ask(
        &self,
        method: Method,
        path: &str,
        build: impl Fn(RequestBuilder) -> RequestBuilder,
    ) -> Result<Seen, String> {
        match self.connection.send(method, path, build).await {
            Ok(response) => {
                let etag =
                    response.headers().get(header::ETAG).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
                let status = response.status().as_u16();
                let text = response.text().await.map_err(|_| "the line broke".to_owned())?;
                Ok(Seen { status, etag, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) })
            }
            Err(Trouble::Refused { status, body, .. }) => Ok(Seen { status, etag: String::new(), body: *body }),
            Err(away) => Err(away.to_string()),
        }
    }

    pub async fn get(&self, path: &str) -> Result<Seen, String> {
        self.ask(Method::GET, path, |request| request).await
    }

    pub async fn send(&self, method: Method, path: &str, body: &Value) -> Result<Seen, String> {
        self.ask(method, path, |request| request.json(body)).await
    }

    /// The end of the journal.
    pub async fn position(&self) -> Result<i64, String> {
        Ok(self.get("/v1/changes?after=0&first=1").await?.number("/lastPosition"))
    }

    /// The changes after a position that are about one record, once all that was written so far has its
    /// place.
    pub async fn changes_of(&self, id: &str, after: i64, version: i64) -> Result<Vec<Value>, String> {
        let (mut found, mut after) = (Vec::new(), after);
        loop {
            let run = self.get(&format!("/v1/changes?after={after}&first=1000&wait=5")).await?;
            must("status of the feed", run.status, 200)?;
            let items = run.body["items"].as_array().cloned().unwrap_or_default();
            let idle = items.is_empty();
            found.extend(items.into_iter().filter(|item| item["id"] == id));
            after = run.number("/nextAfter");
            let reached = found.iter().any(|item: &Value| item["version"].as_i64() >= Some(version));
            if reached || idle {
                return Ok(found);
            }
        }
    }
}
