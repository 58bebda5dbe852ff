//! Whether a period is open for a unit, asked before anything is sent.

use actix_web::{HttpRequest, web};
use async_graphql::{Context, Object};
use gdtx_service::exchange::period::{self, SyncPeriod, SyncPeriodQuery};

use crate::{
    graphql,
    headers::Caller,
    rest::{
        operations::{Answer, reading},
        query,
        refusals::Common,
        respond,
    },
};

/// Check a sync period
///
/// Whether records of a unit may be written now, by which window, and when that changes: ask before a
/// night's work is sent. A whole school year that is closed closes all kinds of synchronisation too.
#[utoipa::path(
    get, path = "/v1/sync-windows/check", operation_id = "checkSyncPeriod", tag = "sync-windows",
    params(SyncPeriodQuery),
    responses((status = 200, description = "Whether it is open, and why.", body = SyncPeriod), Common),
    security(("oauth2" = []))
)]
pub async fn read(req: HttpRequest, Caller(ctx): Caller) -> Answer {
    let asked: SyncPeriodQuery = query::typed_query(req.query_string())?;
    Ok(respond::json(&period::stand(&ctx, asked).await?))
}

pub fn mount(config: &mut web::ServiceConfig) {
    config.service(reading("/v1/sync-windows/check", read));
}

#[derive(Default)]
pub struct SyncPeriodFields;

#[Object]
impl SyncPeriodFields {
    /// Whether records of a unit may be written now, by which window, and when that changes.
    async fn check_sync_period(&self, ctx: &Context<'_>, query: SyncPeriodQuery) -> async_graphql::Result<SyncPeriod> {
        let request = graphql::caller(ctx)?;
        graphql::wrap(&request, period::stand(&request, query).await)
    }
}
