//! Classes that keep and break the rules, with the warnings that do not stop them.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::prelude::Uuid;

use super::check_class;
use crate::{
    Checks, List, SchoolYear,
    programmes::{
        class::{ClassState, Model, Session, SubjectAssignment},
        curriculum::CurriculumVersion,
        kind::ProgrammeGroup,
        programme,
    },
};

fn class(grade: Option<&str>) -> Model {
    let at = DateTime::<Utc>::UNIX_EPOCH;
    Model {
        id: Uuid::nil(),
        version: 1,
        created_at: at,
        updated_at: at,
        deleted_at: None,
        province_code: None,
        commune_code: None,
        centre_id: Some(Uuid::nil()),
        search_text: String::new(),
        external_ids: List::default(),
        programme_id: Uuid::nil(),
        school_year: SchoolYear(2026),
        official_id: None,
        code: "10A1".to_owned(),
        name: "Lớp 10A1".to_owned(),
        teacher_id: None,
        grade: grade.map(str::to_owned),
        class_kind: None,
        study_form: None,
        training_class_kind: None,
        vocational_class_kind: None,
        sort_order: None,
        subject_assignments: List::default(),
        has_class_parent_rep: None,
        has_centre_parent_rep: None,
        has_disabled_learners: None,
        sessions_per_week: None,
        timetable: List::default(),
        capacity: None,
        partner_organisation: None,
        opens_on: NaiveDate::from_ymd_opt(2026, 9, 5),
        closes_on: NaiveDate::from_ymd_opt(2027, 5, 31),
        state: ClassState::Planned,
    }
}

fn upper() -> programme::Model {
    let mut p = programme::sample("gdtx_upper_secondary", ProgrammeGroup::Diploma);
    p.curriculum_version = Some(CurriculumVersion::Curriculum2018);
    p
}

fn check(mut class: Model, programme: &programme::Model) -> Checks {
    let mut checks = Checks::default();
    check_class(&mut class, programme, &mut checks);
    checks
}

fn problems(class: Model, programme: &programme::Model) -> Vec<(String, &'static str)> {
    check(class, programme).problems.into_iter().map(|p| (p.pointer, p.code)).collect()
}

fn one(pointer: &str, code: &'static str) -> Vec<(String, &'static str)> {
    vec![(pointer.to_owned(), code)]
}

fn weekly(weekday: i32, starts: &str, ends: &str) -> Session {
    Session {
        weekday: Some(weekday),
        date: None,
        starts: starts.to_owned(),
        ends: ends.to_owned(),
        place: None,
        note: None,
    }
}

#[test]
fn the_grade_is_one_of_the_continuing_level_and_of_the_programme() {
    assert_eq!(problems(class(Some("gdtx_grade_10")), &upper()), vec![]);
    assert_eq!(problems(class(Some("grade_10")), &upper()), one("/grade", "grade_of_other_level"));
    assert_eq!(problems(class(Some("gdtx_grade_9")), &upper()), one("/grade", "grade_not_of_programme"));
    assert_eq!(problems(class(None), &upper()), one("/grade", "required"));
    let english = programme::sample("practical_english", ProgrammeGroup::Upgrading);
    assert_eq!(problems(class(None), &english), vec![]);
}

#[test]
fn a_grade_follows_the_curriculum_of_its_year() {
    let mut old = class(Some("gdtx_grade_12"));
    old.school_year = SchoolYear(2023);
    assert_eq!(problems(old, &upper()), one("/schoolYear", "curriculum_not_in_use"));
}

#[test]
fn dates_and_times_are_in_order() {
    let mut wrong = class(Some("gdtx_grade_10"));
    wrong.closes_on = NaiveDate::from_ymd_opt(2026, 9, 4);
    assert_eq!(problems(wrong, &upper()), one("/closesOn", "dates_out_of_order"));
    let timetable = |sessions: Vec<Session>| {
        let mut c = class(Some("gdtx_grade_10"));
        c.timetable = List(sessions);
        c
    };
    let backwards = timetable(vec![weekly(2, "19:00", "18:00")]);
    assert_eq!(problems(backwards, &upper()), one("/timetable/0/ends", "times_out_of_order"));
    let mut both = weekly(2, "18:00", "19:00");
    both.date = NaiveDate::from_ymd_opt(2026, 9, 1);
    assert_eq!(
        problems(timetable(vec![both]), &upper()),
        [("/timetable/0".to_owned(), "weekday_or_date"), ("/timetable/0/date".to_owned(), "date_outside_class")]
    );
}

#[test]
fn overlapping_sessions_are_a_warning() {
    let mut c = class(Some("gdtx_grade_10"));
    // 2026-09-08 is a Tuesday.
    let tuesday = Session { weekday: None, date: NaiveDate::from_ymd_opt(2026, 9, 8), ..weekly(2, "19:30", "20:30") };
    c.timetable = List(vec![weekly(2, "18:00", "20:00"), weekly(2, "20:00", "21:00"), tuesday]);
    let checks = check(c, &upper());
    assert!(checks.is_ok());
    let warned: Vec<_> = checks.warnings.iter().map(|w| (w.pointer.as_str(), w.code)).collect();
    assert_eq!(warned, [("/timetable/2", "sessions_overlap")]);
}

#[test]
fn assignments_name_known_subjects_and_terms() {
    let row = |subject: &str, term| SubjectAssignment { subject: subject.to_owned(), term, teacher_id: None };
    let mut c = class(Some("gdtx_grade_10"));
    c.subject_assignments = List(vec![row("physics", 3), row("physics", 4), row("physik", 1), row("physics", 3)]);
    assert_eq!(
        problems(c, &upper()),
        [
            ("/subjectAssignments/1/term".to_owned(), "term_not_of_programme"),
            ("/subjectAssignments/2/subject".to_owned(), "unknown_code"),
            ("/subjectAssignments/3".to_owned(), "duplicate"),
        ]
    );
    let stage_2 = programme::sample("literacy_stage_2", ProgrammeGroup::Literacy);
    let mut c = class(Some("gdtx_post_literacy"));
    c.subject_assignments = List(vec![row("science", 5), row("science", 3)]);
    assert_eq!(problems(c, &stage_2), one("/subjectAssignments/1/term", "term_of_other_stage"));
}
