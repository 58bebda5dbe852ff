//! Who counts as literate, and what a term of the literacy programme leads to.
//!
//! NĐ 20/2014/NĐ-CP art. 17 to 19 fix the levels; TT 33/2021/TT-BGDĐT the programme in two stages
//! of five terms; TT 10/2022/TT-BGDĐT how it is assessed.

use crate::{Checks, code_enum};

code_enum! {
    /// A person's level of literacy (NĐ 20/2014/NĐ-CP art. 19).
    LiteracyLevel {
        /// Neither stage 1 of the literacy programme nor grade 3.
        None = "none" ("Chưa đạt chuẩn biết chữ mức độ 1", "Below level 1"),
        /// Stage 1 of the literacy programme, or grade 3.
        Level1 = "level_1" ("Đạt chuẩn biết chữ mức độ 1", "Level 1"),
        /// Stage 2 of the literacy programme, or the primary programme.
        Level2 = "level_2" ("Đạt chuẩn biết chữ mức độ 2", "Level 2"),
        /// Lost level 1 again, as surveys record it.
        Relapsed1 = "relapsed_1" ("Tái mù chữ mức độ 1", "Relapsed at level 1"),
        /// Lost level 2 again, as surveys record it.
        Relapsed2 = "relapsed_2" ("Tái mù chữ mức độ 2", "Relapsed at level 2"),
    }
}

code_enum! {
    /// Result of a term of the literacy programme (TT 10/2022/TT-BGDĐT).
    LiteracyResult {
        CompletedWell = "completed_well" ("Hoàn thành tốt", "Completed well"),
        Completed = "completed" ("Hoàn thành", "Completed"),
        NotCompleted = "not_completed" ("Chưa hoàn thành", "Not completed"),
    }
}

/// The grade of primary school whose completion equals level 1.
const GRADE_OF_LEVEL_1: u8 = 3;
/// The last grade of the primary programme, whose completion equals level 2.
const GRADE_OF_LEVEL_2: u8 = 5;

impl LiteracyLevel {
    /// The level reached by the highest completed stage of the literacy programme (1 or 2) or by
    /// the highest completed grade of primary school (1 to 5), whichever leads further.
    pub fn reached(completed_stage: Option<u8>, completed_grade: Option<u8>) -> Self {
        let (stage, grade) = (completed_stage.unwrap_or(0), completed_grade.unwrap_or(0));
        if stage >= 2 || grade >= GRADE_OF_LEVEL_2 {
            Self::Level2
        } else if stage == 1 || grade >= GRADE_OF_LEVEL_1 {
            Self::Level1
        } else {
            Self::None
        }
    }

    /// Whether a person meets level 1. Level 2 contains it; whether someone who relapsed at level 2
    /// still meets level 1 is not written in the decree, so the answer is open (`None`).
    pub const fn meets_level_1(self) -> Option<bool> {
        match self {
            Self::Level1 | Self::Level2 => Some(true),
            Self::None | Self::Relapsed1 => Some(false),
            Self::Relapsed2 => Option::None,
        }
    }

    /// Whether a person meets level 2.
    pub const fn meets_level_2(self) -> bool {
        matches!(self, Self::Level2)
    }
}

impl LiteracyResult {
    /// Whether the term counts as completed.
    pub const fn is_completed(self) -> bool {
        matches!(self, Self::CompletedWell | Self::Completed)
    }
}

/// The stage that a term's result confirms: term 3 ends stage 1, term 5 ends stage 2.
pub const fn stage_confirmed(term: u8, result: LiteracyResult) -> Option<u8> {
    match (term, result.is_completed()) {
        (3, true) => Some(1),
        (5, true) => Some(2),
        _ => None,
    }
}

/// Refuses entry into stage 2 below level 1, and warns when the level is not known.
pub fn check_stage_2_entry(pointer: &str, level: Option<LiteracyLevel>, checks: &mut Checks) {
    match level.and_then(LiteracyLevel::meets_level_1) {
        Some(true) => {}
        Some(false) => checks.refuse(
            pointer,
            "literacy_level_too_low",
            "Học giai đoạn 2 xoá mù chữ cần đạt chuẩn biết chữ mức độ 1 (hết giai đoạn 1 hoặc hết lớp 3).",
            "Stage 2 of the literacy programme needs literacy level 1 (stage 1 or grade 3 completed).",
        ),
        None => checks.warn(
            pointer,
            "literacy_level_unknown",
            "Chưa xác định được mức độ biết chữ của học viên.",
            "The learner's literacy level is not established.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::{LiteracyLevel as Level, LiteracyResult as Result, check_stage_2_entry, stage_confirmed};
    use crate::Checks;

    #[test]
    fn either_branch_leads_to_a_level() {
        assert_eq!(Level::reached(None, None), Level::None);
        assert_eq!(Level::reached(None, Some(2)), Level::None);
        assert_eq!(Level::reached(Some(1), None), Level::Level1);
        assert_eq!(Level::reached(None, Some(3)), Level::Level1);
        assert_eq!(Level::reached(None, Some(4)), Level::Level1);
        assert_eq!(Level::reached(Some(2), Some(3)), Level::Level2);
        assert_eq!(Level::reached(Some(1), Some(5)), Level::Level2);
    }

    #[test]
    fn illiterate_at_level_two_contains_illiterate_at_level_one() {
        assert!(Level::ALL.iter().all(|l| l.meets_level_1() != Some(false) || !l.meets_level_2()));
        assert_eq!(Level::Relapsed2.meets_level_1(), None);
    }

    #[test]
    fn the_last_term_of_a_stage_confirms_it() {
        assert_eq!(stage_confirmed(3, Result::Completed), Some(1));
        assert_eq!(stage_confirmed(5, Result::CompletedWell), Some(2));
        assert_eq!(stage_confirmed(5, Result::NotCompleted), None);
        assert_eq!(stage_confirmed(4, Result::Completed), None);
    }

    #[test]
    fn stage_two_needs_level_one() {
        let outcome = |level| {
            let mut checks = Checks::default();
            check_stage_2_entry("/learnerId", level, &mut checks);
            (checks.problems.len(), checks.warnings.len())
        };
        assert_eq!(outcome(Some(Level::Level1)), (0, 0));
        assert_eq!(outcome(Some(Level::None)), (1, 0));
        assert_eq!(outcome(Some(Level::Relapsed1)), (1, 0));
        assert_eq!(outcome(Some(Level::Relapsed2)), (0, 1));
        assert_eq!(outcome(None), (0, 1));
    }
}
