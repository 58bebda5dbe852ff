//! Puts the application together and serves it.

use std::{
    net::{SocketAddr, TcpListener},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use actix_cors::Cors;
use actix_web::{
    App as Actix, HttpServer,
    dev::ServerHandle,
    http::header,
    middleware::{Compress, DefaultHeaders, from_fn},
    web::{self, PayloadConfig},
};
use gdtx_service::{
    Clock, Database, DatabaseOptions,
    access::quota::Quotas,
    exchange::period::SyncPeriods,
    exchange::{
        exports,
        imports::{self, Runner},
        sequencer,
        webhooks::{self, Dispatcher},
    },
    statistics,
};
use secrecy::ExposeSecret;
use tokio::net::TcpSocket;
use tracing_actix_web::TracingLogger;

use crate::{
    Settings,
    access::{
        self,
        limits::{self, Ceilings},
        token::Tokens,
    },
    centres, data_keys,
    exchange::{self, webhooks::HttpCourier},
    graphql::{self, Documents},
    headers, learners, openapi, pages, problem, programmes, recognitions, registry, sandbox,
    state::App,
    telemetry::{self, traces::Traces},
    territory, tls,
};

/// A server that runs.
pub struct Running {
    pub address: SocketAddr,
    pub app: web::Data<App>,
    handle: ServerHandle,
    task: tokio::task::JoinHandle<std::io::Result<()>>,
    /// What goes on beside requests: the sequencer, webhooks, imports and exports.
    beside: Vec<tokio::task::JoinHandle<()>>,
}

impl Running {
    /// Waits until the server has stopped by a signal. SIGTERM lets proxies notice first: for a
    /// while the process says that it is not ready, and answers all the same.
    pub async fn wait(mut self) -> std::io::Result<()> {
        let ended = tokio::select! {
            ended = &mut self.task => Some(ended),
            asked = signals() => {
                if asked? == Signal::Terminate {
                    self.app.draining.store(true, Ordering::Relaxed);
                    tokio::time::sleep(Duration::from_secs(self.app.settings.drain_seconds)).await;
                }
                None
            }
        };
        let Some(ended) = ended else { return self.stop().await };
        self.closed(ended).await
    }

    /// Stops the server after the requests in flight.
    pub async fn stop(mut self) -> std::io::Result<()> {
        self.app.closing.send_replace(true);
        self.handle.stop(true).await;
        let ended = (&mut self.task).await;
        self.closed(ended).await
    }

    async fn closed(self, ended: Result<std::io::Result<()>, tokio::task::JoinError>) -> std::io::Result<()> {
        let outcome = ended.map_err(std::io::Error::other)?;
        for task in &self.beside {
            task.abort();
        }
        if self.app.traces.is_some() {
            let app = self.app.clone();
            let _ = web::block(move || app.traces.as_ref().map(Traces::stop)).await;
        }
        let _ = self.app.db.clone().close().await;
        outcome
    }
}

/// What asks the process to end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Signal {
    /// At once: a terminal.
    Interrupt,
    /// When others have taken over: a restart.
    Terminate,
}

async fn signals() -> std::io::Result<Signal> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(tokio::select! {
        _ = interrupt.recv() => Signal::Interrupt,
        _ = terminate.recv() => Signal::Terminate,
    })
}

/// Opens the database of these settings; the schema must be there.
pub async fn open(settings: &Settings) -> Result<Database, String> {
    let options = DatabaseOptions {
        url: settings.database_url.expose_secret().to_owned(),
        max_connections: settings.max_connections,
        acquire_timeout: Duration::from_secs(settings.acquire_timeout_seconds),
        replicas: settings.replicas()?,
        replica_wait: Duration::from_millis(settings.replica_wait_milliseconds),
        data_keys: data_keys::keyring(settings)?,
    };
    Database::open(&options).await.map_err(|e| e.to_string())
}

/// Starts to serve on an open database. Must be called inside an actix runtime.
pub fn start(mut settings: Settings, db: Database, clock: Clock) -> Result<Running, String> {
    let tls = tls::config(&settings)?;
    let listener = listen(&settings.bind).map_err(|e| format!("cannot listen on {}: {e}", settings.bind))?;
    let address = listener.local_addr().map_err(|e| format!("no address to listen on: {e}"))?;
    if settings.public_url.is_empty() {
        settings.public_url = settings.at(address);
    }
    let app = web::Data::new(application(settings.clone(), db.clone(), clock)?);
    let document = web::Data::new(openapi::print());
    let ceilings = web::Data::new(Ceilings::of(&settings));
    let _ = telemetry::metrics();
    let data = app.clone();
    let server = HttpServer::new(move || {
        Actix::new()
            .app_data(data.clone())
            .app_data(document.clone())
            .app_data(ceilings.clone())
            .app_data(PayloadConfig::new(data.settings.body_limit_bytes))
            .configure(routes)
            .wrap(from_fn(problem::deadline))
            .wrap(from_fn(problem::middleware))
            .wrap(from_fn(limits::guard))
            .wrap(from_fn(headers::tell))
            .wrap(from_fn(telemetry::measure))
            .wrap(security_headers(data.settings.tls()))
            .wrap(Compress::default())
            .wrap(cors(&data.settings.cors_origins))
            .wrap(TracingLogger::<telemetry::Root>::new())
    })
    .workers(settings.workers)
    .disable_signals()
    .client_request_timeout(Duration::from_secs(settings.client_timeout_seconds))
    .tls_handshake_timeout(Duration::from_secs(settings.client_timeout_seconds))
    .shutdown_timeout(settings.shutdown_timeout_seconds);
    let server = match tls {
        Some(tls) => server.listen_rustls_0_23(listener, tls),
        None => server.listen(listener),
    }
    .map_err(|e| format!("cannot listen on {address}: {e}"))?
    .run();
    let handle = server.handle();
    let runner = Runner {
        db: db.clone(),
        clock,
        lease: Duration::from_secs(settings.import_lease_seconds),
        atomic_rows: settings.import_atomic_rows,
        declared_periods: settings.sync_periods == SyncPeriods::Declared,
    };
    let mut beside = vec![tokio::spawn(sequencer::run(db.clone()))];
    if settings.count_statistics {
        beside.push(tokio::spawn(statistics::run(db.clone(), clock)));
    }
    if settings.remind_reports {
        beside.push(tokio::spawn(statistics::report::remind(db, clock)));
    }
    if settings.webhook_runners > 0 {
        beside.push(tokio::spawn(webhooks::run(dispatcher(&app))));
    }
    beside.extend((0..settings.import_runners).map(|_| tokio::spawn(imports::run(runner.clone()))));
    let exporter = exporter(&app);
    beside.extend((0..app.settings.export_runners).map(|_| tokio::spawn(exports::run(exporter.clone()))));
    Ok(Running { address, app, handle, task: tokio::spawn(server), beside })
}

/// What makes the files of export jobs.
pub fn exporter(app: &App) -> exports::Runner {
    exports::Runner {
        db: app.db.clone(),
        clock: app.clock,
        make: exchange::exports::make,
        lease: Duration::from_secs(app.settings.export_lease_seconds),
        most_bytes: app.settings.export_limit_bytes,
        keep: chrono::Duration::hours(app.settings.export_keep_hours),
    }
}

/// What sends the messages of webhooks.
pub fn dispatcher(app: &App) -> Dispatcher<HttpCourier> {
    Dispatcher {
        db: app.db.clone(),
        clock: app.clock,
        courier: Arc::clone(&app.courier),
        at_once: app.settings.webhook_runners,
        to_one: app.settings.webhook_messages,
        lease: Duration::from_mins(1),
        disable_after: chrono::Duration::days(app.settings.webhook_disable_days.into()),
        keep: chrono::Duration::days(app.settings.webhook_log_days.into()),
    }
}

/// What all requests share.
fn application(settings: Settings, db: Database, clock: Clock) -> Result<App, String> {
    let schema = graphql::build(&settings);
    Ok(App {
        tokens: Tokens::new(&settings)?,
        inputs: graphql::Inputs::of(&schema.sdl(), settings.graphql_introspection),
        quotas: Arc::new(Quotas::new(db.clone(), clock.unmoved(), settings.quota())),
        proxies: settings.proxies()?,
        courier: Arc::new(HttpCourier::new(settings.targets()?)?),
        targets: settings.targets()?,
        schema,
        documents: Arc::new(Documents::load(&settings.graphql_trusted_documents)?),
        traces: Traces::start(&settings)?,
        db,
        draining: AtomicBool::new(false),
        closing: tokio::sync::watch::Sender::new(false),
        streams: exchange::events::Streams::default(),
        clock,
        settings,
    })
}

/// Takes the address before anything else: at port 0 only the socket knows the port.
fn listen(bind: &str) -> std::io::Result<TcpListener> {
    let address: SocketAddr = bind.parse().map_err(std::io::Error::other)?;
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(1024)?.into_std()
}

/// Every route, on one screen.
fn routes(config: &mut web::ServiceConfig) {
    config
        .configure(pages::mount)
        .configure(access::mount)
        .configure(sandbox::mount)
        .configure(exchange::changes::mount)
        .configure(exchange::sync::mount)
        .configure(exchange::mount)
        .configure(exchange::batch::mount)
        .configure(exchange::imports::mount)
        .configure(exchange::exports::mount_jobs)
        .configure(exchange::webhooks::mount)
        .configure(territory::mount)
        .configure(crate::statistics::mount)
        .configure(learners::mount)
        .configure(registry::mount)
        .configure(centres::event::mount)
        .configure(centres::directory::mount)
        .configure(recognitions::mount)
        .configure(programmes::mount)
        .service(
            web::resource("/graphql").route(web::get().to(graphql::endpoint)).route(web::post().to(graphql::endpoint)),
        )
        .route("/graphql/ws", web::get().to(graphql::websocket));
}

/// What browsers must keep to. That only TLS may be used is said over TLS alone (RFC 6797, 7.2).
fn security_headers(tls: bool) -> DefaultHeaders {
    let headers = DefaultHeaders::new()
        .add((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .add((header::X_FRAME_OPTIONS, "DENY"))
        .add((header::REFERRER_POLICY, "no-referrer"))
        .add((
            header::CONTENT_SECURITY_POLICY,
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
        ));
    if tls { headers.add((header::STRICT_TRANSPORT_SECURITY, "max-age=31536000")) } else { headers }
}

fn cors(origins: &str) -> Cors {
    let origins: Vec<&str> = origins.split(',').map(str::trim).filter(|o| !o.is_empty()).collect();
    if origins.is_empty() {
        return Cors::default();
    }
    let base = Cors::default()
        .allowed_methods(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "QUERY"])
        .allow_any_header()
        .expose_headers([
            "Content-Location",
            "ETag",
            "Location",
            "Link",
            "Position",
            "RateLimit",
            "RateLimit-Policy",
            "Retry-After",
            "X-Request-Id",
        ])
        .max_age(3600);
    if origins.contains(&"*") { base.allow_any_origin() } else { origins.iter().fold(base, |c, o| c.allowed_origin(o)) }
}
