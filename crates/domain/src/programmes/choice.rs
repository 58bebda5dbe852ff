//! The subjects an upper secondary learner takes under the curriculum of 2018
//! (TT 12/2022/TT-BGDĐT): a choice that a school-year record must get right from the start.

use super::curriculum::{
    Curriculum, CurriculumVersion, SubjectPresence, find_curriculum, find_subject, require_subject,
};
use crate::Checks;

/// What one learner takes in one grade, and where each list stands in the body.
#[derive(Clone, Copy, Debug)]
pub struct SubjectChoice<'a> {
    /// JSON Pointer of the subjects, e.g. `/chosenSubjects`.
    pub subjects_at: &'a str,
    /// Subject codes: the compulsory three, four electives, and any optional ones beside them.
    pub subjects: &'a [&'a str],
    /// JSON Pointer of the clusters, e.g. `/topicClusters`.
    pub clusters_at: &'a str,
    /// Subjects whose cluster of topics (35 periods a year) the learner takes: three.
    pub clusters: &'a [&'a str],
}

/// Refuses anything but 3 compulsory + 4 different electives and 3 clusters of chosen subjects.
///
/// Optional subjects are allowed and do not count. A cluster lasts a whole year per subject, so
/// two clusters of the same subject in one grade are refused.
pub fn check_choice(choice: SubjectChoice<'_>, checks: &mut Checks) {
    let Some(curriculum) = find_curriculum("gdtx_upper_secondary", CurriculumVersion::Curriculum2018) else { return };
    check_subjects(choice, curriculum, checks);
    check_clusters(choice, curriculum, checks);
}

fn check_subjects(choice: SubjectChoice<'_>, curriculum: &Curriculum, checks: &mut Checks) {
    let mut electives = 0;
    for (i, code) in choice.subjects.iter().enumerate() {
        let pointer = format!("{}/{i}", choice.subjects_at);
        if choice.subjects[..i].contains(code) {
            checks.refuse(&pointer, "duplicate", "Môn học bị lặp.", "The subject occurs twice.");
            continue;
        }
        match curriculum.presence(code) {
            Some(SubjectPresence::Elective) => electives += 1,
            Some(_) => {}
            None => {
                if require_subject(&pointer, code, &[], checks) {
                    checks.refuse(
                        &pointer,
                        "subject_not_of_curriculum",
                        "Môn học không có trong chương trình GDTX cấp THPT 2018.",
                        "The subject is not part of the upper secondary curriculum of 2018.",
                    );
                }
            }
        }
    }
    for needed in curriculum.compulsory.iter().filter(|c| !choice.subjects.contains(&c.as_str())) {
        let (vi, en) = find_subject(needed).map_or((needed, needed), |s| (&s.label_vi, &s.label_en));
        checks.refuse(
            choice.subjects_at,
            "subject_missing",
            format!("Thiếu môn học bắt buộc: {vi}."),
            format!("A compulsory subject is missing: {en}."),
        );
    }
    let required = curriculum.electives_required;
    if electives != required {
        checks.refuse(
            choice.subjects_at,
            "elective_count",
            format!("Phải chọn đúng {required} môn lựa chọn; đang có {electives}."),
            format!("Exactly {required} elective subjects are chosen; there are {electives}."),
        );
    }
}

fn check_clusters(choice: SubjectChoice<'_>, curriculum: &Curriculum, checks: &mut Checks) {
    for (i, code) in choice.clusters.iter().enumerate() {
        let pointer = format!("{}/{i}", choice.clusters_at);
        let counted =
            matches!(curriculum.presence(code), Some(SubjectPresence::Compulsory | SubjectPresence::Elective));
        if choice.clusters[..i].contains(code) {
            checks.refuse(&pointer, "duplicate", "Cụm chuyên đề bị lặp.", "The cluster of topics occurs twice.");
        } else if !counted || !choice.subjects.contains(code) {
            checks.refuse(
                &pointer,
                "cluster_of_other_subject",
                "Cụm chuyên đề phải thuộc một môn bắt buộc hoặc lựa chọn mà học viên học.",
                "A cluster of topics must belong to a compulsory or elective subject the learner takes.",
            );
        }
    }
    if let Some(n) = curriculum.clusters_per_grade
        && usize::try_from(n) != Ok(choice.clusters.len())
    {
        let have = choice.clusters.len();
        checks.refuse(
            choice.clusters_at,
            "cluster_count",
            format!("Phải chọn đúng {n} cụm chuyên đề; đang có {have}."),
            format!("Exactly {n} clusters of topics are chosen; there are {have}."),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{SubjectChoice, check_choice};
    use crate::Checks;

    fn problems(subjects: &[&str], clusters: &[&str]) -> Vec<(String, &'static str)> {
        let choice = SubjectChoice { subjects_at: "/subjects", subjects, clusters_at: "/topicClusters", clusters };
        let mut checks = Checks::default();
        check_choice(choice, &mut checks);
        checks.problems.into_iter().map(|p| (p.pointer, p.code)).collect()
    }

    const SEVEN: [&str; 7] =
        ["literature", "mathematics", "history", "geography", "physics", "chemistry", "informatics"];

    #[test]
    fn three_and_four_with_three_clusters_pass() {
        assert_eq!(problems(&SEVEN, &["literature", "physics", "informatics"]), vec![]);
        let with_language = [&SEVEN[..], &["foreign_language"]].concat();
        assert_eq!(problems(&with_language, &["literature", "physics", "history"]), vec![]);
    }

    #[test]
    fn the_number_of_electives_is_exact() {
        let clusters = ["literature", "mathematics", "history"];
        assert_eq!(problems(&SEVEN[..6], &clusters), [("/subjects".to_owned(), "elective_count")]);
        let eight = [&SEVEN[..], &["biology"]].concat();
        assert_eq!(problems(&eight, &clusters), [("/subjects".to_owned(), "elective_count")]);
        let twice = ["literature", "mathematics", "history", "geography", "physics", "chemistry", "physics"];
        assert_eq!(
            problems(&twice, &clusters),
            [("/subjects/6".to_owned(), "duplicate"), ("/subjects".to_owned(), "elective_count")]
        );
    }

    #[test]
    fn a_compulsory_subject_cannot_be_left_out() {
        assert_eq!(
            problems(&SEVEN[1..], &["mathematics", "history", "physics"]),
            [("/subjects".to_owned(), "subject_missing")]
        );
        let lower = [&SEVEN[..], &["civic_education"]].concat();
        assert_eq!(
            problems(&lower, &["mathematics", "history", "physics"]),
            [("/subjects/7".to_owned(), "subject_not_of_curriculum")]
        );
    }

    #[test]
    fn clusters_belong_to_chosen_subjects() {
        assert_eq!(
            problems(&SEVEN, &["literature", "biology", "history"]),
            [("/topicClusters/1".to_owned(), "cluster_of_other_subject")]
        );
        assert_eq!(problems(&SEVEN, &["literature", "history"]), [("/topicClusters".to_owned(), "cluster_count")]);
        assert_eq!(
            problems(&SEVEN, &["literature", "history", "history"]),
            [("/topicClusters/2".to_owned(), "duplicate")]
        );
    }
}
