//! The change feed as server-sent events: at once, in order, behind the last one, and to an end.

use std::time::Duration;

use gdtx_service::access::client;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Client, centre, province, within},
};

/// A stream of events, as far as it was read.
struct Events {
    response: Response,
    rest: String,
}

/// One event; without a name a comment.
#[derive(Debug, Default)]
struct Event {
    name: String,
    id: Option<i64>,
    data: Value,
}

/// Opens a stream.
async fn open(client: &Client, path: &str, headers: &[(&str, &str)]) -> Response {
    let http = reqwest::Client::builder().no_proxy().build().expect("an HTTP client");
    let request = http.get(format!("{}{path}", client.base)).bearer_auth(client.token.as_deref().unwrap_or_default());
    let request = request.header("accept", "text/event-stream").header("accept-language", "en");
    headers
        .iter()
        .fold(request, |request, (name, value)| request.header(*name, *value))
        .send()
        .await
        .expect("an answer")
}

impl Events {
    async fn of(client: &Client, path: &str, headers: &[(&str, &str)]) -> Self {
        let response = open(client, path, headers).await;
        assert_eq!(response.status(), StatusCode::OK);
        let header = |name: &str| response.headers().get(name).map(|v| v.to_str().unwrap().to_owned());
        assert_eq!(header("content-type").as_deref(), Some("text/event-stream"));
        assert_eq!(header("content-encoding").as_deref(), Some("identity"), "whoever compresses keeps back");
        Self { response, rest: String::new() }
    }

    /// The next event that says something; none when the stream is over.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some((block, rest)) = self.rest.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.rest = rest;
                let event = read(&block);
                if !event.name.is_empty() {
                    return Some(event);
                }
                continue;
            }
            let chunk = self.response.chunk().await.expect("a whole stream")?;
            self.rest += std::str::from_utf8(&chunk).expect("UTF-8");
        }
    }

    /// The changes up to a position.
    async fn until(&mut self, position: i64) -> Vec<Value> {
        let mut changes = Vec::new();
        loop {
            let event = self.next().await.expect("the stream goes on");
            let reached = event.id.expect("a position");
            if event.name == "change" {
                assert_eq!(event.data["position"], json!(reached));
                changes.push(event.data);
            }
            if reached >= position {
                return changes;
            }
        }
    }
}

fn read(block: &str) -> Event {
    let mut event = Event::default();
    for line in block.lines() {
        match line.split_once(": ") {
            Some(("event", name)) => event.name = name.to_owned(),
            Some(("id", id)) => event.id = Some(id.parse().expect("a number")),
            Some(("data", data)) => event.data = serde_json::from_str(data).expect("JSON"),
            _ => assert!(line.starts_with(':') || line.starts_with("retry: "), "{line}"),
        }
    }
    event
}

on_both!(
    async fn events_arrive_as_they_are_written_and_go_on_behind_the_last_one(s) {
        let vendor = s.vendor().await;
        let mut events = Events::of(&vendor, "/v1/changes?wait=1&first=3", &[("accept-encoding", "gzip, br")]).await;
        let mut seen = Vec::new();
        for round in 0..3 {
            vendor.post("/v1/centres", centre(&format!("Trung tâm Luồng {round}"), "11407")).await.expect(201);
            // Nothing is kept back: the next write waits for the events of this one.
            seen.extend(events.until(s.sequenced().await).await);
        }
        drop(events);
        let last = seen.last().unwrap()["position"].to_string();
        for round in 3..6 {
            vendor.post("/v1/centres", centre(&format!("Trung tâm Luồng {round}"), "11407")).await.expect(201);
        }
        // `Last-Event-ID` stands above the address, which a browser asks for again as it was.
        let mut events = Events::of(&vendor, "/v1/changes?after=0", &[("last-event-id", &last)]).await;
        seen.extend(events.until(s.sequenced().await).await);
        let feed = vendor.without_purpose().get("/v1/changes?after=0&first=1000").await.expect(200);
        assert_eq!(json!(seen), feed.body["items"], "without gap or overlap");
    }
);

on_both!(
    async fn a_stream_shows_what_the_feed_shows_and_no_more(s) {
        let vendor = s.vendor().await;
        let neighbour = s.client("vendor", province("01")).await;
        let id = vendor.post("/v1/centres", centre("Trung tâm Luồng", "11407")).await.expect(201).id();
        let learner = json!({ "centreId": id, "fullName": "Nguyễn Văn Thử", "gender": "male", "dateOfBirth": { "value": "1990", "precision": "year" } });
        vendor.post("/v1/learners", learner).await.expect(201);
        let end = s.sequenced().await;
        let mut masked = Events::of(&vendor, "/v1/changes?resource=learners", &[]).await;
        let shown = masked.until(end).await;
        assert_eq!((shown.len(), &shown[0]["record"]["fullName"]), (1, &Value::Null), "{shown:?}");
        let mut open = Events::of(&vendor, "/v1/changes?resource=learners", &[("data-purpose", "school_administration")]).await;
        assert_eq!(open.until(end).await[0]["record"]["fullName"], "Nguyễn Văn Thử");
        // Whoever sees nothing moves on all the same.
        let mut beside = Events::of(&neighbour, "/v1/changes", &[]).await;
        let event = beside.next().await.expect("a position");
        assert_eq!((event.name.as_str(), event.id, &event.data["nextAfter"]), ("position", Some(end), &json!(end)));
    }
);

on_both!(
    async fn a_stream_ends_with_the_reason_when_its_client_is_revoked(s) {
        let vendor = s.vendor().await;
        let mut events = Events::of(&vendor, "/v1/changes?wait=1", &[]).await;
        client::revoke(&s.system(), vendor.id.unwrap()).await.expect("a revoked client");
        let mut last = None;
        while let Some(event) = events.next().await {
            last = Some(event);
        }
        let last = last.expect("a last event");
        assert_eq!((last.name.as_str(), &last.data["code"], &last.data["status"]), ("problem", &json!("unauthenticated"), &json!(401)));
        assert_eq!(open(&vendor, "/v1/changes", &[]).await.status(), StatusCode::UNAUTHORIZED);
    }
);

on_both!(
    async fn streams_are_refused_in_json_and_are_few(s) {
        let vendor = s.vendor().await;
        let refused = open(&vendor, "/v1/changes?wait=61", &[]).await;
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
        let refused = open(&vendor, "/v1/changes", &[("last-event-id", "x")]).await;
        assert_eq!(refused.json::<Value>().await.unwrap()["errors"][0]["header"], "Last-Event-ID");
        let refused = open(&vendor, "/v1/changes", &[("last-event-id", "999999")]).await;
        assert_eq!(refused.json::<Value>().await.unwrap()["errors"][0]["code"], "beyond_the_end");
        assert_eq!(open(&s.public(), "/v1/changes", &[]).await.status(), StatusCode::UNAUTHORIZED);
        let mut held = Vec::new();
        for _ in 0..8 {
            held.push(Events::of(&vendor, "/v1/changes", &[]).await);
        }
        let refused = open(&vendor, "/v1/changes", &[]).await;
        assert_eq!((refused.status(), refused.headers()["retry-after"].to_str().unwrap()), (StatusCode::TOO_MANY_REQUESTS, "6"));
        vendor.get("/v1/changes").await.expect(200);
        // Whoever goes gives its place to others, soon after.
        drop(held);
        let free = async || open(&vendor, "/v1/changes", &[]).await.status() == StatusCode::OK;
        within(Duration::from_mins(1), free).await;
    }
);

on_both!(
    async fn a_service_that_stops_ends_its_streams(s) {
        let second = s.second().await;
        let vendor = s.vendor().await.at(&second);
        let mut events = Events::of(&vendor, "/v1/changes", &[]).await;
        let (stopped, rest) = futures::join!(second.stop(), async {
            let mut rest = Vec::new();
            while let Some(event) = events.next().await {
                rest.push(event.name);
            }
            rest
        });
        stopped.expect("a clean stop");
        assert!(!rest.contains(&"problem".to_owned()), "{rest:?}");
    }
);
