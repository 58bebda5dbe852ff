//! Programmes that keep and break the rules of their kind, written from the texts of the law.

use super::{check_programme, check_publication};
use crate::{
    Checks, List,
    programmes::{
        curriculum::{CurriculumVersion, SubjectPresence},
        kind::ProgrammeGroup::{self, Diploma, LearnerNeeds, Literacy, Upgrading},
        programme::{Model, ProgrammeSubject, sample},
    },
};

fn problems(mut programme: Model) -> Vec<(String, &'static str)> {
    let mut checks = Checks::default();
    check_programme(&mut programme, &mut checks);
    checks.problems.into_iter().map(|p| (p.pointer, p.code)).collect()
}

fn with(kind: &str, group: ProgrammeGroup, change: impl FnOnce(&mut Model)) -> Model {
    let mut model = sample(kind, group);
    change(&mut model);
    model
}

fn one(pointer: &str, code: &'static str) -> Vec<(String, &'static str)> {
    vec![(pointer.to_owned(), code)]
}

fn codes(list: &[&str]) -> List<String> {
    List(list.iter().map(|c| (*c).to_owned()).collect())
}

fn upper_secondary(electives: &[&str]) -> Model {
    let row = |subject: &str, presence| ProgrammeSubject { subject: subject.to_owned(), presence, periods: None };
    with("gdtx_upper_secondary", Diploma, |p| {
        p.curriculum_version = Some(CurriculumVersion::Curriculum2018);
        p.grades = codes(&["gdtx_grade_10"]);
        p.topic_clusters = Some(3);
        p.subjects.0 = ["literature", "mathematics", "history"].map(|s| row(s, SubjectPresence::Compulsory)).to_vec();
        p.subjects.0.extend(electives.iter().map(|s| row(s, SubjectPresence::Elective)));
        p.subjects.0.push(row("experience_career", SubjectPresence::Activity));
    })
}

#[test]
fn language_courses_have_a_language_and_a_level_from_1_to_6() {
    let english = |level| {
        with("practical_english", Upgrading, |p| {
            p.language = Some("english".to_owned());
            p.level = Some(level);
        })
    };
    assert_eq!(problems(english(6)), vec![]);
    assert_eq!(problems(english(7)), one("/level", "out_of_range"));
    assert_eq!(problems(sample("practical_english", Upgrading)), one("/language", "required"));
    assert_eq!(problems(with("life_skills", LearnerNeeds, |p| p.level = Some(3))), one("/level", "not_of_this_kind"));
}

#[test]
fn hours_outside_the_suggestion_are_only_a_warning() {
    let mut checks = Checks::default();
    let mut a1 = with("practical_english", Upgrading, |p| {
        p.language = Some("english".to_owned());
        p.level = Some(1);
        p.suggested_hours = Some(151);
    });
    check_programme(&mut a1, &mut checks);
    assert!(checks.is_ok());
    assert_eq!(checks.warnings[0].code, "unusual_hours");
}

#[test]
fn the_basic_it_course_has_all_six_modules() {
    let course = |list: &[&str]| with("it_basic", Upgrading, |p| p.it_modules = codes(list));
    assert_eq!(problems(course(&["iu01", "iu02", "iu03", "iu04", "iu05", "iu06"])), vec![]);
    assert_eq!(problems(course(&["iu01", "iu02", "iu03", "iu04", "iu05"])), one("/itModules", "modules_missing"));
    let unknown = problems(course(&["iu01", "iu02", "iu03", "iu04", "iu05", "iu06", "iu16"]));
    assert_eq!(unknown, one("/itModules/6", "unknown_code"));
}

#[test]
fn grades_belong_to_the_kind() {
    let course = |grade: &str| with("literacy_stage_1", Literacy, |p| p.grades = codes(&[grade]));
    assert_eq!(problems(course("gdtx_grade_3")), vec![]);
    assert_eq!(problems(course("gdtx_grade_4")), one("/grades/0", "grade_not_of_programme"));
}

#[test]
fn joint_training_names_its_partner() {
    assert_eq!(problems(sample("joint_training", Diploma)), one("/partnerOrganisation", "partner_required"));
    let named = with("joint_training", Diploma, |p| p.partner_organisation = Some("Trường đại học mẫu".to_owned()));
    assert_eq!(problems(named), vec![]);
}

#[test]
fn an_upper_secondary_programme_offers_three_compulsory_and_four_electives() {
    assert_eq!(problems(upper_secondary(&["physics", "chemistry", "biology", "geography"])), vec![]);
    assert_eq!(problems(upper_secondary(&["physics", "chemistry", "biology"])), one("/subjects", "electives_missing"));
    let mut no_history = upper_secondary(&["physics", "chemistry", "biology", "geography"]);
    no_history.subjects.0.remove(2);
    no_history.topic_clusters = Some(2);
    assert_eq!(
        problems(no_history),
        [("/subjects".to_owned(), "subject_missing"), ("/topicClusters".to_owned(), "clusters_missing")]
    );
    let mut wrong = upper_secondary(&["physics", "chemistry", "biology", "geography"]);
    wrong.subjects.0[3].presence = SubjectPresence::Compulsory;
    assert_eq!(problems(wrong), one("/subjects/3/presence", "subject_presence"));
}

#[test]
fn what_must_be_published_is_listed_item_by_item() {
    let missing = |p: &Model| {
        let mut checks = Checks::default();
        check_publication(p, &mut checks);
        checks.problems.into_iter().map(|p| p.pointer).collect::<Vec<_>>()
    };
    let seven = ["/aims", "/materials", "/teachers", "/assessment", "/startsOn", "/feeVnd", "/content"];
    assert_eq!(missing(&sample("on_demand", LearnerNeeds)), seven);
    // The text of the literacy programme is the Ministry's own.
    assert_eq!(missing(&sample("literacy_stage_1", Literacy)), seven[..6]);
    let mut ready = sample("on_demand", LearnerNeeds);
    for field in [&mut ready.aims, &mut ready.materials, &mut ready.teachers, &mut ready.assessment, &mut ready.content]
    {
        *field = Some("Đã có".to_owned());
    }
    ready.starts_on = chrono::NaiveDate::from_ymd_opt(2026, 9, 5);
    ready.fee_vnd = Some(0);
    assert_eq!(missing(&ready), Vec::<String>::new());
}
