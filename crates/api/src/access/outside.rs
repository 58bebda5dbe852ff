//! Outside issuers whose tokens are accepted by configuration, such as an agency's Keycloak.
//!
//! Such a token only says who somebody is; the client registered for that subject says what it may.

use gdtx_service::Actor;
use serde::Deserialize;
use serde_json::Value;

use super::{
    ring::{Audience, Fault, Ring, check_times},
    token::instant,
};
use crate::config::TrustedIssuer;

/// An issuer with its keys.
pub struct Outside {
    issuer: String,
    audience: String,
    ring: Ring,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: Option<i64>,
    nbf: Option<i64>,
    iat: Option<i64>,
}

impl Outside {
    /// Reads the keys of an issuer; the error is one line that names the file.
    pub fn load(trusted: &TrustedIssuer) -> Result<Self, String> {
        let file = trusted.jwks_file.display();
        let wrong = |why: String| format!("configuration: trusted_issuers: {file}: {why}");
        let text = std::fs::read_to_string(&trusted.jwks_file).map_err(|e| wrong(e.to_string()))?;
        let set: Value = serde_json::from_str(&text).map_err(|e| wrong(e.to_string()))?;
        let ring = Ring::from_jwks(&set);
        if ring.is_empty() {
            return Err(wrong("no Ed25519, P-256 or RSA key in this set".to_owned()));
        }
        Ok(Self { issuer: trusted.issuer.clone(), audience: trusted.audience.clone(), ring })
    }

    pub fn is(&self, issuer: &str) -> bool {
        self.issuer == issuer
    }

    /// Who a token of this issuer speaks for, and until when.
    pub fn verify(&self, token: &str, now: i64) -> Result<(Actor, i64), Fault> {
        let (header, claims) = self.ring.open::<Claims>(token)?;
        let kind = header.typ.as_deref().unwrap_or("JWT").to_ascii_lowercase();
        let fits = matches!(kind.as_str(), "jwt" | "at+jwt" | "application/at+jwt");
        if !fits || claims.iss != self.issuer || !claims.aud.names(&[&self.audience]) {
            return Err(Fault::Foreign);
        }
        check_times(now, claims.exp, claims.nbf, claims.iat)?;
        let exp = claims.exp.unwrap_or_default();
        Ok((Actor::External { issuer: claims.iss, subject: claims.sub, until: instant(exp) }, exp))
    }
}
