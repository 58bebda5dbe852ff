//! Vendors of a centre on REST: let a vendor's system act for it, and end that.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{self, Path, ServiceConfig},
};
use gdtx_service::access::vendor::{self, VendorAssignment};

use crate::rest::refusals::{Common, OfOne, Writing};
use crate::{
    headers::Caller,
    problem::Failure,
    rest::{
        operations::{parse_id, rehearsed},
        respond,
    },
};

/// Let a vendor act for a centre
///
/// The centre itself, its department or commune office, or an administrator decides. The vendor's
/// change feed tells it with `access_gained`. Doing it twice changes nothing.
#[utoipa::path(
    put, path = "/v1/centres/{id}/vendors/{clientId}", operation_id = "assignVendor", tag = "clients",
    params(
        ("id" = uuid::Uuid, Path, description = "The centre."),
        ("clientId" = uuid::Uuid, Path, description = "The vendor's client id."),
        ("Idempotency-Key" = Option<String>, Header, description = "At most 255 characters; the same request under the same key within 24 hours is answered again, not repeated."),
        ("dryRun" = Option<bool>, Query, description = "Do everything but the commit."),
    ),
    responses(
        (status = 200, description = "The vendor acts for the centre.", body = VendorAssignment),
        Common,
        OfOne,
        Writing,
    ),
    security(("oauth2" = []))
)]
pub async fn assign(
    req: HttpRequest,
    Caller(ctx): Caller,
    path: Path<(String, String)>,
) -> Result<HttpResponse, Failure> {
    let (ctx, _) = rehearsed(ctx, &req)?;
    let (centre, client) = path.into_inner();
    Ok(respond::json(&vendor::assign_vendor(&ctx, parse_id(&centre)?, parse_id(&client)?).await?))
}

/// End a vendor's acting for a centre
///
/// The vendor's change feed tells it with `access_lost`. Doing it twice changes nothing.
#[utoipa::path(
    delete, path = "/v1/centres/{id}/vendors/{clientId}", operation_id = "unassignVendor", tag = "clients",
    params(
        ("id" = uuid::Uuid, Path, description = "The centre."),
        ("clientId" = uuid::Uuid, Path, description = "The vendor's client id."),
        ("Idempotency-Key" = Option<String>, Header, description = "At most 255 characters; the same request under the same key within 24 hours is answered again, not repeated."),
        ("dryRun" = Option<bool>, Query, description = "Do everything but the commit."),
    ),
    responses(
        (status = 200, description = "The vendor no longer acts for the centre.", body = VendorAssignment),
        Common,
        OfOne,
        Writing,
    ),
    security(("oauth2" = []))
)]
pub async fn unassign(
    req: HttpRequest,
    Caller(ctx): Caller,
    path: Path<(String, String)>,
) -> Result<HttpResponse, Failure> {
    let (ctx, _) = rehearsed(ctx, &req)?;
    let (centre, client) = path.into_inner();
    Ok(respond::json(&vendor::unassign_vendor(&ctx, parse_id(&centre)?, parse_id(&client)?).await?))
}

/// Mounts the vendors of centres.
pub fn mount(config: &mut ServiceConfig) {
    config.service(
        web::resource("/v1/centres/{id}/vendors/{clientId}")
            .route(web::put().to(assign))
            .route(web::delete().to(unassign)),
    );
}
