//! How often a caller may ask: counted at the door, told in headers and at `GET /v1/limits`.

mod document;
mod guard;
mod meter;
mod toll;

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    web::{self, ServiceConfig},
};
use async_graphql::{Context, Object};
use gdtx_service::{
    MAX_FIRST, Result,
    access::quota::{GraphqlLimits, Limits},
};

pub use document::describe;
pub use guard::guard;
pub use meter::Meter;
pub use toll::of_document;

use crate::{
    Settings, graphql,
    headers::Caller,
    problem::{Failure, Problem},
    rest::{
        query::{self, NoParameters},
        respond,
    },
};

/// What does not depend on the caller.
#[derive(Clone, Copy, Debug)]
pub struct Ceilings {
    pub graphql: GraphqlLimits,
    pub body: usize,
}

impl Ceilings {
    pub fn of(settings: &Settings) -> Self {
        let graphql = GraphqlLimits {
            max_depth: settings.graphql_max_depth,
            max_complexity: settings.graphql_max_complexity,
            max_aliases: settings.graphql_max_aliases,
            max_directives: graphql::MAX_DIRECTIVES,
            max_operations: 1,
            trusted_documents_only: !settings.graphql_trusted_documents.as_os_str().is_empty(),
        };
        Self { graphql, body: settings.body_limit_bytes }
    }

    async fn told(self, meter: &Meter) -> Result<Limits> {
        let rates = meter.standings().await?;
        Ok(Limits { rates, graphql: self.graphql, max_page_size: MAX_FIRST, max_body_bytes: self.body })
    }
}

/// Read the limits
///
/// The caller's own quotas with what remains of them, and the sizes that the service accepts. A
/// client is counted by its id, whoever has no token by the network of its address.
#[utoipa::path(
    get, path = "/v1/limits", operation_id = "getLimits", tag = "limits",
    responses(
        (status = 200, description = "The limits.", body = Limits),
        (status = 400, description = "It takes no parameters.", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "A bad token.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn read(
    req: HttpRequest,
    _: Caller,
    meter: web::ReqData<Arc<Meter>>,
    ceilings: web::Data<Ceilings>,
) -> std::result::Result<HttpResponse, Failure> {
    let NoParameters {} = query::typed_query(req.query_string())?;
    Ok(respond::json(&ceilings.told(&meter).await?))
}

pub fn mount(config: &mut ServiceConfig) {
    config.service(web::resource("/v1/limits").route(web::get().to(read)));
}

#[derive(Default)]
pub struct LimitsQuery;

#[Object]
impl LimitsQuery {
    /// The caller's own quotas with what remains of them, and the sizes that the service accepts.
    async fn get_limits(&self, ctx: &Context<'_>) -> async_graphql::Result<Limits> {
        let request = graphql::caller(ctx)?;
        let ceilings = ctx.data::<Ceilings>()?;
        graphql::wrap(&request, ceilings.told(ctx.data::<Arc<Meter>>()?).await)
    }
}
