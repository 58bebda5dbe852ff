//! A receiver of webhooks, as a vendor would write one: it verifies before it reads.

use std::sync::Mutex;

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, dev::ServerHandle, rt, web};
use standardwebhooks::Webhook;
use tokio::sync::mpsc;

/// A message that came.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub id: String,
    pub signature: String,
    pub body: String,
    pub timestamp: i64,
}

struct Inbox(Mutex<mpsc::UnboundedSender<Message>>);

/// A receiver on a port of its own.
pub(super) struct Receiver {
    pub url: String,
    inbox: mpsc::UnboundedReceiver<Message>,
    handle: ServerHandle,
}

async fn take(req: HttpRequest, body: String, inbox: web::Data<Inbox>) -> HttpResponse {
    let header = |name: &str| req.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let timestamp = header("webhook-timestamp").parse().unwrap_or_default();
    let message = Message { id: header("webhook-id"), timestamp, signature: header("webhook-signature"), body };
    let sent = inbox.0.lock().is_ok_and(|inbox| inbox.send(message).is_ok());
    if sent { HttpResponse::NoContent().finish() } else { HttpResponse::ServiceUnavailable().finish() }
}

impl Receiver {
    /// Begins to listen where the sandbox can reach it.
    pub fn start(host: &str) -> Result<Self, String> {
        let (sender, inbox) = mpsc::unbounded_channel();
        let data = web::Data::new(Inbox(Mutex::new(sender)));
        let server = HttpServer::new(move || App::new().app_data(data.clone()).default_service(web::to(take)))
            .workers(1)
            .disable_signals()
            .bind((if host == "127.0.0.1" { "127.0.0.1" } else { "0.0.0.0" }, 0))
            .map_err(|e| format!("no port for webhooks: {e}"))?;
        let port = server.addrs().first().map_or(0, std::net::SocketAddr::port);
        let running = server.run();
        let handle = running.handle();
        rt::spawn(running);
        Ok(Self { url: format!("http://{host}:{port}/"), inbox, handle })
    }

    /// The next message.
    pub async fn next(&mut self) -> Result<Message, String> {
        let waited = tokio::time::timeout(std::time::Duration::from_secs(30), self.inbox.recv()).await;
        waited.ok().flatten().ok_or_else(|| "no message within 30 seconds".to_owned())
    }

    pub async fn stop(self) {
        self.handle.stop(false).await;
    }
}

impl Message {
    /// Whether it was signed with this secret, by the library.
    pub fn fits(&self, secret: &str) -> bool {
        // Not the library's own check, which wants the time of this machine: the sandbox has its own.
        let signed =
            Webhook::new(secret).and_then(|webhook| webhook.sign(&self.id, self.timestamp, self.body.as_bytes()));
        signed.is_ok_and(|signed| self.signature.split(' ').any(|signature| signature == signed))
    }
}
