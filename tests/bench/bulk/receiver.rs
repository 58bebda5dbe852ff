//! A receiver of webhooks that accepts everything and counts.

use std::{
    net::SocketAddr,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use actix_web::{App, HttpResponse, HttpServer, dev::ServerHandle, web};

/// What came so far.
#[derive(Default)]
struct Seen {
    count: AtomicU64,
    first: Mutex<String>,
}

/// A receiver at an address of its own.
pub struct Receiver {
    pub address: SocketAddr,
    seen: web::Data<Seen>,
    handle: ServerHandle,
}

impl Receiver {
    pub fn start() -> Self {
        let seen = web::Data::new(Seen::default());
        let shared = seen.clone();
        let server = HttpServer::new(move || App::new().app_data(shared.clone()).default_service(web::to(take)))
            .workers(1)
            .disable_signals()
            .bind("127.0.0.1:0")
            .expect("a free port");
        let address = server.addrs()[0];
        let running = server.run();
        let handle = running.handle();
        tokio::spawn(running);
        Self { address, seen, handle }
    }

    pub async fn stop(self) {
        self.handle.stop(false).await;
    }

    pub fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    pub fn count(&self) -> u64 {
        self.seen.count.load(Ordering::Relaxed)
    }

    /// The body that came first.
    pub fn body(&self) -> String {
        self.seen.first.lock().expect("a text").clone()
    }
}

async fn take(body: String, seen: web::Data<Seen>) -> HttpResponse {
    if seen.count.fetch_add(1, Ordering::Relaxed) == 0 {
        *seen.first.lock().expect("a text") = body;
    }
    HttpResponse::NoContent().finish()
}
