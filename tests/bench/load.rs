//! Load: so many connections that each send a request, read the answer and send the next.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use http_body_util::{BodyExt, Full};
use hyper::{
    Method, Request, Response,
    body::{Bytes, Incoming},
    client::conn::http1,
    header,
};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// Connections at a time, all kept alive.
pub const CONNECTIONS: usize = 32;

/// One request.
pub struct Call {
    pub method: Method,
    pub path: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

impl Call {
    pub fn get(path: String) -> Self {
        Self { method: Method::GET, path, headers: Vec::new(), body: String::new() }
    }

    pub fn post(path: &str, body: String) -> Self {
        let json = (header::CONTENT_TYPE.as_str(), "application/json".to_owned());
        Self { method: Method::POST, path: path.to_owned(), headers: vec![json], body }
    }

    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

/// Makes the request of a number; each number is another request.
pub type Maker = Arc<dyn Fn(u64) -> Call + Send + Sync>;

/// What a stretch of load showed.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    /// Microseconds of each good answer.
    pub micros: Vec<u32>,
    pub wrong: usize,
    /// The first wrong answer.
    pub example: Option<String>,
    pub seconds: f64,
}

impl Measured {
    pub fn per_second(&self) -> f64 {
        self.micros.len() as f64 / self.seconds.max(0.001)
    }

    /// A percentile of the times, in milliseconds.
    pub fn percentile(&self, percent: usize) -> f64 {
        let mut sorted = self.micros.clone();
        sorted.sort_unstable();
        let at = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
        sorted.get(at).map_or(f64::NAN, |micros| f64::from(*micros) / 1000.0)
    }

    pub fn add(&mut self, other: Self) {
        self.micros.extend(other.micros);
        self.wrong += other.wrong;
        self.seconds += other.seconds;
        self.example = self.example.take().or(other.example);
    }
}

/// Sends for a while. An answer with another status than `expected` is wrong.
pub async fn run(to: SocketAddr, maker: &Maker, expected: u16, lasting: Duration) -> Measured {
    static NUMBER: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    let all = Arc::new(Mutex::new(Measured::default()));
    let begun = Instant::now();
    let tasks = (0..CONNECTIONS).map(|_| {
        let (maker, all) = (Arc::clone(maker), Arc::clone(&all));
        tokio::spawn(async move {
            let mut mine = Measured::default();
            let mut connection = connect(to).await;
            while begun.elapsed() < lasting {
                let call = maker(NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
                let sent = Instant::now();
                match send(&mut connection, to, call).await {
                    // GraphQL tells its refusals in a 200.
                    Ok((status, body)) if status == expected && !is_refusal(&body) => {
                        mine.micros.push(u32::try_from(sent.elapsed().as_micros()).unwrap_or(u32::MAX));
                    }
                    Ok((status, body)) => {
                        mine.wrong += 1;
                        mine.example.get_or_insert_with(|| format!("{status} {}", String::from_utf8_lossy(&body)));
                    }
                    Err(error) => {
                        mine.wrong += 1;
                        mine.example.get_or_insert(error);
                        connection = connect(to).await;
                    }
                }
            }
            all.lock().expect("the sum").add(Measured { seconds: 0.0, ..mine });
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.expect("a connection that ends");
    }
    let seconds = begun.elapsed().as_secs_f64();
    let sum = all.lock().expect("the sum").clone();
    Measured { seconds, ..sum }
}

/// Whether an answer of GraphQL tells of errors.
fn is_refusal(body: &[u8]) -> bool {
    const ERRORS: &[u8] = b"\"errors\":[{";
    body.windows(ERRORS.len()).take(200).any(|at| at == ERRORS)
}

/// The ETag of an answer.
pub async fn tag(to: SocketAddr, call: Call) -> String {
    let answer = answer(&mut connect(to).await, to, call).await.expect("an answer");
    let tag = answer.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok());
    tag.expect("a record with a version").to_owned()
}

/// One request on a connection of its own: status and body.
pub async fn once(to: SocketAddr, call: Call) -> Result<(u16, Bytes), String> {
    send(&mut connect(to).await, to, call).await
}

/// A connection that sends one request after the other.
pub struct Connection {
    sender: Sender,
    to: SocketAddr,
}

impl Connection {
    pub async fn open(to: SocketAddr) -> Self {
        Self { sender: connect(to).await, to }
    }

    pub async fn send(&mut self, call: Call) -> Result<(u16, Bytes), String> {
        send(&mut self.sender, self.to, call).await
    }
}

/// An answer of many lines.
pub struct Streamed {
    /// Time until its first byte.
    pub first: Duration,
    pub lines: usize,
    pub seconds: f64,
}

impl Streamed {
    pub fn per_second(&self) -> f64 {
        self.lines as f64 / self.seconds.max(0.001)
    }
}

/// Reads an answer to its end as it comes, and keeps nothing of it.
pub async fn stream(to: SocketAddr, call: Call) -> Streamed {
    let mut sender = connect(to).await;
    let begun = Instant::now();
    let answer = answer(&mut sender, to, call).await.expect("an answer");
    assert_eq!(answer.status(), 200);
    let (mut body, mut lines, mut first) = (answer.into_body(), 0, None);
    while let Some(frame) = body.frame().await {
        let frame = frame.expect("a body to its end");
        if let Some(data) = frame.data_ref() {
            first.get_or_insert_with(|| begun.elapsed());
            lines += data.iter().filter(|byte| **byte == b'\n').count();
        }
    }
    Streamed { first: first.unwrap_or_default(), lines, seconds: begun.elapsed().as_secs_f64() }
}

type Sender = http1::SendRequest<Full<Bytes>>;

async fn connect(to: SocketAddr) -> Sender {
    let stream = TcpStream::connect(to).await.expect("a server that listens");
    stream.set_nodelay(true).expect("a socket");
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.expect("HTTP");
    tokio::spawn(connection);
    sender
}

async fn answer(sender: &mut Sender, to: SocketAddr, call: Call) -> Result<Response<Incoming>, String> {
    let mut request = Request::builder().method(call.method).uri(call.path).header(header::HOST, to.to_string());
    for (name, value) in call.headers {
        request = request.header(name, value);
    }
    let request = request.body(Full::new(Bytes::from(call.body))).map_err(|e| e.to_string())?;
    sender.ready().await.map_err(|e| e.to_string())?;
    sender.send_request(request).await.map_err(|e| e.to_string())
}

async fn send(sender: &mut Sender, to: SocketAddr, call: Call) -> Result<(u16, Bytes), String> {
    let answer = answer(sender, to, call).await?;
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await.map_err(|e| e.to_string())?.to_bytes();
    Ok((status, body))
}
