//! The list of deliveries on REST.

use actix_web::{HttpRequest, web::Path};
use gdtx_domain::exchange::webhook::delivery::DeliveryState;
use gdtx_service::{
    PageInfo, PageRequest,
    exchange::webhooks::{self, Delivery, DeliveryFilter},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::{
    headers::Caller,
    rest::{
        operations::{Answer, parse_id},
        query,
        refusals::{Common, OfOne},
        respond,
    },
};

/// A page of deliveries.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "read by the documentation only")]
pub struct WebhookDeliveryPage {
    items: Vec<Delivery>,
    page_info: PageInfo,
}

/// Which deliveries to list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct DeliveriesParameters {
    /// Only those that stand so.
    #[param(inline)]
    state: Option<DeliveryState>,
    /// Deliveries on the page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    first: Option<u32>,
    /// The `endCursor` of the page before.
    after: Option<String>,
}

/// List deliveries
///
/// What became of each change at this webhook, newest change first; those that are over are listed for
/// 30 days, unless the operator says otherwise. While a receiver accepts nothing at all, new changes wait
/// in the journal and stand in no list: see the webhook itself.
#[utoipa::path(
    get, path = "/v1/webhooks/{id}/deliveries", operation_id = "listWebhookDeliveries", tag = "webhooks",
    params(("id" = uuid::Uuid, Path, description = "The webhook."), DeliveriesParameters),
    responses((status = 200, description = "A page.", body = WebhookDeliveryPage), Common, OfOne),
    security(("oauth2" = []))
)]
pub async fn list(req: HttpRequest, Caller(ctx): Caller, id: Path<String>) -> Answer {
    let asked: DeliveriesParameters = query::typed_query(req.query_string())?;
    let request = PageRequest { first: asked.first, after: asked.after, ..PageRequest::default() };
    let filter = DeliveryFilter { state: asked.state };
    Ok(respond::page(&req, &webhooks::deliveries(&ctx, parse_id(&id)?, filter, request).await?, None)?)
}
