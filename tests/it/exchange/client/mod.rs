//! The command line as a client of the service: the real binary, killed and cut off.

mod pull;
mod push;

use std::{
    net::SocketAddr,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::support::{Client, Service, process::binary};

/// How a command ended.
pub struct Ended {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ended {
    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}{}", self.out, self.err);
        self
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("{}{}", self.out, self.err))
    }
}

/// A command of this client against an address, in the folder of the test.
pub fn command(s: &Service, client: &Client, base: &str, words: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command.args(words).args(["--url", base, "--json", "--retry", "0"]).current_dir(s.home());
    command.env("LANG", "C").env_remove("LC_ALL").env_remove("LC_MESSAGES");
    command.env("GDTX_CLIENT_ID", client.id.expect("an id").to_string());
    command.env("GDTX_CLIENT_SECRET", client.secret.clone().expect("a secret"));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs a command to its end, while the service goes on.
pub async fn run(mut command: Command) -> Ended {
    let output = actix_web::web::block(move || command.output()).await.expect("a thread").expect("an end");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ended { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
}

/// Begins a command, to be killed.
pub fn begin(mut command: Command) -> Child {
    command.spawn().expect("a process")
}

/// `kill -9`.
pub fn kill(mut child: Child) {
    child.kill().expect("a process to kill");
    child.wait().expect("its end");
}

/// A line to the service that carries so many bytes and no more.
#[derive(Clone)]
pub struct Line {
    pub base: String,
    left: Arc<AtomicI64>,
    /// Whether the line stays open when it carries no more, or breaks.
    stalls: bool,
    over: Arc<AtomicBool>,
}

impl Line {
    /// A line that breaks.
    pub async fn breaking(s: &Service, bytes: i64) -> Self {
        Self::open(s, bytes, false).await
    }

    /// A line that falls silent.
    pub async fn stalling(s: &Service, bytes: i64) -> Self {
        Self::open(s, bytes, true).await
    }

    /// Waits until the line carries no more; false when the command had enough and ended before.
    pub async fn is_over(&self, child: &mut Child) -> bool {
        while !self.over.load(Ordering::Relaxed) {
            if child.try_wait().expect("a process").is_some() {
                return false;
            }
            tokio::task::yield_now().await;
        }
        true
    }

    async fn open(s: &Service, bytes: i64, stalls: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let line = Self {
            base: format!("http://{address}"),
            left: Arc::new(AtomicI64::new(bytes)),
            stalls,
            over: Arc::default(),
        };
        let (service, of_tasks): (SocketAddr, Self) =
            (s.base.trim_start_matches("http://").parse().unwrap(), line.clone());
        actix_web::rt::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                if let Ok(far) = TcpStream::connect(service).await {
                    let (near, far) = (near.into_split(), far.into_split());
                    actix_web::rt::spawn(of_tasks.clone().carry(near.0, far.1));
                    actix_web::rt::spawn(of_tasks.clone().carry(far.0, near.1));
                }
            }
        });
        line
    }

    async fn carry(self, mut from: tokio::net::tcp::OwnedReadHalf, mut to: tokio::net::tcp::OwnedWriteHalf) {
        let mut buffer = vec![0; 512];
        while let Ok(count) = from.read(&mut buffer).await {
            if count == 0 {
                return;
            }
            if self.left.fetch_sub(i64::try_from(count).unwrap(), Ordering::Relaxed) <= 0 {
                self.over.store(true, Ordering::Relaxed);
                if self.stalls {
                    std::future::pending::<()>().await;
                }
                return;
            }
            if to.write_all(&buffer[..count]).await.is_err() {
                return;
            }
        }
    }
}
