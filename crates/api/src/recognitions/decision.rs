//! The steps of a dossier on both surfaces: submit, return, appraise, grant, refuse, withdraw.

use actix_web::{
    HttpRequest,
    web::{self, ServiceConfig},
};
use async_graphql::{Context, ID, Object};
use gdtx_domain::recognitions::recognition::Appraisal;
use gdtx_service::recognitions::{
    decision::{self, GrantRecognition, RefuseRecognition, ReturnRecognition, Step as Act},
    recognition::Recognitions,
};

use super::recognition::RecognitionNode;
use crate::{
    graphql::{self, Written},
    rest::{
        operations::{Answer, parse_id, written},
        step::{NoInput, Step, StepHeaders, StepPath, StepQuery, StepRefusal},
    },
};

/// Submit a dossier
///
/// The holder hands its dossier in (nộp hồ sơ) at the level it asks for: every indicator of that
/// level must be met; targets that were not checked against the text come back as warnings. The
/// rules are those of the day of submission. `errors[]` names fields of the dossier.
#[utoipa::path(
    post, path = "/v1/recognitions/{id}/submit", operation_id = "submitRecognition", tag = "recognitions",
    params(StepPath, StepHeaders, StepQuery),
    responses(
        (status = 200, description = "The submitted dossier.", body = ref("#/components/schemas/WrittenRecognition"),
         headers(("ETag" = String, description = "Strong, made of the record's version."))),
        StepRefusal,
    ),
    security(("oauth2" = []))
)]
pub async fn submit(req: HttpRequest, step: Step<NoInput>) -> Answer {
    take(&req, step, |_| Act::Submit).await
}

/// Return a dossier
///
/// The receiving body sends a dossier back to be completed (trả lại để bổ sung), with reasons. It
/// is a draft again and can be submitted anew.
#[utoipa::path(
    post, path = "/v1/recognitions/{id}/return", operation_id = "returnRecognition", tag = "recognitions",
    params(StepPath, StepHeaders, StepQuery), request_body(content = ReturnRecognition, description = "The reasons."),
    responses(
        (status = 200, description = "The dossier, a draft again.", body = ref("#/components/schemas/WrittenRecognition"),
         headers(("ETag" = String, description = "Strong, made of the record's version."))),
        StepRefusal,
    ),
    security(("oauth2" = []))
)]
pub async fn send_back(req: HttpRequest, step: Step<ReturnRecognition>) -> Answer {
    take(&req, step, Act::Return).await
}

/// Appraise a dossier
///
/// The receiving body notes its appraisal (thẩm định) and what it proposes. A decision is due.
#[utoipa::path(
    post, path = "/v1/recognitions/{id}/appraise", operation_id = "appraiseRecognition", tag = "recognitions",
    params(StepPath, StepHeaders, StepQuery), request_body(content = Appraisal, description = "The appraisal."),
    responses(
        (status = 200, description = "The appraised dossier.", body = ref("#/components/schemas/WrittenRecognition"),
         headers(("ETag" = String, description = "Strong, made of the record's version."))),
        StepRefusal,
    ),
    security(("oauth2" = []))
)]
pub async fn appraise(req: HttpRequest, step: Step<Appraisal>) -> Answer {
    take(&req, step, Act::Appraise).await
}

/// Grant a recognition
///
/// Notes the decision to recognise (công nhận): number, day, authority and level. The authority
/// must be the one that decides on that day; level 2 follows level 1 after twelve months at the
/// earliest (TT 24/2023/TT-BGDĐT, TT 25/2023/TT-BGDĐT). The answer holds the period of validity
/// and the public verification code. Where `errors[]` names results, they are those of the dossier.
#[utoipa::path(
    post, path = "/v1/recognitions/{id}/grant", operation_id = "grantRecognition", tag = "recognitions",
    params(StepPath, StepHeaders, StepQuery), request_body(content = GrantRecognition, description = "The decision."),
    responses(
        (status = 200, description = "The recognition.", body = ref("#/components/schemas/WrittenRecognition"),
         headers(("ETag" = String, description = "Strong, made of the record's version."))),
        StepRefusal,
    ),
    security(("oauth2" = []))
)]
pub async fn grant(req: HttpRequest, step: Step<GrantRecognition>) -> Answer {
    take(&req, step, Act::Grant).await
}

/// Refuse a recognition
///
/// Notes that the holder is not recognised (không công nhận), with reasons. The holder may prepare
/// another dossier for the same kind and year.
#[utoipa::path(
    post, path = "/v1/recognitions/{id}/refuse", operation_id = "refuseRecognition", tag = "recognitions",
    params(StepPath, StepHeaders, StepQuery), request_body(content = RefuseRecognition, description = "The reasons."),
    responses(
        (status = 200, description = "The refused dossier.", body = ref("#/components/schemas/WrittenRecognition"),
         headers(("ETag" = String, description = "Strong, made of the record's version."))),
        StepRefusal,
    ),
    security(("oauth2" = []))
)]
pub async fn refuse(req: HttpRequest, step: Step<RefuseRecognition>) -> Answer {
    take(&req, step, Act::Refuse).await
}

/// Withdraw a dossier
///
/// The holder takes its dossier back (rút hồ sơ) before a decision. A withdrawn dossier stays so.
#[utoipa::path(
    post, path = "/v1/recognitions/{id}/withdraw", operation_id = "withdrawRecognition", tag = "recognitions",
    params(StepPath, StepHeaders, StepQuery),
    responses(
        (status = 200, description = "The withdrawn dossier.", body = ref("#/components/schemas/WrittenRecognition"),
         headers(("ETag" = String, description = "Strong, made of the record's version."))),
        StepRefusal,
    ),
    security(("oauth2" = []))
)]
pub async fn withdraw(req: HttpRequest, step: Step<NoInput>) -> Answer {
    take(&req, step, |_| Act::Withdraw).await
}

async fn take<T>(req: &HttpRequest, step: Step<T>, act: impl FnOnce(T) -> Act) -> Answer {
    let done = decision::take(&step.ctx, step.id, act(step.input), step.expected).await?;
    written::<Recognitions>(req, &step.ctx, &done, &step.options)
}

pub fn mount(config: &mut ServiceConfig) {
    let at = |step: &str| web::resource(format!("/v1/recognitions/{{id}}/{step}"));
    config
        .service(at("submit").route(web::post().to(submit)))
        .service(at("return").route(web::post().to(send_back)))
        .service(at("appraise").route(web::post().to(appraise)))
        .service(at("grant").route(web::post().to(grant)))
        .service(at("refuse").route(web::post().to(refuse)))
        .service(at("withdraw").route(web::post().to(withdraw)));
}

type Answered = async_graphql::Result<Written<RecognitionNode>>;

async fn mutate(ctx: &Context<'_>, id: &str, act: Act, expected: Option<i64>, dry_run: bool) -> Answered {
    let request = graphql::writer(ctx, dry_run)?;
    let id = graphql::wrap(&request, parse_id(id))?;
    graphql::written(&request, decision::take(&request, id, act, expected).await)
}

#[derive(Default)]
pub struct DecisionMutation;

#[Object]
impl DecisionMutation {
    /// Hands a dossier in at the level it asks for: every indicator of that level must be met.
    async fn submit_recognition(
        &self,
        ctx: &Context<'_>,
        id: ID,
        expected_version: Option<i64>,
        #[graphql(default)] dry_run: bool,
    ) -> Answered {
        mutate(ctx, &id, Act::Submit, expected_version, dry_run).await
    }

    /// Sends a dossier back to be completed, with reasons.
    async fn return_recognition(
        &self,
        ctx: &Context<'_>,
        id: ID,
        input: ReturnRecognition,
        expected_version: Option<i64>,
        #[graphql(default)] dry_run: bool,
    ) -> Answered {
        mutate(ctx, &id, Act::Return(input), expected_version, dry_run).await
    }

    /// Notes the appraisal of a dossier and what it proposes.
    async fn appraise_recognition(
        &self,
        ctx: &Context<'_>,
        id: ID,
        input: Appraisal,
        expected_version: Option<i64>,
        #[graphql(default)] dry_run: bool,
    ) -> Answered {
        mutate(ctx, &id, Act::Appraise(input), expected_version, dry_run).await
    }

    /// Notes the decision to recognise: number, day, authority and level.
    async fn grant_recognition(
        &self,
        ctx: &Context<'_>,
        id: ID,
        input: GrantRecognition,
        expected_version: Option<i64>,
        #[graphql(default)] dry_run: bool,
    ) -> Answered {
        mutate(ctx, &id, Act::Grant(input), expected_version, dry_run).await
    }

    /// Notes that the holder is not recognised, with reasons.
    async fn refuse_recognition(
        &self,
        ctx: &Context<'_>,
        id: ID,
        input: RefuseRecognition,
        expected_version: Option<i64>,
        #[graphql(default)] dry_run: bool,
    ) -> Answered {
        mutate(ctx, &id, Act::Refuse(input), expected_version, dry_run).await
    }

    /// Takes a dossier back before a decision.
    async fn withdraw_recognition(
        &self,
        ctx: &Context<'_>,
        id: ID,
        expected_version: Option<i64>,
        #[graphql(default)] dry_run: bool,
    ) -> Answered {
        mutate(ctx, &id, Act::Withdraw, expected_version, dry_run).await
    }
}
