//! Traces: one span per request, sent to a collector as OTLP over HTTP.
//!
//! The span is made here by hand, from what a log line says as well, so nothing else can slip into
//! it: no path, no query, no caller, and neither statements nor events of the libraries below.

use actix_web::http::{Method, StatusCode, header::HeaderMap};
use opentelemetry::{
    Context, KeyValue,
    propagation::{Extractor, TextMapPropagator},
    trace::{SpanKind, Status, TraceContextExt, TraceId, Tracer, TracerProvider},
};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig};
use opentelemetry_sdk::{
    Resource,
    propagation::TraceContextPropagator,
    trace::{SdkTracer, SdkTracerProvider},
};

use crate::Settings;

/// Where spans go.
pub struct Traces {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
}

impl Traces {
    /// Starts to export, when the settings name a collector.
    pub fn start(settings: &Settings) -> Result<Option<Self>, String> {
        if settings.otlp_endpoint.is_empty() {
            return Ok(None);
        }
        let exporter = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(format!("{}/v1/traces", settings.otlp_endpoint.trim_end_matches('/')))
            .build()
            .map_err(|e| format!("configuration: otlp_endpoint: {e}"))?;
        let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(Resource::builder().with_service_name("gdtx").with_attribute(version).build())
            .build();
        Ok(Some(Self { tracer: provider.tracer("gdtx"), provider }))
    }

    /// Begins the span of a request, as a child of the caller's.
    pub fn begin(&self, caller: &Context, method: &'static str, route: &str, id: &str) -> Context {
        let verb = if method == OTHER { "HTTP" } else { method };
        let span = self
            .tracer
            .span_builder(format!("{verb} {route}"))
            .with_kind(SpanKind::Server)
            .with_attributes([
                KeyValue::new("http.request.method", method),
                KeyValue::new("http.route", route.to_owned()),
                KeyValue::new("gdtx.request_id", id.to_owned()),
            ])
            .start_with_context(&self.tracer, caller);
        caller.with_span(span)
    }

    /// Sends what is still waiting, and ends. Blocks for a few seconds at most.
    pub fn stop(&self) {
        if let Err(error) = self.provider.shutdown() {
            tracing::warn!(%error, "the last traces were not sent");
        }
    }
}

/// Ends the span of a request with its outcome.
pub fn end(context: &Context, status: StatusCode) {
    let span = context.span();
    span.set_attribute(KeyValue::new("http.response.status_code", i64::from(status.as_u16())));
    if status.is_server_error() {
        span.set_status(Status::error(""));
    }
    span.end();
}

/// The caller's span as `traceparent` tells it. A malformed one counts as none (W3C Trace Context,
/// 3.2.2.2); `tracestate`, free text of strangers, is not read.
pub fn caller(headers: &HeaderMap) -> Context {
    TraceContextPropagator::new().extract_with_context(&Context::new(), &Parent(headers))
}

/// The trace that a context belongs to, if any.
pub fn trace_id(context: &Context) -> Option<TraceId> {
    let id = context.span().span_context().trace_id();
    (id != TraceId::INVALID).then_some(id)
}

struct Parent<'a>(&'a HeaderMap);

impl Extractor for Parent<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        (key == "traceparent").then(|| self.0.get(key)?.to_str().ok()).flatten()
    }

    fn keys(&self) -> Vec<&str> {
        vec!["traceparent"]
    }
}

/// What a method is called that no standard knows: whoever calls could write anything there.
const OTHER: &str = "_OTHER";

/// The name of a method.
pub fn method(method: &Method) -> &'static str {
    const KNOWN: [&str; 10] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "QUERY"];
    KNOWN.into_iter().find(|known| *known == method.as_str()).unwrap_or(OTHER)
}
