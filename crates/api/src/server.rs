//! Puts the application together and serves it.

use std::{
    net::{SocketAddr, TcpListener},
    sync::Arc,
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
use gdtx_service::{Clock, Database, DatabaseOptions, exchange::sequencer};
use secrecy::ExposeSecret;
use tokio::net::TcpSocket;
use tracing_actix_web::TracingLogger;

use crate::{
    Settings,
    access::{self, token::Tokens},
    centres, data_keys, exchange, graphql, learners, openapi, pages, problem, programmes, recognitions, registry,
    state::App,
    telemetry, territory,
};

/// A server that runs.
pub struct Running {
    pub address: SocketAddr,
    pub app: web::Data<App>,
    handle: ServerHandle,
    task: tokio::task::JoinHandle<std::io::Result<()>>,
    sequencer: tokio::task::JoinHandle<()>,
}

impl Running {
    /// Waits until the server has stopped by a signal.
    pub async fn wait(self) -> std::io::Result<()> {
        let outcome = self.task.await.map_err(std::io::Error::other)?;
        self.sequencer.abort();
        let _ = self.app.db.clone().close().await;
        outcome
    }

    /// Stops the server after the requests in flight.
    pub async fn stop(self) -> std::io::Result<()> {
        self.handle.stop(true).await;
        self.wait().await
    }
}

/// Opens the database of these settings; the schema must be there.
pub async fn open(settings: &Settings) -> Result<Database, String> {
    let options = DatabaseOptions {
        url: settings.database_url.expose_secret().to_owned(),
        max_connections: settings.max_connections,
        acquire_timeout: Duration::from_secs(settings.acquire_timeout_seconds),
        data_keys: data_keys::keyring(settings)?,
    };
    Database::open(&options).await.map_err(|e| e.to_string())
}

/// Starts to serve on an open database. Must be called inside an actix runtime.
pub fn start(mut settings: Settings, db: Database, clock: Clock) -> Result<Running, String> {
    let listener = listen(&settings.bind).map_err(|e| format!("cannot listen on {}: {e}", settings.bind))?;
    let address = listener.local_addr().map_err(|e| format!("no address to listen on: {e}"))?;
    if settings.public_url.is_empty() {
        settings.public_url = format!("http://{address}");
    }
    let schema = graphql::build(&settings);
    let settings = Arc::new(settings);
    let app = web::Data::new(App {
        tokens: Tokens::new(&settings)?,
        inputs: graphql::Inputs::of(&schema.sdl(), settings.graphql_introspection),
        schema,
        documents: graphql::Documents::default(),
        db: db.clone(),
        clock,
        settings: Settings::clone(&settings),
    });
    let document = web::Data::new(openapi::print());
    let _ = telemetry::metrics();
    let shared = Arc::clone(&settings);
    let data = app.clone();
    let server = HttpServer::new(move || {
        Actix::new()
            .app_data(data.clone())
            .app_data(document.clone())
            .app_data(PayloadConfig::new(shared.body_limit_bytes))
            .configure(routes)
            .wrap(from_fn(problem::deadline))
            .wrap(from_fn(problem::middleware))
            .wrap(from_fn(telemetry::measure))
            .wrap(security_headers())
            .wrap(Compress::default())
            .wrap(cors(&shared.cors_origins))
            .wrap(TracingLogger::<telemetry::Root>::new())
    })
    .workers(settings.workers)
    .client_request_timeout(Duration::from_secs(settings.client_timeout_seconds))
    .shutdown_timeout(settings.shutdown_timeout_seconds)
    .listen(listener)
    .map_err(|e| format!("cannot listen on {address}: {e}"))?
    .run();
    let handle = server.handle();
    Ok(Running { address, app, handle, task: tokio::spawn(server), sequencer: tokio::spawn(sequencer::run(db)) })
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
        .configure(exchange::changes::mount)
        .configure(territory::mount)
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

fn security_headers() -> DefaultHeaders {
    DefaultHeaders::new()
        .add((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .add((header::X_FRAME_OPTIONS, "DENY"))
        .add((header::REFERRER_POLICY, "no-referrer"))
        .add((
            header::CONTENT_SECURITY_POLICY,
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
        ))
}

fn cors(origins: &str) -> Cors {
    let origins: Vec<&str> = origins.split(',').map(str::trim).filter(|o| !o.is_empty()).collect();
    if origins.is_empty() {
        return Cors::default();
    }
    let base = Cors::default()
        .allowed_methods(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
        .allow_any_header()
        .expose_headers(["ETag", "Location", "Link", "Retry-After", "X-Request-Id"])
        .max_age(3600);
    if origins.contains(&"*") { base.allow_any_origin() } else { origins.iter().fold(base, |c, o| c.allowed_origin(o)) }
}
