//! The steps of a class on both surfaces: approved, opened, closed, cancelled.

use actix_web::{
    HttpRequest,
    web::{self, ServiceConfig},
};
use async_graphql::{Context, ID, Object};
use gdtx_service::programmes::{
    class::Classes,
    class_state::{self, CloseClass, OpenClass},
};

use super::class::ClassNode;
use crate::{
    graphql::{self, Written},
    rest::{
        operations::{Answer, parse_id, written},
        step::{NoInput, Step, StepHeaders, StepPath, StepQuery, StepRefusal},
    },
};

/// Approve a class
///
/// Approves the plan of a class (duyệt); learners may enrol from then on.
#[utoipa::path(
    post, path = "/v1/classes/{id}/approve", operation_id = "approveClass", tag = "classes",
    params(StepPath, StepHeaders, StepQuery),
    responses(
        (status = 200, description = "The approved class.", body = ref("#/components/schemas/WrittenClass"),
         headers(("ETag" = String, description = "Strong, made of the record's version."))),
        StepRefusal,
    ),
    security(("oauth2" = []))
)]
pub async fn approve(req: HttpRequest, step: Step<NoInput>) -> Answer {
    let done = class_state::approve(&step.ctx, step.id, step.expected).await?;
    written::<Classes>(&req, &step.ctx, &done, &step.options)
}

/// Open a class
///
/// Begins teaching (khai giảng). The class must be approved, its programme published and its centre
/// operating (TT 01/2023/TT-BGDĐT art. 12).
#[utoipa::path(
    post, path = "/v1/classes/{id}/open", operation_id = "openClass", tag = "classes",
    params(StepPath, StepHeaders, StepQuery), request_body(content = OpenClass, description = "`{}` takes the planned day when it has come, else today."),
    responses(
        (status = 200, description = "The open class.", body = ref("#/components/schemas/WrittenClass"),
         headers(("ETag" = String, description = "Strong, made of the record's version."))),
        StepRefusal,
    ),
    security(("oauth2" = []))
)]
pub async fn open(req: HttpRequest, step: Step<OpenClass>) -> Answer {
    let done = class_state::open(&step.ctx, step.id, step.input, step.expected).await?;
    written::<Classes>(&req, &step.ctx, &done, &step.options)
}

/// Close a class
///
/// Ends teaching (kết thúc). A closed class stays closed.
#[utoipa::path(
    post, path = "/v1/classes/{id}/close", operation_id = "closeClass", tag = "classes",
    params(StepPath, StepHeaders, StepQuery), request_body(content = CloseClass, description = "`{}` takes the planned day when it has come, else today."),
    responses(
        (status = 200, description = "The closed class.", body = ref("#/components/schemas/WrittenClass"),
         headers(("ETag" = String, description = "Strong, made of the record's version."))),
        StepRefusal,
    ),
    security(("oauth2" = []))
)]
pub async fn close(req: HttpRequest, step: Step<CloseClass>) -> Answer {
    let done = class_state::close(&step.ctx, step.id, step.input, step.expected).await?;
    written::<Classes>(&req, &step.ctx, &done, &step.options)
}

/// Cancel a class
///
/// Calls a class off (huỷ) that is not closed. A cancelled class stays cancelled.
#[utoipa::path(
    post, path = "/v1/classes/{id}/cancel", operation_id = "cancelClass", tag = "classes",
    params(StepPath, StepHeaders, StepQuery),
    responses(
        (status = 200, description = "The cancelled class.", body = ref("#/components/schemas/WrittenClass"),
         headers(("ETag" = String, description = "Strong, made of the record's version."))),
        StepRefusal,
    ),
    security(("oauth2" = []))
)]
pub async fn cancel(req: HttpRequest, step: Step<NoInput>) -> Answer {
    let done = class_state::cancel(&step.ctx, step.id, step.expected).await?;
    written::<Classes>(&req, &step.ctx, &done, &step.options)
}

pub fn mount(config: &mut ServiceConfig) {
    config
        .service(web::resource("/v1/classes/{id}/approve").route(web::post().to(approve)))
        .service(web::resource("/v1/classes/{id}/open").route(web::post().to(open)))
        .service(web::resource("/v1/classes/{id}/close").route(web::post().to(close)))
        .service(web::resource("/v1/classes/{id}/cancel").route(web::post().to(cancel)));
}

#[derive(Default)]
pub struct ClassStateMutation;

#[Object]
impl ClassStateMutation {
    /// Approves the plan of a class (duyệt).
    async fn approve_class(
        &self,
        ctx: &Context<'_>,
        id: ID,
        expected_version: Option<i64>,
        #[graphql(default)] dry_run: bool,
    ) -> async_graphql::Result<Written<ClassNode>> {
        let request = graphql::writer(ctx, dry_run)?;
        let id = graphql::wrap(&request, parse_id(&id))?;
        graphql::written(&request, class_state::approve(&request, id, expected_version).await)
    }

    /// Begins teaching (khai giảng): on a published programme of an operating centre only.
    async fn open_class(
        &self,
        ctx: &Context<'_>,
        id: ID,
        input: Option<OpenClass>,
        expected_version: Option<i64>,
        #[graphql(default)] dry_run: bool,
    ) -> async_graphql::Result<Written<ClassNode>> {
        let request = graphql::writer(ctx, dry_run)?;
        let id = graphql::wrap(&request, parse_id(&id))?;
        graphql::written(&request, class_state::open(&request, id, input.unwrap_or_default(), expected_version).await)
    }

    /// Ends teaching (kết thúc), for good.
    async fn close_class(
        &self,
        ctx: &Context<'_>,
        id: ID,
        input: Option<CloseClass>,
        expected_version: Option<i64>,
        #[graphql(default)] dry_run: bool,
    ) -> async_graphql::Result<Written<ClassNode>> {
        let request = graphql::writer(ctx, dry_run)?;
        let id = graphql::wrap(&request, parse_id(&id))?;
        graphql::written(&request, class_state::close(&request, id, input.unwrap_or_default(), expected_version).await)
    }

    /// Calls a class off (huỷ), for good.
    async fn cancel_class(
        &self,
        ctx: &Context<'_>,
        id: ID,
        expected_version: Option<i64>,
        #[graphql(default)] dry_run: bool,
    ) -> async_graphql::Result<Written<ClassNode>> {
        let request = graphql::writer(ctx, dry_run)?;
        let id = graphql::wrap(&request, parse_id(&id))?;
        graphql::written(&request, class_state::cancel(&request, id, expected_version).await)
    }
}
