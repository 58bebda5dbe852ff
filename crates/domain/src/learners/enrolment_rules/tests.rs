//! Steps of an enrolment: the whole table of transitions, and the fields that go with each.

use chrono::{DateTime, NaiveDate};
use sea_orm::prelude::Uuid;

use super::{Event, EventModel, Status, check_enrolment, check_event, transition};
use crate::{
    Checks, List,
    learners::enrolment::{Destination, Model},
};

/// A status and the steps that lead on from it.
type Steps = (Option<Status>, &'static [(Event, Status)]);

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap_or_default()
}

fn event(kind: Event, on: &str) -> EventModel {
    EventModel {
        id: Uuid::nil(),
        version: 1,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
        deleted_at: None,
        province_code: None,
        commune_code: None,
        centre_id: None,
        search_text: String::new(),
        external_ids: List::default(),
        enrolment_id: Uuid::nil(),
        kind,
        effective_on: day(on),
        period: None,
        dropout_reason: None,
        origin: None,
        destination: None,
        destination_name: None,
        note: None,
        sequence: 1,
        status_after: Status::Enrolled,
    }
}

fn record(status: Status) -> Model {
    Model {
        id: Uuid::nil(),
        version: 1,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
        deleted_at: None,
        province_code: None,
        commune_code: None,
        centre_id: None,
        search_text: String::new(),
        external_ids: List::default(),
        learner_id: Uuid::nil(),
        class_id: Uuid::nil(),
        status,
        status_since: day("2026-09-05"),
        period: None,
        enrolled_on: day("2026-09-05"),
        ended_on: None,
        dropout_reason: None,
        origin: None,
        destination: None,
        destination_name: None,
        chosen_subjects: List::default(),
        topic_clusters: List::default(),
        note: None,
    }
}

fn refusals(event: &EventModel, status: Option<Status>, previous: &[EventModel]) -> Vec<(String, &'static str)> {
    let mut checks = Checks::default();
    check_event(event, status, previous, day("2026-11-21"), &mut checks);
    checks.problems.into_iter().map(|p| (p.pointer, p.code)).collect()
}

fn problems(record: &Model) -> Vec<(String, &'static str)> {
    let mut checks = Checks::default();
    check_enrolment(record, &mut checks);
    checks.problems.into_iter().map(|p| (p.pointer, p.code)).collect()
}

#[test]
fn exactly_the_named_steps_are_possible() {
    const TABLE: &[Steps] = &[
        (
            None,
            &[
                (Event::Enrol, Status::Enrolled),
                (Event::TransferIn, Status::TransferredIn),
                (Event::Repeat, Status::Repeated),
            ],
        ),
        (
            Some(Status::Enrolled),
            &[
                (Event::Start, Status::Studying),
                (Event::Suspend, Status::Suspended),
                (Event::Repeat, Status::Repeated),
                (Event::TransferOut, Status::TransferredOut),
                (Event::DropOut, Status::DroppedOut),
            ],
        ),
        (
            Some(Status::Studying),
            &[
                (Event::Suspend, Status::Suspended),
                (Event::Repeat, Status::Repeated),
                (Event::TransferOut, Status::TransferredOut),
                (Event::DropOut, Status::DroppedOut),
                (Event::Complete, Status::Completed),
            ],
        ),
        (
            Some(Status::Suspended),
            &[
                (Event::Resume, Status::Studying),
                (Event::TransferOut, Status::TransferredOut),
                (Event::DropOut, Status::DroppedOut),
            ],
        ),
        (
            Some(Status::Repeated),
            &[
                (Event::Start, Status::Studying),
                (Event::Suspend, Status::Suspended),
                (Event::TransferOut, Status::TransferredOut),
                (Event::DropOut, Status::DroppedOut),
                (Event::Complete, Status::Completed),
            ],
        ),
        (
            Some(Status::TransferredIn),
            &[
                (Event::Start, Status::Studying),
                (Event::Suspend, Status::Suspended),
                (Event::Repeat, Status::Repeated),
                (Event::TransferOut, Status::TransferredOut),
                (Event::DropOut, Status::DroppedOut),
                (Event::Complete, Status::Completed),
            ],
        ),
        (Some(Status::TransferredOut), &[]),
        (Some(Status::DroppedOut), &[(Event::Return, Status::Studying)]),
        (Some(Status::Completed), &[]),
    ];
    assert_eq!(TABLE.len(), Status::ALL.len() + 1);
    for (status, steps) in TABLE {
        for event in Event::ALL {
            let expected = steps.iter().find(|(e, _)| e == event).map(|(_, to)| *to);
            assert_eq!(transition(*status, *event).ok(), expected, "{status:?} {event:?}");
        }
    }
}

#[test]
fn refusals_say_whether_the_state_is_final() {
    let code = |status, event| transition(status, event).err().map(|r| r.code);
    assert_eq!(code(Some(Status::Completed), Event::DropOut), Some("final_state"));
    assert_eq!(code(Some(Status::DroppedOut), Event::Complete), Some("transition_not_allowed"));
    assert_eq!(code(None, Event::Complete), Some("transition_not_allowed"));
}

#[test]
fn a_reason_goes_with_dropping_out_and_with_nothing_else() {
    let reason = Some("illness".to_owned());
    let studying = Some(Status::Studying);
    let bare = event(Event::DropOut, "2026-10-01");
    assert_eq!(refusals(&bare, studying, &[]), [("/dropoutReason".to_owned(), "required")]);
    assert_eq!(refusals(&EventModel { dropout_reason: reason.clone(), ..bare }, studying, &[]), []);
    let other = EventModel { dropout_reason: reason, ..event(Event::Suspend, "2026-10-01") };
    assert_eq!(refusals(&other, studying, &[]), [("/dropoutReason".to_owned(), "not_allowed_here")]);
}

#[test]
fn coming_and_leaving_name_the_other_place() {
    let came = event(Event::TransferIn, "2026-10-01");
    assert_eq!(refusals(&came, None, &[]), [("/origin".to_owned(), "required")]);
    let left = event(Event::TransferOut, "2026-10-01");
    assert_eq!(refusals(&left, Some(Status::Studying), &[]), [("/destination".to_owned(), "required")]);
    let told =
        EventModel { destination: Some(Destination::OtherProvince), destination_name: Some("TT".to_owned()), ..left };
    assert_eq!(refusals(&told, Some(Status::Studying), &[]), []);
}

#[test]
fn steps_follow_one_another_in_time() {
    let earlier = [event(Event::Enrol, "2026-09-05")];
    let start = |on| refusals(&event(Event::Start, on), Some(Status::Enrolled), &earlier);
    assert_eq!(start("2026-09-05"), []);
    assert_eq!(start("2026-09-04"), [("/effectiveOn".to_owned(), "before_earlier_event")]);
}

#[test]
fn a_record_agrees_with_its_status() {
    assert_eq!(problems(&record(Status::Studying)), []);
    let gone: Vec<_> = problems(&record(Status::DroppedOut)).into_iter().map(|(p, _)| p).collect();
    assert_eq!(gone, ["/dropoutReason", "/endedOn"]);
    let early = Model {
        ended_on: Some(day("2026-09-01")),
        destination: Some(Destination::Abroad),
        ..record(Status::TransferredOut)
    };
    assert_eq!(problems(&early), [("/endedOn".to_owned(), "dates_out_of_order")]);
    let known = Model { origin: Some("TT GDTX An Lão".to_owned()), ..record(Status::Studying) };
    assert_eq!(problems(&known), []);
}
