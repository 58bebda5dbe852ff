//! The client that a developer gets with the demonstration data.

use std::fmt;

use gdtx_domain::access::purpose::Purpose;
use gdtx_service::{
    Clock, Ctx, Database, Error, PageRequest,
    access::client::{self, ClientFilter, Registered},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use uuid::Uuid;

use super::shape;

/// The namespace of external ids of the development client; also how it is found again.
const SYSTEM: &str = "development";

/// Registers the development client, or gives it a new secret, and tells how to use it.
pub async fn announce(db: &Database, base: &str) -> Result<Credentials, String> {
    let registered =
        renew(&Ctx::system(db.clone(), Clock::System)).await.map_err(|e| format!("development client: {e}"))?;
    let secret = registered.client_secret.unwrap_or_default().into();
    Ok(Credentials { base: base.to_owned(), id: registered.client.id, secret })
}

/// How to get in.
pub struct Credentials {
    pub base: String,
    pub id: Uuid,
    pub secret: SecretString,
}

impl fmt::Display for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (base, id, secret) = (&self.base, self.id, self.secret.expose_secret());
        write!(
            f,
            "\nstart page: {base}/   OpenAPI: {base}/docs   GraphQL: {base}/graphiql\n\
             client id: {id}\n\
             client secret: {secret}\n\
             try: curl -u {id}:{secret} -d grant_type=client_credentials {base}/oauth/token\n\n"
        )
    }
}

async fn renew(ctx: &Ctx) -> Result<Registered, Error> {
    let all =
        client::list(ctx, ClientFilter::default(), PageRequest { first: Some(200), ..PageRequest::default() }).await?;
    if let Some(known) = all.items.iter().find(|c| c.system == SYSTEM) {
        return client::rotate_secret(ctx, known.id, Some(0)).await;
    }
    let new = json!({
        "name": "Development client (invented)",
        "organisation": "Demonstration",
        "role": "vendor",
        "system": SYSTEM,
        "reach": { "provinces": ["31"] },
        "agreement": {
            "reference": "DEMO-01",
            "purposes": Purpose::ALL,
            "dataKinds": ["basic", "sensitive", "restricted"],
            "validFrom": "2025-01-01",
            "validTo": "2099-12-31",
            "legalBasis": "Invented for the demonstration; all people are invented.",
        },
    });
    client::register(ctx, shape(new)?).await
}
