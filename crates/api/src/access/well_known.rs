//! What a client library reads before it starts: metadata (RFC 8414) and the public keys.

use actix_web::{
    HttpResponse,
    http::header,
    web::{self, ServiceConfig},
};
use gdtx_service::access::policy::Permission;
use serde_json::{Value, json};

use crate::{
    problem::{Failure, Problem},
    state::App,
};

/// How clients may prove who they are.
const METHODS: [&str; 3] = ["client_secret_basic", "client_secret_post", "private_key_jwt"];
/// What an assertion may be signed with.
const ALGORITHMS: [&str; 3] = ["EdDSA", "ES256", "RS256"];

fn describe(issuer: &str) -> Value {
    let scopes: Vec<&str> = Permission::ALL.iter().map(|p| p.code()).collect();
    json!({
        "issuer": issuer,
        "token_endpoint": format!("{issuer}/oauth/token"),
        "jwks_uri": format!("{issuer}/oauth/jwks.json"),
        "revocation_endpoint": format!("{issuer}/oauth/revoke"),
        "introspection_endpoint": format!("{issuer}/oauth/introspect"),
        "service_documentation": format!("{issuer}/docs"),
        "scopes_supported": scopes,
        "response_types_supported": [],
        "grant_types_supported": ["client_credentials"],
        "ui_locales_supported": ["vi", "en"],
        "token_endpoint_auth_methods_supported": METHODS,
        "token_endpoint_auth_signing_alg_values_supported": ALGORITHMS,
        "revocation_endpoint_auth_methods_supported": METHODS,
        "revocation_endpoint_auth_signing_alg_values_supported": ALGORITHMS,
        "introspection_endpoint_auth_methods_supported": METHODS,
        "introspection_endpoint_auth_signing_alg_values_supported": ALGORITHMS,
    })
}

/// Read the metadata of the authorization server
///
/// RFC 8414: endpoints and what they support.
#[utoipa::path(
    get, path = "/.well-known/oauth-authorization-server", operation_id = "getAuthorizationServer", tag = "oauth",
    responses((status = 200, description = "The metadata.", body = Object)),
)]
pub async fn metadata(app: web::Data<App>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .json(describe(app.tokens.issuer()))
}

/// Read the public keys of access tokens
///
/// A key set (RFC 7517): the key that signs now, and those before it until their tokens expired.
#[utoipa::path(
    get, path = "/oauth/jwks.json", operation_id = "getKeys", tag = "oauth",
    responses(
        (status = 200, description = "The key set.", body = Object),
        (status = 503, description = "The database is busy.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn keys(app: web::Data<App>) -> Result<HttpResponse, Failure> {
    let keys = app.tokens.keys(&app.db, app.clock, false).await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "public, max-age=60")).json(&keys.jwks))
}

/// Mounts metadata and keys, the latter under both of their usual names.
pub fn mount(config: &mut ServiceConfig) {
    config
        .service(web::resource("/.well-known/oauth-authorization-server").route(web::get().to(metadata)))
        .service(web::resource("/oauth/jwks.json").route(web::get().to(keys)))
        .service(web::resource("/.well-known/jwks.json").route(web::get().to(keys)));
}

#[cfg(test)]
mod tests {
    use super::describe;

    #[test]
    fn endpoints_lie_under_the_issuer() {
        let metadata = describe("https://gdtx.example.vn");
        assert_eq!(metadata["issuer"], "https://gdtx.example.vn");
        assert_eq!(metadata["token_endpoint"], "https://gdtx.example.vn/oauth/token");
        assert_eq!(metadata["jwks_uri"], "https://gdtx.example.vn/oauth/jwks.json");
    }
}
