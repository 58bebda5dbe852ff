//! The sandbox: a service on a database of its own, with the same invented data each time and a clock
//! that can be set, where a vendor tries what it wants.

mod clock;
mod report;

use std::{
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use actix_web::web::{self, ServiceConfig};
use chrono::{DateTime, Utc};
use clap::Args;
use gdtx_service::Clock;
use secrecy::ExposeSecret;

use crate::{Settings, demo::client::Credentials};

pub use report::{KIND, SignedReport};

/// What `gdtx sandbox` takes.
#[derive(Debug, Args)]
pub struct Sandbox {
    /// Begin anew: forget what was written here before.
    #[arg(long)]
    pub fresh: bool,
    /// Set the clock to this instant, `2026-09-05T08:00:00+07:00`; it goes on from there.
    #[arg(long, value_name = "INSTANT")]
    pub now: Option<DateTime<Utc>>,
    /// Where to write address, client id and secret, to be read by a shell.
    #[arg(long, value_name = "FILE")]
    pub credentials: Option<PathBuf>,
}

/// Networks in which a vendor tries its receivers.
const NEAR: &str = "127.0.0.0/8,::1/128,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fd00::/8";

impl Sandbox {
    /// The settings of a sandbox: a folder and a database of its own, whatever is configured.
    ///
    /// # Errors
    /// One line for the terminal.
    pub fn settings(&self, settings: Settings) -> Result<Settings, String> {
        let data_dir = settings.data_dir.join("sandbox");
        if self.fresh {
            forget(&data_dir)?;
        }
        let own = Settings {
            data_dir,
            database_url: String::new().into(),
            replica_urls: String::new().into(),
            webhook_http: true,
            webhook_networks: NEAR.to_owned(),
            ..settings
        };
        own.completed()
    }

    /// The clock of a sandbox.
    pub fn clock(&self) -> Clock {
        let clock = Clock::movable();
        if let (Clock::Moved(shift), Some(now)) = (clock, self.now) {
            shift.set(now);
        }
        clock
    }

    /// Writes down how to get in, for its owner alone.
    ///
    /// # Errors
    /// One line for the terminal.
    pub fn keep(&self, credentials: &Credentials) -> Result<(), String> {
        let Some(path) = &self.credentials else { return Ok(()) };
        let text = format!(
            "export GDTX_URL={}\nexport GDTX_CLIENT_ID={}\nexport GDTX_CLIENT_SECRET={}\n",
            credentials.base,
            credentials.id,
            credentials.secret.expose_secret()
        );
        // One that is there may be open to others.
        let _ = std::fs::remove_file(path);
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true).mode(0o600);
        let written = options.open(path).and_then(|mut file| file.write_all(text.as_bytes()));
        written.map_err(|e| format!("{}: {e}", path.display()))
    }
}

/// Forgets the database of the sandbox and nothing else.
fn forget(data_dir: &Path) -> Result<(), String> {
    for name in ["gdtx.db", "gdtx.db-wal", "gdtx.db-shm"] {
        let path = data_dir.join(name);
        match std::fs::remove_file(&path) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(format!("{}: {e}", path.display())),
            _ => {}
        }
    }
    Ok(())
}

/// Mounts what only a sandbox has; elsewhere it answers 404.
pub fn mount(config: &mut ServiceConfig) {
    config
        .service(
            web::resource("/sandbox/clock")
                .route(web::get().to(clock::read))
                .route(web::put().to(clock::set))
                .route(web::delete().to(clock::reset)),
        )
        .service(web::resource("/sandbox/conformance-reports").route(web::post().to(report::sign)));
}
