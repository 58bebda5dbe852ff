//! The way of a report: filled in anew, handed in, sent back, taken, locked; each by the body whose step it is.

use async_graphql::InputObject;
use chrono::NaiveDate;
use gdtx_domain::{
    Checks,
    exchange::{resource::Operation, window::WindowLevel},
    statistics::{
        report::{self, Model, ReportEvent, ReportSignature, receiver, transition},
        report_figures::{check_figures, compare_below},
        report_form::{self, ReportForm},
    },
};
use sea_orm::{ColumnTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    Report, Reports,
    fill::{accepted_below, fill, make_ready},
    record::{COUNTRY, check_reporter, of_round},
};
use crate::{
    Clock, Code, Ctx, Error, Record, Resource, Result, Written,
    access::{caller::Caller, policy::Permission, scope::Scope},
    error::accept,
    exchange::window::level,
    resource::{Lock, Request, check_live, load, load_visible, once, revise, store},
    tx::Tx,
};

/// Who signs a report, without a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, InputObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SubmitReport {
    /// Title of who signs (Chức vụ người ký), at most 200 characters; no name.
    pub signer_title: String,
    /// Number of the document (Số văn bản), at most 100 characters.
    #[serde(default)]
    pub document_number: Option<String>,
    /// Day of the signature (Ngày ký); today when absent, not in the future.
    #[serde(default)]
    pub signed_on: Option<NaiveDate>,
}

gdtx_domain::rules!(SubmitReport { signer_title: text(200), document_number: text(100) });

/// Why a report is sent back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, InputObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReturnReport {
    /// What is to be corrected (Lý do trả lại), at most 2,000 characters.
    pub reason: String,
}

gdtx_domain::rules!(ReturnReport { reason: text(2000) });

/// One step of a report with what it needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    Refill,
    Submit(SubmitReport),
    Return(ReturnReport),
    Accept,
    Lock,
}

impl Step {
    const fn event(&self) -> ReportEvent {
        match self {
            Self::Refill => ReportEvent::Refill,
            Self::Submit(_) => ReportEvent::Submit,
            Self::Return(_) => ReportEvent::Return,
            Self::Accept => ReportEvent::Accept,
            Self::Lock => ReportEvent::Lock,
        }
    }

    const fn permission(&self) -> Permission {
        match self {
            Self::Refill | Self::Submit(_) => Permission::ReportWrite,
            Self::Return(_) | Self::Accept | Self::Lock => Permission::ReportReview,
        }
    }
}

/// Takes one step of a report. `expected` is the version the caller read (`If-Match`).
///
/// # Errors
/// `forbidden` for a body whose step it is not; `impossible_transition` where the state does not allow it;
/// `invalid` where figures are missing, do not add up or are not explained.
pub async fn take(ctx: &Ctx, id: Uuid, step: Step, expected: Option<i64>) -> Result<Written<Report>> {
    if step == Step::Refill {
        make_ready(ctx).await?;
    }
    let operation = format!("{}:{}:{id}", step.event(), Reports::KIND);
    let request = Request { operation, permission: step.permission(), input: &(expected, &step) };
    once::<Reports, _>(ctx, request, |tx, scope| Box::pin(take_in(tx, scope, id, step.clone(), expected))).await
}

async fn take_in(tx: &Tx, scope: &Scope, id: Uuid, step: Step, expected: Option<i64>) -> Result<Written<Report>> {
    let mut model = load_visible::<Reports>(tx, scope, id).await?;
    let before = Report::from_model(model.clone());
    check_live(&Report::split(model.clone()).0, expected)?;
    check_body(tx, model.unit, step.event())?;
    let state = transition(model.state, step.event())?;
    let form = report_form::find(&model.form).ok_or_else(|| Error::internal("a report on no form"))?;
    let (today, mut checks) = (tx.ctx.clock.today(), Checks::default());
    match step {
        Step::Refill => fill(tx, form, &mut model).await?,
        Step::Submit(input) => {
            check_filled(tx, form, &model, &mut checks).await?;
            submit(form, &mut model, input, today, &mut checks);
        }
        Step::Return(mut input) => {
            checks.fields(&mut input);
            check_above(tx, &model).await?;
            (model.return_reason, model.signature) = (Some(input.reason), None);
            (model.submitted_on, model.accepted_on) = (None, None);
        }
        Step::Accept => (model.accepted_on, model.return_reason) = (Some(today), None),
        Step::Lock => model.locked_on = Some(today),
    }
    let warnings = accept(checks)?;
    model.state = state;
    let draft = revise(tx, before, model);
    Box::pin(store::<Reports>(tx, draft, Operation::Updated, warnings)).await
}

/// Each step is that of one body: the reporting one, the one above it, and for the lock also the Ministry.
fn check_body(tx: &Tx, unit: WindowLevel, event: ReportEvent) -> Result<()> {
    let (own, above) = (level(tx), receiver(unit));
    let may = match event {
        ReportEvent::Refill | ReportEvent::Submit => return check_reporter(tx, unit),
        ReportEvent::Return | ReportEvent::Accept => own == above,
        ReportEvent::Lock => own == above || own == WindowLevel::Country,
    };
    if may || matches!(tx.caller, Caller::System) {
        return Ok(());
    }
    let (of, event) = (above.label(), event.label());
    Err(Error::new(
        Code::Forbidden,
        format!("Bước “{}” là của cấp nhận báo cáo: {} (quyền report_review).", event.vi, of.vi),
        format!("The step “{}” is that of the receiving level, {} (grant report_review).", event.en, of.en),
    ))
}

/// Whether an operation on a report is a step of the caller, whose grant for it (`scope`) reaches the report.
pub(crate) async fn is_own_step(tx: &Tx, scope: &Scope, id: Uuid, operation: &str) -> Result<bool> {
    let report = load::<Reports>(tx, scope, id, Lock::Free).await?;
    let event = match scope.permission {
        Permission::ReportReview if operation == "lockReport" => ReportEvent::Lock,
        Permission::ReportReview => ReportEvent::Accept,
        Permission::ReportWrite => ReportEvent::Submit,
        _ => return Ok(true),
    };
    Ok(check_body(tx, report.unit, event).is_ok())
}

/// A report that was handed in is made of those below it, so these are not sent back any more.
async fn check_above(tx: &Tx, model: &Model) -> Result<()> {
    let key = match model.unit {
        WindowLevel::Commune => model.province_code.as_deref().unwrap_or_default(),
        WindowLevel::Province => COUNTRY,
        WindowLevel::Country | WindowLevel::Centre => return Ok(()),
    };
    let above = of_round(tx, &model.form, model.school_year)?.filter(report::Column::PlaceKey.eq(key));
    match above.one(&tx.db).await? {
        Some(above) if !above.state.is_open() => Err(Error::new(
            Code::Conflict,
            format!("Báo cáo của cấp trên đã gửi: {}.", above.id),
            format!("The report of the level above was handed in: {}.", above.id),
        )),
        _ => Ok(()),
    }
}

/// Refuses to hand in what was filled in before the day that it is of, or before other reports of the level below came.
async fn check_filled(tx: &Tx, form: &ReportForm, model: &Model, checks: &mut Checks) -> Result<()> {
    if Clock::Fixed(model.filled_at).today() < model.as_of {
        let (vi, en) =
            ("Lấy lại số liệu (prefill) từ ngày chốt số liệu.", "Fill it in (prefill) as of that day or later.");
        checks.refuse("/filledAt", "prefill_required", vi, en);
    }
    if accepted_below(tx, form, model).await? != model.accepted_below {
        let (vi, en) = (
            "Báo cáo cấp dưới đã khác: lấy lại số liệu (prefill).",
            "Other reports of the level below are accepted now: fill it in anew (prefill).",
        );
        checks.refuse("/acceptedBelow", "prefill_required", vi, en);
    }
    Ok(())
}

fn submit(form: &ReportForm, model: &mut Model, mut input: SubmitReport, today: NaiveDate, checks: &mut Checks) {
    checks.fields(&mut input);
    let signed_on = input.signed_on.unwrap_or(today);
    if signed_on > today {
        checks.refuse("/signedOn", "future_date", "Ngày ở tương lai.", "The day lies in the future.");
    }
    if signed_on < model.as_of {
        let (vi, en) = ("Ký trước ngày chốt số liệu.", "It is signed before the day that the figures are of.");
        checks.refuse("/signedOn", "too_early", vi, en);
    }
    if model.as_of > today {
        let (vi, en) = ("Chưa đến ngày chốt số liệu.", "The day that the figures are of has not come.");
        checks.refuse("/asOf", "too_early", vi, en);
    }
    check_figures(form, &model.figures.0, checks);
    if model.due_on < today {
        checks.warn("/dueOn", "late", "Gửi sau thời hạn.", "It is handed in after the last day.");
    }
    if model.accepted_below < model.units_below {
        checks.warn(
            "/acceptedBelow",
            "reports_missing",
            "Chưa tiếp nhận đủ báo cáo của cấp dưới.",
            "Reports of the level below are missing, or were not accepted yet.",
        );
    } else {
        compare_below(form, &model.figures.0, checks);
    }
    let mut signature = ReportSignature {
        signer_title: input.signer_title,
        document_number: input.document_number,
        signed_on,
        digest: String::new(),
    };
    signature.digest = hex::encode(Sha256::digest(signed(model, &signature).to_string()));
    (model.signature, model.submitted_on) = (Some(signature), Some(today));
}

/// What is signed, in a form of which there is one: members are sorted by their names.
fn signed(model: &Model, signature: &ReportSignature) -> Value {
    let figure = |figure: &gdtx_domain::statistics::report_figures::ReportFigure| {
        json!({
            "line": figure.line, "column": figure.column, "reported": figure.reported,
            "explanation": figure.explanation,
        })
    };
    json!({
        "form": model.form,
        "schoolYear": model.school_year,
        "place": (model.place_key != COUNTRY).then_some(&model.place_key),
        "asOf": model.as_of,
        "figures": model.figures.0.iter().map(figure).collect::<Vec<_>>(),
        "signerTitle": signature.signer_title,
        "documentNumber": signature.document_number,
        "signedOn": signature.signed_on,
    })
}
