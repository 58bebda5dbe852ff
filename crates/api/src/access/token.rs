//! Access tokens.

use gdtx_service::{Actor, Code, Error, Result};

use crate::Settings;

/// Issues and verifies access tokens.
pub struct Tokens {}

impl Tokens {
    pub fn new(_settings: &Settings) -> Self {
        Self {}
    }

    /// Who a bearer token speaks for.
    pub async fn actor(&self, _db: &gdtx_service::Database, _clock: gdtx_service::Clock, _token: &str) -> Result<Actor> {
        Err(Error::of(Code::Unauthenticated))
    }
}
