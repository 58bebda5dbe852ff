//! The way of a dossier, and dossiers that cannot be taken in.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::prelude::Uuid;

use super::{Model, RecognitionEvent, RecognitionState, check_dossier, transition};
use crate::{Checks, List, recognitions::kind::HolderKind};

fn dossier(kind: &str, holder_kind: HolderKind, level: Option<i32>) -> Model {
    let at = DateTime::<Utc>::UNIX_EPOCH;
    Model {
        id: Uuid::nil(),
        version: 1,
        created_at: at,
        updated_at: at,
        deleted_at: None,
        province_code: None,
        commune_code: None,
        centre_id: None,
        search_text: String::new(),
        external_ids: List::default(),
        kind: kind.to_owned(),
        holder_kind,
        holder_name: Some("Trung tâm mẫu".to_owned()),
        holder_egov_id: None,
        place: None,
        assessed_year: 2025,
        requested_level: level,
        criteria_set: None,
        indicator_results: List::default(),
        self_assessment: None,
        documents: List::default(),
        submitted_on: None,
        holder_key: String::new(),
        state: RecognitionState::Draft,
        return_reasons: List::default(),
        appraisal: None,
        decision_number: None,
        decision_date: None,
        decision_authority: None,
        decision_authority_kind: None,
        decision_level: None,
        verification_code: None,
        valid_from: None,
        valid_to: None,
        refusal_reasons: List::default(),
        previous_recognition_id: None,
    }
}

fn problems(mut model: Model, on: &str) -> Vec<(String, &'static str)> {
    let mut checks = Checks::default();
    let on: NaiveDate = on.parse().unwrap_or_default();
    check_dossier(&mut model, on, &mut checks);
    checks.problems.into_iter().map(|p| (p.pointer, p.code)).collect()
}

#[test]
fn a_dossier_is_appraised_before_it_is_decided() {
    use RecognitionState::{Appraised, Draft, Expired, Granted, Refused, Submitted, Withdrawn};
    assert_eq!(transition(Draft, RecognitionEvent::Submit), Ok(Submitted));
    assert_eq!(transition(Submitted, RecognitionEvent::Return), Ok(Draft));
    assert_eq!(transition(Submitted, RecognitionEvent::Appraise), Ok(Appraised));
    assert_eq!(transition(Appraised, RecognitionEvent::Grant), Ok(Granted));
    assert_eq!(transition(Appraised, RecognitionEvent::Refuse), Ok(Refused));
    assert_eq!(transition(Submitted, RecognitionEvent::Grant).map_err(|r| r.code), Err("transition_not_allowed"));
    for last in [Granted, Refused, Withdrawn, Expired] {
        for event in RecognitionEvent::ALL {
            assert!(transition(last, *event).is_err());
        }
    }
}

#[test]
fn a_unit_may_ask_for_level_2_at_once() {
    let unit = |level| dossier("learning_unit_province", HolderKind::Organisation, level);
    assert_eq!(problems(unit(Some(2)), "2026-01-15"), vec![]);
    assert_eq!(problems(unit(Some(3)), "2026-01-15"), [("/requestedLevel".to_owned(), "level_not_allowed")]);
    assert_eq!(problems(unit(None), "2026-01-15"), [("/requestedLevel".to_owned(), "level_not_allowed")]);
    assert_eq!(problems(dossier("learning_family", HolderKind::Family, None), "2026-01-15"), vec![]);
}

#[test]
fn a_dossier_names_its_holder() {
    let mut family = dossier("learning_family", HolderKind::Family, None);
    family.holder_name = None;
    assert_eq!(problems(family, "2026-01-15"), [("/holderName".to_owned(), "required")]);
    assert!(HolderKind::Family.is_person() && HolderKind::Citizen.is_person());
    assert!(!HolderKind::Clan.is_person() && !HolderKind::Organisation.is_person());
}

#[test]
fn districts_are_refused_after_june_2025_and_places_are_named() {
    let district = || dossier("learning_community_district", HolderKind::District, Some(1));
    let place = || ("/place".to_owned(), "required");
    assert_eq!(problems(district(), "2025-06-30"), [place()]);
    assert_eq!(problems(district(), "2025-07-01"), [("/holderKind".to_owned(), "district_abolished"), place()]);
    let mut unit = dossier("learning_unit_district", HolderKind::Organisation, Some(1));
    assert_eq!(problems(unit.clone(), "2025-07-01"), [("/kind".to_owned(), "kind_not_in_force")]);
    unit.assessed_year = 2026;
    unit.kind = "learning_unit".to_owned();
    assert_eq!(
        problems(unit, "2025-12-31"),
        [("/assessedYear".to_owned(), "year_not_assessable"), ("/kind".to_owned(), "unknown_code")]
    );
}
