//! The public check of a decision on both surfaces.

use actix_web::{HttpRequest, web::ServiceConfig};
use async_graphql::{Context, Object};
use gdtx_service::recognitions::verification::{self, RecognitionVerification};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    graphql,
    headers::Caller,
    problem::Problem,
    rest::{
        operations::{Answer, reading},
        query, respond,
    },
};

/// What is printed on the decision.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct VerificationQueryParameters {
    /// Number of the decision, e.g. `304/QĐ-UBND`; case and blanks do not matter.
    number: String,
    /// Code of the recognition, e.g. `7K3QF-0A9ZD-M4T2W-8XEHC`; case and hyphens do not matter.
    code: String,
}

/// Verify a recognition
///
/// Anyone who holds the number of a decision and the code of the recognition learns what was
/// recognised, for whom, by whom and until when. The name of a family or a citizen is not told. A
/// wrong number and a wrong code have the same answer. Public.
#[utoipa::path(
    get, path = "/v1/verifications/recognitions", operation_id = "verifyRecognition", tag = "verifications",
    params(VerificationQueryParameters),
    responses(
        (status = 200, description = "The decision stands as told; its state says whether it still counts.", body = RecognitionVerification),
        (status = 400, description = "A parameter is unknown or missing.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No recognition has this number and this code.", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn verify(req: HttpRequest, Caller(ctx): Caller) -> Answer {
    let q: VerificationQueryParameters = query::typed_query(req.query_string())?;
    Ok(respond::json(&verification::verify(&ctx, &q.number, &q.code).await?))
}

pub fn mount(config: &mut ServiceConfig) {
    config.service(reading("/v1/verifications/recognitions", verify));
}

#[derive(Default)]
pub struct VerificationQuery;

#[Object]
impl VerificationQuery {
    /// Checks a decision by its number and the code of the recognition. Needs no token; a wrong
    /// number and a wrong code have the same answer.
    async fn verify_recognition(
        &self,
        ctx: &Context<'_>,
        number: String,
        code: String,
    ) -> async_graphql::Result<RecognitionVerification> {
        let request = graphql::caller(ctx)?;
        graphql::wrap(&request, verification::verify(&request, &number, &code).await)
    }
}
