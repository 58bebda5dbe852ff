//! Publishing, revising and withdrawing a programme.
//!
//! A course may not open before everything is public that must be, so publishing is an act of its
//! own with a check of its own.

use gdtx_domain::{
    Checks,
    exchange::resource::Operation,
    programmes::{
        kind,
        programme::{self, ProgrammeEvent, ProgrammeState, transition},
        programme_check::{check_programme, check_publication},
    },
};
use uuid::Uuid;

use super::programme::{Programme, Programmes, check_offer};
use crate::{
    Ctx, Result, Written,
    access::scope::Scope,
    centres::centre::Centres,
    error::accept,
    resource::{self, Request, Resource, check_live, load_visible, once, owner, store},
    shape::Record,
    tx::Tx,
};

/// Makes a programme public. `expected` is the version that the caller read.
///
/// # Errors
/// `impossible_transition` unless it is a draft; `validation_failed` with a pointer to each part
/// that TT 01/2023/TT-BGDĐT art. 12 asks for and that is missing, or when the centre may not run
/// the kind or has ended.
pub async fn publish(ctx: &Ctx, id: Uuid, expected: Option<i64>) -> Result<Written<Programme>> {
    step(ctx, id, ProgrammeEvent::Publish, expected).await
}

/// Takes a publication back, so that the programme can be changed at will.
///
/// # Errors
/// `impossible_transition` unless the programme is published.
pub async fn revise(ctx: &Ctx, id: Uuid, expected: Option<i64>) -> Result<Written<Programme>> {
    step(ctx, id, ProgrammeEvent::Revise, expected).await
}

/// Stops offering a programme; classes that are open go on.
///
/// # Errors
/// `impossible_transition` when it is withdrawn already.
pub async fn withdraw(ctx: &Ctx, id: Uuid, expected: Option<i64>) -> Result<Written<Programme>> {
    step(ctx, id, ProgrammeEvent::Withdraw, expected).await
}

async fn step(ctx: &Ctx, id: Uuid, event: ProgrammeEvent, expected: Option<i64>) -> Result<Written<Programme>> {
    let operation = format!("{event}:{}:{id}", Programmes::KIND);
    let request = Request { operation, permission: Programmes::WRITE, input: &expected };
    once::<Programmes, _>(ctx, request, |tx, scope| Box::pin(step_in(tx, scope, id, event, expected))).await
}

/// Takes a step in a running transaction.
pub(crate) async fn step_in(
    tx: &Tx,
    scope: &Scope,
    id: Uuid,
    event: ProgrammeEvent,
    expected: Option<i64>,
) -> Result<Written<Programme>> {
    let mut model = load_visible::<Programmes>(tx, scope, id).await?;
    let before = Programme::from_model(model.clone());
    check_live(&Programme::split(model.clone()).0, expected)?;
    model.state = transition(model.state, event)?;
    let mut checks = Checks::default();
    if model.state == ProgrammeState::Published {
        check_public(tx, &mut model, &mut checks).await?;
    }
    let warnings = accept(checks)?;
    let mut draft = resource::revise(tx, before, model);
    match draft.managed.state {
        ProgrammeState::Published => draft.managed.published_at = Some(draft.meta.updated_at),
        ProgrammeState::Draft => draft.managed.published_at = None,
        ProgrammeState::Withdrawn => {}
    }
    store::<Programmes>(tx, draft, Operation::Updated, warnings).await
}

/// Everything that must hold on the day a programme becomes public. Its centre may have changed
/// since the programme was written, so who may run what is asked again.
async fn check_public(tx: &Tx, model: &mut programme::Model, checks: &mut Checks) -> Result<()> {
    let centre_id = model.centre_id.unwrap_or_default();
    if let Some((centre, _)) = owner::<Centres>(tx, "/centreId", centre_id, checks).await? {
        if let Some(kind) = kind::find(&model.kind) {
            check_offer(centre.kind, kind, checks);
        }
        if centre.status.is_final() {
            let status = centre.status.label();
            checks.refuse(
                "/centreId",
                "centre_ended",
                format!("Cơ sở không còn hoạt động: {}.", status.vi),
                format!("The centre has ended: {}.", status.en),
            );
        }
    }
    check_programme(model, checks);
    check_publication(model, checks);
    Ok(())
}
