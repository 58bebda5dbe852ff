//! The steps of a class: approved, opened, closed or cancelled.
//!
//! A class opens only on a published programme of an operating centre; everything else about its
//! states is a rule of the domain.

use async_graphql::InputObject;
use chrono::NaiveDate;
use gdtx_domain::{
    Checks,
    centres::life_cycle::CentreStatus,
    exchange::resource::Operation,
    programmes::{
        class::{self, ClassEvent, transition},
        class_check::check_class,
        programme::{self, ProgrammeState},
    },
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    class::{Class, Classes},
    programme::Programmes,
};
use crate::{
    Code, Ctx, Error, Result, Written,
    access::scope::Scope,
    centres::centre::Centres,
    error::accept,
    resource::{Lock, Request, Resource, check_live, load, load_visible, once, revise, store},
    shape::Record,
    tx::Tx,
};

/// The opening of a class.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, InputObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct OpenClass {
    /// First day of class (Ngày khai giảng), not after today; when absent the planned day if it
    /// has come, else today.
    pub opens_on: Option<NaiveDate>,
}

/// The end of a class.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, InputObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct CloseClass {
    /// Last day of class (Ngày kết thúc), not after today; when absent the planned day if it has
    /// come, else today.
    pub closes_on: Option<NaiveDate>,
}

/// Approves the plan of a class; learners may then enrol. `expected` is the version that the
/// caller read.
///
/// # Errors
/// `impossible_transition` unless the class is planned.
pub async fn approve(ctx: &Ctx, id: Uuid, expected: Option<i64>) -> Result<Written<Class>> {
    step(ctx, id, ClassEvent::Approve, None, expected).await
}

/// Opens an approved class.
///
/// # Errors
/// `impossible_transition` unless the class is approved, its programme published and its centre
/// operating; `validation_failed` when the class breaks a rule of its programme or the day is
/// still to come.
pub async fn open(ctx: &Ctx, id: Uuid, input: OpenClass, expected: Option<i64>) -> Result<Written<Class>> {
    step(ctx, id, ClassEvent::Open, input.opens_on, expected).await
}

/// Closes an open class.
///
/// # Errors
/// `impossible_transition` unless the class is open; `validation_failed` when the day is still to
/// come or lies before the opening.
pub async fn close(ctx: &Ctx, id: Uuid, input: CloseClass, expected: Option<i64>) -> Result<Written<Class>> {
    step(ctx, id, ClassEvent::Close, input.closes_on, expected).await
}

/// Calls a class off.
///
/// # Errors
/// `impossible_transition` when the class is closed or cancelled.
pub async fn cancel(ctx: &Ctx, id: Uuid, expected: Option<i64>) -> Result<Written<Class>> {
    step(ctx, id, ClassEvent::Cancel, None, expected).await
}

async fn step(
    ctx: &Ctx,
    id: Uuid,
    event: ClassEvent,
    on: Option<NaiveDate>,
    expected: Option<i64>,
) -> Result<Written<Class>> {
    let operation = format!("{event}:{}:{id}", Classes::KIND);
    let request = Request { operation, permission: Classes::WRITE, input: &(on, expected) };
    once::<Classes, _>(ctx, request, |tx, scope| Box::pin(step_in(tx, scope, id, event, on, expected))).await
}

/// Takes a step in a running transaction.
pub(crate) async fn step_in(
    tx: &Tx,
    scope: &Scope,
    id: Uuid,
    event: ClassEvent,
    on: Option<NaiveDate>,
    expected: Option<i64>,
) -> Result<Written<Class>> {
    let mut model = load_visible::<Classes>(tx, scope, id).await?;
    let before = Class::from_model(model.clone());
    check_live(&Class::split(model.clone()).0, expected)?;
    model.state = transition(model.state, event)?;
    let mut checks = Checks::default();
    match event {
        ClassEvent::Open => {
            let programme = programme_to_open_on(tx, &model).await?;
            model.opens_on = Some(day(tx, "/opensOn", on, model.opens_on, &mut checks));
            check_class(&mut model, &programme, &mut checks);
        }
        ClassEvent::Close => {
            model.closes_on = Some(day(tx, "/closesOn", on, model.closes_on, &mut checks));
            checks.order("/closesOn", model.opens_on, model.closes_on);
        }
        ClassEvent::Approve | ClassEvent::Cancel => {}
    }
    let warnings = accept(checks)?;
    let draft = revise(tx, before, model);
    store::<Classes>(tx, draft, Operation::Updated, warnings).await
}

/// The day on which a step happened: as told, else as planned when that day has come, else today.
fn day(tx: &Tx, pointer: &str, told: Option<NaiveDate>, planned: Option<NaiveDate>, checks: &mut Checks) -> NaiveDate {
    let today = tx.ctx.clock.today();
    if told.is_some_and(|day| day > today) {
        checks.refuse(pointer, "in_future", "Ngày này chưa đến.", "This day is still to come.");
    }
    told.or(planned.filter(|day| *day <= today)).unwrap_or(today)
}

/// The programme of a class about to open, kept from being withdrawn meanwhile.
async fn programme_to_open_on(tx: &Tx, class: &class::Model) -> Result<programme::Model> {
    let programme = load::<Programmes>(tx, &tx.require(Programmes::READ)?, class.programme_id, Lock::Shared).await?;
    if programme.state != ProgrammeState::Published || programme.deleted_at.is_some() {
        let state = programme.state.label();
        return Err(blocked(
            "/programmeId",
            "programme_not_published",
            format!(
                "Chương trình chưa được công bố (trạng thái: {}); công bố trước khi khai giảng (TT 01/2023/TT-BGDĐT, điều 12).",
                state.vi
            ),
            format!(
                "The programme is not published (state: {}); publish it before a class opens (TT 01/2023/TT-BGDĐT art. 12).",
                state.en
            ),
        ));
    }
    let centre_id = class.centre_id.unwrap_or_default();
    let centre = load::<Centres>(tx, &tx.require(Centres::READ)?, centre_id, Lock::Shared).await?;
    if centre.status != CentreStatus::Operating {
        let status = centre.status.label();
        return Err(blocked(
            "/centreId",
            "centre_not_operating",
            format!("Cơ sở không ở trạng thái hoạt động ({}); không khai giảng được lớp.", status.vi),
            format!("The centre is not operating ({}); no class can open.", status.en),
        ));
    }
    Ok(programme)
}

/// A step that something beside the class itself rules out.
fn blocked(pointer: &str, code: &'static str, vi: String, en: String) -> Error {
    let fields = Error::field(Code::ImpossibleTransition, pointer, code, vi.clone(), en.clone()).fields;
    Error { fields, ..Error::new(Code::ImpossibleTransition, vi, en) }
}
