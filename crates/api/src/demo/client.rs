//! The client that a developer gets with the demonstration data.

use gdtx_domain::access::purpose::Purpose;
use gdtx_service::{
    Clock, Ctx, Database, Error, PageRequest,
    access::client::{self, ClientFilter, Registered},
};
use serde_json::json;

use super::shape;

/// The namespace of external ids of the development client; also how it is found again.
const SYSTEM: &str = "development";

/// Registers the development client, or gives it a new secret, and tells how to use it.
pub async fn announce(db: &Database, base: &str) -> Result<String, String> {
    let registered =
        renew(&Ctx::system(db.clone(), Clock::System)).await.map_err(|e| format!("development client: {e}"))?;
    let (id, secret) = (registered.client.id, registered.client_secret.unwrap_or_default());
    Ok(format!(
        "\nstart page: {base}/   OpenAPI: {base}/docs   GraphQL: {base}/graphiql\n\
         client id: {id}\n\
         client secret: {secret}\n\
         try: curl -u {id}:{secret} -d grant_type=client_credentials {base}/oauth/token\n\n"
    ))
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
