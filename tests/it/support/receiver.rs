//! A receiver of webhooks: keeps what it is sent and answers as a story wants.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, dev::ServerHandle, http::StatusCode, web};
use serde_json::Value;
use tokio::{
    net::TcpSocket,
    sync::{Semaphore, watch},
};

/// One message that came.
#[derive(Clone, Debug)]
pub struct Message {
    pub id: String,
    pub timestamp: i64,
    pub signature: String,
    pub text: String,
    pub body: Value,
    /// What was answered.
    pub status: u16,
}

impl Message {
    pub fn kind(&self) -> &str {
        self.body["type"].as_str().unwrap_or_default()
    }

    pub fn position(&self) -> i64 {
        self.body["data"]["position"].as_i64().unwrap_or_default()
    }

    pub fn record(&self) -> &str {
        self.body["data"]["id"].as_str().unwrap_or_default()
    }
}

type Answers = Box<dyn FnMut(&Message) -> u16 + Send>;

struct Shared {
    messages: Mutex<Vec<Message>>,
    /// How many came so far.
    came: watch::Sender<usize>,
    answers: Mutex<Answers>,
    /// Answers that may be given now.
    gate: Semaphore,
}

/// A receiver at an address of its own.
pub struct Receiver {
    pub url: String,
    shared: Arc<Shared>,
    handle: ServerHandle,
    address: SocketAddr,
    silent: Mutex<Option<TcpSocket>>,
}

async fn take(req: HttpRequest, text: String, shared: web::Data<Shared>) -> HttpResponse {
    let header = |name: &str| req.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let mut message = Message {
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp").parse().unwrap_or_default(),
        signature: header("webhook-signature"),
        body: serde_json::from_str(&text).unwrap_or_default(),
        text,
        status: 0,
    };
    if let Ok(permit) = shared.gate.acquire().await {
        drop(permit);
    }
    message.status = (lock(&shared.answers))(&message);
    let status = StatusCode::from_u16(message.status).expect("a status");
    lock(&shared.messages).push(message);
    shared.came.send_modify(|came| *came += 1);
    let mut answer = HttpResponse::build(status);
    if status.is_redirection() {
        answer.insert_header(("location", "/elsewhere"));
    }
    answer.finish()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl Receiver {
    /// Begins to listen; accepts everything until told otherwise.
    pub fn start() -> Self {
        let shared = web::Data::new(Shared {
            messages: Mutex::default(),
            came: watch::Sender::new(0),
            answers: Mutex::new(Box::new(|_| 204)),
            gate: Semaphore::new(Semaphore::MAX_PERMITS),
        });
        let data = shared.clone();
        let server = HttpServer::new(move || App::new().app_data(data.clone()).default_service(web::to(take)))
            .workers(1)
            .disable_signals()
            .bind("127.0.0.1:0")
            .expect("an address");
        let address = server.addrs()[0];
        let url = format!("http://{address}/hook");
        let running = server.run();
        let handle = running.handle();
        actix_web::rt::spawn(running);
        Self { url, shared: shared.into_inner(), handle, address, silent: Mutex::default() }
    }

    /// Answers so from now on.
    pub fn answers(&self, answers: impl FnMut(&Message) -> u16 + Send + 'static) {
        *lock(&self.shared.answers) = Box::new(answers);
    }

    /// Keeps every message waiting until it is let go.
    pub fn hold(&self) {
        self.shared.gate.forget_permits(Semaphore::MAX_PERMITS);
    }

    pub fn let_go(&self) {
        self.shared.gate.add_permits(1000);
    }

    /// Everything that came so far.
    pub fn messages(&self) -> Vec<Message> {
        lock(&self.shared.messages).clone()
    }

    /// Waits until so many came; fails after a minute.
    pub async fn received(&self, count: usize) {
        let mut came = self.shared.came.subscribe();
        let waited = tokio::time::timeout(Duration::from_mins(1), came.wait_for(|came| *came >= count)).await;
        waited.expect("messages that come").expect("a receiver");
    }

    /// What was accepted since this was asked last; the others are forgotten too.
    pub fn accepted(&self) -> Vec<Message> {
        let mut messages = std::mem::take(&mut *lock(&self.shared.messages));
        messages.retain(|message| (200..300).contains(&message.status));
        messages
    }

    /// Stops to listen, and keeps the address, which another story would take.
    pub async fn stop(&self) {
        self.handle.stop(false).await;
        let silent = TcpSocket::new_v4().expect("a socket");
        silent.set_reuseaddr(true).expect("an address that was used before");
        silent.bind(self.address).expect("the address");
        *lock(&self.silent) = Some(silent);
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}
