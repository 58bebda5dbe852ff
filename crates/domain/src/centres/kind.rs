//! Kinds of centre and their ownership, because law and official record forms follow the kind.
//!
//! Luật Giáo dục 43/2019/QH14 art. 44 cl. 2 names four kinds; NĐ 125/2024/NĐ-CP art. 42 names
//! those that count as "other".

use crate::{Checks, code_enum};

code_enum! {
    /// The kind of a centre. QĐ 4998: `MA_LOAI_TRUNG_TAM`.
    CentreKind {
        /// Charter: TT 10/2021/TT-BGDĐT.
        GdtxCentre = "gdtx_centre" ("Trung tâm giáo dục thường xuyên", "Continuing education centre"),
        /// Charter: TT 01/2023/TT-BGDĐT.
        VocationalGdtxCentre = "vocational_gdtx_centre" ("Trung tâm giáo dục nghề nghiệp - giáo dục thường xuyên", "Vocational and continuing education centre"),
        /// Charter: QĐ 09/2008/QĐ-BGDĐT, TT 40/2010/TT-BGDĐT.
        CommunityLearningCentre = "community_learning_centre" ("Trung tâm học tập cộng đồng", "Community learning centre"),
        /// Charter: TT 21/2018/TT-BGDĐT. Has a sub-kind.
        LanguageItCentre = "language_it_centre" ("Trung tâm ngoại ngữ, tin học", "Foreign language and IT centre"),
        /// NĐ 125/2024/NĐ-CP art. 42.
        LanguageCultureCentre = "language_culture_centre" ("Trung tâm ngôn ngữ và văn hoá", "Language and culture centre"),
        /// NĐ 125/2024/NĐ-CP art. 42; TT 04/2014/TT-BGDĐT for the activity.
        LifeSkillsCentre = "life_skills_centre" ("Trung tâm giáo dục kỹ năng sống", "Life skills centre"),
        /// NĐ 125/2024/NĐ-CP art. 42.
        KnowledgeCultureArtsCentre = "knowledge_culture_arts_centre" ("Trung tâm bồi dưỡng kiến thức, văn hoá, nghệ thuật", "Centre for knowledge, culture and the arts"),
        /// TT 04/2014/TT-BGDĐT; not a named kind of NĐ 125/2024/NĐ-CP.
        ExtracurricularCentre = "extracurricular_centre" ("Trung tâm hoạt động giáo dục ngoài giờ chính khoá", "Extracurricular education centre"),
        /// NĐ 125/2024/NĐ-CP art. 42.
        OtherGdtxCentre = "other_gdtx_centre" ("Trung tâm khác thực hiện nhiệm vụ giáo dục thường xuyên", "Other centre of continuing education"),
        /// Not continuing education: what centres may be converted to since 2026-01-01
        /// (Luật GDNN 124/2025/QH15).
        VocationalSecondarySchool = "vocational_secondary_school" ("Trường trung học nghề", "Vocational secondary school"),
    }
}

code_enum! {
    /// What a foreign language and IT centre teaches.
    LanguageItSubKind {
        Language = "language" ("Ngoại ngữ", "Foreign languages"),
        It = "it" ("Tin học", "IT"),
        LanguageIt = "language_it" ("Ngoại ngữ - Tin học", "Foreign languages and IT"),
    }
}

code_enum! {
    /// Who owns a centre. QĐ 4998: `MA_LOAI_HINH_TRUNG_TAM`, list `DM_LOAI_HINH`.
    Ownership {
        /// Ministry code 01.
        Public = "public" ("Công lập", "Public"),
        /// Ministry code 03.
        PeopleFounded = "people_founded" ("Dân lập", "People-founded"),
        /// Ministry code 09.
        Private = "private" ("Tư thục", "Private"),
        /// Ministry code 02: not public, without saying more.
        NonPublic = "non_public" ("Ngoài công lập", "Non-public"),
    }
}

code_enum! {
    /// The record form of QĐ 4998/QĐ-BGDĐT section 5.1 that a centre is reported on.
    RecordForm {
        /// Section 5.1.1, 43 fields.
        Centre = "centre" ("Trung tâm GDTX, GDNN-GDTX", "Continuing education centre"),
        /// Section 5.1.2, 35 fields.
        OtherCentre = "other_centre" ("Trung tâm khác", "Other centre"),
        /// Section 5.1.3, 32 fields.
        CommunityLearningCentre = "community_learning_centre" ("Trung tâm học tập cộng đồng", "Community learning centre"),
    }
}

impl CentreKind {
    /// The official record form of this kind; `None` for the school, which is not reported as
    /// continuing education.
    pub const fn record_form(self) -> Option<RecordForm> {
        match self {
            Self::GdtxCentre | Self::VocationalGdtxCentre => Some(RecordForm::Centre),
            Self::CommunityLearningCentre => Some(RecordForm::CommunityLearningCentre),
            Self::LanguageItCentre
            | Self::LanguageCultureCentre
            | Self::LifeSkillsCentre
            | Self::KnowledgeCultureArtsCentre
            | Self::ExtracurricularCentre
            | Self::OtherGdtxCentre => Some(RecordForm::OtherCentre),
            Self::VocationalSecondarySchool => None,
        }
    }
}

/// Refuses a sub-kind on a centre that is not a language and IT centre, and warns when one has none.
pub fn check_sub_kind(pointer: &str, kind: CentreKind, sub_kind: Option<LanguageItSubKind>, checks: &mut Checks) {
    match (kind, sub_kind) {
        (CentreKind::LanguageItCentre, None) => checks.warn(
            pointer,
            "sub_kind_missing",
            "Nên khai trung tâm dạy ngoại ngữ, tin học hay cả hai.",
            "Say whether the centre teaches languages, IT or both.",
        ),
        (CentreKind::LanguageItCentre, Some(_)) | (_, None) => {}
        (_, Some(_)) => checks.refuse(
            pointer,
            "sub_kind_not_allowed",
            "Chỉ trung tâm ngoại ngữ, tin học mới có phân loại này.",
            "Only a foreign language and IT centre has a sub-kind.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::{CentreKind, LanguageItSubKind, RecordForm, check_sub_kind};
    use crate::Checks;

    #[test]
    fn each_kind_has_the_form_of_its_section() {
        assert_eq!(CentreKind::VocationalGdtxCentre.record_form(), Some(RecordForm::Centre));
        assert_eq!(CentreKind::CommunityLearningCentre.record_form(), Some(RecordForm::CommunityLearningCentre));
        assert_eq!(CentreKind::LifeSkillsCentre.record_form(), Some(RecordForm::OtherCentre));
        assert_eq!(CentreKind::VocationalSecondarySchool.record_form(), None);
    }

    #[test]
    fn only_language_and_it_centres_have_a_sub_kind() {
        let mut checks = Checks::default();
        check_sub_kind("/subKind", CentreKind::LanguageItCentre, Some(LanguageItSubKind::It), &mut checks);
        assert_eq!(checks, Checks::default());
        check_sub_kind("/subKind", CentreKind::GdtxCentre, Some(LanguageItSubKind::It), &mut checks);
        assert_eq!(checks.problems.first().map(|p| p.code), Some("sub_kind_not_allowed"));
        check_sub_kind("/subKind", CentreKind::LanguageItCentre, None, &mut checks);
        assert_eq!(checks.warnings.first().map(|p| p.code), Some("sub_kind_missing"));
    }
}
