//! The real binary as a process of its own, to be killed.

use std::{
    fs::File,
    path::Path,
    process::{Child, Command, Stdio},
};

use secrecy::ExposeSecret;

use super::{Client, Service};

/// A `gdtx serve` on the database of a test.
pub struct Process {
    pub base: String,
    child: Child,
}

impl Process {
    /// Starts a second service beside the one of the test and waits until it is ready.
    pub async fn serve(service: &Service) -> Self {
        Self::start(service, &[("GDTX_LOG_LEVEL", "off")], Stdio::null()).await
    }

    /// The same, which runs imports and is believed in for a second.
    pub async fn importing(service: &Service) -> Self {
        let settings = [("GDTX_LOG_LEVEL", "off"), ("GDTX_IMPORT_RUNNERS", "1"), ("GDTX_IMPORT_LEASE_SECONDS", "1")];
        Self::start(service, &settings, Stdio::null()).await
    }

    /// The same, which makes the files of export jobs and is believed in for a second; its log lines in a file.
    pub async fn exporting(service: &Service, lines: &Path) -> Self {
        let lines = File::create(lines).expect("a file of log lines");
        let settings = [("GDTX_LOG_LEVEL", "debug"), ("GDTX_EXPORT_RUNNERS", "1"), ("GDTX_EXPORT_LEASE_SECONDS", "1")];
        Self::start(service, &settings, lines.into()).await
    }

    /// The same, which sends webhooks to receivers on this machine.
    pub async fn sending(service: &Service) -> Self {
        let settings = [
            ("GDTX_LOG_LEVEL", "off"),
            ("GDTX_WEBHOOK_HTTP", "true"),
            ("GDTX_WEBHOOK_NETWORKS", "127.0.0.0/8"),
            ("GDTX_WEBHOOK_MESSAGES", "2"),
        ];
        Self::start(service, &settings, Stdio::null()).await
    }

    /// The same, with its log lines in a file, as JSON.
    pub async fn logging(service: &Service, lines: &Path) -> Self {
        let lines = File::create(lines).expect("a file of log lines");
        Self::start(service, &[("GDTX_LOG_FORMAT", "json")], lines.into()).await
    }

    async fn start(service: &Service, settings: &[(&str, &str)], log: Stdio) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
        let bind = format!("127.0.0.1:{port}");
        let child = Command::new(binary())
            .arg("serve")
            .current_dir(service.home())
            .env("GDTX_BIND", &bind)
            .env("GDTX_DATABASE_URL", service.settings.database_url.expose_secret())
            .env("GDTX_PUBLIC_URL", &service.settings.public_url)
            .env("GDTX_DATA_DIR", service.home())
            .env("GDTX_DRAIN_SECONDS", "3")
            .envs(settings.iter().copied())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("the binary, built with `cargo build --workspace --bins --tests`");
        let process = Self { base: format!("http://{bind}"), child };
        let probe = Client::new(&process.base, None);
        while !probe.try_get("/readyz").await {
            tokio::task::yield_now().await;
        }
        process
    }

    /// SIGTERM: asks it to end.
    pub fn terminate(&self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().expect("kill").success());
    }

    /// Whether it has ended.
    pub fn ended(&mut self) -> bool {
        self.child.try_wait().expect("a process").is_some_and(|status| {
            assert!(status.success(), "{status}");
            true
        })
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        self.child.kill().expect("a process to kill");
        self.child.wait().expect("its end");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The binary beside the test program.
pub fn binary() -> std::path::PathBuf {
    let here = std::env::current_exe().expect("the test program");
    here.ancestors().nth(2).expect("the target folder").join("gdtx")
}
