//! Events of a centre against the articles, so that each refusal has one case of its own.

use chrono::{DateTime, NaiveDate};
use sea_orm::prelude::Uuid;

use super::check_event;
use crate::{
    Checks, List,
    centres::{
        event::Model,
        life_cycle::{AuthorityKind, CentreEventKind as Kind, CentreStatus as Status},
    },
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap_or_default()
}

/// An event decided by the department on the day it takes effect.
fn event(kind: Kind, on: &str) -> Model {
    Model {
        id: Uuid::nil(),
        version: 1,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
        deleted_at: None,
        province_code: None,
        commune_code: None,
        centre_id: Some(Uuid::from_u128(1)),
        search_text: String::new(),
        external_ids: List::default(),
        kind,
        effective_on: day(on),
        decision_number: Some("12/QĐ-SGDĐT".to_owned()),
        decision_date: Some(day(on)),
        authority_kind: Some(AuthorityKind::SoGddt),
        authority_name: None,
        ground: None,
        suspended_from: None,
        suspended_to: None,
        successor_ids: List::default(),
        new_name: None,
        old_name: None,
        new_managing_body: None,
        new_authority_kind: None,
        note: None,
        sequence: 1,
        status_after: Status::Proposed,
        recorded_by: None,
    }
}

fn suspension() -> Model {
    Model {
        ground: Some("conditions_not_kept".to_owned()),
        suspended_from: Some(day("2026-03-01")),
        suspended_to: Some(day("2026-03-30")),
        ..event(Kind::Suspend, "2026-03-01")
    }
}

/// Pointer and code of everything refused, then the next status.
fn outcome(event: &Model, status: Status, previous: &[Model]) -> (Vec<(String, &'static str)>, Option<Status>) {
    let mut checks = Checks::default();
    let next = check_event(event, Some(status), previous, day("2026-11-21"), &mut checks);
    (checks.problems.into_iter().map(|p| (p.pointer, p.code)).collect(), next)
}

fn warnings(event: &Model, status: Status, previous: &[Model]) -> Vec<&'static str> {
    let mut checks = Checks::default();
    check_event(event, Some(status), previous, day("2026-11-21"), &mut checks);
    checks.warnings.iter().map(|w| w.code).collect()
}

fn refused(pointer: &str, code: &'static str) -> Vec<(String, &'static str)> {
    vec![(pointer.to_owned(), code)]
}

#[test]
fn a_complete_suspension_passes() {
    assert_eq!(outcome(&suspension(), Status::Operating, &[]), (vec![], Some(Status::Suspended)));
}

#[test]
fn a_suspension_needs_ground_period_and_decision() {
    let bare = Model {
        decision_number: None,
        decision_date: None,
        authority_kind: None,
        ..event(Kind::Suspend, "2026-03-01")
    };
    let pointers: Vec<_> = outcome(&bare, Status::Operating, &[]).0.into_iter().map(|(p, _)| p).collect();
    assert_eq!(
        pointers,
        ["/decisionNumber", "/decisionDate", "/authorityKind", "/ground", "/suspendedFrom", "/suspendedTo"]
    );
    let wrong = Model { ground: Some("owner_request".to_owned()), ..suspension() };
    assert_eq!(outcome(&wrong, Status::Operating, &[]).0, refused("/ground", "unknown_code"));
    let reversed = Model { suspended_to: Some(day("2026-02-28")), ..suspension() };
    assert_eq!(outcome(&reversed, Status::Operating, &[]).0, refused("/suspendedTo", "dates_out_of_order"));
}

#[test]
fn the_district_cannot_decide_after_june_2025() {
    let by_district = |on| Model { authority_kind: Some(AuthorityKind::UbndHuyen), ..event(Kind::Establish, on) };
    assert_eq!(outcome(&by_district("2025-06-30"), Status::Proposed, &[]).0, vec![]);
    assert_eq!(
        outcome(&by_district("2025-07-01"), Status::Proposed, &[]).0,
        refused("/authorityKind", "authority_not_in_force")
    );
}

#[test]
fn a_decision_of_june_may_take_effect_in_july_but_not_before_it_was_taken() {
    let later = Model { decision_date: Some(day("2025-06-20")), ..event(Kind::Establish, "2025-07-01") };
    assert_eq!(outcome(&later, Status::Proposed, &[]).0, vec![]);
    let earlier = Model { decision_date: Some(day("2025-07-02")), ..event(Kind::Establish, "2025-07-01") };
    assert_eq!(outcome(&earlier, Status::Proposed, &[]).0, refused("/effectiveOn", "dates_out_of_order"));
}

#[test]
fn events_follow_one_another_in_time() {
    let earlier = [event(Kind::Establish, "2024-12-01")];
    let start = |on| event(Kind::StartOperating, on);
    assert_eq!(
        outcome(&start("2024-11-30"), Status::Established, &earlier).0,
        refused("/effectiveOn", "before_earlier_event")
    );
    assert_eq!(warnings(&start("2025-12-01"), Status::Established, &earlier), Vec::<&str>::new());
    assert_eq!(warnings(&start("2025-12-02"), Status::Established, &earlier), ["started_after_one_year"]);
}

#[test]
fn successors_are_counted_and_may_not_be_the_centre_itself() {
    let with = |kind, ids: &[u128]| Model {
        successor_ids: ids.iter().copied().map(Uuid::from_u128).collect::<Vec<_>>().into(),
        ..event(kind, "2026-03-01")
    };
    assert_eq!(outcome(&with(Kind::Merge, &[7]), Status::Operating, &[]), (vec![], Some(Status::Merged)));
    let wrong = refused("/successorIds", "wrong_number_of_successors");
    assert_eq!(outcome(&with(Kind::Merge, &[]), Status::Operating, &[]).0, wrong);
    assert_eq!(outcome(&with(Kind::Divide, &[7]), Status::Operating, &[]).0, wrong);
    let invalid = refused("/successorIds", "invalid_successor");
    assert_eq!(outcome(&with(Kind::Divide, &[7, 7]), Status::Operating, &[]).0, invalid);
    assert_eq!(outcome(&with(Kind::Separate, &[1]), Status::Operating, &[]).0, invalid);
    assert_eq!(
        outcome(&with(Kind::Resume, &[7]), Status::Suspended, &[]).0,
        refused("/successorIds", "not_allowed_here")
    );
}

#[test]
fn renaming_needs_the_name_and_a_dissolved_centre_refuses_it() {
    assert_eq!(outcome(&event(Kind::Rename, "2026-03-01"), Status::Operating, &[]).0, refused("/newName", "required"));
    let renamed = Model { new_name: Some("Trung tâm mới".to_owned()), ..event(Kind::Rename, "2026-03-01") };
    assert_eq!(outcome(&renamed, Status::Operating, &[]), (vec![], Some(Status::Operating)));
    assert_eq!(outcome(&renamed, Status::Dissolved, &[]), (refused("/kind", "final_state"), None));
}

#[test]
fn a_transfer_names_a_body_that_exists_on_the_day() {
    let to = |kind, on| Model {
        new_managing_body: Some("Cơ quan tiếp nhận".to_owned()),
        new_authority_kind: Some(kind),
        ..event(Kind::TransferAuthority, on)
    };
    assert_eq!(
        outcome(&to(AuthorityKind::SoGddt, "2025-07-01"), Status::Operating, &[]),
        (vec![], Some(Status::Operating))
    );
    assert_eq!(
        outcome(&to(AuthorityKind::UbndHuyen, "2025-07-01"), Status::Operating, &[]).0,
        refused("/newAuthorityKind", "authority_not_in_force")
    );
    let bare = event(Kind::TransferAuthority, "2025-07-01");
    assert_eq!(outcome(&bare, Status::Operating, &[]).0, refused("/newManagingBody", "required"));
}

#[test]
fn new_names_and_bodies_belong_to_their_own_events() {
    let surplus = Model {
        new_name: Some("Tên".to_owned()),
        new_managing_body: Some("Cơ quan".to_owned()),
        new_authority_kind: Some(AuthorityKind::SoGddt),
        ..event(Kind::Establish, "2026-03-01")
    };
    let pointers: Vec<_> = outcome(&surplus, Status::Proposed, &[]).0;
    let expected = ["/newName", "/newManagingBody", "/newAuthorityKind"].map(|p| (p.to_owned(), "not_allowed_here"));
    assert_eq!(pointers, expected);
}

#[test]
fn a_dissolution_needs_one_of_the_five_grounds() {
    let on = |ground: &str| Model { ground: Some(ground.to_owned()), ..event(Kind::Dissolve, "2026-03-01") };
    assert_eq!(outcome(&on("owner_request"), Status::Operating, &[]), (vec![], Some(Status::Dissolved)));
    assert_eq!(outcome(&on("administrative_sanction"), Status::Operating, &[]).0, refused("/ground", "unknown_code"));
    assert_eq!(warnings(&on("suspension_expired_uncured"), Status::Operating, &[]), ["not_suspended"]);
}
