//! The processes that are measured: the service of the release build, and the floor.

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::load::{Call, once};

/// A server as a process of its own; it ends with this value.
pub struct Process {
    pub address: SocketAddr,
    child: Child,
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where a service keeps its data.
#[derive(Clone)]
pub struct Place {
    pub url: String,
    pub folder: PathBuf,
}

impl Place {
    /// The command line of the service, on this database.
    pub fn gdtx(&self) -> Command {
        let binary = std::env::var_os("GDTX_BIN").map_or_else(|| PathBuf::from("target/release/gdtx"), PathBuf::from);
        let mut command = Command::new(std::fs::canonicalize(&binary).expect("the release build of the service"));
        command.env("GDTX_DATABASE_URL", &self.url).env("GDTX_DATA_DIR", &self.folder);
        command.env("GDTX_TOKEN_LIFETIME_SECONDS", "3600");
        // Counted as ever, and never used up.
        for class in ["READ", "WRITE", "BULK", "PUBLIC"] {
            command.env(format!("GDTX_RATE_{class}"), "1000000000");
        }
        command
    }

    /// Starts the service; tells the time until it answers, too.
    pub async fn serve(&self) -> (Process, Duration) {
        self.serve_with(&[]).await
    }

    /// Starts the service with settings of its own.
    pub async fn serve_with(&self, settings: &[(&str, &str)]) -> (Process, Duration) {
        let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let log = std::fs::File::create(self.folder.join("service.log")).expect("a log file");
        let begun = Instant::now();
        let child = self
            .gdtx()
            .arg("serve")
            .env("GDTX_BIND", address.to_string())
            .envs(settings.iter().copied())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("a service that starts");
        let process = Process { address, child };
        loop {
            assert!(begun.elapsed() < Duration::from_secs(60), "the service is not ready after a minute");
            if tokio::net::TcpStream::connect(address).await.is_ok()
                && matches!(once(address, Call::get("/readyz".to_owned())).await, Ok((200, _)))
            {
                return (process, begun.elapsed());
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// Starts the floor: this program again.
    pub fn floor(&self) -> Process {
        let mut child = Command::new(std::env::current_exe().expect("this program"))
            .args(["floor", &self.url])
            .stdout(Stdio::piped())
            .spawn()
            .expect("a floor that starts");
        let mut line = String::new();
        let out = child.stdout.take().expect("its output");
        BufReader::new(out).read_line(&mut line).expect("its address");
        Process { address: line.trim().parse().expect("an address"), child }
    }
}

impl Process {
    /// Memory in MB: now, and the most so far.
    pub fn memory(&self) -> (f64, f64) {
        let status = Path::new("/proc").join(self.child.id().to_string()).join("status");
        let text = std::fs::read_to_string(status).unwrap_or_default();
        let of = |name: &str| {
            let line = text.lines().find(|line| line.starts_with(name));
            let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)).and_then(|n| n.parse::<f64>().ok());
            kilobytes.map_or(f64::NAN, |n| n / 1024.0)
        };
        (of("VmRSS:"), of("VmHWM:"))
    }
}
