//! The command line as a client: what a cron job runs against a service somewhere else.

mod connection;
pub mod import;
pub mod pull;
pub mod push;
mod shelf;
mod transfer;
mod words;

use std::{io::IsTerminal, path::PathBuf, time::Duration};

use clap::Args;
use gdtx_service::{Clock, Ids};
use indicatif::{ProgressBar, ProgressStyle};
use secrecy::SecretString;

pub use connection::{Connection, Trouble};

/// Which service, and as which client.
#[derive(Clone, Debug, Args)]
pub struct Target {
    /// Address of the service.
    #[arg(long, env = "GDTX_URL", default_value = "http://127.0.0.1:8080", value_name = "URL")]
    pub url: String,
    /// The client's id.
    #[arg(long, env = "GDTX_CLIENT_ID", value_name = "ID")]
    pub client_id: uuid::Uuid,
    /// A file that holds the client's secret; without it GDTX_CLIENT_SECRET does. Never the command line,
    /// which others read.
    #[arg(long, env = "GDTX_CLIENT_SECRET_FILE", value_name = "FILE")]
    pub secret_file: Option<PathBuf>,
    /// How often a request is tried again when the service is busy or away, with longer and longer waits
    /// between.
    #[arg(long, default_value_t = 8, value_name = "TIMES")]
    pub retry: usize,
}

impl Target {
    /// The client's secret.
    ///
    /// # Errors
    /// One line for the terminal.
    fn secret(&self) -> Result<SecretString, String> {
        let secret = match &self.secret_file {
            Some(file) => std::fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?,
            None => std::env::var("GDTX_CLIENT_SECRET").unwrap_or_default(),
        };
        if secret.trim().is_empty() {
            return Err(
                "set GDTX_CLIENT_SECRET to the secret of the client, or name its file by --secret-file".to_owned()
            );
        }
        Ok(secret.trim().into())
    }
}

/// How a command ended, for the scripts that run it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// All went well.
    Good = 0,
    /// It went well, and some rows were rejected.
    Rejected = 1,
    /// It was refused, or cannot work on this machine: the same command will not pass.
    Refused = 2,
    /// The service is away or busy, the time is over, or another run is at work: the same command may pass
    /// later.
    Later = 75,
}

/// How a command ended, with what it has to say on standard output.
pub type Told = Result<(Ending, String), Trouble>;

/// Waits for a command as long as it may take, and turns trouble into its ending.
pub async fn within(max_time: Option<u64>, work: impl Future<Output = Told>) -> (Ending, String) {
    let told = match max_time {
        None => work.await,
        Some(seconds) => match tokio::time::timeout(Duration::from_secs(seconds), work).await {
            Ok(told) => told,
            Err(_) => Err(Trouble::away(words::say("hết thời gian cho phép", "the time is over"))),
        },
    };
    told.unwrap_or_else(|trouble| {
        eprintln!("gdtx: {trouble}");
        (trouble.ending(), String::new())
    })
}

/// A bar on a terminal, and nothing elsewhere.
fn bar(hidden: bool, template: &str) -> ProgressBar {
    if hidden || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template(template);
    style.map_or_else(|_| ProgressBar::hidden(), |style| ProgressBar::new(0).with_style(style))
}

/// A name that nothing else has.
pub fn fresh_name() -> String {
    Ids::default().next(Clock::System.now()).simple().to_string()
}
