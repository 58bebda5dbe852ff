//! The public reference of what may be taught: programme kinds, subjects, levels and modules.
//!
//! It needs no token and no table: it is law, read from the rules of the domain.

use async_graphql::{InputObject, SimpleObject};
use chrono::NaiveDate;
use gdtx_domain::{
    Lang, Mark,
    centres::kind::CentreKind,
    programmes::{
        curriculum::{self, Curriculum, LiteracyStage, Subject},
        kind::{self, ProgrammeGroup},
        level::{self, ItModule, LanguageLevel},
        offer::may_offer,
    },
    text,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    Ctx, Error, Page, PageRequest, Result,
    filter::check_search,
    page::{SortBy, slice},
};

/// A kind of programme (loại chương trình): its group in the law, the document behind it, who may
/// run it and what it teaches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, SimpleObject, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProgrammeKind {
    /// Stable code, e.g. `gdtx_upper_secondary`.
    pub code: String,
    /// Name in the language of the request.
    pub label: String,
    /// Name in Vietnamese.
    pub label_vi: String,
    /// Name in English.
    pub label_en: String,
    /// Group of programmes (Luật Giáo dục 43/2019/QH14 art. 43 cl. 1).
    pub group: ProgrammeGroup,
    /// The point of art. 43 cl. 1 that names the group, `a` to `d`.
    pub law_point: String,
    /// Name of the group in Vietnamese.
    pub group_label_vi: String,
    /// Name of the group in English.
    pub group_label_en: String,
    /// The document that issues or regulates the programme (văn bản ban hành).
    pub document: Option<String>,
    /// The day from which that document is in force, where it was read.
    pub in_force_from: Option<NaiveDate>,
    /// How well the entry is attested; `unverified` is shown, never applied as law.
    pub mark: Mark,
    /// A remark on the entry.
    pub note: Option<String>,
    /// Whether the Ministry itself issues the text of the programme.
    pub national: bool,
    /// Grades of the kind, list `DM_KHOI`; empty when it has none.
    pub grades: Vec<String>,
    /// Levels of the six-level language framework; empty when the kind has none.
    pub levels: Vec<i32>,
    /// Languages, lists `DM_NGOAI_NGU` and `DM_TIENG_DAN_TOC`; empty when the kind teaches none.
    pub languages: Vec<String>,
    /// Whether a partner institution awards the diploma and must be named (liên kết đào tạo).
    pub needs_partner: bool,
    /// Kinds of credential that the programme can end with.
    pub results: Vec<String>,
    /// Kinds of centre that may run it (Luật Giáo dục 43/2019/QH14 art. 43 and 44).
    pub centre_kinds: Vec<CentreKind>,
    /// The stage of the literacy programme that it is (TT 33/2021/TT-BGDĐT).
    pub literacy_stage: Option<LiteracyStage>,
    /// What it teaches under each version of the curriculum; empty for kinds without one.
    pub curricula: Vec<Curriculum>,
}

impl ProgrammeKind {
    fn of(row: &kind::ProgrammeKind, lang: Lang) -> Self {
        let group = row.group.label();
        let label = if lang == Lang::Vi { &row.label_vi } else { &row.label_en };
        let runs = |centre: &CentreKind| may_offer(*centre, row.group, &row.code).is_ok();
        Self {
            code: row.code.clone(),
            label: label.clone(),
            label_vi: row.label_vi.clone(),
            label_en: row.label_en.clone(),
            group: row.group,
            law_point: row.group.law_letter().to_owned(),
            group_label_vi: group.vi,
            group_label_en: group.en,
            document: row.document.clone(),
            in_force_from: row.in_force_from,
            mark: row.mark,
            note: row.note.clone(),
            national: row.national,
            grades: row.grades.clone(),
            levels: row.levels.clone(),
            languages: row.languages.clone(),
            needs_partner: row.needs_partner,
            results: row.results.clone(),
            centre_kinds: CentreKind::ALL.iter().copied().filter(runs).collect(),
            literacy_stage: curriculum::literacy_stages().iter().find(|s| s.programme_kind == row.code).cloned(),
            curricula: curriculum::curricula().iter().filter(|c| c.programme_kind == row.code).cloned().collect(),
        }
    }
}

/// Which programme kinds to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, InputObject, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct ProgrammeKindFilter {
    /// Group of the law.
    pub group: Option<ProgrammeGroup>,
    /// Kinds that this kind of centre may run.
    pub centre_kind: Option<CentreKind>,
    /// Words to find in the names, without regard to case, tone marks and đ; at most 200 characters.
    #[param(max_length = 200)]
    pub search: Option<String>,
}

impl ProgrammeKindFilter {
    fn fits(&self, kind: &ProgrammeKind) -> bool {
        let names = text::fold(&format!("{} {}", kind.label_vi, kind.label_en));
        self.group.is_none_or(|group| kind.group == group)
            && self.centre_kind.is_none_or(|centre| kind.centre_kinds.contains(&centre))
            && self.search.as_deref().is_none_or(|words| text::fold(words).split(' ').all(|word| names.contains(word)))
    }
}

/// Lists the programme kinds in the order of the law.
///
/// # Errors
/// `invalid_parameter` for a wrong page size, cursor or sort key.
pub fn list(ctx: &Ctx, filter: &ProgrammeKindFilter, request: &PageRequest) -> Result<Page<ProgrammeKind>> {
    const SORTS: &[SortBy<ProgrammeKind>] = &[
        ("code", |k| k.code.clone()),
        ("labelVi", |k| text::fold(&k.label_vi)),
        ("labelEn", |k| text::fold(&k.label_en)),
    ];
    check_search(filter.search.as_deref())?;
    let kinds = kind::all().iter().map(|row| ProgrammeKind::of(row, ctx.lang)).filter(|kind| filter.fits(kind));
    slice(kinds.collect(), |k| &k.code, SORTS, request, "programme-kinds", filter)
}

/// The kind with this code.
///
/// # Errors
/// `not_found` when the list has no such code.
pub fn get(ctx: &Ctx, code: &str) -> Result<ProgrammeKind> {
    kind::find(code).map(|row| ProgrammeKind::of(row, ctx.lang)).ok_or_else(Error::not_found)
}

/// Lists the levels of the language framework (bậc năng lực ngoại ngữ), from 1 to 6.
///
/// # Errors
/// As [`list`].
pub fn language_levels(request: &PageRequest) -> Result<Page<LanguageLevel>> {
    const SORTS: &[SortBy<LanguageLevel>] = &[("level", |l| l.level.to_string())];
    slice(level::language_levels().to_vec(), |l| &l.cefr, SORTS, request, "language-levels", &())
}

/// Lists the modules of the IT skills standard (mô đun CNTT), the basic ones first.
///
/// # Errors
/// As [`list`].
pub fn it_modules(request: &PageRequest) -> Result<Page<ItModule>> {
    const SORTS: &[SortBy<ItModule>] = &[
        ("code", |m| m.code.clone()),
        ("labelVi", |m| text::fold(&m.label_vi)),
        ("labelEn", |m| text::fold(&m.label_en)),
    ];
    slice(level::it_modules().to_vec(), |m| &m.code, SORTS, request, "it-modules", &())
}

/// Lists the subjects and activities (môn học, hoạt động giáo dục).
///
/// # Errors
/// As [`list`].
pub fn subjects(request: &PageRequest) -> Result<Page<Subject>> {
    const SORTS: &[SortBy<Subject>] = &[
        ("code", |s| s.code.clone()),
        ("labelVi", |s| text::fold(&s.label_vi)),
        ("labelEn", |s| text::fold(&s.label_en)),
    ];
    slice(curriculum::subjects().to_vec(), |s| &s.code, SORTS, request, "subjects", &())
}

#[cfg(test)]
mod tests {
    use gdtx_domain::{
        Lang,
        centres::kind::CentreKind,
        programmes::kind::{ProgrammeGroup, all, find},
    };

    use super::{ProgrammeKind, ProgrammeKindFilter};

    fn codes(filter: &ProgrammeKindFilter) -> Vec<String> {
        let kinds = all().iter().map(|row| ProgrammeKind::of(row, Lang::Vi));
        kinds.filter(|kind| filter.fits(kind)).map(|kind| kind.code).collect()
    }

    #[test]
    fn a_community_learning_centre_runs_literacy_and_what_learners_need() {
        let centre_kind = Some(CentreKind::CommunityLearningCentre);
        let filter = ProgrammeKindFilter { centre_kind, ..ProgrammeKindFilter::default() };
        assert_eq!(codes(&filter), ["literacy_stage_1", "literacy_stage_2", "on_demand", "life_skills"]);
        let group = Some(ProgrammeGroup::Diploma);
        assert!(codes(&ProgrammeKindFilter { group, ..filter }).is_empty());
    }

    #[test]
    fn names_are_found_without_tone_marks() {
        let filter = ProgrammeKindFilter { search: Some("XOA mu".to_owned()), ..ProgrammeKindFilter::default() };
        assert_eq!(codes(&filter), ["literacy_stage_1", "literacy_stage_2"]);
    }

    #[test]
    fn a_kind_brings_its_curricula_its_stage_and_its_name() {
        let of = |code: &str| find(code).map(|row| ProgrammeKind::of(row, Lang::En));
        let upper = of("gdtx_upper_secondary");
        assert_eq!(upper.as_ref().map(|k| (k.law_point.as_str(), k.curricula.len())), Some(("d", 2)));
        assert_eq!(upper.map(|k| k.label).as_deref(), Some("Continuing education, upper secondary"));
        assert_eq!(of("literacy_stage_2").and_then(|k| k.literacy_stage).map(|s| s.periods), Some(949));
    }
}
