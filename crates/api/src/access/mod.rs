//! Tokens, clients and the access log on the wire.

pub mod about_token;
pub mod cli;
pub mod clients;
pub mod explain;
pub mod fields;
pub mod limits;
pub mod log;
pub mod oauth;
pub mod token;
pub mod vendors;
pub mod well_known;

mod cache;
mod client_auth;
mod outside;
mod ring;

/// Mounts everything of this room.
pub fn mount(config: &mut actix_web::web::ServiceConfig) {
    config
        .configure(oauth::mount)
        .configure(about_token::mount)
        .configure(well_known::mount)
        .configure(clients::mount)
        .configure(log::mount)
        .configure(vendors::mount)
        .configure(limits::mount)
        .configure(explain::mount);
}
