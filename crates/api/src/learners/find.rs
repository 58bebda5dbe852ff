//! Looking a person up by number on both surfaces: the number travels in a body only.

use actix_web::{
    HttpRequest, HttpResponse,
    web::{self, Bytes, ServiceConfig},
};
use async_graphql::{Context, Object};
use gdtx_service::learners::find::{self, FindLearners, FoundLearners};

use super::learner::LearnerNode;
use crate::{
    graphql,
    headers::Caller,
    problem::{Failure, Problem},
    rest::{
        body,
        query::{self, NoParameters},
        respond,
    },
};

/// Find learners by personal number
///
/// Who within reach has this personal number. It comes in the body, since addresses are logged and
/// kept; nothing is written. Needs sight of restricted data.
#[utoipa::path(
    post, path = "/v1/learners/find", operation_id = "findLearners", tag = "learners",
    request_body = FindLearners,
    responses(
        (status = 200, description = "Those who were found; none is no error.", body = FoundLearners),
        (status = 400, description = "The body is malformed.", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No or bad token.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The grant is missing, or the agreement does not cover restricted data.", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large.", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The body is not JSON.", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Not a personal number.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("oauth2" = []))
)]
pub async fn find(req: HttpRequest, Caller(ctx): Caller, bytes: Bytes) -> Result<HttpResponse, Failure> {
    let NoParameters {} = query::typed_query(req.query_string())?;
    let found = Box::pin(find::find(&ctx, body::parse(&req, &bytes)?)).await?;
    Ok(respond::json(&found))
}

pub fn mount(config: &mut ServiceConfig) {
    config.service(web::resource("/v1/learners/find").route(web::post().to(find)));
}

#[derive(Default)]
pub struct FindLearnersMutation;

#[Object]
impl FindLearnersMutation {
    /// Who within reach has this personal number. Writes nothing; it stands among the mutations
    /// because these never travel in an address. Needs sight of restricted data.
    async fn find_learners(&self, ctx: &Context<'_>, input: FindLearners) -> async_graphql::Result<Vec<LearnerNode>> {
        let request = graphql::caller(ctx)?;
        let found = graphql::wrap(&request, Box::pin(find::find(&request, input)).await)?;
        Ok(found.items.into_iter().map(LearnerNode).collect())
    }
}
