//! What must hold while a dossier is a draft, and that it stays as it is once handed in.

use gdtx_domain::{
    Checks,
    recognitions::{
        criteria::{self, IndicatorMeasure},
        criteria_check::check_results,
        kind,
        recognition::{self, IndicatorResult, Model, RecognitionState, check_dossier},
    },
    territory::place::Place,
    text,
};
use sea_orm::{ExprTrait, QueryFilter, sea_query::Expr};

use super::{
    holder,
    recognition::{NewRecognition, Recognition, Recognitions, frozen},
};
use crate::{
    Code, Error, Record, Resource, Result,
    centres::centre::Centres,
    resource::{Draft, owner, same_content},
    tx::Tx,
};

/// The most indicator results, and the most documents, of a dossier.
const MOST_ROWS: usize = 100;

/// Completes and checks a draft; lets a dossier that was handed in pass unchanged only.
pub(super) async fn prepare(tx: &Tx, draft: &mut Draft<Recognition>, checks: &mut Checks) -> Result<()> {
    checks.fields(&mut draft.new);
    if let Some(before) = draft.before.clone() {
        if draft.new.centre_id.is_some() && draft.new.centre_id != before.centre_id {
            checks.refuse(
                "/centreId",
                "immutable",
                "Không đổi được cơ sở của hồ sơ.",
                "The centre of a dossier does not change.",
            );
            return Ok(());
        }
        if before.state != RecognitionState::Draft {
            return untouched(draft, &before);
        }
    }
    let centre = match draft.new.centre_id.or(draft.meta.centre_id) {
        Some(id) => owner::<Centres>(tx, "/centreId", id, checks).await?,
        None => None,
    };
    holder::settle(tx, draft, centre.as_ref(), checks);
    check(tx, draft, checks);
    if checks.is_ok() { second(tx, draft, checks).await } else { Ok(()) }
}

/// The words that find a dossier: never the name of a person, which not every reader may see.
pub(super) fn search_text(dossier: &Model) -> String {
    let name = dossier.holder_name.as_deref().filter(|_| !dossier.holder_kind.is_person());
    let words = [name, dossier.holder_egov_id.as_deref(), dossier.decision_number.as_deref()];
    text::fold(&words.into_iter().flatten().collect::<Vec<_>>().join(" "))
}

fn row(draft: &Draft<Recognition>) -> Model {
    Recognition::model(draft.meta.clone(), draft.new.clone(), draft.managed.clone())
}

/// A repeated upsert of the same content passes; everything else is refused. What the service
/// filled in itself counts as the same when it is left out.
fn untouched(draft: &mut Draft<Recognition>, before: &Recognition) -> Result<()> {
    let new: &mut NewRecognition = &mut draft.new;
    new.holder_name = new.holder_name.take().or_else(|| before.holder_name.clone());
    new.submitted_on = new.submitted_on.or(before.submitted_on);
    let same_place = new.place.as_ref() == before.place.as_ref().map(|place| &place.sent);
    let mut model = row(draft);
    check_dossier(&mut model, draft.meta.updated_at.date_naive(), &mut Checks::default());
    let (_, new, _) = Recognition::split(model.clone());
    draft.new = new;
    if same_place && same_content(before, &Recognition::from_model(model)) { Ok(()) } else { Err(frozen(before.state)) }
}

fn check(tx: &Tx, draft: &mut Draft<Recognition>, checks: &mut Checks) {
    let today = tx.ctx.clock.today();
    let on = draft.new.submitted_on.unwrap_or(today);
    if on > today {
        checks.refuse("/submittedOn", "future_date", "Ngày nộp ở tương lai.", "The day lies in the future.");
    }
    draft.managed.criteria_set = kind::find(&draft.new.kind).and_then(|kind| kind.criteria_set.clone());
    let mut model = row(draft);
    // A place that was sent and not understood has been refused; it is not missing as well.
    model.place = model.place.or_else(|| draft.new.place.as_ref().map(|_| Place::default()));
    check_dossier(&mut model, on, checks);
    check_rows(&model, checks);
    draft.meta.search_text = search_text(&model);
    let place = draft.new.place.take();
    let (_, new, _) = Recognition::split(model);
    draft.new = NewRecognition { place, ..new };
}

/// Results and documents as far as a draft can be judged: what is missing may still come.
fn check_rows(dossier: &Model, checks: &mut Checks) {
    for (pointer, rows) in
        [("/indicatorResults", dossier.indicator_results.0.len()), ("/documents", dossier.documents.0.len())]
    {
        if rows > MOST_ROWS {
            let (vi, en) = (format!("Tối đa {MOST_ROWS} dòng."), format!("At most {MOST_ROWS} entries."));
            checks.refuse(pointer, "too_many", vi, en);
        }
    }
    let Some(set) = dossier.criteria_set.as_deref().and_then(criteria::find) else { return };
    let mut all = Checks::default();
    check_results(set, dossier.requested_level.unwrap_or(1), &dossier.indicator_results.0, &mut all);
    checks.problems.extend(all.problems.into_iter().filter(|p| matches!(p.code, "duplicate" | "unknown_code")));
    for (i, row) in dossier.indicator_results.0.iter().enumerate() {
        let percent = |row: &IndicatorResult| {
            set.indicators().any(|(_, k)| k.code == row.indicator && k.measure == IndicatorMeasure::Percent)
        };
        if row.value.is_some_and(|value| !(0..=10_000).contains(&value.0)) && percent(row) {
            checks.refuse(
                &format!("/indicatorResults/{i}/value"),
                "out_of_range",
                "Tỷ lệ phải từ 0 đến 100.",
                "A percentage lies between 0 and 100.",
            );
        }
    }
}

/// Refuses a second live dossier of the same holder, kind and year. Persons may share a name, so
/// for them it is a warning.
async fn second(tx: &Tx, draft: &Draft<Recognition>, checks: &mut Checks) -> Result<()> {
    let scope = tx.require(Recognitions::READ)?;
    let ended = [RecognitionState::Refused, RecognitionState::Withdrawn];
    let found = tx
        .select::<recognition::Entity>(&scope)
        .filter(Expr::col("holder_key").eq(draft.managed.holder_key.clone()))
        .filter(Expr::col("kind").eq(draft.new.kind.clone()))
        .filter(Expr::col("assessed_year").eq(draft.new.assessed_year))
        .filter(Expr::col("deleted_at").is_null())
        .filter(Expr::col("state").is_not_in(ended))
        .filter(Expr::col("id").ne(draft.meta.id))
        .one(&tx.db)
        .await?;
    let Some(found) = found else { return Ok(()) };
    let vi = format!("Đối tượng này đã có hồ sơ cùng loại, cùng năm: {}.", found.id);
    let en = format!("This holder has a dossier of this kind and year already: {}.", found.id);
    if draft.new.holder_kind.is_person() {
        checks.warn("/holderName", "possible_duplicate", vi, en);
        return Ok(());
    }
    Err(Error::field(Code::Conflict, "/assessedYear", "duplicate_recognition", vi, en))
}
