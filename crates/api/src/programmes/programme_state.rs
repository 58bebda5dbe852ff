//! The steps of a programme on both surfaces: published, revised, withdrawn.

use actix_web::{
    HttpRequest,
    web::{self, ServiceConfig},
};
use async_graphql::{Context, ID, Object};
use gdtx_service::programmes::{programme::Programmes, programme_state};

use super::programme::ProgrammeNode;
use crate::{
    graphql::{self, Written},
    rest::{
        operations::{Answer, parse_id, written},
        step::{NoInput, Step, StepHeaders, StepPath, StepQuery, StepRefusal},
    },
};

/// Publish a programme
///
/// Makes a draft public (công bố). Aims, materials, teachers, assessment, opening day and fee must be
/// there, and the content where the Ministry issues no text (TT 01/2023/TT-BGDĐT art. 12); what is
/// missing is named in `errors[]`. No class opens on a programme that is not published.
#[utoipa::path(
    post, path = "/v1/programmes/{id}/publish", operation_id = "publishProgramme", tag = "programmes",
    params(StepPath, StepHeaders, StepQuery),
    responses(
        (status = 200, description = "The published programme.", body = ref("#/components/schemas/WrittenProgramme"),
         headers(("ETag" = String, description = "Strong, made of the record's version."))),
        StepRefusal,
    ),
    security(("oauth2" = []))
)]
pub async fn publish(req: HttpRequest, step: Step<NoInput>) -> Answer {
    let done = programme_state::publish(&step.ctx, step.id, step.expected).await?;
    written::<Programmes>(&req, &step.ctx, &done, &step.options)
}

/// Revise a programme
///
/// Takes a publication back (sửa đổi): the programme is a draft again and may change at will.
/// Classes that are open go on; new ones open after it is published again.
#[utoipa::path(
    post, path = "/v1/programmes/{id}/revise", operation_id = "reviseProgramme", tag = "programmes",
    params(StepPath, StepHeaders, StepQuery),
    responses(
        (status = 200, description = "The programme, a draft again.", body = ref("#/components/schemas/WrittenProgramme"),
         headers(("ETag" = String, description = "Strong, made of the record's version."))),
        StepRefusal,
    ),
    security(("oauth2" = []))
)]
pub async fn revise(req: HttpRequest, step: Step<NoInput>) -> Answer {
    let done = programme_state::revise(&step.ctx, step.id, step.expected).await?;
    written::<Programmes>(&req, &step.ctx, &done, &step.options)
}

/// Withdraw a programme
///
/// Stops offering a programme (ngừng tuyển sinh), for good. Classes that are open go on.
#[utoipa::path(
    post, path = "/v1/programmes/{id}/withdraw", operation_id = "withdrawProgramme", tag = "programmes",
    params(StepPath, StepHeaders, StepQuery),
    responses(
        (status = 200, description = "The withdrawn programme.", body = ref("#/components/schemas/WrittenProgramme"),
         headers(("ETag" = String, description = "Strong, made of the record's version."))),
        StepRefusal,
    ),
    security(("oauth2" = []))
)]
pub async fn withdraw(req: HttpRequest, step: Step<NoInput>) -> Answer {
    let done = programme_state::withdraw(&step.ctx, step.id, step.expected).await?;
    written::<Programmes>(&req, &step.ctx, &done, &step.options)
}

pub fn mount(config: &mut ServiceConfig) {
    config
        .service(web::resource("/v1/programmes/{id}/publish").route(web::post().to(publish)))
        .service(web::resource("/v1/programmes/{id}/revise").route(web::post().to(revise)))
        .service(web::resource("/v1/programmes/{id}/withdraw").route(web::post().to(withdraw)));
}

#[derive(Default)]
pub struct ProgrammeStateMutation;

#[Object]
impl ProgrammeStateMutation {
    /// Makes a draft public (công bố); refused while something that must be public is missing.
    async fn publish_programme(
        &self,
        ctx: &Context<'_>,
        id: ID,
        expected_version: Option<i64>,
        #[graphql(default)] dry_run: bool,
    ) -> async_graphql::Result<Written<ProgrammeNode>> {
        let request = graphql::writer(ctx, dry_run)?;
        let id = graphql::wrap(&request, parse_id(&id))?;
        graphql::written(&request, programme_state::publish(&request, id, expected_version).await)
    }

    /// Takes a publication back (sửa đổi): the programme is a draft again.
    async fn revise_programme(
        &self,
        ctx: &Context<'_>,
        id: ID,
        expected_version: Option<i64>,
        #[graphql(default)] dry_run: bool,
    ) -> async_graphql::Result<Written<ProgrammeNode>> {
        let request = graphql::writer(ctx, dry_run)?;
        let id = graphql::wrap(&request, parse_id(&id))?;
        graphql::written(&request, programme_state::revise(&request, id, expected_version).await)
    }

    /// Stops offering a programme (ngừng tuyển sinh), for good; classes that are open go on.
    async fn withdraw_programme(
        &self,
        ctx: &Context<'_>,
        id: ID,
        expected_version: Option<i64>,
        #[graphql(default)] dry_run: bool,
    ) -> async_graphql::Result<Written<ProgrammeNode>> {
        let request = graphql::writer(ctx, dry_run)?;
        let id = graphql::wrap(&request, parse_id(&id))?;
        graphql::written(&request, programme_state::withdraw(&request, id, expected_version).await)
    }
}
