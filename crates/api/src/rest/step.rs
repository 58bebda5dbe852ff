//! What every step of a record takes and can refuse: read once, described once.

use std::{borrow::Cow, future::Future, pin::Pin};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Bytes};
use gdtx_domain::text;
use gdtx_service::Ctx;
use serde::{Deserialize, de::DeserializeOwned};
use utoipa::{
    IntoParams, IntoResponses, ToSchema,
    openapi::{
        Content, HttpMethod, OpenApi, Ref, Required, path::OperationBuilder, request_body::RequestBodyBuilder,
        security::SecurityRequirement,
    },
};
use uuid::Uuid;

use super::{
    body, describe,
    operations::{parse_id, rehearsed},
    query::Options,
};
use crate::{
    headers::{context, expected_version},
    problem::{Failure, Problem},
    resource::Exposed,
};

/// The record in the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "read by the document only; the handler reads the path itself")]
pub struct StepPath {
    /// Identity of the record.
    id: Uuid,
}

/// Headers of a step.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "read by the document only; the context reads the headers")]
pub struct StepHeaders {
    /// At most 255 characters; the same request under the same key within 24 hours is answered
    /// again, not repeated.
    #[param(rename = "Idempotency-Key", nullable = false)]
    idempotency_key: Option<String>,
    /// ETag the decision is based on; 412 when the record has changed since.
    #[param(rename = "If-Match", nullable = false)]
    if_match: Option<String>,
}

/// Query parameters of a step.
#[derive(IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
#[expect(dead_code, reason = "read by the document only; the handler reads typed options")]
pub struct StepQuery {
    /// Do everything but the commit.
    dry_run: Option<bool>,
    /// Only these fields, comma-separated.
    fields: Option<String>,
}

/// What a step can be refused with.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "read by the document only")]
pub enum StepRefusal {
    /// A parameter or the body is malformed.
    #[response(status = 400, content_type = "application/problem+json")]
    Malformed(Problem),
    /// No or bad token.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthenticated(Problem),
    /// The grant is missing, or does not reach this place.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
    /// There is no such record within reach.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    /// The state of the record, or of what it rests on, rules this out.
    #[response(status = 409, content_type = "application/problem+json")]
    Impossible(Problem),
    /// The record has changed since it was read.
    #[response(status = 412, content_type = "application/problem+json")]
    Stale(Problem),
    /// The body is not JSON.
    #[response(status = 415, content_type = "application/problem+json")]
    NotJson(Problem),
    /// The record breaks rules; `errors[]` names each field.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(Problem),
}

/// The body of a step that takes none: nothing, or an empty object.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoInput {}

/// A step as it was asked for: by whom, of which record, with what.
pub struct Step<T> {
    pub ctx: Ctx,
    pub options: Options,
    pub id: Uuid,
    pub expected: Option<i64>,
    /// The body; one that was left out is read as an empty object.
    pub input: T,
}

impl<T: DeserializeOwned + 'static> FromRequest for Step<T> {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = actix_web::Result<Self>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, bytes) = (req.clone(), Bytes::from_request(req, payload));
        Box::pin(async move {
            let ctx = context(&req).await.map_err(Failure)?;
            let bytes = bytes.await?;
            Ok(read(&req, ctx, &bytes).map_err(Failure)?)
        })
    }
}

fn read<T: DeserializeOwned>(req: &HttpRequest, ctx: Ctx, bytes: &Bytes) -> gdtx_service::Result<Step<T>> {
    let (ctx, options) = rehearsed(ctx, req)?;
    let id = parse_id(req.match_info().get("id").unwrap_or_default())?;
    let expected = expected_version(req)?;
    let input = if bytes.is_empty() { body::read(b"{}")? } else { body::parse(req, bytes)? };
    Ok(Step { ctx, options, id, expected, input })
}

/// The path of a step.
pub fn path<R: Exposed>(step: &str) -> String {
    format!("{}/{{id}}/{step}", R::PATH)
}

/// What the document says of one step.
pub struct Described<'a> {
    /// The operation in snake_case.
    pub name: &'static str,
    pub step: &'static str,
    /// The summary in the first line, then what there is to know.
    pub about: &'static str,
    pub answer: &'static str,
    /// The shape of the body and what it holds; empty where a step takes none.
    pub body: &'a [(Cow<'static, str>, &'static str)],
}

/// Adds a step to the document.
pub fn describe<R: Exposed>(document: &mut OpenApi, step: &Described<'_>) {
    let lines: Vec<_> = step.about.lines().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
    let (summary, about) = lines.split_first().map_or(("", String::new()), |(first, rest)| (*first, rest.join("\n")));
    let written = format!("Written{}", <R::Record as ToSchema>::name());
    let mut operation = OperationBuilder::new()
        .tag(R::PATH.trim_start_matches("/v1/"))
        .summary(Some(summary))
        .description(Some(about.trim()))
        .operation_id(Some(text::camel(step.name)))
        .security(SecurityRequirement::new::<_, [&str; 0], &str>("oauth2", []))
        .response("200", describe::with_etag(step.answer, &written));
    for parameters in
        [StepPath::into_params(|| None), StepHeaders::into_params(|| None), StepQuery::into_params(|| None)]
    {
        operation = operation.parameters(Some(parameters));
    }
    for (status, refusal) in StepRefusal::responses() {
        operation = operation.response(status, refusal);
    }
    if let [(shape, about)] = step.body {
        let content = Content::new(Some(Ref::from_schema_name(shape.as_ref())));
        let body = RequestBodyBuilder::new().description(Some(*about)).content("application/json", content);
        operation = operation.request_body(Some(body.required(Some(Required::True)).build()));
    }
    document.paths.add_path_operation(path::<R>(step.step), vec![HttpMethod::Post], operation.build());
}
