//! Who may do what and where; clients, their secrets and keys, and the keys of our tokens.

pub mod authenticate;
pub mod client;
pub mod explain;
pub mod keys;
pub mod policy;
pub mod quota;
pub mod scope;
pub mod token;
pub mod vendor;

mod jwks;
mod life;
mod reach;
mod registration;
mod rotation;
mod secret;
