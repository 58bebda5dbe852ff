//! Logs without personal data, metrics and traces.
//!
//! A log line names the route pattern and never the query string or the body: searches and
//! filters may hold names.

pub mod traces;

use std::{
    sync::{Arc, OnceLock},
    time::Instant,
};

use actix_web::{
    HttpMessage,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header,
    middleware::Next,
    web,
};
use metrics::Label;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use opentelemetry::Context;
use tracing::Span;
use tracing_actix_web::{RequestId, RootSpanBuilder};
use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use crate::{Settings, config::LogFormat, headers::request_id, state::App};

/// Starts logging. Later calls in the same process change nothing.
pub fn start_logs(settings: &Settings) {
    let filter = EnvFilter::try_new(&settings.log_level).unwrap_or_else(|_| EnvFilter::new("info"));
    let registry = tracing_subscriber::registry().with(filter);
    let _ = match settings.log_format {
        LogFormat::Json => registry.with(fmt::layer().json().with_writer(std::io::stderr)).try_init(),
        LogFormat::Pretty => {
            registry.with(fmt::layer().compact().with_target(false).with_writer(std::io::stderr)).try_init()
        }
    };
}

/// The span of a request: method, route pattern, id, and the trace that it belongs to.
pub struct Root;

impl RootSpanBuilder for Root {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let (method, route) = (traces::method(request.method()), Route::of(request).label());
        let id = request.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default();
        let mut context = traces::caller(request.headers());
        if let Some(traces) = request.app_data::<web::Data<App>>().and_then(|app| app.traces.as_ref()) {
            context = traces.begin(&context, method, &route, &id);
            request.extensions_mut().insert(context.clone());
        }
        let trace = traces::trace_id(&context).map(tracing::field::display);
        tracing::info_span!("request", method, route = &*route, id, trace, status = tracing::field::Empty)
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, actix_web::Error>) {
        if let Ok(response) = outcome {
            span.record("status", response.status().as_u16());
            if let Some(context) = response.request().extensions().get::<Context>() {
                traces::end(context, response.status());
            }
        }
    }
}

/// The route pattern of a request, found once; none when no route takes it.
#[derive(Clone)]
pub struct Route(pub Option<Arc<str>>);

impl Route {
    pub fn of(request: &ServiceRequest) -> Self {
        if let Some(known) = request.extensions().get::<Self>() {
            return known.clone();
        }
        let found = Self(request.match_pattern().map(Arc::from));
        request.extensions_mut().insert(found.clone());
        found
    }

    /// What logs and metrics call it: a path would tell ids.
    fn label(self) -> Arc<str> {
        self.0.unwrap_or_else(|| "unmatched".into())
    }
}

/// The handle that renders the metrics of this process.
pub fn metrics() -> Option<&'static PrometheusHandle> {
    static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    HANDLE
        .get_or_init(|| {
            let buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];
            PrometheusBuilder::new().set_buckets(&buckets).ok()?.install_recorder().ok()
        })
        .as_ref()
}

/// Counts and times every request by route pattern.
pub async fn measure(
    req: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let started = Instant::now();
    let (method, route) = (traces::method(req.method()), Route::of(&req).label());
    let mut response = next.call(req).await?;
    let id = request_id(response.request());
    if let Ok(value) = header::HeaderValue::from_str(&id) {
        response.headers_mut().insert(header::HeaderName::from_static("x-request-id"), value);
    }
    let status = response.status();
    let labels = vec![
        Label::from_static_parts("method", method),
        Label::new("route", route),
        Label::new("status", status.as_str().to_owned()),
    ];
    metrics::counter!("http_requests_total", labels.clone()).increment(1);
    metrics::histogram!("http_request_duration_seconds", labels).record(started.elapsed().as_secs_f64());
    tracing::info!(
        status = status.as_u16(),
        milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        "answered"
    );
    Ok(response)
}
