//! The change feed as server-sent events: an answer that goes on, run by run, for as long as the caller
//! may read. A run is read when the one before has been taken, so a slow reader costs no memory.

use std::{
    collections::HashMap,
    convert::Infallible,
    fmt::Write,
    sync::{Arc, Mutex, PoisonError},
};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, Accept, ContentEncoding, Header},
    web::{Bytes, Data},
};
use futures::{Stream, stream};
use gdtx_service::{
    Actor, Code, Ctx, Error, Result,
    exchange::changes::{self, Changes, ChangesRequest},
};
use serde_json::json;
use tokio::sync::watch;

use crate::{
    problem::{self, Asked, Failure},
    state::App,
};

/// The media type of a stream.
const MEDIA: &str = "text/event-stream";
/// How long a client waits before it comes again, in milliseconds.
const RETRY: u32 = 3000;
/// Seconds after which a quiet stream gives a sign of life. A reader that is gone is noticed by the second
/// one that does not reach it, and its place is free again.
const SIGN_OF_LIFE: u32 = 3;
/// Seconds after which a client that holds too many streams asks again: twice the sign of life.
const ASK_AGAIN: &str = "6";
/// Streams that one client may hold open at one process.
const MAX_STREAMS: usize = 8;

/// Whether a caller would rather have events than JSON.
pub fn wanted(req: &HttpRequest) -> bool {
    let ranked = Accept::parse(req).map(|accept| accept.ranked()).unwrap_or_default();
    let known = |media: &str| matches!(media, MEDIA | "application/json" | "application/*" | "*/*");
    ranked.iter().find(|media| known(media.essence_str())).is_some_and(|media| media.essence_str() == MEDIA)
}

/// The position behind which a stream goes on, as `Last-Event-ID` names it.
pub fn last_id(req: &HttpRequest) -> Result<Option<i64>> {
    let Some(value) = req.headers().get("last-event-id").filter(|value| !value.is_empty()) else { return Ok(None) };
    let number = value.to_str().ok().and_then(|v| v.trim().parse::<i64>().ok()).filter(|n| *n >= 0);
    number.map(Some).ok_or_else(|| {
        Error::field(
            Code::InvalidHeader,
            "Last-Event-ID",
            "invalid_header",
            "Last-Event-ID là id của sự kiện cuối cùng đã nhận: một số nguyên không âm.",
            "Last-Event-ID is the id of the last event that came: a whole number, 0 or more.",
        )
    })
}

/// The streams that are open, by client.
#[derive(Clone, Debug, Default)]
pub struct Streams(Arc<Mutex<HashMap<String, usize>>>);

/// The place of one open stream; given back when the stream ends.
struct Place {
    streams: Streams,
    client: String,
}

impl Streams {
    fn take(&self, actor: &Actor) -> Result<Place> {
        let client = match actor {
            Actor::Client { id, .. } => id.to_string(),
            Actor::External { issuer, subject, .. } => format!("{issuer} {subject}"),
            Actor::Public | Actor::System => return Err(Error::of(Code::Unauthenticated)),
        };
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(client.clone()).or_default();
        if *count >= MAX_STREAMS {
            return Err(Error::new(
                Code::RateLimited,
                format!("Ứng dụng đã mở {MAX_STREAMS} luồng; hãy đóng bớt một luồng."),
                format!("The client holds {MAX_STREAMS} streams open: close one of them first."),
            ));
        }
        *count += 1;
        drop(open);
        Ok(Place { streams: self.clone(), client })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.streams.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.client) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.client);
            }
        }
    }
}

/// Answers with a stream, once the first run has shown that the caller may read.
pub async fn stream(
    req: &HttpRequest,
    app: Data<App>,
    ctx: Ctx,
    request: ChangesRequest,
) -> std::result::Result<HttpResponse, Failure> {
    changes::check(&request)?;
    let first = changes::read(&ctx, ChangesRequest { wait: None, ..request.clone() }).await?;
    let place = match app.streams.take(&ctx.actor) {
        Ok(place) => place,
        Err(error) => {
            let mut refusal = problem::refuse(req, &error);
            refusal.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from_static(ASK_AGAIN));
            return Ok(refusal);
        }
    };
    let wait = Some(request.wait.unwrap_or(SIGN_OF_LIFE).max(1));
    let follower = Follower {
        asked: Asked::of(req),
        ctx,
        request: ChangesRequest { wait, ..request },
        ready: Some(first),
        closing: app.closing.subscribe(),
        place,
    };
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, MEDIA))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        // Whoever compresses or gathers on the way would keep events back.
        .insert_header(ContentEncoding::Identity)
        .insert_header(("x-accel-buffering", "no"))
        .streaming(follower.events()))
}

/// A reader of the feed on its way.
struct Follower {
    asked: Asked,
    ctx: Ctx,
    request: ChangesRequest,
    /// The run that was read before the answer began.
    ready: Option<Changes>,
    closing: watch::Receiver<bool>,
    #[expect(dead_code, reason = "held until the stream ends")]
    place: Place,
}

impl Follower {
    fn events(self) -> impl Stream<Item = std::result::Result<Bytes, Infallible>> {
        stream::unfold(Some(self), |follower| async move {
            let mut follower = follower?;
            let began = follower.ready.is_some();
            let read = match follower.ready.take() {
                Some(first) => Ok(first),
                None => follower.next().await?,
            };
            let (mut text, goes_on) = match read {
                Ok(run) => (events(&run, follower.request.after), Some(run.next_after)),
                Err(error) => (follower.farewell(&error), None),
            };
            if began {
                text.insert_str(0, &format!("retry: {RETRY}\n\n"));
            }
            let follower = goes_on.map(|after| {
                follower.request.after = after;
                follower
            });
            Some((Ok(text.into()), follower))
        })
    }

    /// The next run: the caller is looked at anew; none when the service ends.
    async fn next(&mut self) -> Option<Result<Changes>> {
        let closing = &mut self.closing;
        tokio::select! {
            run = changes::read(&self.ctx, self.request.clone()) => Some(run),
            _ = closing.wait_for(|closing| *closing) => None,
        }
    }

    /// The last event: why the stream ends.
    fn farewell(&self, error: &Error) -> String {
        if let Some(source) = &error.source {
            tracing::error!(code = error.code.as_str(), source = %source, "a stream of changes failed");
        }
        event("problem", None, &serde_json::to_string(&problem::told(error, &self.asked)).unwrap_or_default())
    }
}

/// The events of a run that was read behind a position.
fn events(run: &Changes, after: i64) -> String {
    let mut text = String::with_capacity(run.items.len() * 1024 + 64);
    for change in &run.items {
        text += &event("change", Some(change.position), &serde_json::to_string(change).unwrap_or_default());
    }
    let told = run.items.last().map_or(after, |change| change.position);
    if run.next_after > told {
        let reached = json!({ "nextAfter": run.next_after, "lastPosition": run.last_position });
        text += &event("position", Some(run.next_after), &reached.to_string());
    } else if run.items.is_empty() {
        // A comment: nobody is told, and the line is seen to live.
        let _ = write!(text, ": {}\n\n", run.next_after);
    }
    text
}

/// One event. JSON on one line has no line breaks that would need to be split.
fn event(name: &str, id: Option<i64>, data: &str) -> String {
    let id = id.map(|id| format!("id: {id}\n")).unwrap_or_default();
    format!("{id}event: {name}\ndata: {data}\n\n")
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn events_are_sent_to_those_who_ask_for_them() {
        let accepts =
            |accept: &str| wanted(&TestRequest::default().insert_header(("accept", accept)).to_http_request());
        assert!(accepts("text/event-stream"));
        assert!(accepts("application/json;q=0.5, text/event-stream"));
        assert!(accepts("text/event-stream, */*;q=0.1"));
        for other in ["application/json", "*/*", "application/json, text/event-stream;q=0.9", "text/html", ""] {
            assert!(!accepts(other), "{other}");
        }
        assert!(!wanted(&TestRequest::default().to_http_request()));
    }

    #[test]
    fn a_place_is_given_back() {
        let streams = Streams::default();
        let actor = Actor::External { issuer: "i".into(), subject: "s".into(), until: chrono::DateTime::UNIX_EPOCH };
        let places: Vec<_> = (0..MAX_STREAMS).map(|_| streams.take(&actor).ok()).collect();
        assert!(places.iter().all(Option::is_some) && streams.take(&actor).is_err());
        drop(places);
        assert!(streams.take(&actor).is_ok());
        assert!(streams.0.lock().is_ok_and(|open| open.is_empty()));
    }
}
