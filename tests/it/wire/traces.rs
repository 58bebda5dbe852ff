//! Traces: a collector gets a span per request, which tells the route and nobody's data.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use actix_web::{App, HttpResponse, HttpServer, dev::ServerHandle, web};
use gdtx_api::Settings;
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::{KeyValue, any_value::Value},
    trace::v1::{Span, span::SpanKind, status::StatusCode},
};
use prost::Message;
use reqwest::Method;

use crate::{
    on_both,
    support::{centre, process::Process},
};

/// The example of W3C Trace Context, 3.2.3.
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00f067aa0ba902b7";

type Bodies = Mutex<Vec<web::Bytes>>;

/// A collector that keeps what it is sent.
struct Collector {
    base: String,
    bodies: Arc<Bodies>,
    server: ServerHandle,
}

impl Collector {
    fn start() -> Self {
        async fn keep(bodies: web::Data<Bodies>, body: web::Bytes) -> HttpResponse {
            bodies.lock().expect("what was sent").push(body);
            HttpResponse::Ok().content_type("application/x-protobuf").finish()
        }
        let bodies = Arc::<Bodies>::default();
        let kept = web::Data::from(bodies.clone());
        let server =
            HttpServer::new(move || App::new().app_data(kept.clone()).route("/v1/traces", web::post().to(keep)))
                .workers(1)
                .disable_signals()
                .bind("127.0.0.1:0")
                .expect("a free port");
        let base = format!("http://{}", server.addrs()[0]);
        let server = server.run();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self { base, bodies, server: handle }
    }

    /// Everything that was sent, as it was sent.
    fn raw(&self) -> Vec<u8> {
        self.bodies.lock().expect("what was sent").concat()
    }

    fn spans(&self) -> Vec<Span> {
        let mut spans = Vec::new();
        for body in self.bodies.lock().expect("what was sent").iter() {
            for resource in ExportTraceServiceRequest::decode(body.clone()).expect("OTLP").resource_spans {
                let of = attributes(&resource.resource.expect("a resource").attributes);
                assert_eq!(of["service.name"], "gdtx");
                spans.extend(resource.scope_spans.into_iter().flat_map(|scope| scope.spans));
            }
        }
        spans
    }
}

fn attributes(list: &[KeyValue]) -> BTreeMap<String, String> {
    list.iter()
        .map(|a| {
            let text = match a.value.as_ref().and_then(|v| v.value.as_ref()) {
                Some(Value::StringValue(text)) => text.clone(),
                Some(Value::IntValue(number)) => number.to_string(),
                other => format!("{other:?}"),
            };
            (a.key.clone(), text)
        })
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[track_caller]
fn named<'a>(spans: &'a [Span], name: &str) -> &'a Span {
    let told: Vec<&str> = spans.iter().map(|s| s.name.as_str()).collect();
    spans.iter().find(|s| s.name == name).unwrap_or_else(|| panic!("no span {name} in {told:?}"))
}

on_both!(
    async fn a_span_tells_the_route_and_no_id(s) {
        let vendor = s.vendor().await;
        let id = vendor.post("/v1/centres", centre("Trung tâm Kín", "11407")).await.expect(201).id();
        let collector = Collector::start();
        let running = s.restarted(Settings { otlp_endpoint: collector.base.clone(), ..s.settings.clone() }).await;
        let caller = vendor.at(&running).with("tracestate", "vendor=Nguyen");

        let child = caller.with("traceparent", &format!("00-{TRACE}-{PARENT}-01"));
        let answer = child.get(&format!("/v1/centres/{id}")).await.expect(200);
        child.get("/v1/centres?search=Nguyen").await.expect(200);
        caller.with("traceparent", &format!("00-{TRACE}-{PARENT}-00")).get("/v1/classes").await.expect(200);
        caller.with("traceparent", &format!("00-{}-{PARENT}-01", "0".repeat(32))).get("/v1/rooms").await.expect(200);
        s.public().at(&running).get("/v1/programmes").await.expect(401);
        let invented = Method::from_bytes(b"NGUYEN").expect("a method");
        caller.send(invented, "/healthz", None).await;
        running.stop().await.expect("a clean stop");
        collector.server.stop(false).await;

        let spans = collector.spans();
        let span = named(&spans, "GET /v1/centres/{id}");
        assert_eq!((hex(&span.trace_id).as_str(), hex(&span.parent_span_id).as_str()), (TRACE, PARENT));
        assert_eq!(span.kind(), SpanKind::Server);
        assert!(span.start_time_unix_nano > 0 && span.end_time_unix_nano >= span.start_time_unix_nano);
        let expected = [
            ("http.request.method", "GET"),
            ("http.route", "/v1/centres/{id}"),
            ("http.response.status_code", "200"),
            ("gdtx.request_id", answer.header("x-request-id")),
        ];
        assert_eq!(attributes(&span.attributes), BTreeMap::from(expected.map(|(k, v)| (k.to_owned(), v.to_owned()))));
        assert!(span.events.is_empty() && span.links.is_empty() && span.trace_state.is_empty());

        // Not sampled by the caller; a trace of its own beside a malformed parent; a refusal is no fault of ours.
        assert!(!spans.iter().any(|s| s.name == "GET /v1/classes"));
        let own = named(&spans, "GET /v1/rooms");
        assert!(own.parent_span_id.is_empty() && hex(&own.trace_id) != TRACE);
        let refused = named(&spans, "GET /v1/programmes");
        assert_eq!(attributes(&refused.attributes)["http.response.status_code"], "401");
        assert_eq!(refused.status.clone().unwrap_or_default().code(), StatusCode::Unset);
        assert!(spans.iter().any(|s| attributes(&s.attributes)["http.request.method"] == "_OTHER"));

        let raw = String::from_utf8_lossy(&collector.raw()).into_owned();
        let client = vendor.id.expect("a client id").to_string();
        for private in [id.as_str(), &client, "Nguyen", "NGUYEN", "search"] {
            assert!(!raw.contains(private), "{private} was sent");
        }
    }
);

on_both!(
    async fn a_collector_that_is_away_harms_nobody(s) {
        let away = std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port");
        let settings = Settings { otlp_endpoint: format!("http://{away}"), ..s.settings.clone() };
        let running = s.restarted(settings).await;
        s.public().at(&running).get("/v1/directory/centres").await.expect(200);
        running.stop().await.expect("a clean stop");
    }
);

on_both!(
    async fn log_lines_carry_the_trace_of_the_caller(s) {
        let vendor = s.vendor().await;
        let id = vendor.post("/v1/centres", centre("Trung tâm Kín", "11407")).await.expect(201).id();
        let file = s.home().join("log.jsonl");
        let mut process = Process::logging(s, &file).await;
        let caller = vendor.based(&process.base);
        let child = caller.with("traceparent", &format!("00-{TRACE}-{PARENT}-01"));
        let traced = child.get(&format!("/v1/centres/{id}")).await.expect(200);
        let alone = caller.get("/v1/centres?search=Nguyen").await.expect(200);
        process.kill();

        let text = std::fs::read_to_string(&file).expect("log lines");
        let span = |request: &str| -> serde_json::Value {
            let lines = text.lines().filter_map(|l| serde_json::from_str::<serde_json::Value>(l).ok());
            let mut of = lines.filter(|l| l["fields"]["message"] == "answered" && l["span"]["id"] == request);
            of.next().unwrap_or_else(|| panic!("{request}: {text}"))["span"].clone()
        };
        let told = span(traced.header("x-request-id"));
        assert_eq!((told["trace"].as_str(), told["route"].as_str()), (Some(TRACE), Some("/v1/centres/{id}")));
        assert!(span(alone.header("x-request-id"))["trace"].is_null());
        assert!(!text.contains(&id) && !text.contains("Nguyen"), "{text}");
    }
);
