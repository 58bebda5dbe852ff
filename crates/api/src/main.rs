//! The binary `gdtx`: reads the command line and runs it.

#![recursion_limit = "256"]

use clap::Parser;

/// Requests make and drop many small values on every worker.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[actix_web::main]
async fn main() -> std::process::ExitCode {
    match Box::pin(gdtx_api::cli::run(gdtx_api::cli::Cli::parse())).await {
        Ok(ending) => std::process::ExitCode::from(ending as u8),
        Err(message) => {
            eprintln!("gdtx: {message}");
            std::process::ExitCode::FAILURE
        }
    }
}
