//! What a result may say, by its term, by the programme, and by the rules of assessment.
//!
//! TT 43/2021/TT-BGDĐT assesses learners of secondary programmes from the grades on that follow the
//! curriculum of 2018; TT 10/2022/TT-BGDĐT those of the literacy programme. Of the bounds of the levels
//! only those are held against a result that were read in the text.

use std::collections::BTreeSet;

use super::result::{AcademicLevel, ConductLevel, LearnerTitle, Model, ResultTerm, SubjectScore};
use crate::{
    Checks, Decimal2,
    programmes::curriculum::{literacy_stages, require_subject},
};

/// What the result of a year says of who goes up.
#[derive(Clone, Copy, Debug, Default)]
pub struct OfYear {
    pub days_absent: Option<i32>,
    pub promoted: Option<bool>,
}

/// What a result is judged by.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// Code of the kind of programme; none where the programme is out of sight.
    pub programme_kind: Option<&'a str>,
    /// Codes of the subjects of the programme; none where it names none.
    pub subjects: &'a [&'a str],
    /// Whether the class follows the curriculum of 2018.
    pub is_curriculum_2018: bool,
    /// What the result of the year says, for one after the tests in summer.
    pub of_year: OfYear,
    /// Whether the sender may know the levels, or tells all of them: a refusal would tell them.
    pub sees_levels: bool,
    /// Whether the sender may know how somebody behaved, or tells it.
    pub sees_conduct: bool,
}

/// Scores in one result at most: more than there are subjects.
const MOST_SCORES: usize = 50;
/// No mean of a subject lies below for the level “good” (TT 43/2021/TT-BGDĐT), in hundredths.
const LEAST_OF_GOOD: Decimal2 = Decimal2(650);
/// The most sessions missed of who goes up (TT 43/2021/TT-BGDĐT art. 11).
const MOST_ABSENT: i32 = 45;
/// An excellent learner has this mean or more (TT 43/2021/TT-BGDĐT art. 14), in hundredths ...
const EXCELLENT: Decimal2 = Decimal2(900);
/// ... in so many subjects.
const EXCELLENT_SUBJECTS: usize = 5;

/// Checks a result against its setting.
pub fn check_result(result: &Model, setting: Setting<'_>, checks: &mut Checks) {
    check_term(result, setting.programme_kind, checks);
    check_scores(result.overall_score, &result.subject_scores.0, setting.subjects, checks);
    if setting.is_curriculum_2018 && setting.sees_levels && result.term.of_literacy().is_none() {
        check_levels(result, setting, checks);
    }
}

/// Which terms a programme has, and what is told of each.
fn check_term(result: &Model, programme_kind: Option<&str>, checks: &mut Checks) {
    let (term, label) = (result.term.of_literacy(), result.term.label());
    let stage = literacy_stages().iter().find(|stage| Some(stage.programme_kind.as_str()) == programme_kind);
    let terms = stage.map(|stage| stage.terms.as_slice()).unwrap_or_default();
    let fits = term.map_or(terms.is_empty(), |term| terms.contains(&i32::from(term)));
    if programme_kind.is_some() && !fits {
        checks.refuse(
            "/term",
            "term_not_of_programme",
            format!("Chương trình của lớp không có “{}”.", label.vi),
            format!("The programme of the class has no “{}”.", label.en),
        );
    }
    let belongs = |pointer: &str, is_told: bool, may: bool, checks: &mut Checks| {
        if is_told && !may {
            checks.refuse(
                pointer,
                "not_allowed_here",
                format!("Trường này không dùng cho “{}”.", label.vi),
                format!("This field does not belong to “{}”.", label.en),
            );
        }
    };
    if term.is_some() {
        checks.required("/literacyResult", result.literacy_result.as_ref());
    }
    belongs("/literacyResult", result.literacy_result.is_some(), term.is_some(), checks);
    belongs("/academicLevel", result.academic_level.is_some(), term.is_none(), checks);
    belongs("/conductLevel", result.conduct_level.is_some(), term.is_none(), checks);
    for (pointer, is_told) in [
        ("/title", result.title.is_some()),
        ("/promoted", result.promoted.is_some()),
        ("/mustRetrainConduct", result.must_retrain_conduct.is_some()),
        ("/eligibleForGraduation", result.eligible_for_graduation.is_some()),
    ] {
        belongs(pointer, is_told, result.term.ends_year(), checks);
    }
}

/// Scores have one decimal, and each subject of the programme has one.
fn check_scores(overall: Option<Decimal2>, scores: &[SubjectScore], subjects: &[&str], checks: &mut Checks) {
    if scores.len() > MOST_SCORES {
        checks.refuse(
            "/subjectScores",
            "too_many",
            format!("Nhiều nhất {MOST_SCORES} môn."),
            format!("At most {MOST_SCORES} subjects."),
        );
        return;
    }
    let mut finer = |pointer: &str, score: Decimal2| {
        if score.0 % 10 != 0 {
            checks.refuse(pointer, "too_fine", "Điểm lấy đến một chữ số thập phân.", "A score has one decimal.");
        }
    };
    if let Some(overall) = overall {
        finer("/overallScore", overall);
    }
    for (i, score) in scores.iter().enumerate() {
        finer(&format!("/subjectScores/{i}/score"), score.score);
    }
    let mut seen = BTreeSet::new();
    for (i, SubjectScore { subject, .. }) in scores.iter().enumerate() {
        let pointer = format!("/subjectScores/{i}/subject");
        if require_subject(&pointer, subject, subjects, checks) && !seen.insert(subject.as_str()) {
            checks.refuse(&pointer, "duplicate", "Giá trị bị lặp.", "The value occurs twice.");
        }
    }
}

/// Whether the levels, who goes up and the title fit each other.
fn check_levels(result: &Model, Setting { sees_conduct, of_year, .. }: Setting<'_>, checks: &mut Checks) {
    let (academic, conduct) = (result.academic_level, result.conduct_level.filter(|_| sees_conduct));
    let scores = &result.subject_scores.0;
    // No mean lies below all that it is of.
    let mut means = scores.iter().map(|score| score.score).chain(result.overall_score);
    if academic == Some(AcademicLevel::Good) && means.any(|mean| mean < LEAST_OF_GOOD) {
        checks.refuse(
            "/academicLevel",
            "level_not_reached",
            "Mức Tốt đòi hỏi mọi môn, và do đó điểm tổng kết, từ 6,5 trở lên (TT 43/2021/TT-BGDĐT).",
            "The level “good” takes 6.5 or more in every subject, and so in their mean (TT 43/2021/TT-BGDĐT).",
        );
    }
    let is_behind = academic == Some(AcademicLevel::Fail)
        || conduct == Some(ConductLevel::Fail)
        || result.must_retrain_conduct == Some(true)
        || result.days_absent.max(of_year.days_absent).is_some_and(|days| days > MOST_ABSENT);
    if result.promoted == Some(true) && is_behind {
        checks.refuse(
            "/promoted",
            "promotion_not_allowed",
            format!(
                "Lên lớp đòi hỏi kết quả học tập và rèn luyện từ Đạt trở lên và nghỉ không quá {MOST_ABSENT} buổi \
                 (TT 43/2021/TT-BGDĐT điều 11)."
            ),
            format!(
                "Going up takes “pass” or more in learning and conduct, and no more than {MOST_ABSENT} sessions missed \
                 (TT 43/2021/TT-BGDĐT art. 11)."
            ),
        );
    }
    if result.must_retrain_conduct == Some(true) && conduct.is_some_and(|level| level != ConductLevel::Fail) {
        checks.refuse(
            "/mustRetrainConduct",
            "conduct_not_failed",
            "Chỉ rèn luyện lại khi kết quả rèn luyện cả năm Chưa đạt (TT 43/2021/TT-BGDĐT điều 12).",
            "Conduct is trained again where that of the year is “fail” only (TT 43/2021/TT-BGDĐT art. 12).",
        );
    }
    if result.term == ResultTerm::Retest && of_year.promoted == Some(true) {
        checks.warn(
            "/term",
            "promoted_already",
            "Kết quả cả năm đã cho lên lớp; không cần thi lại.",
            "By the result of the year the learner goes up already: no test in summer is needed.",
        );
    }
    let excellent = scores.iter().filter(|score| score.score >= EXCELLENT).count();
    let earned = |title| {
        academic.is_none_or(|level| level == AcademicLevel::Good)
            && conduct.is_none_or(|level| level == ConductLevel::Good)
            && (title == LearnerTitle::Good || scores.is_empty() || excellent >= EXCELLENT_SUBJECTS)
    };
    if result.title.is_some_and(|title| !earned(title)) {
        checks.refuse(
            "/title",
            "title_not_earned",
            "Danh hiệu đòi hỏi học tập và rèn luyện mức Tốt; Học viên Xuất sắc cần ít nhất 5 môn từ 9,0 trở lên \
             (TT 43/2021/TT-BGDĐT điều 14).",
            "A title takes “good” in learning and conduct; an excellent learner has 9.0 or more in at least 5 subjects \
             (TT 43/2021/TT-BGDĐT art. 14).",
        );
    }
}

#[cfg(test)]
mod tests;
