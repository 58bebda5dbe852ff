//! The list of programme kinds, with the document behind each and what each may hold.
//!
//! It is data: code only looks it up. The four groups of the law are an enum, since who may
//! run a programme depends on them.

use std::sync::LazyLock;

use async_graphql::SimpleObject;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    curriculum::{Curriculum, LiteracyStage, Subject},
    level::{ItModule, LanguageLevel},
};
use crate::{Checks, Mark, code_enum};

code_enum! {
    /// The four groups of continuing education programmes (Luật Giáo dục 43/2019/QH14 art. 43 cl. 1).
    ProgrammeGroup {
        /// Point a: literacy.
        Literacy = "literacy" ("Chương trình xoá mù chữ", "Literacy"),
        /// Point b: what learners ask for; updating of knowledge and skills; transfer of technology.
        LearnerNeeds = "learner_needs" (
            "Đáp ứng yêu cầu của người học; cập nhật kiến thức, kỹ năng, chuyển giao công nghệ",
            "Learners' needs; updating of knowledge and skills, transfer of technology"
        ),
        /// Point c: professional upgrading, languages and IT among it.
        Upgrading = "upgrading" (
            "Đào tạo, bồi dưỡng nâng cao trình độ chuyên môn, nghiệp vụ",
            "Professional training and upgrading"
        ),
        /// Point d: leading to a diploma of the national education system.
        Diploma = "diploma" (
            "Chương trình để lấy văn bằng của hệ thống giáo dục quốc dân",
            "Leading to a diploma of the national education system"
        ),
    }
}

impl ProgrammeGroup {
    /// The point of art. 43 cl. 1 that names the group.
    pub const fn law_letter(self) -> &'static str {
        match self {
            Self::Literacy => "a",
            Self::LearnerNeeds => "b",
            Self::Upgrading => "c",
            Self::Diploma => "d",
        }
    }
}

/// A kind of programme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProgrammeKind {
    /// Stable code, e.g. `gdtx_upper_secondary`.
    pub code: String,
    /// The group of Luật Giáo dục 2019 art. 43 cl. 1.
    pub group: ProgrammeGroup,
    pub label_vi: String,
    pub label_en: String,
    /// The document that issues or regulates the programme.
    pub document: Option<String>,
    /// The day from which that document is in force, where it was read.
    pub in_force_from: Option<NaiveDate>,
    /// How well the row is attested.
    pub mark: Mark,
    pub note: Option<String>,
    /// Whether the Ministry itself issues the programme text.
    #[serde(default)]
    pub national: bool,
    /// Grades that belong to the kind (`DM_KHOI`, continuing level); empty when it has none.
    #[serde(default)]
    pub grades: Vec<String>,
    /// Levels of the six-level language framework; empty when the kind has none.
    #[serde(default)]
    pub levels: Vec<i32>,
    /// Languages (`DM_NGOAI_NGU`, `DM_TIENG_DAN_TOC`); empty when the kind teaches none.
    #[serde(default)]
    pub languages: Vec<String>,
    /// Whether a partner institution awards the diploma and must be named.
    #[serde(default)]
    pub needs_partner: bool,
    /// Credential kinds the programme can end with.
    #[serde(default)]
    pub results: Vec<String>,
}

/// The lists behind the programmes, read once from `rules/programme_kinds.toml`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Catalogue {
    #[serde(rename = "kind")]
    pub kinds: Vec<ProgrammeKind>,
    #[serde(rename = "stage")]
    pub stages: Vec<LiteracyStage>,
    #[serde(rename = "subject")]
    pub subjects: Vec<Subject>,
    #[serde(rename = "curriculum")]
    pub curricula: Vec<Curriculum>,
    #[serde(rename = "languageLevel")]
    pub language_levels: Vec<LanguageLevel>,
    #[serde(rename = "itModule")]
    pub it_modules: Vec<ItModule>,
}

pub(super) static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    toml::from_str(include_str!("../../rules/programme_kinds.toml"))
        .unwrap_or_else(|error| panic!("rules/programme_kinds.toml: {error}"))
});

/// Every kind, in the order of the law.
pub fn all() -> &'static [ProgrammeKind] {
    &CATALOGUE.kinds
}

/// The kind with this code.
pub fn find(code: &str) -> Option<&'static ProgrammeKind> {
    all().iter().find(|kind| kind.code == code)
}

/// The kind with this code; an unknown code is refused at `pointer` with the nearest known one.
pub fn require(pointer: &str, code: &str, checks: &mut Checks) -> Option<&'static ProgrammeKind> {
    let kind = find(code);
    if kind.is_none() {
        refuse_code(pointer, code, all().iter().map(|k| k.code.as_str()), checks);
    }
    kind
}

/// Refuses a code that is not in a list, naming the nearest code of the list.
pub(super) fn refuse_code<'a>(pointer: &str, code: &str, known: impl Iterator<Item = &'a str>, checks: &mut Checks) {
    let near = known
        .map(|k| (strsim::damerau_levenshtein(k, code), k))
        .min()
        .filter(|(distance, k)| distance * 3 <= k.len())
        .map(|(_, k)| k);
    let (vi, en) = match near {
        Some(k) => (format!(" Có phải ý bạn là {k}?"), format!(" Did you mean {k}?")),
        None => (String::new(), String::new()),
    };
    checks.refuse(
        pointer,
        "unknown_code",
        format!("Không có mã này trong danh mục.{vi}"),
        format!("Not a code of the list.{en}"),
    );
}

/// Whether a grade code belongs to continuing education (level 05 of the Ministry's `DM_KHOI`).
pub fn is_continuing_grade(grade: &str) -> bool {
    all().iter().any(|kind| kind.grades.iter().any(|g| g == grade))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{ProgrammeGroup, all, find, is_continuing_grade, require};
    use crate::{Checks, Mark};

    #[test]
    fn every_row_of_the_law_is_there() {
        assert_eq!(all().len(), 15);
        let codes: BTreeSet<_> = all().iter().map(|k| &k.code).collect();
        assert_eq!(codes.len(), 15);
        let english = find("practical_english");
        assert_eq!(english.map(|k| k.group), Some(ProgrammeGroup::Upgrading));
        assert_eq!(english.and_then(|k| k.in_force_from).map(|d| d.to_string()).as_deref(), Some("2021-12-05"));
        assert_eq!(find("minority_language").map(|k| k.mark), Some(Mark::Unverified));
    }

    #[test]
    fn grades_are_the_continuing_grades_of_the_ministry() {
        let list = include_str!("../../codelists/moet_shared_codelists_2020.csv");
        let official: BTreeSet<&str> = list
            .lines()
            .filter(|line| line.starts_with("DM_KHOI,") && line.ends_with(",05,true"))
            .filter_map(|line| line.split(',').nth(2))
            .collect();
        let ours: BTreeSet<&str> = all().iter().flat_map(|k| &k.grades).map(String::as_str).collect();
        assert_eq!(ours, official);
        assert!(is_continuing_grade("gdtx_grade_12") && !is_continuing_grade("grade_12"));
    }

    #[test]
    fn a_wrong_code_is_answered_with_the_nearest() {
        let mut checks = Checks::default();
        assert!(require("/kind", "practical_englsh", &mut checks).is_none());
        assert_eq!(checks.problems[0].detail.en, "Not a code of the list. Did you mean practical_english?");
    }
}
