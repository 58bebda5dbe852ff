//! Statistics on the command line.

use clap::Subcommand;
use gdtx_service::{Clock, Database, statistics};

/// Work on statistics.
#[derive(Debug, Subcommand)]
pub enum StatisticsCommand {
    /// Count the whole journal anew, beside the service; the new cells are shown when they have come as far.
    Rebuild,
}

/// Runs the command; what it has to say.
pub async fn run(command: StatisticsCommand, db: &Database) -> Result<String, String> {
    let StatisticsCommand::Rebuild = command;
    let position = statistics::rebuild(db, Clock::System).await.map_err(|e| e.to_string())?;
    Ok(format!("statistics are true at position {position}\n"))
}
