//! What each step of a dossier checks and writes.
//!
//! Pointers name the body of the step; what a step finds wrong in the dossier itself is named by
//! the dossier's own fields.

use chrono::NaiveDate;
use gdtx_domain::{
    Checks,
    recognitions::{
        criteria,
        criteria_check::check_results,
        decision::{Decision, check_decision},
        kind::{self, RecognitionKind},
        period::validity,
        recognition::{self, Appraisal, Model, RecognitionState, check_dossier},
    },
};
use sea_orm::{ExprTrait, Order, QueryFilter, QueryOrder, sea_query::Expr};

use super::{
    decision::{GrantRecognition, RefuseRecognition, Step},
    verification,
};
use crate::{Error, Result, access::scope::Scope, tx::Tx};

/// Checks a step and writes what it says into the record.
pub(super) async fn apply(tx: &Tx, scope: &Scope, model: &mut Model, step: Step, checks: &mut Checks) -> Result<()> {
    let kind = kind::find(&model.kind).ok_or_else(|| Error::internal(format!("unknown kind {}", model.kind)))?;
    let today = tx.ctx.clock.today();
    match step {
        Step::Submit => submit(model, today, checks),
        Step::Return(mut input) => {
            checks.fields(&mut input);
            model.return_reasons = reasons(input.reasons, checks).into();
            model.submitted_on = None;
        }
        Step::Appraise(input) => appraise(model, kind, input, today, checks),
        Step::Grant(input) => {
            let before = previous(tx, scope, model, None, input.date).await?;
            let level_1 = previous(tx, scope, model, Some(1), input.date).await?;
            model.previous_recognition_id = before.map(|p| p.id);
            grant(model, kind, input, level_1.and_then(|p| p.decision_date), today, checks);
            model.verification_code = Some(verification::spell(tx.ctx.ids.secret()));
        }
        Step::Refuse(input) => refuse(model, input, today, checks),
        Step::Withdraw => {}
    }
    Ok(())
}

fn submit(model: &mut Model, today: NaiveDate, checks: &mut Checks) {
    let on = *model.submitted_on.get_or_insert(today);
    check_dossier(model, on, checks);
    check_all(model, model.requested_level, checks);
}

/// Every indicator of the level must be met; a kind without a criteria set gets a warning.
fn check_all(model: &Model, level: Option<i32>, checks: &mut Checks) {
    match (model.criteria_set.as_deref().and_then(criteria::find), level) {
        (Some(set), Some(level)) => check_results(set, level, &model.indicator_results.0, checks),
        (Some(_), None) => {}
        (None, _) => checks.warn(
            "/indicatorResults",
            "criteria_unverified",
            "Loại công nhận này chưa có bộ tiêu chí đã đối chiếu với văn bản; kết quả không được kiểm tra.",
            "No criteria set of this kind was checked against its text; the results are not judged.",
        ),
    }
}

fn appraise(model: &mut Model, kind: &RecognitionKind, mut input: Appraisal, today: NaiveDate, checks: &mut Checks) {
    checks.fields(&mut input);
    on_its_day("/appraisedOn", model.submitted_on, input.appraised_on, today, checks);
    match input.level {
        None if input.proposes_grant && !kind.levels.is_empty() => checks.required::<i32>("/level", None),
        Some(level) if !kind.levels.contains(&level) => {
            checks.refuse("/level", "level_not_allowed", "Mức độ không hợp lệ.", "Not a level of this kind.");
        }
        Some(level) if Some(level) > model.requested_level => checks.refuse(
            "/level",
            "level_above_request",
            "Mức độ đề xuất cao hơn mức độ đề nghị.",
            "The level proposed is higher than the level asked for.",
        ),
        _ => {}
    }
    model.appraisal = Some(input);
}

fn grant(
    model: &mut Model,
    kind: &RecognitionKind,
    mut input: GrantRecognition,
    previous_level_1: Option<NaiveDate>,
    today: NaiveDate,
    checks: &mut Checks,
) {
    checks.fields(&mut input);
    on_its_day("/date", model.appraisal.as_ref().map(|a| a.appraised_on), input.date, today, checks);
    let decision = Decision {
        kind,
        holder_kind: model.holder_kind,
        assessed_year: model.assessed_year,
        requested_level: model.requested_level,
        level: input.level,
        date: input.date,
        authority_kind: input.authority_kind,
        previous_level_1,
    };
    check_decision(&decision, checks);
    check_all(model, input.level, checks);
    let period = validity(kind, model.assessed_year, input.date);
    model.decision_number = Some(input.number);
    model.decision_date = Some(input.date);
    model.decision_authority = Some(input.authority);
    model.decision_authority_kind = input.authority_kind;
    model.decision_level = input.level;
    model.valid_from = Some(period.map_or(input.date, |(from, _)| from));
    model.valid_to = period.map(|(_, to)| to);
}

fn refuse(model: &mut Model, mut input: RefuseRecognition, today: NaiveDate, checks: &mut Checks) {
    checks.fields(&mut input);
    let date = input.date.unwrap_or(today);
    on_its_day("/date", model.appraisal.as_ref().map(|a| a.appraised_on), date, today, checks);
    model.refusal_reasons = reasons(input.reasons, checks).into();
    model.decision_number = input.number;
    model.decision_date = Some(date);
    model.decision_authority = input.authority;
}

/// A step lies neither in the future nor before the step it follows.
fn on_its_day(pointer: &str, after: Option<NaiveDate>, day: NaiveDate, today: NaiveDate, checks: &mut Checks) {
    if day > today {
        checks.refuse(pointer, "future_date", "Ngày ở tương lai.", "The day lies in the future.");
    }
    if after.is_some_and(|earlier| day < earlier) {
        checks.refuse(
            pointer,
            "dates_out_of_order",
            "Ngày này trước bước liền trước của hồ sơ.",
            "The day lies before the step that this one follows.",
        );
    }
}

fn reasons(given: Vec<String>, checks: &mut Checks) -> Vec<String> {
    if !(1..=20).contains(&given.len()) {
        checks.refuse("/reasons", "out_of_range", "Cần 1 đến 20 lý do.", "Between 1 and 20 reasons are needed.");
    }
    given
}

/// The last recognition of the same holder and kind that was granted up to a day.
async fn previous(tx: &Tx, scope: &Scope, model: &Model, level: Option<i32>, day: NaiveDate) -> Result<Option<Model>> {
    let mut select = tx
        .select::<recognition::Entity>(scope)
        .filter(Expr::col("holder_key").eq(model.holder_key.clone()))
        .filter(Expr::col("kind").eq(model.kind.clone()))
        .filter(Expr::col("state").eq(RecognitionState::Granted))
        .filter(Expr::col("deleted_at").is_null())
        .filter(Expr::col("decision_date").lte(day))
        .filter(Expr::col("id").ne(model.id));
    if let Some(level) = level {
        select = select.filter(Expr::col("decision_level").eq(level));
    }
    Ok(select.order_by(Expr::col("decision_date"), Order::Desc).one(&tx.db).await?)
}
