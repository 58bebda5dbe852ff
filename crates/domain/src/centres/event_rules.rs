//! What an event in a centre's life must tell, so that each recorded step can be traced to a decision.
//!
//! NĐ 125/2024/NĐ-CP art. 32 to 46. Fields are checked by event kind; the step itself by
//! [`transition`].

use chrono::{Months, NaiveDate};

use super::{
    event::Model,
    life_cycle::{
        AuthorityKind, CentreEventKind as Kind, CentreStatus, DissolutionGround, SuspensionGround, transition,
    },
};
use crate::Checks;

/// Checks an event against the centre's status, its earlier events and the day of recording.
///
/// Tells the status after the event, or `None` when the step is not lawful. `previous` may be in
/// any order. Effective dates after `today` and late starts are warnings.
pub fn check_event(
    event: &Model,
    status: Option<CentreStatus>,
    previous: &[Model],
    today: NaiveDate,
    checks: &mut Checks,
) -> Option<CentreStatus> {
    let next = transition(status, event.kind);
    if let Err(refusal) = &next {
        checks.refuse("/kind", refusal.code, refusal.detail.vi.clone(), refusal.detail.en.clone());
    }
    check_decision(event, today, checks);
    check_order(event, previous, today, checks);
    check_ground(event, status, checks);
    check_suspension(event, checks);
    check_successors(event, checks);
    check_rename(event, checks);
    check_transfer(event, checks);
    match event.kind {
        Kind::StartOperating => check_start(event, previous, checks),
        Kind::Convert => check_conversion(event, checks),
        _ => {}
    }
    next.ok()
}

/// Whether the law asks for a decision of a competent body.
pub const fn needs_decision(kind: Kind) -> bool {
    match kind {
        Kind::Establish
        | Kind::Suspend
        | Kind::Resume
        | Kind::Merge
        | Kind::Divide
        | Kind::Separate
        | Kind::Dissolve
        | Kind::Convert => true,
        Kind::Apply | Kind::StartOperating | Kind::Rename | Kind::TransferAuthority => false,
    }
}

fn check_decision(event: &Model, today: NaiveDate, checks: &mut Checks) {
    if needs_decision(event.kind) {
        checks.required("/decisionNumber", event.decision_number.as_ref());
        checks.required("/decisionDate", event.decision_date.as_ref());
        checks.required("/authorityKind", event.authority_kind.as_ref());
    }
    if event.decision_date.is_some_and(|day| day > today) {
        checks.refuse("/decisionDate", "date_in_future", "Ngày nằm trong tương lai.", "The date lies in the future.");
    }
    checks.order("/effectiveOn", event.decision_date, Some(event.effective_on));
    check_authority("/authorityKind", event.authority_kind, event.decision_date.unwrap_or(event.effective_on), checks);
}

fn check_authority(pointer: &str, authority: Option<AuthorityKind>, on: NaiveDate, checks: &mut Checks) {
    if let Some(authority) = authority
        && !authority.existed_on(on)
    {
        let label = authority.label();
        checks.refuse(
            pointer,
            "authority_not_in_force",
            format!("{} không còn từ ngày 01/7/2025, nên không có thẩm quyền vào ngày {on}.", label.vi),
            format!("{} ceased on 2025-07-01 and had no competence on {on}.", label.en),
        );
    }
}

fn check_rename(event: &Model, checks: &mut Checks) {
    if event.kind == Kind::Rename {
        checks.required("/newName", event.new_name.as_ref());
    } else {
        refuse_surplus("/newName", event.new_name.is_some(), checks);
    }
}

fn check_transfer(event: &Model, checks: &mut Checks) {
    if event.kind == Kind::TransferAuthority {
        checks.required("/newManagingBody", event.new_managing_body.as_ref());
        check_authority("/newAuthorityKind", event.new_authority_kind, event.effective_on, checks);
    } else {
        refuse_surplus("/newManagingBody", event.new_managing_body.is_some(), checks);
        refuse_surplus("/newAuthorityKind", event.new_authority_kind.is_some(), checks);
    }
}

fn check_order(event: &Model, previous: &[Model], today: NaiveDate, checks: &mut Checks) {
    if let Some(last) = previous.iter().map(|e| e.effective_on).max()
        && event.effective_on < last
    {
        checks.refuse(
            "/effectiveOn",
            "before_earlier_event",
            format!("Sự kiện trước đó có hiệu lực từ {last}; sự kiện mới không được sớm hơn."),
            format!("An earlier event holds from {last}; a new one cannot precede it."),
        );
    }
    if event.effective_on > today {
        checks.warn(
            "/effectiveOn",
            "effective_in_future",
            "Ngày có hiệu lực nằm trong tương lai.",
            "The effective date lies in the future.",
        );
    }
}

fn check_ground(event: &Model, status: Option<CentreStatus>, checks: &mut Checks) {
    let ground = event.ground.as_deref();
    let known = match event.kind {
        Kind::Suspend => ground.map(|g| SuspensionGround::from_code(g).is_some()),
        Kind::Dissolve => ground.map(|g| DissolutionGround::from_code(g).is_some()),
        _ => {
            refuse_surplus("/ground", ground.is_some(), checks);
            return;
        }
    };
    match known {
        None => checks.required::<String>("/ground", None),
        Some(false) => checks.refuse(
            "/ground",
            "unknown_code",
            "Căn cứ không thuộc danh mục của loại sự kiện này.",
            "Not a ground of this kind of event.",
        ),
        Some(true) => {}
    }
    let uncured = ground == Some(DissolutionGround::SuspensionExpiredUncured.code());
    if event.kind == Kind::Dissolve && uncured && status != Some(CentreStatus::Suspended) {
        checks.warn(
            "/ground",
            "not_suspended",
            "Trung tâm không ở trạng thái bị đình chỉ.",
            "The centre is not suspended.",
        );
    }
}

fn check_suspension(event: &Model, checks: &mut Checks) {
    if event.kind == Kind::Suspend {
        checks.required("/suspendedFrom", event.suspended_from.as_ref());
        checks.required("/suspendedTo", event.suspended_to.as_ref());
        checks.order("/suspendedTo", event.suspended_from, event.suspended_to);
        checks.order("/suspendedFrom", event.decision_date, event.suspended_from);
    } else {
        refuse_surplus("/suspendedFrom", event.suspended_from.is_some(), checks);
        refuse_surplus("/suspendedTo", event.suspended_to.is_some(), checks);
    }
}

/// A merged centre goes into one, a divided one becomes two or more, a separation adds one or more;
/// a converted centre may name the one it became.
fn check_successors(event: &Model, checks: &mut Checks) {
    let ids = &event.successor_ids.0;
    let (least, most) = match event.kind {
        Kind::Merge => (1, 1),
        Kind::Divide => (2, usize::MAX),
        Kind::Separate => (1, usize::MAX),
        Kind::Convert => (0, 1),
        _ => return refuse_surplus("/successorIds", !ids.is_empty(), checks),
    };
    if ids.len() < least || ids.len() > most {
        checks.refuse(
            "/successorIds",
            "wrong_number_of_successors",
            "Sáp nhập cần đúng một, chia cần ít nhất hai, tách cần ít nhất một trung tâm kế thừa.",
            "A merger needs exactly one, a division at least two, a separation at least one successor.",
        );
    }
    let repeated = ids.iter().enumerate().any(|(at, id)| ids.iter().take(at).any(|earlier| earlier == id));
    if repeated || event.centre_id.is_some_and(|own| ids.contains(&own)) {
        checks.refuse(
            "/successorIds",
            "invalid_successor",
            "Trung tâm kế thừa bị trùng hoặc chính là trung tâm này.",
            "A successor is named twice or is the centre itself.",
        );
    }
}

/// Not operating within a year of being established is a ground for suspension (art. 34, 39, 45).
fn check_start(event: &Model, previous: &[Model], checks: &mut Checks) {
    let established = previous.iter().filter(|e| e.kind == Kind::Establish).map(|e| e.effective_on).max();
    let limit = established.and_then(|day| day.checked_add_months(Months::new(12)));
    if limit.is_some_and(|limit| event.effective_on > limit) {
        checks.warn(
            "/effectiveOn",
            "started_after_one_year",
            "Hoạt động sau hơn 01 năm kể từ khi thành lập: đây là căn cứ đình chỉ (NĐ 125/2024/NĐ-CP).",
            "Started more than one year after being established: a ground for suspension (NĐ 125/2024/NĐ-CP).",
        );
    }
}

/// Vocational secondary schools exist since 2026-01-01 (Luật GDNN 124/2025/QH15).
fn check_conversion(event: &Model, checks: &mut Checks) {
    if NaiveDate::from_ymd_opt(2026, 1, 1).is_some_and(|first| event.effective_on < first) {
        checks.warn(
            "/effectiveOn",
            "before_law_in_force",
            "Luật Giáo dục nghề nghiệp 124/2025/QH15 có hiệu lực từ ngày 01/01/2026.",
            "The law on vocational education 124/2025/QH15 is in force from 2026-01-01.",
        );
    }
}

fn refuse_surplus(pointer: &str, present: bool, checks: &mut Checks) {
    if present {
        checks.refuse(
            pointer,
            "not_allowed_here",
            "Trường này không dùng cho loại sự kiện này.",
            "This field does not belong to this kind of event.",
        );
    }
}

#[cfg(test)]
mod tests;
