//! The door: every request is counted before it does anything, and answered 429 beyond its quota.

use std::sync::Arc;

use actix_web::{
    HttpMessage,
    body::{BoxBody, EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::StatusCode,
    middleware::Next,
    web,
};
use gdtx_service::Error;

use super::{
    Meter,
    toll::{self, Toll},
};
use crate::{access::oauth::OAuthFailure, problem, state::App, telemetry::Route};

/// Counts a request and tells its caller what is left.
pub async fn guard(
    req: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody, BoxBody>>, actix_web::Error> {
    let toll = toll::of_request(req.method(), Route::of(&req).0.as_deref().unwrap_or_else(|| req.path()));
    let app = req.app_data::<web::Data<App>>().cloned();
    let Some(app) = app.filter(|_| toll != Toll::None) else {
        return next.call(req).await.map(ServiceResponse::map_into_left_body);
    };
    let meter = Arc::new(Meter::of(req.request(), &app).await);
    req.extensions_mut().insert(Arc::clone(&meter));
    let charged = match toll {
        Toll::One(class) => meter.charge(&[(class, 1)]).await,
        Toll::None | Toll::ByDocument => Ok(()),
    };
    let mut response = match charged {
        Ok(()) => next.call(req).await?.map_into_left_body(),
        Err(error) => refused(req, &error).map_into_right_body(),
    };
    // What the caller has already costs nothing, unless reading it left a trace.
    let traced = response.request().headers().contains_key("data-purpose");
    if response.status() == StatusCode::NOT_MODIFIED && !traced {
        meter.refund().await;
    }
    meter.write(response.headers_mut());
    Ok(response)
}

/// The refusal in the form that the path speaks.
fn refused(req: ServiceRequest, error: &Error) -> ServiceResponse {
    let response = if req.path().starts_with("/oauth/") {
        OAuthFailure::too_many(&error.detail.en).answer()
    } else {
        problem::refuse(req.request(), error)
    };
    req.into_response(response)
}
