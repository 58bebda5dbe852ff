//! Who may run which programmes: a hard rule of Luật Giáo dục 43/2019/QH14 art. 43 and 44.
//!
//! A centre that offers what its kind may not is refused at the door, since everything that
//! follows (classes, learners, papers) would rest on it.

use super::kind::{self, ProgrammeGroup};
use crate::{Refusal, centres::kind::CentreKind};

const BASIS: &str = "Luật GD 43/2019/QH14, art. 43 cl. 1 and art. 44";

/// The groups a kind of centre may run, and what the law calls that kind.
fn groups(centre: CentreKind) -> &'static [ProgrammeGroup] {
    use ProgrammeGroup::{Diploma, LearnerNeeds, Literacy, Upgrading};
    match centre {
        CentreKind::GdtxCentre | CentreKind::VocationalGdtxCentre => &[Literacy, LearnerNeeds, Upgrading, Diploma],
        CentreKind::CommunityLearningCentre => &[Literacy, LearnerNeeds],
        CentreKind::LanguageItCentre
        | CentreKind::LanguageCultureCentre
        | CentreKind::LifeSkillsCentre
        | CentreKind::KnowledgeCultureArtsCentre
        | CentreKind::ExtracurricularCentre
        | CentreKind::OtherGdtxCentre => &[LearnerNeeds, Upgrading],
        CentreKind::VocationalSecondarySchool => &[],
    }
}

/// Whether a centre of this kind may offer a programme of this group and kind.
///
/// # Errors
/// `not_continuing_education` for a vocational secondary school, which is no GDTX centre;
/// `group_not_allowed` when the law keeps the group from the kind of centre;
/// `group_mismatch` when the programme kind belongs to another group;
/// `diploma_not_allowed` for intermediate, college and university diplomas, which a centre may
/// only host with a partner (`joint_training`).
pub fn may_offer(centre: CentreKind, group: ProgrammeGroup, programme_kind: &str) -> Result<(), Refusal> {
    if centre == CentreKind::VocationalSecondarySchool {
        return Err(Refusal::new(
            "not_continuing_education",
            "Trường trung học nghề không phải là cơ sở giáo dục thường xuyên; chương trình của trường theo Luật Giáo dục nghề nghiệp.",
            "A vocational secondary school is not a continuing education centre; its programmes follow the vocational education law.",
            "Luật GDNN 124/2025/QH15; Luật GD 43/2019/QH14, art. 44 cl. 2",
        ));
    }
    if !groups(centre).contains(&group) {
        let (kind, programmes) = (centre.label(), group.label());
        let letter = group.law_letter();
        return Err(Refusal::new(
            "group_not_allowed",
            format!("{} không được thực hiện chương trình điểm {letter} ({}).", kind.vi, programmes.vi),
            format!(
                "A centre of the kind \"{}\" may not run programmes of point {letter} ({}).",
                kind.en, programmes.en
            ),
            BASIS,
        ));
    }
    match kind::find(programme_kind) {
        Some(known) if known.group != group => Err(Refusal::new(
            "group_mismatch",
            format!(
                "Loại chương trình này thuộc điểm {}, không phải điểm {}.",
                known.group.law_letter(),
                group.law_letter()
            ),
            format!(
                "This kind of programme belongs to point {}, not {}.",
                known.group.law_letter(),
                group.law_letter()
            ),
            "Luật GD 43/2019/QH14, art. 43 cl. 1",
        )),
        None if group == ProgrammeGroup::Diploma => Err(Refusal::new(
            "diploma_not_allowed",
            "Trung tâm không đào tạo để cấp bằng trung cấp, cao đẳng, đại học; chỉ được liên kết đào tạo (joint_training) với cơ sở có thẩm quyền.",
            "A centre does not run programmes for intermediate, college or university diplomas; it may only host joint training (joint_training) with a partner.",
            BASIS,
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::may_offer;
    use crate::{
        centres::kind::CentreKind,
        programmes::kind::ProgrammeGroup::{self, Diploma, LearnerNeeds, Literacy, Upgrading},
    };

    /// One programme kind of each group.
    const SAMPLES: [(ProgrammeGroup, &str); 4] = [
        (Literacy, "literacy_stage_1"),
        (LearnerNeeds, "on_demand"),
        (Upgrading, "practical_english"),
        (Diploma, "gdtx_upper_secondary"),
    ];

    fn row(centre: CentreKind) -> [bool; 4] {
        SAMPLES.map(|(group, kind)| may_offer(centre, group, kind).is_ok())
    }

    #[test]
    fn the_table_of_the_law() {
        assert_eq!(row(CentreKind::GdtxCentre), [true, true, true, true]);
        assert_eq!(row(CentreKind::VocationalGdtxCentre), [true, true, true, true]);
        assert_eq!(row(CentreKind::CommunityLearningCentre), [true, true, false, false]);
        for other in [
            CentreKind::LanguageItCentre,
            CentreKind::LanguageCultureCentre,
            CentreKind::LifeSkillsCentre,
            CentreKind::KnowledgeCultureArtsCentre,
            CentreKind::ExtracurricularCentre,
            CentreKind::OtherGdtxCentre,
        ] {
            assert_eq!(row(other), [false, true, true, false], "{other}");
        }
        assert_eq!(row(CentreKind::VocationalSecondarySchool), [false; 4]);
    }

    #[test]
    fn refusals_name_their_reason_and_article() {
        let code = |centre, group, kind| may_offer(centre, group, kind).map_err(|r| r.code);
        assert_eq!(
            code(CentreKind::VocationalSecondarySchool, LearnerNeeds, "on_demand"),
            Err("not_continuing_education")
        );
        assert_eq!(code(CentreKind::GdtxCentre, Diploma, "university_diploma"), Err("diploma_not_allowed"));
        assert_eq!(code(CentreKind::GdtxCentre, Diploma, "joint_training"), Ok(()));
        assert_eq!(code(CentreKind::GdtxCentre, Literacy, "practical_english"), Err("group_mismatch"));
        let refusal = may_offer(CentreKind::CommunityLearningCentre, Upgrading, "it_basic").err();
        assert!(refusal.is_some_and(|r| r.basis.contains("art. 44") && r.detail.vi.contains("điểm c")));
    }
}
