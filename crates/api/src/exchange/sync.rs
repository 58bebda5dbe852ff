//! How a full copy begins, on both surfaces.

use actix_web::{HttpRequest, HttpResponse, web};
use async_graphql::{Context, Object};
use gdtx_domain::exchange::resource::ResourceKind;
use gdtx_service::{
    Code, Error, Result,
    exchange::sync::{self, SyncPlan, SyncRequest},
};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    graphql,
    headers::Caller,
    problem::{Failure, Problem},
    rest::{query, respond},
};

/// What to plan.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct SyncParameters {
    /// Kinds of record, comma-separated; every kind that the caller may read when absent.
    #[param(max_length = 400)]
    resources: Option<String>,
    /// The most parts of one kind, 1 to 64; by its size when absent.
    #[param(minimum = 1, maximum = 64)]
    partitions: Option<u32>,
}

/// Plan a full copy
///
/// The position at which a full copy begins, and the lists cut into parts of like size. Read every part
/// with `partition`, side by side and in any order, by the list or the export of its kind; kinds in `fromFeed`
/// have no list: read `/v1/changes?resource=…` from 0. Then follow `/v1/changes?after=position`. One rule makes
/// the copy exact while others write (with `asListed=true` the feed shows what lists show): take what comes if its `version` is greater than that of your copy, and take
/// off what comes with `deletedAt`. Nothing is kept here: a plan may be read later, and more than once.
#[utoipa::path(
    get, path = "/v1/sync", operation_id = "planSync", tag = "changes", params(SyncParameters),
    responses(
        (status = 200, description = "The plan.", body = SyncPlan),
        (status = 400, description = "A parameter is wrong.", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No or bad token.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The grant is missing.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("oauth2" = []))
)]
pub async fn plan(req: HttpRequest, Caller(ctx): Caller) -> std::result::Result<HttpResponse, Failure> {
    let q: SyncParameters = query::typed_query(req.query_string())?;
    let resources = q.resources.as_deref().map(kinds).transpose()?;
    Ok(respond::json(&sync::plan(&ctx, SyncRequest { resources, partitions: q.partitions }).await?))
}

/// Names of kinds, separated by commas.
fn kinds(list: &str) -> Result<Vec<ResourceKind>> {
    let read = |name: &str| {
        ResourceKind::from_code(name.trim()).ok_or_else(|| {
            let known = ResourceKind::ALL.iter().map(|kind| kind.code()).collect::<Vec<_>>().join(", ");
            Error::field(
                Code::InvalidParameter,
                "resources",
                "unknown_code",
                format!("Tên các loại bản ghi, cách nhau bằng dấu phẩy: {known}."),
                format!("Kinds of record, separated by commas: {known}."),
            )
        })
    };
    list.split(',').map(read).collect()
}

pub fn mount(config: &mut web::ServiceConfig) {
    config.service(web::resource("/v1/sync").route(web::get().to(plan)));
}

#[derive(Default)]
pub struct SyncQuery;

#[Object]
impl SyncQuery {
    /// Plans a full copy: the position at which it begins, and the lists cut into parts of like size, which are
    /// read with `filter: {partition: …}`. Then follow the changes from that position, and take what comes if
    /// its version is greater than that of your copy.
    async fn plan_sync(
        &self,
        ctx: &Context<'_>,
        resources: Option<Vec<ResourceKind>>,
        partitions: Option<u32>,
    ) -> async_graphql::Result<SyncPlan> {
        let request = graphql::caller(ctx)?;
        graphql::wrap(&request, sync::plan(&request, SyncRequest { resources, partitions }).await)
    }
}
