//! Subjects, literacy stages and the two curricula, with the school year each grade changed over.

use async_graphql::SimpleObject;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::kind::{CATALOGUE, refuse_code};
use crate::{Checks, Mark, SchoolYear, code_enum};

code_enum! {
    /// Which general-education curriculum a diploma programme follows.
    CurriculumVersion {
        /// The curriculum of 2006.
        Curriculum2006 = "curriculum_2006" ("Chương trình 2006", "Curriculum of 2006"),
        /// The curriculum of 2018 (for GDTX: TT 36/2021 and TT 12/2022).
        Curriculum2018 = "curriculum_2018" ("Chương trình 2018", "Curriculum of 2018"),
    }
}

code_enum! {
    /// How a subject stands in a programme.
    SubjectPresence {
        /// Môn học bắt buộc.
        Compulsory = "compulsory" ("Bắt buộc", "Compulsory"),
        /// Môn học lựa chọn: a learner takes a fixed number of them.
        Elective = "elective" ("Lựa chọn", "Elective"),
        /// Môn học tự chọn: offered beside the required number.
        Optional = "optional" ("Tự chọn", "Optional"),
        /// Hoạt động giáo dục.
        Activity = "activity" ("Hoạt động giáo dục", "Activity"),
    }
}

/// A subject or activity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Subject {
    /// Stable code, e.g. `mathematics`.
    pub code: String,
    pub label_vi: String,
    pub label_en: String,
    /// The Ministry's code for continuing education (`DM_MON_HOC`), where the list has one.
    pub official_code: Option<String>,
}

/// A subject of a literacy stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StageSubject {
    /// Subject code.
    pub subject: String,
    /// Periods in the whole stage; absent where the split was not read.
    pub periods: Option<i32>,
}

/// A stage of the literacy programme (TT 33/2021/TT-BGDĐT).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LiteracyStage {
    /// Code of the programme kind.
    pub programme_kind: String,
    /// Terms (kỳ) of the stage.
    pub terms: Vec<i32>,
    /// Periods of the whole stage.
    pub periods: i32,
    /// Literacy level reached on completion (NĐ 20/2014 art. 19).
    pub literacy_level: String,
    /// Grades of primary school the stage equals.
    pub primary_grades: Vec<i32>,
    pub subjects: Vec<StageSubject>,
    pub mark: Mark,
    pub note: Option<String>,
}

/// The first school year in which a grade follows a curriculum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GradeRollOut {
    /// Grade code (`DM_KHOI`).
    pub grade: String,
    /// First school year.
    pub from: SchoolYear,
}

/// What a diploma programme teaches under one version of the curriculum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Curriculum {
    /// Code of the programme kind.
    pub programme_kind: String,
    pub version: CurriculumVersion,
    pub document: Option<String>,
    pub mark: Mark,
    pub note: Option<String>,
    /// Subjects every learner takes; empty when not known.
    #[serde(default)]
    pub compulsory: Vec<String>,
    /// Subjects of which each learner takes `electivesRequired`.
    #[serde(default)]
    pub electives: Vec<String>,
    #[serde(default)]
    pub electives_required: i32,
    /// Subjects that may be taught beside them.
    #[serde(default)]
    pub optional: Vec<String>,
    /// Activities of the curriculum.
    #[serde(default)]
    pub activities: Vec<String>,
    /// The activities that must be held.
    #[serde(default)]
    pub compulsory_activities: Vec<String>,
    /// Clusters of topics (chuyên đề) each learner takes per grade.
    pub clusters_per_grade: Option<i32>,
    /// Periods of one cluster per school year.
    pub periods_per_cluster: Option<i32>,
    /// Weeks of class in a school year.
    pub weeks: Option<i32>,
    /// The most periods in one session; there is one session a day.
    pub periods_per_session: Option<i32>,
    pub minutes_per_period: Option<i32>,
    /// First school year per grade; empty for the version that was replaced.
    #[serde(default)]
    pub roll_out: Vec<GradeRollOut>,
}

impl Curriculum {
    /// Whether the subjects are known, so that a programme can be checked against them.
    pub fn subjects_known(&self) -> bool {
        !self.compulsory.is_empty()
    }

    /// How this curriculum places a subject.
    pub fn presence(&self, subject: &str) -> Option<SubjectPresence> {
        let has = |list: &[String]| list.iter().any(|s| s == subject);
        if has(&self.compulsory) {
            Some(SubjectPresence::Compulsory)
        } else if has(&self.electives) {
            Some(SubjectPresence::Elective)
        } else if has(&self.optional) {
            Some(SubjectPresence::Optional)
        } else if has(&self.activities) {
            Some(SubjectPresence::Activity)
        } else {
            None
        }
    }
}

/// Every subject.
pub fn subjects() -> &'static [Subject] {
    &CATALOGUE.subjects
}

/// The subject with this code.
pub fn find_subject(code: &str) -> Option<&'static Subject> {
    subjects().iter().find(|s| s.code == code)
}

/// Checks the code of a subject, and that it is one of those that are offered, where any are named; tells whether it is.
pub fn require_subject(pointer: &str, code: &str, offered: &[&str], checks: &mut Checks) -> bool {
    if find_subject(code).is_none() {
        refuse_code(pointer, code, subjects().iter().map(|s| s.code.as_str()), checks);
        return false;
    }
    let is_offered = offered.is_empty() || offered.contains(&code);
    if !is_offered {
        checks.refuse(
            pointer,
            "subject_not_of_programme",
            "Môn học không có trong chương trình của lớp.",
            "The subject is not part of the programme of the class.",
        );
    }
    is_offered
}

/// The stages of the literacy programme.
pub fn literacy_stages() -> &'static [LiteracyStage] {
    &CATALOGUE.stages
}

/// Every curriculum.
pub fn curricula() -> &'static [Curriculum] {
    &CATALOGUE.curricula
}

/// The curriculum of a programme kind in one version.
pub fn find_curriculum(programme_kind: &str, version: CurriculumVersion) -> Option<&'static Curriculum> {
    curricula().iter().find(|c| c.programme_kind == programme_kind && c.version == version)
}

/// The version a grade follows in a school year, `None` for kinds without a curriculum.
pub fn version_for(programme_kind: &str, grade: &str, year: SchoolYear) -> Option<CurriculumVersion> {
    let new = find_curriculum(programme_kind, CurriculumVersion::Curriculum2018)?;
    let row = new.roll_out.iter().find(|r| r.grade == grade)?;
    Some(if year >= row.from { CurriculumVersion::Curriculum2018 } else { CurriculumVersion::Curriculum2006 })
}

#[cfg(test)]
mod tests {
    use super::{CurriculumVersion, curricula, find_curriculum, find_subject, literacy_stages, version_for};
    use crate::{SchoolYear, programmes::kind};

    #[test]
    fn the_literacy_programme_has_1954_periods_in_five_terms() {
        let stages = literacy_stages();
        assert_eq!(stages.iter().map(|s| s.periods).collect::<Vec<_>>(), [1005, 949]);
        assert_eq!(stages.iter().map(|s| s.periods).sum::<i32>(), 1954);
        assert_eq!(stages.iter().flat_map(|s| s.terms.clone()).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    }

    #[test]
    fn grades_change_over_one_by_one() {
        use CurriculumVersion::{Curriculum2006, Curriculum2018};
        let at = |kind, grade, year| version_for(kind, grade, SchoolYear(year));
        assert_eq!(at("gdtx_upper_secondary", "gdtx_grade_11", 2022), Some(Curriculum2006));
        assert_eq!(at("gdtx_upper_secondary", "gdtx_grade_11", 2023), Some(Curriculum2018));
        assert_eq!(at("gdtx_lower_secondary", "gdtx_grade_6", 2021), Some(Curriculum2018));
        assert_eq!(at("gdtx_lower_secondary", "gdtx_grade_9", 2023), Some(Curriculum2006));
        assert_eq!(at("practical_english", "gdtx_grade_9", 2023), None);
    }

    #[test]
    fn every_named_subject_and_kind_exists() {
        for c in curricula() {
            assert!(kind::find(&c.programme_kind).is_some());
            for s in c.compulsory.iter().chain(&c.electives).chain(&c.optional).chain(&c.activities) {
                assert!(find_subject(s).is_some(), "{s}");
            }
        }
        for s in literacy_stages().iter().flat_map(|s| &s.subjects) {
            assert!(find_subject(&s.subject).is_some(), "{}", s.subject);
        }
        let upper = find_curriculum("gdtx_upper_secondary", CurriculumVersion::Curriculum2018);
        assert_eq!(upper.map(|c| (c.compulsory.len(), c.electives.len(), c.electives_required)), Some((3, 7, 4)));
    }
}
