//! The command line as a client: what a cron job runs against a service somewhere else.

mod connection;
pub mod import;

use clap::Args;
use secrecy::SecretString;

pub use connection::{Connection, Trouble};

/// Which service, and as which client.
#[derive(Debug, Args)]
pub struct Target {
    /// Address of the service.
    #[arg(long, env = "GDTX_URL", default_value = "http://127.0.0.1:8080", value_name = "URL")]
    pub url: String,
    /// The client's id.
    #[arg(long, env = "GDTX_CLIENT_ID", value_name = "ID")]
    pub client_id: uuid::Uuid,
    /// The client's secret: from the environment alone, since others read command lines.
    #[arg(skip = secret())]
    pub client_secret: SecretString,
}

fn secret() -> SecretString {
    std::env::var("GDTX_CLIENT_SECRET").unwrap_or_default().into()
}

/// How a command ended, for the scripts that run it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// All went well.
    Good = 0,
    /// The import failed or was cancelled.
    Failed = 1,
    /// It went well, and some rows were refused.
    Rejected = 2,
    /// The service is not to be reached or is busy: the same command may pass later.
    Later = 75,
}
