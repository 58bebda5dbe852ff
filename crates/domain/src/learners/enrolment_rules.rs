//! Which steps an enrolment may take and what each must tell.
//!
//! A reason exactly when a learner drops out, a destination exactly when one leaves for elsewhere,
//! an origin exactly when one comes from elsewhere: the receiving systems refuse anything else.

use chrono::NaiveDate;

use super::{
    enrolment::{self, EnrolmentStatus as Status},
    enrolment_event::{EnrolmentEventKind as Event, Model as EventModel},
};
use crate::{Checks, Label, PartialDate, Refusal, SchoolYear, programmes::class};

/// The status after a step; `None` as status stands for an enrolment that is not yet on record.
pub fn transition(status: Option<Status>, event: Event) -> Result<Status, Refusal> {
    let next = match (status, event) {
        (None, Event::Enrol) => Some(Status::Enrolled),
        (None, Event::TransferIn) => Some(Status::TransferredIn),
        (None | Some(Status::Enrolled | Status::Studying | Status::TransferredIn), Event::Repeat) => {
            Some(Status::Repeated)
        }
        (Some(Status::Enrolled | Status::TransferredIn | Status::Repeated), Event::Start)
        | (Some(Status::Suspended), Event::Resume)
        | (Some(Status::DroppedOut), Event::Return) => Some(Status::Studying),
        (Some(Status::Enrolled | Status::Studying | Status::Repeated | Status::TransferredIn), Event::Suspend) => {
            Some(Status::Suspended)
        }
        (Some(from), Event::TransferOut) if from.is_current() => Some(Status::TransferredOut),
        (Some(from), Event::DropOut) if from.is_current() => Some(Status::DroppedOut),
        (Some(Status::Studying | Status::Repeated | Status::TransferredIn), Event::Complete) => Some(Status::Completed),
        _ => None,
    };
    next.ok_or_else(|| refusal(status, event))
}

fn refusal(status: Option<Status>, event: Event) -> Refusal {
    let what = event.label();
    let Some(from) = status else {
        return Refusal {
            code: "transition_not_allowed",
            detail: Label::new(
                format!("Học viên chưa ghi danh nên không thể “{}”.", what.vi),
                format!("The learner is not enrolled, so “{}” cannot happen.", what.en),
            ),
            basis: String::new(),
        };
    };
    let is_final = matches!(from, Status::TransferredOut | Status::Completed);
    let state = from.label();
    Refusal {
        code: if is_final { "final_state" } else { "transition_not_allowed" },
        detail: Label::new(
            format!("Học viên ở trạng thái “{}” không thể “{}”.", state.vi, what.vi),
            format!("From the state “{}”, “{}” is not possible.", state.en, what.en),
        ),
        basis: String::new(),
    }
}

/// Checks a step against the enrolment's status, its earlier steps and the day of recording.
///
/// Tells the status after the step, or `None` when it is not allowed.
pub fn check_event(
    event: &EventModel,
    status: Option<Status>,
    previous: &[EventModel],
    today: NaiveDate,
    checks: &mut Checks,
) -> Option<Status> {
    let next = transition(status, event.kind);
    if let Err(refusal) = &next {
        checks.refuse("/kind", refusal.code, refusal.detail.vi.clone(), refusal.detail.en.clone());
    }
    exactly("/dropoutReason", event.dropout_reason.is_some(), event.kind == Event::DropOut, checks);
    exactly("/origin", event.origin.is_some(), event.kind == Event::TransferIn, checks);
    exactly("/destination", event.destination.is_some(), event.kind == Event::TransferOut, checks);
    if event.kind != Event::TransferOut {
        exactly("/destinationName", event.destination_name.is_some(), false, checks);
    }
    if let Some(last) = previous.iter().map(|e| e.effective_on).max()
        && event.effective_on < last
    {
        checks.refuse(
            "/effectiveOn",
            "before_earlier_event",
            format!("Sự kiện trước đó có hiệu lực từ {last}; sự kiện mới không được sớm hơn."),
            format!("An earlier step holds from {last}; a new one cannot precede it."),
        );
    }
    if event.effective_on > today {
        checks.refuse(
            "/effectiveOn",
            "in_future",
            "Ngày này chưa đến; ghi sự kiện khi nó đã xảy ra.",
            "This day is still to come: record an event once it has happened.",
        );
    }
    next.ok()
}

/// Checks the first day of an enrolment against the learner's birth (where the caller may know it),
/// the class and the day of recording.
///
/// Impossible are days before birth and days beyond the next school year. No text rules out other
/// days, so one outside the school year of the class is a warning.
pub fn check_first_day(
    first: NaiveDate,
    birth: Option<&PartialDate>,
    class: Option<&class::Model>,
    today: NaiveDate,
    checks: &mut Checks,
) {
    const AT: &str = "/enrolledOn";
    let year = SchoolYear::of(first);
    if birth.and_then(PartialDate::earliest).is_some_and(|born| first < born) {
        checks.refuse(
            AT,
            "before_birth",
            "Ngày vào học trước ngày sinh của học viên.",
            "The first day lies before the learner's birth.",
        );
    }
    if year.0 > SchoolYear::of(today).0 + 1 {
        checks.refuse(
            AT,
            "too_far_ahead",
            "Ngày vào học xa hơn năm học kế tiếp.",
            "The first day lies beyond the next school year.",
        );
    }
    let Some(class) = class else { return };
    let among =
        class.opens_on.is_none_or(|opens| first >= opens) && class.closes_on.is_some_and(|closes| first <= closes);
    if year != class.school_year && !among {
        let class_year = class.school_year;
        checks.warn(
            AT,
            "outside_school_year",
            format!("Ngày vào học nằm ngoài năm học {class_year} của lớp."),
            format!("The first day lies outside {class_year}, the school year of the class."),
        );
    }
}

/// Checks that an enrolment agrees with its status. The origin stays on record after a transfer in,
/// so it is only required while that is the status, never refused.
pub fn check_enrolment(record: &enrolment::Model, checks: &mut Checks) {
    exactly("/dropoutReason", record.dropout_reason.is_some(), record.status == Status::DroppedOut, checks);
    let left = record.status == Status::TransferredOut;
    exactly("/destination", record.destination.is_some(), left, checks);
    if !left {
        exactly("/destinationName", record.destination_name.is_some(), false, checks);
    }
    if record.status == Status::TransferredIn {
        checks.required("/origin", record.origin.as_ref());
    }
    exactly("/endedOn", record.ended_on.is_some(), !record.status.is_current(), checks);
    checks.order("/endedOn", Some(record.enrolled_on), record.ended_on);
    checks.order("/statusSince", Some(record.enrolled_on), Some(record.status_since));
}

/// Refuses a field that is absent though needed, or present though not.
fn exactly(pointer: &str, present: bool, needed: bool, checks: &mut Checks) {
    match (present, needed) {
        (false, true) => checks.required::<String>(pointer, None),
        (true, false) => checks.refuse(
            pointer,
            "not_allowed_here",
            "Trường này không dùng cho trạng thái hoặc sự kiện này.",
            "This field does not belong to this status or step.",
        ),
        _ => {}
    }
}

#[cfg(test)]
mod tests;
