//! Access tokens: JWT by RFC 9068, signed with Ed25519.
//!
//! A token says who; what that client may do and where is read from the database with each request.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use gdtx_service::{
    Actor, Clock, Code, Database, Error, Result,
    access::{
        authenticate::Authenticated,
        keys::{self, KEY_REFRESH},
        token::new_token_id,
    },
};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    cache::Cache,
    outside::Outside,
    ring::{Fault, Ring, check_times, header},
};
use crate::Settings;

/// The `typ` of our tokens.
const KIND: &str = "at+jwt";

/// Issues and verifies access tokens.
pub struct Tokens {
    issuer: String,
    lifetime: i64,
    outside: Vec<Outside>,
    keys: Mutex<Option<Arc<Loaded>>>,
    cache: Cache<Actor>,
}

/// The keys of the database as this process read them last.
pub struct Loaded {
    kid: String,
    signing: EncodingKey,
    ring: Ring,
    /// As published at `/oauth/jwks.json`.
    pub jwks: Value,
    read_at: Instant,
}

/// What an access token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    pub iss: String,
    pub aud: String,
    /// The client, which acts for itself.
    pub sub: Uuid,
    pub client_id: Uuid,
    pub iat: i64,
    pub nbf: i64,
    pub exp: i64,
    pub jti: String,
    /// The permissions of the client's role when the token was made, separated by blanks.
    pub scope: String,
}

impl Tokens {
    /// Reads the keys of trusted outside issuers; the error is one line for the terminal.
    pub fn new(settings: &Settings) -> Result<Self, String> {
        Ok(Self {
            issuer: settings.public_url.trim_end_matches('/').to_owned(),
            lifetime: settings.token_lifetime_seconds,
            outside: settings.trusted_issuers.iter().map(Outside::load).collect::<Result<_, _>>()?,
            keys: Mutex::new(None),
            cache: Cache::default(),
        })
    }

    /// Our `iss`, and the `aud` of our tokens.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Seconds for which a token is good.
    pub fn lifetime(&self) -> i64 {
        self.lifetime
    }

    /// The keys in force; read again when `fresh` or when they are a minute old.
    pub async fn keys(&self, db: &Database, clock: Clock, fresh: bool) -> Result<Arc<Loaded>> {
        let limit = Duration::from_secs(KEY_REFRESH.num_seconds().unsigned_abs());
        let known = self.keys.lock().ok().and_then(|k| k.clone());
        if let Some(known) = known.filter(|k| !fresh && k.read_at.elapsed() < limit) {
            return Ok(known);
        }
        let loaded = Arc::new(load(keys::ensure_current(db, clock).await?));
        if let Ok(mut known) = self.keys.lock() {
            *known = Some(loaded.clone());
        }
        Ok(loaded)
    }

    /// Makes a token. The keys are read anew, so a rotation holds at once in every process.
    pub async fn issue(&self, db: &Database, clock: Clock, client: &Authenticated) -> Result<(String, Claims)> {
        let keys = self.keys(db, clock, true).await?;
        let now = clock.now().timestamp();
        let scope: Vec<&str> = client.permissions.iter().map(|p| p.code()).collect();
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: self.issuer.clone(),
            sub: client.client_id,
            client_id: client.client_id,
            iat: now,
            nbf: now,
            exp: now + self.lifetime,
            jti: new_token_id(),
            scope: scope.join(" "),
        };
        Ok((signed(&keys, KIND, &claims)?, claims))
    }

    /// Signs a statement of the service, of a kind of its own, so that none passes for a token.
    pub async fn sign<T: Serialize>(&self, db: &Database, clock: Clock, kind: &str, claims: &T) -> Result<String> {
        let keys = self.keys(db, clock, true).await?;
        signed(&keys, kind, claims)
    }

    /// Who a bearer token speaks for.
    pub async fn actor(&self, db: &Database, clock: Clock, token: &str) -> Result<Actor> {
        let now = clock.now().timestamp();
        if let Some(actor) = self.cache.get(token, now) {
            return Ok(actor);
        }
        let verified = match self.outside.iter().find(|o| unverified_issuer(token).is_some_and(|i| o.is(&i))) {
            Some(outside) => outside.verify(token, now),
            None => self.read(db, clock, token).await?.and_then(|claims| {
                check_times(now, Some(claims.exp), Some(claims.nbf), Some(claims.iat))?;
                let until = instant(claims.exp);
                Ok((Actor::Client { id: claims.client_id, token_id: claims.jti, until }, claims.exp))
            }),
        };
        let (actor, exp) = verified.map_err(refusal)?;
        self.cache.put(token, now, exp, actor.clone());
        Ok(actor)
    }

    /// The claims of one of our own tokens; whether it has expired is not judged.
    pub async fn read(&self, db: &Database, clock: Clock, token: &str) -> Result<Result<Claims, Fault>> {
        let mut opened = self.keys(db, clock, false).await?.ring.open::<Claims>(token);
        // Another process may have rotated the keys a moment ago.
        if matches!(opened, Err(Fault::UnknownKey)) && may_be_ours(token) {
            opened = self.keys(db, clock, true).await?.ring.open::<Claims>(token);
        }
        Ok(opened.and_then(|(header, claims)| {
            let kind = header.typ.unwrap_or_default().to_ascii_lowercase();
            let typed = kind == KIND || kind == "application/at+jwt";
            let named = header.kid.is_some();
            let ours = claims.iss == self.issuer && claims.aud == self.issuer && claims.sub == claims.client_id;
            if typed && named && ours { Ok(claims) } else { Err(Fault::Foreign) }
        }))
    }
}

/// Whether an unknown key is worth a look into the database: it is named like ours.
fn may_be_ours(token: &str) -> bool {
    header(token).is_ok_and(|h| h.alg == Algorithm::EdDSA && h.kid.is_some_and(|k| k.len() == 43))
}

fn signed<T: Serialize>(keys: &Loaded, kind: &str, claims: &T) -> Result<String> {
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some(kind.to_owned());
    header.kid = Some(keys.kid.clone());
    encode(&header, claims, &keys.signing).map_err(Error::internal)
}

fn load(keys: keys::Keys) -> Loaded {
    let published: Vec<Value> = keys
        .verifying
        .iter()
        .map(|k| json!({ "kty": "OKP", "crv": "Ed25519", "x": k.x, "kid": k.kid, "use": "sig", "alg": "EdDSA" }))
        .collect();
    let jwks = json!({ "keys": published });
    Loaded {
        kid: keys.signing.kid,
        signing: EncodingKey::from_ed_der(&keys.signing.pkcs8),
        ring: Ring::from_jwks(&jwks),
        jwks,
        read_at: Instant::now(),
    }
}

/// An instant of a token, in seconds of Unix time; one beyond the calendar is its last.
pub(super) fn instant(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// The `iss` that a token claims, to choose whose keys to try; the signature decides.
fn unverified_issuer(token: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Issuer {
        iss: String,
    }
    jsonwebtoken::dangerous::insecure_decode_claims::<Issuer>(token).ok().map(|claims| claims.iss)
}

fn refusal(fault: Fault) -> Error {
    let (vi, en) = match fault {
        Fault::Malformed => ("Access token không đọc được.", "The access token cannot be read."),
        Fault::UnknownKey => ("Access token ký bằng khóa lạ.", "The access token is signed by an unknown key."),
        Fault::Signature => ("Chữ ký của access token sai.", "The signature of the access token does not fit."),
        Fault::Expired => ("Access token đã hết hạn.", "The access token has expired."),
        Fault::NotYetValid => ("Access token chưa có hiệu lực.", "The access token is not valid yet."),
        Fault::Foreign => {
            ("Access token không dành cho dịch vụ này.", "The access token is not meant for this service.")
        }
    };
    Error::new(Code::Unauthenticated, vi, en)
}
