//! The binary `gdtx`: reads the command line and runs it.

#![recursion_limit = "256"]

use clap::Parser;

#[actix_web::main]
async fn main() -> std::process::ExitCode {
    match Box::pin(gdtx_api::cli::run(gdtx_api::cli::Cli::parse())).await {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("gdtx: {message}");
            std::process::ExitCode::FAILURE
        }
    }
}
