//! Results against the texts: which programme has which terms, and what a level, a title and going up take.

use chrono::DateTime;
use sea_orm::prelude::Uuid;

use super::{OfYear, Setting, check_result};
use crate::{
    Checks, Decimal2, List,
    learners::{
        literacy::LiteracyResult,
        result::{AcademicLevel, ConductLevel, LearnerTitle, Model, ResultTerm, SubjectScore},
    },
};

const UPPER: Setting<'_> = Setting {
    programme_kind: Some("gdtx_upper_secondary"),
    subjects: &[],
    is_curriculum_2018: true,
    of_year: OfYear { days_absent: None, promoted: None },
    sees_levels: true,
    sees_conduct: true,
};

fn of(term: ResultTerm) -> Model {
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
        enrolment_id: Uuid::nil(),
        term,
        class_id: Uuid::nil(),
        learner_id: Uuid::nil(),
        overall_score: None,
        academic_level: None,
        conduct_level: None,
        literacy_result: None,
        title: None,
        days_absent: None,
        promoted: None,
        must_retrain_conduct: None,
        eligible_for_graduation: None,
        subject_scores: List::default(),
        remark: None,
        envelope: None,
    }
}

/// Scores in hundredths, each of another subject.
fn scores(values: &[i64]) -> List<SubjectScore> {
    const SUBJECTS: [&str; 7] =
        ["literature", "mathematics", "history", "geography", "physics", "chemistry", "biology"];
    let score =
        |(subject, value): (&&str, &i64)| SubjectScore { subject: (*subject).to_owned(), score: Decimal2(*value) };
    List(SUBJECTS.iter().zip(values).map(score).collect())
}

fn faults(result: &Model, setting: Setting<'_>) -> Vec<(String, &'static str)> {
    let mut checks = Checks::default();
    check_result(result, setting, &mut checks);
    checks.problems.into_iter().map(|problem| (problem.pointer, problem.code)).collect()
}

fn fault(pointer: &str, code: &'static str) -> Vec<(String, &'static str)> {
    vec![(pointer.to_owned(), code)]
}

#[test]
fn stage_1_has_terms_1_to_3_and_stage_2_terms_4_and_5() {
    for (kind, terms) in [("literacy_stage_1", 1..=3), ("literacy_stage_2", 4..=5), ("gdtx_upper_secondary", 0..=0)] {
        for term in ResultTerm::ALL.iter().copied() {
            let literacy_result = term.of_literacy().map(|_| LiteracyResult::Completed);
            let found = faults(&Model { literacy_result, ..of(term) }, Setting { programme_kind: Some(kind), ..UPPER });
            let fits = terms.contains(&term.of_literacy().unwrap_or(0));
            assert_eq!(found, if fits { vec![] } else { fault("/term", "term_not_of_programme") }, "{kind} {term}");
        }
    }
}

#[test]
fn literacy_terms_have_their_own_result_and_no_other() {
    let literacy = Setting { programme_kind: Some("literacy_stage_1"), ..UPPER };
    assert_eq!(faults(&of(ResultTerm::Literacy1), literacy), fault("/literacyResult", "required"));
    let both = Model {
        literacy_result: Some(LiteracyResult::NotCompleted),
        academic_level: Some(AcademicLevel::Pass),
        ..of(ResultTerm::Literacy1)
    };
    assert_eq!(faults(&both, literacy), fault("/academicLevel", "not_allowed_here"));
    let year = Model { literacy_result: Some(LiteracyResult::Completed), ..of(ResultTerm::Year) };
    assert_eq!(faults(&year, UPPER), fault("/literacyResult", "not_allowed_here"));
}

#[test]
fn a_term_decides_neither_on_going_up_nor_on_titles() {
    let told = |term| Model { promoted: Some(true), eligible_for_graduation: Some(true), ..of(term) };
    assert_eq!(faults(&told(ResultTerm::Year), UPPER), vec![]);
    assert_eq!(faults(&told(ResultTerm::Retest), UPPER), vec![]);
    let at_term: Vec<_> = faults(&told(ResultTerm::Term2), UPPER);
    assert_eq!(
        at_term,
        [fault("/promoted", "not_allowed_here"), fault("/eligibleForGraduation", "not_allowed_here")].concat()
    );
}

#[test]
fn scores_have_one_decimal_and_a_subject_one_score() {
    let mut result =
        Model { overall_score: Some(Decimal2(765)), subject_scores: scores(&[700, 655]), ..of(ResultTerm::Term1) };
    result.subject_scores.0[0].subject = "mathematics".to_owned();
    let found = faults(&result, UPPER);
    let wanted = [
        fault("/overallScore", "too_fine"),
        fault("/subjectScores/1/score", "too_fine"),
        fault("/subjectScores/1/subject", "duplicate"),
    ];
    assert_eq!(found, wanted.concat());
    result.subject_scores.0[0].subject = "no_such".to_owned();
    assert!(faults(&result, UPPER).contains(&("/subjectScores/0/subject".to_owned(), "unknown_code")));
    let physics = Model { subject_scores: scores(&[700, 650, 800, 750, 600]), ..of(ResultTerm::Term1) };
    let taught = ["literature", "mathematics", "history", "geography"];
    let found = faults(&physics, Setting { subjects: &taught, ..UPPER });
    assert_eq!(found, fault("/subjectScores/4/subject", "subject_not_of_programme"));
}

#[test]
fn the_level_good_takes_six_and_a_half_in_every_subject() {
    let good = |values: &[i64]| Model {
        academic_level: Some(AcademicLevel::Good),
        subject_scores: scores(values),
        ..of(ResultTerm::Term1)
    };
    assert_eq!(faults(&good(&[650, 900, 900, 900, 900, 900]), UPPER), vec![]);
    assert_eq!(faults(&good(&[640, 900, 900, 900, 900, 900]), UPPER), fault("/academicLevel", "level_not_reached"));
    let with_mean = |mean| Model { overall_score: Some(Decimal2(mean)), ..good(&[]) };
    assert_eq!(faults(&with_mean(650), UPPER), vec![]);
    assert_eq!(faults(&with_mean(640), UPPER), fault("/academicLevel", "level_not_reached"));
    // Grades that follow the curriculum of 2006 are assessed by older rules.
    assert_eq!(faults(&good(&[640]), Setting { is_curriculum_2018: false, ..UPPER }), vec![]);
}

#[test]
fn going_up_takes_pass_in_learning_and_conduct_and_at_most_45_sessions_missed() {
    let up = |academic, conduct, days| Model {
        promoted: Some(true),
        academic_level: Some(academic),
        conduct_level: Some(conduct),
        days_absent: Some(days),
        ..of(ResultTerm::Year)
    };
    let refused = fault("/promoted", "promotion_not_allowed");
    assert_eq!(faults(&up(AcademicLevel::Pass, ConductLevel::Pass, 45), UPPER), vec![]);
    assert_eq!(faults(&up(AcademicLevel::Pass, ConductLevel::Pass, 46), UPPER), refused);
    assert_eq!(faults(&up(AcademicLevel::Fail, ConductLevel::Pass, 0), UPPER), refused);
    let badly = up(AcademicLevel::Pass, ConductLevel::Fail, 0);
    assert_eq!(faults(&badly, UPPER), refused);
    let trains_again = |conduct| Model {
        promoted: Some(false),
        conduct_level: Some(conduct),
        must_retrain_conduct: Some(true),
        ..of(ResultTerm::Year)
    };
    assert_eq!(faults(&trains_again(ConductLevel::Fail), UPPER), vec![]);
    assert_eq!(faults(&trains_again(ConductLevel::Pass), UPPER), fault("/mustRetrainConduct", "conduct_not_failed"));
    assert_eq!(faults(&Model { promoted: Some(true), ..trains_again(ConductLevel::Fail) }, UPPER), refused);
    assert_eq!(faults(&badly, Setting { sees_levels: false, ..UPPER }), vec![]);
    // Tests in summer make up for no sessions.
    let of_year = |days| OfYear { days_absent: Some(days), promoted: Some(false) };
    let retest = Model { term: ResultTerm::Retest, ..up(AcademicLevel::Pass, ConductLevel::Pass, 0) };
    assert_eq!(faults(&retest, Setting { of_year: of_year(45), ..UPPER }), vec![]);
    assert_eq!(faults(&retest, Setting { of_year: of_year(46), ..UPPER }), refused);
    // To who may not know it, nothing tells how somebody behaved.
    assert_eq!(faults(&badly, Setting { sees_conduct: false, ..UPPER }), vec![]);
}

#[test]
fn titles_take_good_in_both_and_excellence_nine_in_five_subjects() {
    let titled = |title, conduct, values: &[i64]| Model {
        title: Some(title),
        academic_level: Some(AcademicLevel::Good),
        conduct_level: Some(conduct),
        subject_scores: scores(values),
        ..of(ResultTerm::Year)
    };
    let refused = fault("/title", "title_not_earned");
    let five = [900, 900, 900, 900, 900, 800];
    let four = [900, 900, 900, 900, 890, 800];
    assert_eq!(faults(&titled(LearnerTitle::Excellent, ConductLevel::Good, &five), UPPER), vec![]);
    assert_eq!(faults(&titled(LearnerTitle::Excellent, ConductLevel::Good, &four), UPPER), refused);
    assert_eq!(faults(&titled(LearnerTitle::Good, ConductLevel::Good, &four), UPPER), vec![]);
    assert_eq!(faults(&titled(LearnerTitle::Good, ConductLevel::Fair, &four), UPPER), refused);
}
