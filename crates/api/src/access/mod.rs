//! Tokens and clients on the wire.

pub mod token;
