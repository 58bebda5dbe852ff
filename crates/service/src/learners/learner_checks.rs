//! What must hold of a learner before one is written; nothing said here repeats a name or a number.

use chrono::NaiveDate;
use gdtx_domain::{
    Checks,
    learners::{age, learner::Gender, personal_number},
    programmes::kind::is_continuing_grade,
    territory::{code_list, country},
    text,
};

use super::{
    duplicates, find,
    learner::{Learner, NewLearner},
};
use crate::{
    Record, Result,
    access::scope::Sight,
    centres::centre::Centres,
    resource::{Draft, owner},
    territory,
    tx::Tx,
};

/// Puts a new learner where its centre is. A record never moves to another centre: whoever follows
/// the old centre would not learn of it.
pub(super) async fn settle(tx: &Tx, draft: &mut Draft<Learner>, checks: &mut Checks) -> Result<()> {
    match &draft.before {
        None => {
            if let Some((_, keys)) = owner::<Centres>(tx, "/centreId", draft.new.centre_id, checks).await? {
                draft.meta.set_keys(&keys);
            }
        }
        Some(before) if before.centre_id != Some(draft.new.centre_id) => checks.refuse(
            "/centreId",
            "immutable",
            "Hồ sơ học viên không chuyển sang cơ sở khác; hãy lập hồ sơ mới ở đó.",
            "A learner's record does not move to another centre; create one there.",
        ),
        Some(_) => {}
    }
    Ok(())
}

/// Normalises a learner and checks it against the rules.
pub(super) fn check(tx: &Tx, draft: &mut Draft<Learner>, checks: &mut Checks) {
    let today = tx.ctx.clock.today();
    checks.fields(&mut draft.new);
    identity(&draft.new, today, checks);
    number(draft, tx.entitled(), checks);
    codes(&draft.new, checks);
    lists(&draft.new, checks);
    birth_years(&draft.new, today, checks);
    complete(tx, draft, checks);
    let model = Learner::model(draft.meta.clone(), draft.new.clone(), draft.managed.clone());
    age::check_guardian(&model, today, checks);
}

fn identity(new: &NewLearner, today: NaiveDate, checks: &mut Checks) {
    if let Some(birth) = &new.date_of_birth {
        birth.check("/dateOfBirth", today, checks);
        checks.order("/idIssuedOn", birth.earliest(), new.id_issued_on);
    }
    if new.id_issued_on.is_some_and(|day| day > today) {
        checks.refuse("/idIssuedOn", "date_in_future", "Ngày nằm trong tương lai.", "The date lies in the future.");
    }
    if new.id_document_number.is_some() {
        checks.required("/idDocumentKind", new.id_document_kind.as_ref());
    }
    country::check("/nationality", new.nationality.as_deref(), checks);
}

/// Checks the personal number against the record, as far as the caller knows the record: a warning
/// on a change by someone who may not see gender and birth would tell them.
fn number(draft: &Draft<Learner>, sight: Sight, checks: &mut Checks) {
    let Some(number) = &draft.new.personal_number else { return };
    let knows = draft.before.is_none() || sight.basic;
    let gender = draft.new.gender.filter(|_| knows).unwrap_or(Gender::Unknown);
    let birth = draft.new.date_of_birth.as_ref().filter(|_| knows);
    personal_number::check("/personalNumber", number, gender, birth, checks);
}

fn codes(new: &NewLearner, checks: &mut Checks) {
    for (pointer, list, value) in [
        ("/idDocumentKind", "id_document_kind", &new.id_document_kind),
        ("/ethnicGroup", "ethnic_group", &new.ethnic_group),
        ("/area", "area", &new.area),
        ("/grade", "grade", &new.grade),
        ("/studyForm", "study_form", &new.study_form),
        ("/sessionsPerWeek", "sessions_per_week", &new.sessions_per_week),
        ("/dropoutReason", "dropout_reason", &new.dropout_reason),
        ("/disabilityKind", "disability_kind", &new.disability_kind),
    ] {
        code_list::check(checks, pointer, list, value.as_deref());
    }
    if new.grade.as_deref().is_some_and(|grade| code_list::contains("grade", grade) && !is_continuing_grade(grade)) {
        checks.refuse(
            "/grade",
            "grade_of_other_level",
            "Mã khối không thuộc cấp giáo dục thường xuyên (nhóm 05).",
            "The grade is not one of the continuing level (05).",
        );
    }
}

fn lists(new: &NewLearner, checks: &mut Checks) {
    for (i, group) in new.policy_groups.iter().enumerate() {
        code_list::check(checks, &format!("/policyGroups/{i}"), "policy_group", Some(group));
    }
    once("/policyGroups", &new.policy_groups, checks);
    once("/priorityGroups", &new.priority_groups, checks);
}

/// Refuses a value that occurs twice in a list.
pub(super) fn once(pointer: &str, values: &[String], checks: &mut Checks) {
    for (i, value) in values.iter().enumerate() {
        if values.iter().take(i).any(|earlier| earlier == value) {
            checks.refuse(&format!("{pointer}/{i}"), "duplicate", "Giá trị bị lặp.", "The value occurs twice.");
        }
    }
}

fn birth_years(new: &NewLearner, today: NaiveDate, checks: &mut Checks) {
    for (pointer, year) in [
        ("/fatherBirthYear", new.father_birth_year),
        ("/motherBirthYear", new.mother_birth_year),
        ("/guardianBirthYear", new.guardian_birth_year),
    ] {
        checks.year(pointer, year, today);
    }
}

/// Fills in what follows from what was sent.
fn complete(tx: &Tx, draft: &mut Draft<Learner>, checks: &mut Checks) {
    let (new, managed, before) = (&draft.new, &mut draft.managed, draft.before.as_ref());
    let kept = before.and_then(|b| b.residence.as_ref());
    managed.residence = territory::place::keep_or_resolve(tx, "/residence", new.residence.as_ref(), kept, checks);
    let kept = before.and_then(|b| b.birth_place.as_ref());
    managed.birth_place = territory::place::keep_or_resolve(tx, "/birthPlace", new.birth_place.as_ref(), kept, checks);
    managed.birth_year = new.date_of_birth.as_ref().and_then(gdtx_domain::PartialDate::year);
    managed.personal_number_masked = new.personal_number.as_deref().map(personal_number::mask);
    managed.person_print = duplicates::print(tx, new);
    managed.personal_number_print = new.personal_number.as_deref().map(|number| find::print(tx, number));
    let words = [new.full_name.as_deref(), new.official_id.as_deref()];
    draft.meta.search_text = text::fold(&words.into_iter().flatten().collect::<Vec<_>>().join(" "));
}
